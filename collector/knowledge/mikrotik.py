"""MikroTik: routers, switches and radios with RouterOS, small switches with SwOS.

Source: MIKROTIK-MIB (mtxrSystem, mtxrHealth) and sysDescr, which names the board. RouterOS calls everything a router;
boards that are sold as switches or as access points are told by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

MIKROTIK = "1.3.6.1.4.1.14988"
SERIAL, SWITCH_FIRMWARE, BOARD = (f"{MIKROTIK}.1.1.7.{number}.0" for number in (3, 4, 9))
RELEASE = f"{MIKROTIK}.1.1.4.4.0"  # mtxrLicVersion
WHOLE = "1.3.6.1.2.1.47.1.1.1.1.2.65536"  # entPhysicalDescr: `RouterOS 6.44.2 (stable) on CRS317-1G-16S+`
HEALTH = f"{MIKROTIK}.1.1.3"
#: tenths of a unit: name, object, unit
READINGS = (("voltage", f"{HEALTH}.8.0", "volts"), ("temperature", f"{HEALTH}.10.0", "celsius"),
            ("processor_temperature", f"{HEALTH}.11.0", "celsius"), ("power", f"{HEALTH}.12.0", "watts"))  # fmt: skip

UNDER = ("14988",)
ASKS = (
    Ask(
        "mikrotik",
        scalars=(SERIAL, SWITCH_FIRMWARE, BOARD, RELEASE, *(oid for _, oid, _ in READINGS)),
        condition=Condition(object_id_prefixes=(MIKROTIK,)),
    ),
)

SAYS = re.compile(r"^RouterOS (?P<model>\S.*)$")
SWITCH_SAYS = re.compile(r"^(?:(?P<model>\S+) )?SwOS(?: Lite)? (?P<firmware>v\S+)")
ON_BOARD = re.compile(r" on (?P<model>\S+)$")
SWITCHES = re.compile(r"\b(CRS|CSS|RB260|RB250|netPower)", re.IGNORECASE)
ACCESS_POINTS = re.compile(r"\b(RB)?(cAP|wAP|mAP)", re.IGNORECASE)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity, the kind by the board, and what the board measures."""
    object_id = walk.text(OBJECT_ID)
    if not f"{object_id}.".startswith(f"{MIKROTIK}."):
        return
    board = " ".join((walk.text(BOARD), walk.description, walk.text(WHOLE)))
    swos = object_id.startswith(f"{MIKROTIK}.2")
    kind = "switch" if swos or SWITCHES.search(board) else "access point" if ACCESS_POINTS.search(board) else "router"
    yield from walk.vote(kind, 85, "board", DESCRIPTION)
    yield from walk.words(SWITCH_SAYS if swos else SAYS, weight=55)
    yield from walk.words(ON_BOARD, WHOLE, weight=58)
    yield from walk.state("model", BOARD, weight=60)
    yield from walk.state("serial", SERIAL, weight=70)
    yield from walk.state("firmware", SWITCH_FIRMWARE, weight=65 if swos else 35)
    yield from walk.state("firmware", RELEASE, weight=65)
    for name, oid, unit in READINGS:
        value = walk.integer(oid)
        if value is not None and 0 < value < 4000:
            yield from walk.fact(name, value / 10, oid, unit=unit)
