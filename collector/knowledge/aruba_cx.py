"""HPE Aruba switches with AOS-CX: single switches, chassis, and VSF stacks.

Sources: ARUBAWIRED-VSFv2-MIB, ARUBAWIRED-POWERSUPPLY-MIB, ARUBAWIRED-TEMPSENSOR-MIB. Serials of chassis, fans,
modules and transceivers are told by ENTITY-MIB; the first row there describes the switch or the whole stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

ARUBA_WIRED = "1.3.6.1.4.1.47196.4.1.1"
KINDS = {f"{ARUBA_WIRED}.1": "switch"}
WHOLE = "1.3.6.1.2.1.47.1.1.1.1.2.1"  # entPhysicalDescr of the first row
MEMBER = f"{ARUBA_WIRED}.3.15.1.2.1"  # arubaWiredVsfv2MemberTable
MEMBERS = {"role": 2, "status": 3, "part_number": 4, "mac": 5, "model": 6, "serial": 7}
SUPPLY = f"{ARUBA_WIRED}.3.11.2.1.1"  # arubaWiredPowerSupplyTable
SUPPLIES = {"name": 3, "status": 4, "model": 5, "serial": 6}
TEMPERATURE = f"{ARUBA_WIRED}.3.11.3.1.1"  # arubaWiredTempSensorTable: .5 name, .7 thousandths of a degree

UNDER = ("47196",)
ASKS = (
    Ask(
        "aruba_cx",
        tables=(
            *(f"{MEMBER}.{column}" for column in MEMBERS.values()),
            *(f"{SUPPLY}.{column}" for column in SUPPLIES.values()),
            f"{TEMPERATURE}.5",
            f"{TEMPERATURE}.7",
        ),
        condition=Condition(object_id_prefixes=tuple(KINDS)),
    ),
)

#: `Aruba JL635A 8325 GL.10.06.0110`, `HPE ANW JL658A 6300M 24SFP+ 4SFP56 Swch FL.10.15.0005`, `PL.10.10.0002`
DESCRIPTION = re.compile(
    r"^(?:(?:HPE ANW|HPE Aruba|HPE|Aruba) )?(?:(?P<part_number>[JRS]\w\d{3}[A-Z]|R\d[A-Z]\d{2}[A-Z]) )?"
    r"(?:(?P<model>\S.*?)(?: Swi?t?ch)? )?(?P<firmware>[A-Z]{2}\.\d+\.\d+\.\w+)$"
)


def read(walk: Walk) -> Iterator[Statement]:
    """The switch or stack, its members, power supplies and temperatures."""
    kind = walk.of_object_id(KINDS)
    if kind is None:
        return
    yield from walk.vote(kind, 80, "object_id", OBJECT_ID)
    yield from walk.words(DESCRIPTION, weight=55)
    yield from walk.state("model", WHOLE, weight=60)
    yield from walk.rows(MEMBER, MEMBERS, component="member")
    yield from walk.rows(SUPPLY, SUPPLIES, component="power supply")
    for index in walk.column(f"{TEMPERATURE}.7"):
        component, oid = f"sensor/{index}", f"{TEMPERATURE}.7.{index}"
        yield from walk.state("name", f"{TEMPERATURE}.5.{index}", component=component)
        value = walk.integer(oid)
        degrees = None if value is None else value / 1000
        yield from walk.fact("temperature", degrees, oid, component=component, unit="celsius")
