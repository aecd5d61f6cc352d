"""Ubiquiti: UniFi, EdgeSwitch XP, EdgeRouter, EdgePower, airMAX, airFiber, UFiber.

Sources: UBNT-UniFi-MIB (41112.1.6), UI-AF-LTU and UI-AF60 (41112.1.10, 41112.1.11), the EdgeOS tree (41112.1.5), and
sysDescr, since many of these agents give the sysObjectID of net-snmp, of Broadcom, or of a predecessor. UniFi devices
tell no serial by SNMP. FASTPATH switches (EdgeSwitch) are read in `fastpath`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

UBIQUITI = "1.3.6.1.4.1.41112"
OLD = "1.3.6.1.4.1.10002"  # Frogfoot Networks, whose number the first airOS used
UNIFI = {"model": f"{UBIQUITI}.1.6.3.3.0", "firmware": f"{UBIQUITI}.1.6.3.6.0"}
RADIOS = f"{UBIQUITI}.1.6.1"
EDGE = {"model": f"{UBIQUITI}.1.5.1.1.0", "serial": f"{UBIQUITI}.1.5.1.2.0", "firmware": f"{UBIQUITI}.1.5.1.3.0"}
LTU = {"model": f"{UBIQUITI}.1.10.1.3.2.0", "firmware": f"{UBIQUITI}.1.10.1.3.4.0"}
WAVE = {"model": f"{UBIQUITI}.1.11.1.2.2.1", "firmware": f"{UBIQUITI}.1.11.1.2.4.1"}
AIRMAX = f"{UBIQUITI}.1.4"
TEMPERATURE = f"{UBIQUITI}.1.5.4.2.1.3"  # thousandths of a degree

UNDER = ("4413", "8072", "10002", "41112")
ASKS = (
    Ask(
        "ubiquiti",
        scalars=(*UNIFI.values(), *EDGE.values(), *LTU.values()),
        tables=(*WAVE.values(), f"{RADIOS}.1.1.3", TEMPERATURE),
        condition=Condition(object_id_prefixes=(UBIQUITI, OLD, "1.3.6.1.4.1.8072.3.2.10")),
    ),
)

#: sysDescr → class; the first that fits. Groups are facts
SAYS = (
    (re.compile(r"^(?P<model>(?:UAP|U[5-7]|UDB|UAL|UBB|UK|E7|UWB|UMA|UXBSDM|BZ2)[\w+-]*)(?= |$)"
                r"(?: (?P<firmware>\d+(?:\.\d+){2,4}))?"), "access point"),
    (re.compile(r"^(?P<model>(?:USW|US(?!G)|USL|USF|USC|ECS)-?\w[\w+-]*?),? (?:GigaBit Ethernet Switch, firmware )?"
                r"(?P<firmware>develop\.\d+|\d+(?:\.\d+){2,4})"), "switch"),
    (re.compile(r"^(?P<model>USW GigaBit Ethernet Switch), firmware (?P<firmware>\d\S+)"), "switch"),
    (re.compile(r"^(?P<model>EdgeSwitch \d*\w*|EdgePoint \S+), (?P<firmware>\d\S*?)(?:,|$)"), "switch"),
    (re.compile(r"^(?:Ubiquiti )?UniFi (?P<model>\S+) (?P<firmware>\d\S*) Linux"), "router"),
    (re.compile(r"^(?P<model>(?:UDM|UDR|UXG|USG(?! ?(?:FLEX|LITE))|UCG|UDW|UX)\b[\w-]*)"
                r"(?: v?(?P<firmware>\d+\.\d\S*))?"), "router"),
    (re.compile(r"^(?P<model>EdgeRouter.*)$"), "router"),
    (re.compile(r"^EdgeOS (?P<firmware>v\d\S*)"), "router"),
    (re.compile(r"^(?P<model>(?:airFiber|AF-?\d|LTU|GBE|Wave)\S*(?: \S+)?)$"), "wireless bridge"),
    (re.compile(r"^Linux UBNT "), "switch"),
)  # fmt: skip
NET_SNMP = "1.3.6.1.4.1.8072."
BROADCOM = "1.3.6.1.4.1.4413"


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and identity, from whichever of the trees answers."""
    object_id = walk.text(OBJECT_ID)
    ours = object_id.startswith((f"{UBIQUITI}", f"{OLD}.")) or walk.has(UBIQUITI)
    if not ours and not object_id.startswith((NET_SNMP, BROADCOM)):
        return
    said = next(((pattern, kind) for pattern, kind in SAYS if pattern.search(walk.description)), None)
    if said and not object_id.startswith(BROADCOM):
        yield from walk.words(said[0], weight=58)
    if said or ours:
        yield from walk.fact("maker", "Ubiquiti", DESCRIPTION, weight=60 if walk.has(UBIQUITI) or said else 40)
    for objects, weight in ((UNIFI, 65), (EDGE, 64), (LTU, 63), (WAVE, 62)):
        yield from walk.states(objects, weight=weight)
    kind = _kind(walk, object_id) or (said[1] if said else None)
    if kind:
        yield from walk.vote(kind, 85, "description" if said else "object_id", DESCRIPTION if said else OBJECT_ID)
    for index in walk.column(TEMPERATURE):
        oid, value = f"{TEMPERATURE}.{index}", walk.integer(f"{TEMPERATURE}.{index}")
        if value and 0 < value < 150_000:
            yield from walk.fact("temperature", value / 1000, oid, component=f"sensor/{index}", unit="celsius")


def _kind(walk: Walk, object_id: str) -> str | None:
    """The class by the tree that answers, else by sysObjectID."""
    if walk.has(RADIOS) or walk.has(UNIFI["model"]):
        return "access point"
    if walk.has(f"{UBIQUITI}.1.10") or walk.has(f"{UBIQUITI}.1.11") or walk.has(f"{UBIQUITI}.1.3"):
        return "wireless bridge"
    if walk.has(AIRMAX) or f"{object_id}.".startswith(f"{AIRMAX}."):
        return "wireless bridge"
    edge = walk.text(EDGE["model"])
    if edge.startswith("EP-"):
        return "ups"
    return "router" if edge or f"{object_id}.".startswith(f"{UBIQUITI}.1.5.") else None
