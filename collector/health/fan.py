"""Fan: whether fans and fan trays run, as the device's own table says."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, called, worded

ASPECT = "fan"


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each fan whose state is told; one that is off or not there says nothing."""
    for component, told in known.parts("fan", "fan tray"):
        state = worded(told.get("status"))
        if state is not None:
            sentence = f"{called(component, told)} is {told['status'].value}"
            yield Finding(state, sentence, component, (f"{component} status",), told["status"].observed)
