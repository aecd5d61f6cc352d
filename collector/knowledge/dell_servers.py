"""Dell servers: iDRAC (IDRAC-MIB-SMIv2), older remote access cards and chassis (DELL-RAC-MIB), OpenManage.

The card and the server it sits in are one device: model and service tag are the server's, the firmware the card's.
An OpenManage agent on the operating system tells the same of its host. Logs, users and licences are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Binding, Condition

DELL = "1.3.6.1.4.1.674.10892"
OLD_CARD, CARD, AGENT, MODULAR = f"{DELL}.2", f"{DELL}.5", f"{DELL}.1", f"{DELL}.6"
IDENTITY = {"serial": f"{CARD}.1.3.2.0", "model": f"{CARD}.1.3.12.0", "firmware": f"{CARD}.1.1.8.0"}
OLD_IDENTITY = {"serial": f"{OLD_CARD}.1.1.11.0", "firmware": f"{OLD_CARD}.1.2.1.0"}
OLD_NAME = f"{OLD_CARD}.1.1.2.0"  # `iDRAC`, or the chassis' model
MODULAR_IDENTITY = {"model": f"{MODULAR}.1.1.1.0", "firmware": f"{MODULAR}.1.1.5.0", "serial": f"{MODULAR}.1.1.6.0"}
CHASSIS = {"model": 9, "serial": 11}  # chassisInformationTable, the same in cards and agents
BIOS = 8  # systemBIOSVersionName of systemBIOSTable

#: tables of a card: (branch below the card, component, fact → column)
POWER, SENSOR, MEMORY, DISK = (
    f"{CARD}.4.600.12.1",
    f"{CARD}.4.700.20.1",
    f"{CARD}.4.1100.50.1",
    f"{CARD}.5.1.20.130.4.1",
)
MEMORY_COLUMNS = {"name": 8, "maker": 21, "model": 22, "serial": 23}
DISK_COLUMNS = {"name": 2, "maker": 3, "model": 6, "serial": 7, "firmware": 8}
STATES = {3: "ok", 4: "warning", 5: "critical", 6: "critical"}  # DellStatus

UNDER = ("674",)
ASKS = (
    Ask(
        "dell_card",
        scalars=(*IDENTITY.values(), *OLD_IDENTITY.values(), OLD_NAME, *MODULAR_IDENTITY.values()),
        tables=(
            *(f"{CARD}.4.300.10.1.{column}" for column in CHASSIS.values()),
            f"{CARD}.4.300.50.1.{BIOS}",
            *(f"{POWER}.{column}" for column in (5, 8)),
            *(f"{SENSOR}.{column}" for column in (5, 6, 8)),
            *(f"{MEMORY}.{column}" for column in (*MEMORY_COLUMNS.values(), 14)),
            *(f"{DISK}.{column}" for column in (*DISK_COLUMNS.values(), 11)),
        ),
        condition=Condition(object_id_prefixes=(OLD_CARD, CARD, MODULAR)),
    ),
    Ask(
        "dell_agent",
        tables=(*(f"{AGENT}.300.10.1.{column}" for column in CHASSIS.values()), f"{AGENT}.300.50.1.{BIOS}"),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.311.1.1.3.1", "1.3.6.1.4.1.8072.3.2.10", AGENT)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity from the card or the agent; parts and sensors of the server from the card."""
    if walk.is_of(OLD_CARD, CARD, MODULAR):
        yield from walk.vote("management controller", 100, "product", OBJECT_ID)
    yield from walk.states(IDENTITY, weight=75)
    yield from walk.states(MODULAR_IDENTITY, weight=75)
    yield from walk.states(OLD_IDENTITY, weight=65)
    if walk.text(OLD_NAME).startswith("PowerEdge"):
        yield from walk.state("model", OLD_NAME, weight=65)
    for branch, place in ((CARD, f"{CARD}.4"), (AGENT, AGENT)):
        if walk.has(branch):
            yield from walk.fact("maker", "Dell", branch, weight=60)
            yield from walk.state("model", f"{place}.300.10.1.{CHASSIS['model']}.1", weight=70)
            yield from walk.state("serial", f"{place}.300.10.1.{CHASSIS['serial']}.1", weight=70)
            yield from walk.state("bios", f"{place}.300.50.1.{BIOS}.1.1")
    yield from _parts(walk)


def _parts(walk: Walk) -> Iterator[Statement]:
    yield from walk.rows(POWER, {"name": 8}, component="power supply")
    yield from walk.rows(MEMORY, MEMORY_COLUMNS, component="memory")
    yield from walk.rows(DISK, DISK_COLUMNS, component="disk")
    for index in walk.column(f"{POWER}.5"):
        yield from walk.state("status", f"{POWER}.5.{index}", read=_state, component=f"power supply/{index[:64]}")
    for entry, column, name, factor in ((MEMORY, 14, "memory", 1024), (DISK, 11, "disk", 1024 * 1024)):
        for index in walk.column(f"{entry}.{column}"):
            size = walk.integer(f"{entry}.{column}.{index}") or 0
            if size > 0:
                oid = f"{entry}.{column}.{index}"
                yield from walk.fact("size", size * factor, oid, component=f"{name}/{index[:64]}", unit="bytes")
    for index in walk.column(f"{SENSOR}.6"):
        component, tenths = f"sensor/{index[:64]}", walk.integer(f"{SENSOR}.6.{index}")
        yield from walk.state("name", f"{SENSOR}.8.{index}", component=component)
        if tenths is not None and -500 < tenths < 2000:
            yield from walk.fact("temperature", tenths / 10, f"{SENSOR}.6.{index}", component=component, unit="celsius")


def _state(binding: Binding) -> str:
    return STATES.get(as_integer(binding), "")
