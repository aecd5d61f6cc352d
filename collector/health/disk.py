"""Disk: what disks say of their own end (SMART): predicted failure, wear, spare, errors and reallocated sectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collector.health import Dossier, Finding, State, Told, above, below, called, number, worded

ASPECT = "disk"
#: what is counted from a new disk's zero: reading → how people say it
COUNTED = {"reallocated_sectors": "reallocated sectors", "pending_sectors": "sectors that cannot be read",
           "media_errors": "media errors"}  # fmt: skip
EXPECTED = ("nas", "storage")


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each thing that a disk tells of its health."""
    found = [finding for component, told in known.parts("disk", "drive") for finding in _disk(known, component, told)]
    yield from found
    if not found and known.device_class in EXPECTED:
        yield Finding(State.UNKNOWN, "it does not tell of its disks")


def _disk(known: Dossier, component: str, told: Mapping[str, Told]) -> Iterator[Finding]:
    name = called(component, told)
    healthy = told.get("healthy")
    if healthy is not None:
        state = State.CRITICAL if healthy.value is False else State.OK
        sentence = f"{name} predicts its own failure" if healthy.value is False else f"{name} passes its own test"
        yield Finding(state, sentence, component, (f"{component} healthy",), healthy.observed)
    if (state_told := worded(told.get("status"))) is not None:
        sentence = f"{name} is {told['status'].value}"
        yield Finding(state_told, sentence, component, (f"{component} status",), told["status"].observed)
    if (wear := number(told.get("wear"))) is not None:
        state = above(wear, known.limit(ASPECT, "wear_warning"), known.limit(ASPECT, "wear_critical"))
        sentence = f"{name} has used {wear:.0f} % of the writes that it is made for"
        yield Finding(state, sentence, component, (f"{component} wear",), told["wear"].observed)
    if (spare := number(told.get("spare"))) is not None:
        state = below(spare, known.limit(ASPECT, "spare_warning"), known.limit(ASPECT, "spare_critical"))
        sentence = f"{name} has {spare:.0f} % of its spare blocks left"
        yield Finding(state, sentence, component, (f"{component} spare",), told["spare"].observed)
    for reading, words in COUNTED.items():
        if (count := number(told.get(reading))) is not None:
            state = above(count, known.limit(ASPECT, f"{reading}_warning"), known.limit(ASPECT, f"{reading}_critical"))
            yield Finding(
                state, f"{name} has {count:.0f} {words}", component, (f"{component} {reading}",), told[reading].observed
            )
