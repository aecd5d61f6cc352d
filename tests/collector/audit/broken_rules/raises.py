"""A rule that raises as it judges."""

from __future__ import annotations

from collector.audit import Case, Finding, Given, untold

TITLE = "It raises"
CLASSES = ()


def judge(case: Case, given: Given) -> Finding | None:
    """It asks for a parameter that it did not name."""
    return untold(f"{case.name}: {given.number('unknown')}")
