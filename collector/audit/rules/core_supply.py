"""The core switch has a second power supply that works.

DfE, network switching standard: core switches have two power supplies.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, second_supply, untold

TITLE = "The core switch has a second power supply"
CLASSES = ("switch",)
PARAMETERS = {"supplies": 2.0}
NEEDS = frozenset({Need.LINKS, Need.TOLD})


def judge(case: Case, given: Given) -> Finding | None:
    """By the power supplies that the switch tells of; a switch that is not the core needs no second one."""
    if case.core.core is False:
        return None
    if case.core.core is None:
        return untold(case.core.why)
    return second_supply(case, round(given.number("supplies")))
