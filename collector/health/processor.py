"""Processor: how busy the processors of a device are, in percent."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, Told, above, called, number

ASPECT = "processor"
PARTS = ("processor", "member", "stack member", "module", "part", "cluster node", "chassis")
NAMES = ("processor_load", "load")


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for the device where it tells its load itself, else one for each processor, board or member."""
    own = known.of().get("processor_load")
    if number(own) is not None:
        yield from _finding(known, "", "the device", "processor_load", own)
        return
    for component, told in known.parts(*PARTS):
        for name in NAMES:
            yield from _finding(known, component, called(component, told), name, told.get(name))


def _finding(known: Dossier, component: str, what: str, name: str, told: Told | None) -> Iterator[Finding]:
    load = number(told)
    if told is None or load is None or not 0 <= load <= 100:
        return
    state = above(load, known.limit(ASPECT, "warning"), known.limit(ASPECT, "critical"))
    reading = f"{component} {name}".strip()
    yield Finding(state, f"{what} is {load:.0f} % busy", component, (reading,), told.observed)
