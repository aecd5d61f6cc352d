"""The record tells when it was bought.

DfE, digital leadership and governance standard: the register tells when each device was purchased.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "Its record tells when it was bought"
CLASSES = ()
NEEDS = frozenset({Need.RECORD})


def judge(case: Case, _given: Given) -> Finding:
    """By its record; where there is none, nobody has said anything of it."""
    if not case.recorded:
        return untold("nobody has recorded anything of it")
    bought = case.day("purchased")
    if bought is None:
        return failed("its record does not tell when it was bought", "record: purchased")
    return passed(f"bought on {bought}", "record: purchased")
