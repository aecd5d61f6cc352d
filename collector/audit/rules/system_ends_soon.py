"""The operating system's support does not end within the coming months.

DfE, cyber security standard: at the end of every term the leadership is told what is or will be unsupported.
"""

from __future__ import annotations

from collector.audit import COMPUTERS, ENDED, SYSTEM, Case, Finding, Given, Need, failed, passed, untold

TITLE = "The operating system’s support lasts beyond the coming months"
CLASSES = COMPUTERS
PARAMETERS = {"months": 6.0}
NEEDS = frozenset({Need.SUPPORT})
DAYS_A_MONTH = 30.44


def judge(case: Case, given: Given) -> Finding | None:
    """What has ended already is another rule's."""
    end = case.end(SYSTEM)
    if end is None:
        return untold("what operating system it runs is not told")
    if end.state == ENDED:
        return None
    if end.ends is None or end.ends < case.today:
        return untold(end.words or f"no end of support is told of {end.title}", "support")
    left = (end.ends - case.today).days
    if left > given.number("months") * DAYS_A_MONTH:
        return passed(f"{end.title} is supported until {end.ends}", "support")
    if end.at_latest is not None:
        return untold(f"{end.words}: it ends on {end.ends} or as late as {end.at_latest}", "support")
    return failed(f"support of {end.title} ends on {end.ends}, in {left} days", "support")
