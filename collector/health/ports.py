"""Ports: errors, half duplex, speed below what the DfE asks for, ports that flap, and uplinks that are too slow.

The DfE asks for 1 Gb/s to devices and 2 × 10 Gb/s between switches (Meeting digital and technology standards in
schools and colleges: network switching standards). Rates are of two readings; one tells none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from collector.health import Dossier, Finding, State, Told, above, called, number

ASPECT = "ports"
SWITCHES = ("switch",)
ERRORS = {"errors_in": "arriving", "errors_out": "leaving"}
GIGABIT = 1e9
SHORTEST = 60.0  # seconds between two readings that make a rate
KINDS = (None, "ethernet")
PORT = re.compile(r"port\b", re.IGNORECASE)


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each thing that is wrong with a port, one of all that are well, and one of the uplinks."""
    ports = [(name, told) for name, told in known.parts("interface") if _is_port(told)]
    wrong = [finding for name, told in ports for finding in _port(known, name, told)]
    yield from wrong
    yield from _uplinks(known)
    looked = number(known.of().get("ports_looked_at"))
    if known.device_class in SWITCHES and not wrong:
        count = len(ports) or round(looked or 0)
        if count:
            yield Finding(State.OK, f"{count} ports were looked at", readings=("ports_looked_at",))
        else:
            yield Finding(State.UNKNOWN, "it does not tell of its ports")
    elif not wrong and looked:
        yield Finding(State.OK, f"{looked:.0f} ports were looked at", readings=("ports_looked_at",))


def _is_port(told: Mapping[str, Told]) -> bool:
    kind = told.get("type")
    return (kind.value if kind is not None else None) in KINDS


def _port(known: Dossier, component: str, told: Mapping[str, Told]) -> Iterator[Finding]:
    name, status = _called(component, told), told.get("status")
    for reading, words in ERRORS.items():
        rate = per_minute(told.get(reading))
        if rate is not None:
            state = above(rate, known.limit(ASPECT, "errors_warning"), known.limit(ASPECT, "errors_critical"))
            if state is not State.OK:
                sentence = f"{name}: {rate:.1f} faulty frames a minute {words}"
                yield Finding(state, sentence, component, (f"{component} {reading}",), told[reading].observed)
    if status is not None and not isinstance(status.value, bool):
        state = above(status.changes, known.limit(ASPECT, "flaps_warning"), known.limit(ASPECT, "flaps_critical"))
        if state is not State.OK:
            sentence = f"{name} went up and down {status.changes} times since yesterday"
            yield Finding(state, sentence, component, (f"{component} status",), status.observed)
    if status is None or status.value != "up":
        return
    if (duplex := told.get("duplex")) is not None and duplex.value == "half":
        readings = (f"{component} duplex",)
        yield Finding(State.WARNING, f"{name} runs at half duplex", component, readings, duplex.observed)
    yield from _speed(known, component, name, told.get("speed"))


def _called(component: str, told: Mapping[str, Told]) -> str:
    """How people call a port: `port Gi1/0/7`, and once only where its name begins so itself."""
    name = called(component, told).removeprefix("interface/")
    return name if PORT.match(name) else f"port {name}"


def _speed(known: Dossier, component: str, name: str, told: Told | None) -> Iterator[Finding]:
    speed = number(told)
    if told is None or not speed or known.device_class not in SWITCHES or component in known.uplinks:
        return
    if speed < known.limit(ASPECT, "access_bits_per_second"):
        sentence = f"{name} runs at {speed / 1e6:.0f} Mb/s; 1 Gb/s is asked for"
        yield Finding(State.WARNING, sentence, component, (f"{component} speed",), told.observed)


def _uplinks(known: Dossier) -> Iterator[Finding]:
    """The fastest way to another switch: all ports that lead there together."""
    if known.device_class not in SWITCHES:
        return
    ways: dict[str, float] = {}
    for component, far in known.uplinks.items():
        speed = number(known.of(component).get("speed"))
        if speed:
            ways[far] = ways.get(far, 0.0) + speed
    if not ways:
        return
    fastest, least = max(ways.values()), known.limit(ASPECT, "uplink_bits_per_second")
    readings = tuple(f"{component} speed" for component in sorted(known.uplinks))
    if fastest < least:
        sentence = f"its uplink has {fastest / GIGABIT:g} Gb/s; {least / GIGABIT:g} Gb/s (2 × 10) are asked for"
        yield Finding(State.WARNING, sentence, readings=readings)
    else:
        yield Finding(State.OK, f"its uplink has {fastest / GIGABIT:g} Gb/s", readings=readings)


def per_minute(told: Told | None) -> float | None:
    """How fast a counter grew between its last two readings; None where that cannot be told, or it began anew."""
    count = number(told)
    if told is None or count is None or told.observed is None or told.earlier is None:
        return None
    before = number(Told(told.previous)) if told.previous is not None else None
    seconds = (told.observed - told.earlier).total_seconds()
    if before is None or count < before or seconds < SHORTEST:
        return None
    return (count - before) / seconds * 60
