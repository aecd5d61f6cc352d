"""The record tells who has it, or where it is.

DfE, digital leadership and governance standard: the register tells to whom each device is assigned, and where it is.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "Its record tells who has it or where it is"
CLASSES = ()
NEEDS = frozenset({Need.RECORD})


def judge(case: Case, _given: Given) -> Finding:
    """By its record; who it is assigned to is not repeated here."""
    if not case.recorded:
        return untold("nobody has recorded anything of it")
    said = [name for name in ("assignee", "room") if case.record.get(name)]
    if not said:
        return failed("its record tells neither who has it nor where it is", "record: assignee", "record: room")
    words = {"assignee": "it is assigned to somebody", "room": "its room is recorded"}
    return passed("; ".join(words[name] for name in said), *(f"record: {name}" for name in said))
