"""Lenovo XClarity Controller and IBM's modules before it (LENOVO-XCC-MIB, IMM-MIB, BladeCenter's MM-MIB).

The card and the server it sits in are one device: model and serial are the server's, the firmware the card's. The
fans, temperatures and health of the newer card are read as text; logs and users are not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

XCC, IMM, BLADE_CENTER = "1.3.6.1.4.1.19046.11.1", "1.3.6.1.4.1.2.3.51.3", "1.3.6.1.4.1.2.3.51.2"
CARDS = (f"{XCC}.1", f"{IMM}.1")
CHASSIS = f"{BLADE_CENTER}.2.21.1.1"
CHASSIS_IDENTITY = {"model": f"{CHASSIS}.1.0", "serial": f"{CHASSIS}.3.0"}
TEMPERATURE = re.compile(r"^(\d{1,3})(\.\d+)? ?(C|degrees)")

UNDER = ("2", "19046")
ASKS = (
    Ask(
        "lenovo_card",
        scalars=tuple(f"{card}.5.2.1.{number}.0" for card in CARDS for number in (1, 2, 3, 5)),
        tables=tuple(f"{card}.{branch}" for card in CARDS for branch in ("5.1.1.3", "1.2.1.2", "1.2.1.3")),
        condition=Condition(object_id_prefixes=(XCC, IMM)),
    ),
    Ask(
        "blade_center",
        scalars=tuple(CHASSIS_IDENTITY.values()),
        condition=Condition(object_id_prefixes=(BLADE_CENTER,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of the server, firmware of its card, temperatures."""
    if not walk.is_of(XCC, IMM, BLADE_CENTER):
        return
    yield from walk.vote("management controller", 100, "product", OBJECT_ID)
    yield from walk.states(CHASSIS_IDENTITY, weight=70)
    for card in CARDS:
        vpd = f"{card}.5.2.1"
        yield from walk.state("serial", f"{vpd}.3.0", weight=75)
        yield from walk.state("model", f"{vpd}.5.0", weight=75)
        yield from walk.state("model", f"{vpd}.2.0", weight=50)
        yield from walk.state("machine_type", f"{vpd}.1.0")
        yield from walk.state("firmware", f"{card}.5.1.1.3.1", weight=70)
        yield from _temperatures(walk, f"{card}.1.2.1")


def _temperatures(walk: Walk, entry: str) -> Iterator[Statement]:
    for index in walk.column(f"{entry}.3"):
        match, component = TEMPERATURE.match(walk.text(f"{entry}.3.{index}")), f"sensor/{index[:64]}"
        if match:
            oid = f"{entry}.3.{index}"
            yield from walk.fact("temperature", int(match[1]), oid, component=component, unit="celsius")
            yield from walk.state("name", f"{entry}.2.{index}", component=component)
