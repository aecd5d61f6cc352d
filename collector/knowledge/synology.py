"""Synology (SYNOLOGY-SYSTEM-MIB, SYNOLOGY-DISK-MIB, SYNOLOGY-RAID-MIB): model, serial, DSM version, disks, volumes.

DiskStation runs net-snmp, so its sysObjectID tells Linux. Services, connected users and the SMART table are not asked
for; disks tell no serial in these MIBs.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk, as_integer
from stocktake.values import Binding, Condition

SYNOLOGY = "1.3.6.1.4.1.6574"
IDENTITY = {"model": f"{SYNOLOGY}.1.5.1.0", "serial": f"{SYNOLOGY}.1.5.2.0", "firmware": f"{SYNOLOGY}.1.5.3.0"}
TEMPERATURE = f"{SYNOLOGY}.1.2.0"
DISK, RAID = f"{SYNOLOGY}.2.1.1", f"{SYNOLOGY}.3.1.1"
DISK_COLUMNS = {"name": 2, "model": 3, "type": 4}
DISK_STATES = {1: "normal", 2: "initialized", 3: "not initialized", 4: "partition failed", 5: "crashed"}
RAID_STATES = {1: "normal", 11: "degraded", 12: "crashed"}

UNDER = ("6574",)
ASKS = (
    Ask(
        "synology",
        scalars=(*IDENTITY.values(), TEMPERATURE),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.8072.3.2.10", SYNOLOGY)),
    ),
    Ask(
        "synology_disks",
        tables=(*(f"{DISK}.{number}" for number in (2, 3, 4, 5, 6)), f"{RAID}.2", f"{RAID}.3"),
        condition=Condition(answered=IDENTITY["model"]),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity, disks and volumes; its routers run the same agent."""
    model = walk.text(IDENTITY["model"])
    if not model:
        return
    router = model.upper().startswith(("RT", "MR", "WRX"))
    yield from walk.vote("router" if router else "nas", 100, "model", IDENTITY["model"])
    yield from walk.fact("maker", "Synology", IDENTITY["model"], weight=70)
    yield from walk.states(IDENTITY, weight=70)
    yield from walk.state("temperature", TEMPERATURE, read=as_integer, unit="celsius")
    yield from walk.rows(DISK, DISK_COLUMNS, component="disk")
    for index in walk.column(f"{DISK}.2"):
        component = f"disk/{index[:64]}"
        yield from walk.state("status", f"{DISK}.5.{index}", read=_disk_state, component=component)
        yield from walk.state("temperature", f"{DISK}.6.{index}", read=as_integer, component=component, unit="celsius")
    for index in walk.column(f"{RAID}.2"):
        component = f"array/{index[:64]}"
        yield from walk.state("name", f"{RAID}.2.{index}", component=component)
        yield from walk.state("status", f"{RAID}.3.{index}", read=_raid_state, component=component)


def _disk_state(binding: Binding) -> str:
    return DISK_STATES.get(as_integer(binding), "")


def _raid_state(binding: Binding) -> str:
    return RAID_STATES.get(as_integer(binding), "busy")
