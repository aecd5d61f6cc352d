"""Palo Alto Networks (PAN-COMMON-MIB, PAN-PRODUCT-MIB): firewalls and Panorama with serial and PAN-OS version.

The exact model stands in ENTITY-MIB (read there); sysDescr tells the series, which serves where nothing else does.
Sessions, zones and GlobalProtect users are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

PALO_ALTO = "1.3.6.1.4.1.25461"
SYSTEM = f"{PALO_ALTO}.2.1.2.1"
IDENTITY = {"firmware": f"{SYSTEM}.1.0", "hardware": f"{SYSTEM}.2.0", "serial": f"{SYSTEM}.3.0"}
HIGH_AVAILABILITY = f"{SYSTEM}.11.0"
ENTITY_NAME, ENTITY_MODEL = "1.3.6.1.2.1.47.1.1.1.1.7.1", "1.3.6.1.2.1.47.1.1.1.1.13.1"
SERIES = re.compile(r"^Palo Alto Networks (?P<model>[A-Z]+-[A-Z0-9]+)(?P<series> series)?")

UNDER = ("25461",)
ASKS = (
    Ask(
        "palo_alto",
        scalars=(*IDENTITY.values(), HIGH_AVAILABILITY),
        condition=Condition(object_id_prefixes=(PALO_ALTO,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of a firewall, or of Panorama, which counts as one."""
    if not walk.is_of(PALO_ALTO):
        return
    yield from walk.vote("firewall", 100, "product", OBJECT_ID)
    yield from walk.states(IDENTITY, weight=70)
    yield from walk.state("high_availability", HIGH_AVAILABILITY)
    yield from walk.state("model", ENTITY_MODEL, weight=70)
    if walk.text(ENTITY_NAME).startswith(("PA-", "M-")):
        yield from walk.state("model", ENTITY_NAME, weight=55)
    match = SERIES.match(walk.description)
    if match:
        yield from walk.fact("model", f"{match['model']}{match['series'] or ''}", DESCRIPTION, weight=30)
