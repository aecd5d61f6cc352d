"""Eaton: XUPS-MIB, the MIB of MGE, EATON-EPDU-MIB, PDU-MIB, EATON-ATS-MIB and ATS2, with the network cards in them.

A value of 2001-01-01 for the day that the battery was replaced is a factory's and is not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import named_text
from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

EATON, MGE = "1.3.6.1.4.1.534", "1.3.6.1.4.1.705"
XUPS, EPDU, PDU = f"{EATON}.1", f"{EATON}.6.6.7.1.2.1", f"{EATON}.6.6.6.1.1"
ATS, ATS2 = f"{EATON}.10.1.2", f"{EATON}.10.2.1"
FAMILY, NUMBER = f"{MGE}.1.1.1.0", f"{MGE}.1.1.2.0"
#: subtree → class, fact → its object
IDENTITIES: dict[str, tuple[str, dict[str, str]]] = {
    XUPS: (
        "ups",
        {"maker": f"{XUPS}.1.1.0", "model": f"{XUPS}.1.2.0", "firmware": f"{XUPS}.1.3.0", "serial": f"{XUPS}.1.6.0"},
    ),
    f"{MGE}.1": ("ups", {"firmware": f"{MGE}.1.1.4.0", "serial": f"{MGE}.1.1.7.0"}),
    EPDU: ("pdu", {"model": f"{EPDU}.3.0", "serial": f"{EPDU}.4.0", "firmware": f"{EPDU}.5.0", "name": f"{EPDU}.6.0"}),
    PDU: ("pdu", {"firmware": f"{PDU}.1.0", "serial": f"{PDU}.2.0", "model": f"{PDU}.12.0"}),
    ATS: ("transfer switch", {"model": f"{ATS}.2.0", "firmware": f"{ATS}.3.0", "serial": f"{ATS}.4.0"}),
    ATS2: (
        "transfer switch",
        {"model": f"{ATS2}.2.0", "firmware": f"{ATS2}.3.0", "serial": f"{ATS2}.5.0", "part_number": f"{ATS2}.6.0"},
    ),
}
RUNTIME, VOLTAGE, CHARGE, REPLACED = (f"{XUPS}.2.{number}.0" for number in (1, 2, 4, 6))
CARD = {"model": f"{XUPS}.14.2.0", "firmware": f"{XUPS}.14.3.0"}

UNDER = ("534", "705")
ASKS = (
    Ask(
        "eaton",
        scalars=(*(oid for _, objects in IDENTITIES.values() for oid in objects.values()), FAMILY, NUMBER, RUNTIME,
                 VOLTAGE, CHARGE, REPLACED, *CARD.values()),
        condition=Condition(object_id_prefixes=(EATON, MGE)),
    ),
)  # fmt: skip

#: sysObjectID → class
CLASSES = {f"{EATON}.1": "ups", f"{EATON}.2": "ups", f"{EATON}.6.6": "pdu", f"{EATON}.6.7.1": "sensor",
           f"{EATON}.6.8": "sensor", f"{EATON}.10": "transfer switch", MGE: "ups"}  # fmt: skip
TRANSFER = re.compile(r"\bATS\b")
#: what the agent says of itself is no model
MODEL = re.compile(
    r"^(?!Linux|Connect|Power ?Xpert|Network|Eaton Gigabit)(?P<model>(?=.*\d|Pulsar|Comet|Galaxy)\S.{3,60})$"
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, identity and battery of an Eaton UPS, PDU or transfer switch."""
    device_class = walk.of_object_id(CLASSES)
    if device_class:
        transfer = TRANSFER.search(walk.description) or walk.has(ATS2)
        yield from walk.vote("transfer switch" if transfer else device_class, 80, "object_id", OBJECT_ID)
        if walk.description != walk.text("1.3.6.1.2.1.1.5.0"):
            yield from walk.words(MODEL, weight=40)
    if not device_class and not walk.has(EATON):
        return
    for place, (answers_as, objects) in IDENTITIES.items():
        if walk.has(place) and not (device_class in ("pdu", "transfer switch") and answers_as == "ups"):
            yield from walk.vote(answers_as, 50, f"answers_as_{answers_as}".replace(" ", "_"), place)
            yield from walk.states(objects, weight=60)
    model = named_text(" ".join((walk.text(FAMILY), walk.text(NUMBER))))
    yield from walk.fact("model", model, FAMILY, weight=58)
    yield from _battery(walk)
    for name, oid in CARD.items():
        yield from walk.state(name, oid, component="module/management_card")


def _battery(walk: Walk) -> Iterator[Statement]:
    battery = "battery/ups"
    for name, oid, unit in (
        ("runtime", RUNTIME, "seconds"),
        ("voltage", VOLTAGE, "volts"),
        ("charge", CHARGE, "percent"),
    ):
        yield from walk.fact(name, walk.integer(oid), oid, component=battery, unit=unit)
    replaced = walk.text(REPLACED)
    if re.fullmatch(r"20\d\d-\d\d-\d\d", replaced) and replaced != "2001-01-01":
        yield from walk.fact("replaced", replaced, REPLACED, component=battery)
