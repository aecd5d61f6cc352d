"""CyberPower UPS and PDU (CPS-MIB), also sold as PowerWalker and BlueWalker."""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

CYBERPOWER = "1.3.6.1.4.1.3808"
UPS, PDU, TRANSFER = (f"{CYBERPOWER}.1.1.{number}" for number in (1, 3, 5))
#: subtree → class, fact → its object
IDENTITIES: dict[str, tuple[str, dict[str, str]]] = {
    UPS: ("ups", {"model": f"{UPS}.1.1.1.0", "firmware": f"{UPS}.1.2.1.0", "serial": f"{UPS}.1.2.3.0"}),
    PDU: ("pdu", {"firmware": f"{PDU}.1.3.0", "model": f"{PDU}.1.5.0", "serial": f"{PDU}.1.6.0"}),
    TRANSFER: ("pdu", {}),
}
CHARGE, RUNTIME, REPLACE = (f"{UPS}.2.2.{number}.0" for number in (1, 4, 5))

ASKS = (
    Ask(
        "cyberpower",
        scalars=(*(oid for _, objects in IDENTITIES.values() for oid in objects.values()), CHARGE, RUNTIME, REPLACE),
        condition=Condition(object_id_prefixes=(CYBERPOWER,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, identity and battery of a CyberPower device."""
    if walk.of_object_id({CYBERPOWER: True}):
        text = walk.description
        told = "pdu" if "PDU" in text or "Power Distribut" in text or "Transfer" in text else "ups"
        yield from walk.vote(told, 60, "object_id", OBJECT_ID if told == "ups" else DESCRIPTION)
    for place, (answers_as, objects) in IDENTITIES.items():
        if walk.has(place):
            yield from walk.vote(answers_as, 60, f"answers_as_{answers_as}", place)
            yield from walk.states(objects, weight=60)
    battery = "battery/ups"
    yield from walk.fact("charge", walk.integer(CHARGE), CHARGE, component=battery, unit="percent")
    runtime = walk.integer(RUNTIME)
    yield from walk.fact(
        "runtime", None if runtime is None else runtime // 100, RUNTIME, component=battery, unit="seconds"
    )
    yield from walk.fact(
        "to_be_replaced", {1: False, 2: True}.get(walk.integer(REPLACE) or 0), REPLACE, component=battery
    )
