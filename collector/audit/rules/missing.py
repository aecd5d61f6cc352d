"""It was seen within the term-time days that it may be away.

Holidays do not count: in August nothing is missing. Where nobody looked, nothing is missing either: it cannot be told.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "It was seen within the term-time days asked for"
CLASSES = ()
PARAMETERS = {"term_days": 20.0}
NEEDS = frozenset({Need.ABSENCE})
UNASKED = frozenset({"in store", "on loan"})
BLIND = {"not scanned": "nobody looked where it was", "not reachable": "what stands between it and who looks is silent"}


def judge(case: Case, given: Given) -> Finding | None:
    """By term-time days since it was seen; what is said to be in store or on loan is not looked for."""
    if case.life in UNASKED:
        return None
    if case.unseen is None:
        return untold("nothing has seen it yet")
    most = given.number("term_days")
    if case.unseen < most:
        return passed(f"not seen on {case.unseen} term-time days; {most:.0f} are allowed")
    if case.life in BLIND:
        return untold(BLIND[case.life])
    if not case.life:
        return untold("what became of it is found out once a day, and was not yet")
    return failed(f"not seen on {case.unseen} term-time days; {most:.0f} are allowed")
