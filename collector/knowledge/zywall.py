"""Zyxel firewalls (ZyWALL, USG, ATP, VPN; ZYXEL-ES-COMMON and ZYWALL-ZLD-COMMON-MIB): model, serial, firmware.

Newer generations answer the sysObjectID of net-snmp. Zyxel's switches and access points are not this file's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Ask, Statement, Walk
from stocktake.values import Condition

ZLD = "1.3.6.1.4.1.890.1.15"
COMMON = f"{ZLD}.3.1"
IDENTITY = {"firmware": f"{COMMON}.6.0", "model": f"{COMMON}.11.0", "serial": f"{COMMON}.12.0"}
LOADS = {f"{COMMON}.7.0": "processor_load", f"{COMMON}.8.0": "memory_load"}
MODEL = re.compile(r"^(ZyXEL )?(?P<model>(ZyWALL|USG|ATP|VPN|UAG|NXC)[ -]?[A-Z0-9][\w ./-]{0,30})$", re.IGNORECASE)
#: names that nobody else uses
ALONE = re.compile(r"ZyWALL|USG (FLEX|LITE)\b|USG\d{2,4}(W|-VPN)?$", re.IGNORECASE)

ASKS = (
    Ask(
        "zywall",
        scalars=(*IDENTITY.values(), *LOADS),
        condition=Condition(object_id_prefixes=(ZLD, "1.3.6.1.4.1.8072.3.2.10")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of a device whose description or model is that of a Zyxel firewall."""
    match = MODEL.match(walk.description) or MODEL.match(walk.text(IDENTITY["model"]))
    if match is None or not (walk.is_of(ZLD) or walk.has(COMMON) or ALONE.match(match["model"])):
        return
    controller = match["model"].upper().startswith("NXC")
    yield from walk.vote("wireless controller" if controller else "firewall", 100, "model", DESCRIPTION)
    yield from walk.fact("maker", "Zyxel", DESCRIPTION, weight=70)
    yield from walk.fact("model", match["model"], DESCRIPTION, weight=60)
    yield from walk.states(IDENTITY, weight=70)
    for oid, name in LOADS.items():
        yield from walk.fact(name, walk.integer(oid), oid, unit="percent")
