"""NETGEAR: managed and smart switches (FASTPATH inside), ProSafe access points and routers.

Sources: FASTPATH-SWITCHING-MIB under NETGEAR's number (managed 4526.10, smart 4526.11), BOXSERVICES, and sysDescr,
which begins with the model. ReadyNAS is read as storage elsewhere; members of stacks come from ENTITY-MIB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

NETGEAR = "1.3.6.1.4.1.4526"
RADLAN_BUILT = "1.3.6.1.4.1.89.1.1.1.3.6.1.4.1.4526"  # an object identifier that was written behind another one
LINES = (f"{NETGEAR}.10", f"{NETGEAR}.11")
INVENTORY = tuple(
    {"model": f"{line}.1.1.1.3.0", "serial": f"{line}.1.1.1.4.0", "firmware": f"{line}.1.1.1.13.0"} for line in LINES
)
TEMPERATURES = tuple(f"{line}.43.1.8.1.5" for line in LINES)  # boxServicesTempSensorTemperature
FANS = tuple(f"{line}.43.1.6.1.3" for line in LINES)  # boxServicesFanItemState
FAN_STATES = {1: "not present", 2: "ok", 3: "failed"}

UNDER = ("89", "4526")
ASKS = (
    Ask(
        "netgear",
        scalars=tuple(oid for line in INVENTORY for oid in line.values()),
        tables=(*TEMPERATURES, *FANS),
        condition=Condition(object_id_prefixes=(NETGEAR, "1.3.6.1.4.1.89.1.1.1.3")),
    ),
)

#: `GS724Tv4 ProSafe 24-port Gigabit Ethernet Smart Switch, 6.3.1.11, B1.0.0.4`
SAYS = re.compile(
    r"^(?:NETGEAR )?(?:ProSafe(?:\(TM\))? )?(?P<model>[A-Z]{1,6}\d{2,4}[\w+-]*)"
    r"(?:.*?, V?(?P<firmware>\d+(?:\.\d+){2,4})\b)?",
    re.IGNORECASE,
)
KINDS = (
    (re.compile(r"\b(WN|WND|WNDAP|WAC|WAX|WG|WAG|WBE)\w*\d{3}|access point", re.IGNORECASE), "access point"),
    (re.compile(r"\b(FVS|FVX|SRX|UTM|STM)\w*\d{2}|firewall", re.IGNORECASE), "firewall"),
    (re.compile(r"\bWC\d{4}|wireless (controller|management)", re.IGNORECASE), "wireless controller"),
    (re.compile(r"switch|\b(GS|GSM|FS|FSM|XS|XSM|JGS|MS|M)\d", re.IGNORECASE), "switch"),
)


def read(walk: Walk) -> Iterator[Statement]:
    """What kind it is by its description, its inventory, temperatures and fans."""
    object_id = walk.text(OBJECT_ID)
    if not object_id.startswith((f"{NETGEAR}.", f"{RADLAN_BUILT}.")):
        return
    yield from walk.fact("maker", "NETGEAR", OBJECT_ID, weight=60)
    for pattern, kind in KINDS:
        if pattern.search(walk.description):
            yield from walk.vote(kind, 80, "description", DESCRIPTION)
            break
    if f".{NETGEAR}.100." in f".{object_id}":
        yield from walk.vote("switch", 20, "object_id", OBJECT_ID)
    yield from walk.words(SAYS, weight=60)
    for objects in INVENTORY:
        yield from walk.states(objects, weight=55)
    yield from _health(walk)


def _health(walk: Walk) -> Iterator[Statement]:
    for root in TEMPERATURES:
        for index in walk.column(root):
            value, component = walk.integer(f"{root}.{index}"), f"sensor/{index}"
            if value and 0 < value < 150:
                yield from walk.fact("temperature", value, f"{root}.{index}", component=component, unit="celsius")
    for root in FANS:
        for index in walk.column(root):
            state = FAN_STATES.get(walk.integer(f"{root}.{index}") or 0)
            yield from walk.fact("status", state, f"{root}.{index}", component=f"fan/{index}")
