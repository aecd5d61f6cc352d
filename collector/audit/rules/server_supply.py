"""A server has a second power supply that works.

DfE, servers and storage standard: critical servers have more than one power supply.
"""

from __future__ import annotations

from collector.audit import SERVERS, Case, Finding, Given, Need, second_supply

TITLE = "The server has a second power supply"
CLASSES = SERVERS
PARAMETERS = {"supplies": 2.0}
NEEDS = frozenset({Need.TOLD})


def judge(case: Case, given: Given) -> Finding:
    """By the power supplies that it tells of."""
    return second_supply(case, round(given.number("supplies")))
