"""Somebody looks at every network of the school.

What is not looked at is counted nowhere: without this, every other count is a count of what happened to be seen.
"""

from __future__ import annotations

from collector.audit import SCHOOL, Finding, Given, Place, failed, passed, untold

TITLE = "Every network of the school is looked at"
SUBJECT = SCHOOL
NAMED = 6


def judge(school: Place, _given: Given) -> Finding:
    """By the networks that were named for its sites, and what its agents say that they sweep."""
    if not school.networks:
        return untold("no network of it has been named, so nobody knows what there is to look at")
    if school.unswept:
        more = f" and {len(school.unswept) - NAMED} more" if len(school.unswept) > NAMED else ""
        listed = ", ".join(school.unswept[:NAMED])
        return failed(f"no agent sweeps {len(school.unswept)} of {len(school.networks)} networks: {listed}{more}")
    if not school.reporting:
        return untold("its agents say that they sweep its networks, and none has reported within a day")
    return passed(f"its {len(school.networks)} networks are swept")
