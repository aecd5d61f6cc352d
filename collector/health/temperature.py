"""Temperature: of rooms, devices, processors, disks and batteries, each against the limits of its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from collector.health import Dossier, Finding, State, Told, above, called, number, worded

ASPECT = "temperature"
AIR = re.compile(r"\b(ambient|inlet|intake|room|front|air|environment|probe)\b", re.IGNORECASE)
CHIP = re.compile(r"\b(cpu|processor|core|die|phy|asic|chip|soc|gpu|junction|mac|hotspot|hot.?spot)", re.IGNORECASE)
#: first words of components → place
PLACES = {"disk": "disk", "drive": "disk", "battery": "battery", "transceiver": "optic", "processor": "chip"}
OF_ROOMS = ("sensor", "air conditioner")  # classes that measure nothing but air
NAMES = ("temperature", "processor_temperature")


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each temperature, and for each sensor that says itself how it is."""
    for component, told in known.told.items():
        for name in NAMES:
            degrees = number(told.get(name))
            if degrees is not None and -50 < degrees < 200:
                yield _finding(known, component, name, told, degrees)
    for component, told in known.parts("sensor"):
        state = worded(told.get("status"))
        if state is not None and "temperature" not in told:
            sentence = f"{_sensor(component, told)} is {told['status'].value}"
            yield Finding(state, sentence, component, (f"{component} status",), told["status"].observed)


def _sensor(component: str, told: Mapping[str, Told]) -> str:
    """How people call a sensor, with the word once."""
    name = called(component, told).removeprefix("sensor/")
    return name if "sensor" in name.lower() else f"sensor {name}"


def _finding(known: Dossier, component: str, name: str, told: Mapping[str, Told], degrees: float) -> Finding:
    place = "chip" if name == "processor_temperature" else _place(known, component, told)
    state = above(degrees, known.limit(ASPECT, f"{place}_warning"), known.limit(ASPECT, f"{place}_critical"))
    cold = known.limits.find(ASPECT, f"{place}_cold", known.device_class)
    if cold is not None and degrees <= cold and state is State.OK:
        state = State.WARNING
    what = called(component, told) if component else "the device"
    return Finding(
        state, f"{what} is at {degrees:.0f} °C", component, (f"{component} {name}".strip(),), told[name].observed
    )


def _place(known: Dossier, component: str, told: Mapping[str, Told]) -> str:
    first = component.partition("/")[0]
    if first in PLACES:
        return PLACES[first]
    words = called(component, told) if component else ""
    if CHIP.search(words):
        return "chip"
    return "air" if AIR.search(words) or AIR.search(component) or known.device_class in OF_ROOMS else "device"
