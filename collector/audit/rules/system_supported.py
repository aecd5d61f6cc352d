"""The operating system gets security updates today.

DfE, cyber security standard: the end of support of each operating system is recorded, and what gets no updates is
replaced or kept apart. Updates that are bought (extended support) are a contract that no device tells of.
"""

from __future__ import annotations

from collector.audit import (
    COMPUTERS,
    END_UNKNOWN,
    ENDED,
    EXTENDED,
    SUPPORTED,
    SYSTEM,
    Case,
    Finding,
    Given,
    Need,
    failed,
    passed,
    untold,
)

TITLE = "The operating system gets security updates"
CLASSES = COMPUTERS
NEEDS = frozenset({Need.SUPPORT})


def judge(case: Case, _given: Given) -> Finding:
    """By the end of support of product, edition and build."""
    end = case.end(SYSTEM)
    if end is None:
        return untold("what operating system it runs is not told")
    if end.state == ENDED:
        return failed(f"{end.title} has had no security updates since {end.ends}", "support")
    if end.state == EXTENDED:
        bought = f"{end.title} ended on {end.ends}; whether this device has the extended updates until {end.extended}"
        return untold(f"{bought} is not told", "support")
    if end.state == SUPPORTED:
        return passed(f"{end.title} is supported until {end.ends}", "support")
    if end.state == END_UNKNOWN:
        return passed(f"{end.title} is supported; no end is told", "support")
    return untold(end.words, "support")
