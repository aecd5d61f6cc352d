"""The warranty has not ended.

DfE, servers and storage, network switching, and laptop, desktop and tablet standards: what is used is under warranty.
"""

from __future__ import annotations

from collector.audit import NETWORK, PERSONAL, SERVERS, Case, Finding, Given, Need, failed, passed, untold

TITLE = "It is under warranty"
CLASSES = (*PERSONAL, *NETWORK, *SERVERS, "ups", "computer")
NEEDS = frozenset({Need.RECORD})
NO = "no warranty"


def judge(case: Case, _given: Given) -> Finding:
    """By the day on its record; a tag `no warranty` says that it never had one."""
    ends = case.day("warranty_ends")
    if case.tagged(NO):
        return failed("a person says that it has no warranty", "record: tags")
    if ends is None:
        return untold("nobody has recorded until when its warranty lasts")
    if ends < case.today:
        return failed(f"its warranty ended on {ends}", "record: warranty_ends")
    return passed(f"its warranty lasts until {ends}", "record: warranty_ends")
