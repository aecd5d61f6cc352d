"""TP-Link: JetStream and Omada switches, EAP access points, Omada gateways, and home routers with TP-Link's firmware.

Source: TPLINK-SYSINFO-MIB. sysDescr names the kind and the ports, but no model. The tree of home routers belongs to
the DSL Terminal Remote Management Alliance; only the form of the version tells that TP-Link made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

TPLINK = "1.3.6.1.4.1.11863"
TERMINALS = "1.3.6.1.4.1.16972"
INFORMATION = f"{TPLINK}.6.1.1"  # tpSysInfo
HARDWARE = f"{INFORMATION}.5.0"  # `SG2218P 1.20`: model and hardware version
FIRMWARE, SERIAL = f"{INFORMATION}.6.0", f"{INFORMATION}.8.0"
POINT = {"model": f"{TPLINK}.10.1.10.3.0", "firmware": f"{TPLINK}.10.1.10.5.0"}  # an EAP by itself
PROCESSOR, MEMORY = f"{TPLINK}.6.4.1.1.1.1.4", f"{TPLINK}.6.4.1.2.1.1.2"

UNDER = ("11863", "16972")
ASKS = (
    Ask(
        "tplink",
        scalars=(HARDWARE, FIRMWARE, SERIAL, *POINT.values()),
        tables=(PROCESSOR, MEMORY),
        condition=Condition(object_id_prefixes=(TPLINK,)),
    ),
)

KINDS = {f"{TPLINK}.5": "switch", f"{TPLINK}.10": "access point"}
WORDS = (
    (re.compile(r"\bswitch\b", re.IGNORECASE), "switch"),
    (re.compile(r"\b(EAP\d|access point|CPE\d|WBS\d)", re.IGNORECASE), "access point"),
    (re.compile(r"\b(router|gateway|ER\d{3,4}|TL-(ER|R)\d)", re.IGNORECASE), "router"),
)
MODEL = re.compile(r"^(?P<model>\S+(?: \S+)*?)(?: (?P<hardware>v?\d+\.\d+))?$")
SAYS = re.compile(r"\b(?P<model>(?:TL-|EAP|SG|SX|SL|ER|T\d{4}|CPE|WBS)[A-Z]*\d{3,4}[\w()-]*)")
#: `3.16.0 0.9.1 v600c.0 Build 191107 Rel.15316n`
TERMINAL = re.compile(r"^(?P<firmware>\d+(?:\.\d+)+ \d+(?:\.\d+)+ v[0-9a-f]{4}\.0 Build \d{6} Rel\.\d+\w)$")


def read(walk: Walk) -> Iterator[Statement]:
    """A switch or access point by TP-Link's tree, a home router by the form of its version."""
    object_id = walk.text(OBJECT_ID)
    if object_id.startswith(TERMINALS) and TERMINAL.match(walk.description):
        yield from walk.vote("modem", 60, "terminal", OBJECT_ID)
        yield from walk.fact("maker", "TP-Link", DESCRIPTION, weight=45)
        yield from walk.words(TERMINAL, weight=50)
    if not object_id.startswith(f"{TPLINK}."):
        return
    kind = walk.of_object_id(KINDS) or next((kind for word, kind in WORDS if word.search(walk.description)), None)
    if kind:
        yield from walk.vote(kind, 80, "object_id", OBJECT_ID)
    yield from walk.words(SAYS, weight=50)
    yield from walk.words(MODEL, HARDWARE, weight=60)
    yield from walk.state("firmware", FIRMWARE, weight=60)
    yield from walk.states(POINT, weight=60)
    yield from walk.state("serial", SERIAL, weight=65)
    for name, root in (("processor_load", PROCESSOR), ("memory_used", MEMORY)):
        for index in walk.column(root):
            oid = f"{root}.{index}"
            yield from walk.fact(name, walk.integer(oid), oid, component=f"member/{index}", unit="percent")
