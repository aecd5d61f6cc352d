"""HPE servers: Insight agents, Agentless Management and iLO (CPQSINFO, CPQHLTH, CPQSM2, CPQIDA-MIB).

The card and the server it sits in are one device: model and serial are the server's, the firmware of an iLO its own.
The same branch on an operating system tells of its host, and HPE's disk arrays use it, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk, as_integer, as_named
from stocktake.values import Binding, Condition

COMPAQ = "1.3.6.1.4.1.232"
CARD = f"{COMPAQ}.9"
MODEL, SERIAL, ASSET_TAG = f"{COMPAQ}.2.2.4.2.0", f"{COMPAQ}.2.2.2.1.0", f"{COMPAQ}.2.2.2.3.0"
BIOS, CARD_FIRMWARE = f"{COMPAQ}.1.2.6.1.0", f"{COMPAQ}.9.2.2.2.0"  # cpqSeSysRomVer, cpqSm2CntlrRomRevision
WORDS = re.compile(r"^Integrated Lights-Out (?P<generation>\d) (?P<firmware>\d+\.\d+)")
TEMPERATURE = f"{COMPAQ}.6.2.6.8.1"  # cpqHeTemperatureTable: .3 place, .4 celsius
POWER = f"{COMPAQ}.6.2.9.3.1"  # cpqHeFltTolPowerSupplyTable: .5 condition, .10 model, .11 serial
DISK = f"{COMPAQ}.3.2.5.1.1"  # cpqDaPhyDrvTable: .3 model, .4 firmware, .6 status, .45 megabytes, .51 serial
PLACES = {3: "system", 4: "system board", 5: "I/O board", 6: "processor", 7: "memory", 8: "storage",
          9: "removable media", 10: "power supply", 11: "ambient", 12: "chassis", 13: "bridge"}  # fmt: skip
CONDITIONS = {2: "ok", 3: "warning", 4: "critical"}
DISK_STATES = {2: "ok", 3: "critical", 4: "warning"}

UNDER = ("232",)
ASKS = (
    Ask(
        "hp_server",
        scalars=(MODEL, SERIAL, ASSET_TAG, BIOS, CARD_FIRMWARE),
        tables=(
            *(f"{TEMPERATURE}.{column}" for column in (3, 4)),
            *(f"{POWER}.{column}" for column in (5, 10, 11)),
            *(f"{DISK}.{column}" for column in (3, 4, 6, 45, 51)),
        ),
        condition=Condition(
            object_id_prefixes=(COMPAQ, "1.3.6.1.4.1.311.1.1.3.1", "1.3.6.1.4.1.8072.3.2.10", "1.3.6.1.4.1.6876",
                                "1.3.6.1.4.1.11.2.51")
        ),
    ),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Identity, BIOS, power supplies, disks and temperatures."""
    if walk.is_of(CARD) or WORDS.match(walk.description):
        yield from walk.vote("management controller", 100, "product", OBJECT_ID)
        yield from walk.words(WORDS, weight=60)
        yield from walk.state("firmware", CARD_FIRMWARE, weight=70)
    yield from walk.state("model", MODEL, read=_bare, weight=75)
    yield from walk.state("serial", SERIAL, weight=75)
    yield from walk.state("asset_tag", ASSET_TAG)
    yield from walk.state("bios", BIOS)
    if walk.has(MODEL):
        yield from walk.fact("maker", "HPE", MODEL, weight=60)
    yield from walk.rows(POWER, {"model": 10, "serial": 11}, component="power supply")
    yield from walk.rows(DISK, {"model": 3, "firmware": 4, "serial": 51}, component="disk")
    yield from _states(walk)
    yield from _temperatures(walk)


def _states(walk: Walk) -> Iterator[Statement]:
    for index in walk.column(f"{POWER}.5"):
        state = CONDITIONS.get(walk.integer(f"{POWER}.5.{index}") or 0)
        yield from walk.fact("status", state, f"{POWER}.5.{index}", component=f"power supply/{index[:64]}")
    for index in walk.column(f"{DISK}.6"):
        state = DISK_STATES.get(walk.integer(f"{DISK}.6.{index}") or 0)
        yield from walk.fact("status", state, f"{DISK}.6.{index}", component=f"disk/{index[:64]}")


def _temperatures(walk: Walk) -> Iterator[Statement]:
    for index in walk.column(f"{TEMPERATURE}.4"):
        celsius, component = walk.integer(f"{TEMPERATURE}.4.{index}"), f"sensor/{index[:64]}"
        if celsius is not None and 0 < celsius < 150:
            oid = f"{TEMPERATURE}.4.{index}"
            yield from walk.fact("temperature", celsius, oid, component=component, unit="celsius")
            yield from walk.state("name", f"{TEMPERATURE}.3.{index}", read=_place, component=component)


def _place(binding: Binding) -> str:
    return PLACES.get(as_integer(binding), "")


def _bare(binding: Binding) -> str:
    return as_named(binding).strip('"')
