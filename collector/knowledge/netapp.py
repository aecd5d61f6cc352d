"""NetApp (NETWORK-APPLIANCE-MIB, E-Series sysDescr): filers and arrays with model, serial, ONTAP version, disks.

ONTAP tells itself twice: the product branch belongs to the node, sysDescr to what answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

NETAPP = "1.3.6.1.4.1.789"
PRODUCT = f"{NETAPP}.1.1"
VERSION, MODEL, SERIAL = f"{PRODUCT}.2.0", f"{PRODUCT}.5.0", f"{PRODUCT}.9.0"
WORDS = re.compile(r"(?:NetApp|Data ONTAP) Release (?P<firmware>\d[\w.]*)")
NODE = f"{NETAPP}.1.25.2.1"  # nodeTable: .5 model, .6 serial

ASKS = (
    Ask(
        "netapp",
        scalars=(VERSION, MODEL, SERIAL),
        tables=(f"{NODE}.1", f"{NODE}.5", f"{NODE}.6"),
        condition=Condition(object_id_prefixes=(NETAPP,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of a filer, its nodes as components; of an E-Series array, that it is one."""
    if not walk.is_of(NETAPP) and not WORDS.search(walk.description):
        return
    array = bool(walk.is_of(f"{NETAPP}.1123"))
    yield from walk.vote("storage" if array else "nas", 100, "product", OBJECT_ID)
    yield from walk.fact("maker", "NetApp", DESCRIPTION, weight=45)
    yield from walk.words(WORDS, weight=60)
    yield from walk.words(WORDS, VERSION, weight=55)
    yield from walk.states({"model": MODEL, "serial": SERIAL}, weight=70)
    yield from walk.rows(NODE, {"name": 1, "model": 5, "serial": 6}, component="node")
