"""Switches with Broadcom FASTPATH under Broadcom's own number: Ubiquiti, Quanta, Aerohive and others.

Source: FASTPATH-SWITCHING-MIB (agentInventoryGroup) and BOXSERVICES below 4413. Whose device it is, only sysDescr
tells. Makers with a tree of their own (NETGEAR, Dell, Edgecore) have files of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

BROADCOM = "1.3.6.1.4.1.4413"
INVENTORY = {f: f"{BROADCOM}.1.1.1.1.1.{n}.0" for f, n in (("model", 3), ("serial", 4), ("firmware", 13))}
TEMPERATURE = f"{BROADCOM}.1.1.43.1.8.1.5"  # boxServicesTempSensorTemperature
FAN = f"{BROADCOM}.1.1.43.1.6.1.3"  # boxServicesFanItemState
FAN_STATES = {1: "not present", 2: "ok", 3: "failed"}

UNDER = ("4413",)
ASKS = (
    Ask(
        "fastpath",
        scalars=tuple(INVENTORY.values()),
        tables=(TEMPERATURE, FAN),
        condition=Condition(object_id_prefixes=(BROADCOM,)),
    ),
)

#: what a description looks like → the maker; the first that fits
MAKERS = (
    (re.compile(r"^(?:UBNT )?(?P<model>(?:EdgeSwitch|EdgePoint|USW|US|ES)\b.*?)(?: - .*?)?, (?P<firmware>\d\S*?),"),
     "Ubiquiti"),
    (re.compile(r"^UBNT (?P<model>\S+)(?: - .*?)?, (?P<firmware>\d\S*?)(?:,|$)"), "Ubiquiti"),
    (re.compile(r"^(?:Aerohive )?(?P<model>SR\d{4}\w*): .*, (?P<firmware>\d+(?:\.\d+)+)"), "Aerohive"),
    (re.compile(r"^(?:Quanta )?(?P<model>L[BY]\d\w*[^,]*), (?:(?P<firmware>\d\S*)|\S+), (?:VxWorks|Linux)"), "Quanta"),
    (re.compile(r"^Quanta\b"), "Quanta"),
    (re.compile(r"^(?P<model>XG\d{4}\w*)_(?P<firmware>\d\S+)$"), "Inteno"),
)  # fmt: skip
#: the system below, which is all that tells a version where the maker's own is starred out
SYSTEM = re.compile(r", \*, (?P<firmware>(?:VxWorks|Linux) \d\S*)$")


def read(walk: Walk) -> Iterator[Statement]:
    """That it is a switch, its inventory, and whose it is."""
    if not f"{walk.text(OBJECT_ID)}.".startswith(f"{BROADCOM}."):
        return
    yield from walk.vote("switch", 70, "object_id", OBJECT_ID)
    yield from walk.states(INVENTORY, weight=55)
    for pattern, maker in MAKERS:
        if pattern.search(walk.description):
            yield from walk.fact("maker", maker, DESCRIPTION, weight=60)
            yield from walk.words(pattern, weight=60)
            break
    yield from walk.words(SYSTEM, weight=10)
    for index in walk.column(TEMPERATURE):
        value = walk.integer(f"{TEMPERATURE}.{index}")
        if value and 0 < value < 150:
            oid = f"{TEMPERATURE}.{index}"
            yield from walk.fact("temperature", value, oid, component=f"sensor/{index}", unit="celsius")
    for index in walk.column(FAN):
        state = FAN_STATES.get(walk.integer(f"{FAN}.{index}") or 0)
        yield from walk.fact("status", state, f"{FAN}.{index}", component=f"fan/{index}")
