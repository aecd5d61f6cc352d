"""Every device that is asked by SNMP answers."""

from __future__ import annotations

from collector.audit import SCHOOL, Finding, Given, Place, failed, passed, untold

TITLE = "Devices that are asked by SNMP answer"
SUBJECT = SCHOOL


def judge(school: Place, _given: Given) -> Finding:
    """By what its agents said of their last sweep."""
    if school.refused is None and school.silent is None:
        return untold("no agent of it has told how its devices answer")
    refused, silent = school.refused or 0, school.silent or 0
    if refused or silent:
        return failed(f"{refused} devices refused every credential, and {silent} did not answer")
    if not school.reporting:
        return untold("none of its agents has reported within a day")
    return passed("every device that was asked answered")
