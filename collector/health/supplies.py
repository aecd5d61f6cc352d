"""Supplies: how much toner, ink, drum and waste room printers have left (Printer-MIB, RFC 3805).

The level of a waste container counts down to full: the standard has it tell the room that is left.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, State, below, called, number

ASPECT = "supplies"
DAMPED = False  # a level does not flap
EXPECTED = ("printer",)


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each supply whose level is told in percent, or as something that is left."""
    found = False
    for component, told in known.parts("supply"):
        level, readings = number(told.get("level")), (f"{component} level",)
        if level is not None and 0 <= level <= 100:
            found = True
            state = below(level, known.limit(ASPECT, "warning"), known.limit(ASPECT, "critical"))
            sentence = f"{called(component, told)}: {level:.0f} % left"
            yield Finding(state, sentence, component, readings, told["level"].observed)
        elif "status" in told and told["status"].value == "some left":
            found = True
            yield Finding(State.OK, f"{called(component, told)}: something is left", component, readings)
    if not found and known.device_class in EXPECTED:
        yield Finding(State.UNKNOWN, "it does not tell how much is left of its supplies")
