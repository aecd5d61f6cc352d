"""SonicWall (SNWL-COMMON-MIB and sysDescr): firewalls, remote access appliances and their model, serial, firmware.

Some generations answer a sysObjectID outside the maker's number; the common MIB tells them all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Ask, Statement, Walk, as_integer
from stocktake.values import Condition

SONICWALL = "1.3.6.1.4.1.8741"
COMMON = f"{SONICWALL}.2.1.1"
IDENTITY = {
    "model": f"{COMMON}.1.0",
    "serial": f"{COMMON}.2.0",
    "firmware": f"{COMMON}.3.0",
    "boot_firmware": f"{COMMON}.4.0",
}
LOADS = {f"{SONICWALL}.1.3.1.3.0": "processor_load", f"{SONICWALL}.1.3.1.4.0": "memory_load"}
#: SonicWALL TZ 205 wireless-N (SonicOS Enhanced 5.9.1.5-16o), Dell SonicWALL SRA 4600 ( 8.1.0.2-14sv)
WORDS = re.compile(
    r"SonicWALL,? (?P<model>[A-Z][\w ./+-]*?)\s*\(\s*(?:Sonic\w+\s+)?(?:Enhanced |Standard )?"
    r"(?P<firmware>[\d.]+[\w.-]*)",
    re.IGNORECASE,
)

ASKS = (
    Ask(
        "sonicwall",
        scalars=(*IDENTITY.values(), *LOADS),
        condition=Condition(object_id_prefixes=(SONICWALL, "1.0")),  # SonicOS 7 answers 1.0.3.0.6.0.1.0
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity and load of a device that names itself or has the maker's common MIB."""
    if "sonicwall" not in walk.description.lower() and not walk.has(COMMON):
        return
    yield from walk.vote("firewall", 100, "sonicwall", DESCRIPTION if walk.description else COMMON)
    yield from walk.fact("maker", "SonicWall", DESCRIPTION, weight=70)
    yield from walk.states(IDENTITY, weight=70)
    yield from walk.words(WORDS, weight=60)
    for oid, name in LOADS.items():
        yield from walk.state(name, oid, read=as_integer, unit="percent")
