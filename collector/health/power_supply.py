"""Power supply: whether the supplies of a device work, and whether the second of two is switched off."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, State, called, worded

ASPECT = "power supply"


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each supply whose state is told; one that is not there says nothing."""
    supplies = [(component, told) for component, told in known.parts("power supply") if "status" in told]
    works = any(worded(told["status"]) is State.OK for _, told in supplies)
    for component, told in supplies:
        state, name = worded(told["status"]), called(component, told)
        sentence = f"{name} is {told['status'].value}"
        if state is None and told["status"].value == "off" and works:
            state, sentence = State.WARNING, f"{name} gives no power: the other supply carries the device alone"
        if state is not None:
            yield Finding(state, sentence, component, (f"{component} status",), told["status"].observed)
