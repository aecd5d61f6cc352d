"""The firmware, or the machine that it is of, gets security updates.

DfE, cyber security and network switching standards: what can get no firmware or security updates any more is replaced.
"""

from __future__ import annotations

from collector.audit import (
    ENDED,
    EXTENDED,
    FIRMWARE,
    HARDWARE,
    NETWORK,
    SYSTEM,
    Case,
    Finding,
    Given,
    Need,
    failed,
    passed,
    untold,
)

TITLE = "The firmware gets security updates"
CLASSES = (*NETWORK, "nas", "storage", "ups", "printer", "camera", "wireless bridge", "management controller")
NEEDS = frozenset({Need.SUPPORT})


def judge(case: Case, _given: Given) -> Finding:
    """By what ends first: its system, its firmware or the machine itself."""
    end = case.end(FIRMWARE, HARDWARE, SYSTEM)
    if end is None:
        return untold("neither its firmware nor until when its maker supports it is known")
    if end.state == ENDED:
        return failed(f"{end.title} has had no updates since {end.ends}", "support")
    if end.state == EXTENDED:
        return untold(
            f"{end.title} ended on {end.ends}, and what is bought until {end.extended} is not told", "support"
        )
    if end.ends is None:
        return untold(end.words or f"no end of support is told of {end.title}", "support")
    if end.state != "supported":
        return untold(end.words, "support")
    return passed(f"{end.title} is supported until {end.ends}", "support")
