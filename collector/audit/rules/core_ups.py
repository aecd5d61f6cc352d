"""A UPS feeds the core switch.

DfE, network switching standard: core switches stand behind a UPS. What feeds a switch no network tells, so a person
says it by a tag on the switch's record: `ups`, or `no ups`. A UPS in the same room is taken for an answer, and named.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "A UPS feeds the core switch"
CLASSES = ("switch",)
NEEDS = frozenset({Need.LINKS, Need.RECORD, Need.PLACE})
YES, NO = "ups", "no ups"


def judge(case: Case, _given: Given) -> Finding | None:
    """By what a person says, else by what stands in the same room."""
    if case.core.core is False:
        return None
    if case.core.core is None:
        return untold(case.core.why)
    if case.tagged(NO):
        return failed("a person says that no UPS feeds it", "record: tags")
    if case.tagged(YES):
        return passed("a person says that a UPS feeds it", "record: tags")
    if case.ups_beside:
        named = ", ".join(case.ups_beside[:3])
        return passed(
            f"a UPS stands in the same room: {named}; that it feeds the switch no network tells", "record: room"
        )
    return untold("what feeds it no network tells: tag its record “ups” or “no ups”, or say the rooms of both")
