"""D-Link: switches (DES, DGS, DXS), access points (DAP, DWL), wireless controllers, routers, cameras by their model.

Sources: AGENT-GENERAL-MIB, SINGLE-IP-MIB and DLINKSW-ENTITY-EXT-MIB; sysDescr begins with the model, in which three
letters tell the kind. What modern switches tell in ENTITY-MIB and RMON is read there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

DLINK = "1.3.6.1.4.1.171"
SERIAL = f"{DLINK}.12.1.1.12.0"  # agentSerialNumber
UNIT_SERIAL = f"{DLINK}.12.11.1.9.4.1.17"  # swUnitMgmtSerialNumber, by unit of the stack
PROBE = "1.3.6.1.2.1.16.19.2.0"  # probeSoftwareRev, asked for by `rmon`: D-Link tells the runtime there
RUNTIMES = (f"{DLINK}.14.5.1.8.1.3.1", f"{DLINK}.11.165.1000.5.1.8.1.3.1")  # dEntityExtVersionRuntime

UNDER = ("171",)
ASKS = (
    Ask(
        "dlink",
        scalars=(SERIAL, *RUNTIMES),
        tables=(UNIT_SERIAL,),
        condition=Condition(object_id_prefixes=(DLINK,)),
    ),
)

ACCESS_POINTS = {f"{DLINK}.10.37": "access point"}
#: `D-Link DES-3200-18 Fast Ethernet Switch`, `WS6-DGS-1210-52/F1 6.10.007`
SAYS = re.compile(
    r"^(?:D-Link(?: Systems)? )?(?P<model>(?:WS\d-)?(?P<line>D[A-Z]{2})-\w[\w/+.-]*)"
    r"(?: .*?\b(?P<firmware>\d+\.\d+\.[BR]?\d+))?"
)
LINES = {"DAP": "access point", "DWL": "access point", "DBA": "access point", "DWS": "wireless controller",
         "DWC": "wireless controller", "DNH": "wireless controller", "DSR": "router", "DIR": "router", "DWR": "router",
         "DFL": "firewall", "DSL": "modem", "DVG": "voice gateway", "DCS": "camera", "DNR": "video recorder",
         "DNS": "nas", "DMC": "media converter", "DKV": "kvm", "DES": "switch", "DGS": "switch", "DXS": "switch",
         "DQS": "switch", "DIS": "switch", "DMS": "switch", "DHS": "switch"}  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and model by the description, serials by unit."""
    if not walk.text(OBJECT_ID).startswith(f"{DLINK}."):
        return
    match = SAYS.match(walk.description)
    kind = walk.of_object_id(ACCESS_POINTS) or (LINES.get(match["line"]) if match else None)
    if kind is None and "switch" in walk.description.lower():
        kind = "switch"
    if kind:
        yield from walk.vote(kind, 80, "description" if match else "object_id", DESCRIPTION if match else OBJECT_ID)
    if match:
        yield from walk.fact("model", match["model"], DESCRIPTION, weight=60)
        yield from walk.fact("firmware", match["firmware"], DESCRIPTION, weight=55)
    yield from walk.state("firmware", PROBE, weight=58)
    for oid in RUNTIMES:
        yield from walk.state("firmware", oid, weight=60)
    yield from walk.state("serial", SERIAL, weight=65)
    units = list(walk.column(UNIT_SERIAL))
    for unit in units:
        yield from walk.state("serial", f"{UNIT_SERIAL}.{unit}", component=f"member/{unit}")
    if len(units) == 1:
        yield from walk.state("serial", f"{UNIT_SERIAL}.{units[0]}", weight=62)
