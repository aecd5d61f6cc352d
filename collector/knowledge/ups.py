"""UPS-MIB (RFC 1628): that it is a UPS, who made it, and how its battery is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk
from stocktake.values import Cadence, Condition

UPS = "1.3.6.1.2.1.33.1"
IDENTITY = {"maker": f"{UPS}.1.1.0", "model": f"{UPS}.1.2.0", "firmware": f"{UPS}.1.3.0"}
NAME = f"{UPS}.1.5.0"
#: readings of the battery: name, object, factor to the base unit, unit
BATTERY = (
    ("seconds_on_battery", f"{UPS}.2.2.0", 1, "seconds"),
    ("runtime", f"{UPS}.2.3.0", 60, "seconds"),
    ("charge", f"{UPS}.2.4.0", 1, "percent"),
    ("temperature", f"{UPS}.2.7.0", 1, "celsius"),
)
STATUS = f"{UPS}.2.1.0"
#: what a card writes that its UPS told nothing, or its octets in digits
NOTHING = re.compile(r"^[0\s]+$|^(00 )+|^UPS$", re.IGNORECASE)
STATES = {2: "normal", 3: "low", 4: "depleted"}

ASKS = (
    Ask("ups", scalars=(*IDENTITY.values(), f"{UPS}.1.4.0", NAME)),
    Ask("ups_battery", Cadence.HEALTH, scalars=(STATUS, *(oid for _, oid, _, _ in BATTERY)),
        condition=Condition(answered=UPS)),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Identity and battery; nothing of a device without a UPS-MIB."""
    if not walk.has(UPS):
        return
    yield from walk.vote("ups", 90, "ups_mib", UPS)
    told = {name: oid for name, oid in IDENTITY.items() if not NOTHING.match(walk.text(oid))}
    yield from walk.states(told, weight=55)
    yield from walk.state("name", NAME, weight=30)
    yield from walk.fact("status", STATES.get(walk.integer(STATUS) or 0), STATUS, component="battery/ups")
    for name, oid, factor, unit in BATTERY:
        value = walk.integer(oid)
        yield from walk.fact(name, None if value is None else value * factor, oid, component="battery/ups", unit=unit)
