"""Extreme Networks: ExtremeXOS, ExtremeWare, VOSS, and the switches of Nortel, Avaya and Enterasys that it took over.

RAPID-CITY (VOSS: serial, version), S5-CHASSIS-MIB (Nortel and Avaya ERS: serial of the chassis and of each unit),
sysDescr of all. Wireless is in `aerohive`, `wing` and here for the former Chantry controllers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Cadence, Condition

EXTREME, RAPID_CITY, SYNOPTICS = "1.3.6.1.4.1.1916", "1.3.6.1.4.1.2272", "1.3.6.1.4.1.45"
VOSS = {"firmware": f"{RAPID_CITY}.1.1.7.0", "serial": f"{RAPID_CITY}.1.4.2.0"}
CHASSIS_SERIAL = f"{SYNOPTICS}.1.6.3.1.6.0"
UNITS = f"{SYNOPTICS}.1.6.3.3.1.1"  # s5ChasComEntry, by group, unit and part; group 3 are the units
UNIT = {"description": 5, "hardware": 6, "serial": 7}
TEMPERATURE = f"{EXTREME}.1.1.1.8.0"

ASKS = (
    Ask("extreme_voss", scalars=tuple(VOSS.values()),
        condition=Condition(object_id_prefixes=(RAPID_CITY, EXTREME))),
    Ask("extreme_ers", scalars=(CHASSIS_SERIAL,), tables=tuple(f"{UNITS}.{n}.3" for n in UNIT.values()),
        condition=Condition(object_id_prefixes=(SYNOPTICS,))),
    Ask("extreme_health", Cadence.HEALTH, scalars=(TEMPERATURE,),
        condition=Condition(object_id_prefixes=(EXTREME,))),
)  # fmt: skip

#: sysObjectID → class
CLASSES = {f"{EXTREME}.2": "switch", RAPID_CITY: "switch", f"{SYNOPTICS}.3": "switch",
           "1.3.6.1.4.1.5624.2": "switch", "1.3.6.1.4.1.52.3": "switch",
           "1.3.6.1.4.1.4329.15": "wireless controller"}  # fmt: skip
KINDS = (
    re.compile(r"^(?:ExtremeXOS|(?:Extreme (?:Networks )?)?Switch Engine) \((?!Stack\))"
               r"(?P<model>[^()\s]+(?:\([^)]*\))?)\) version (?P<firmware>[\d.]+)"),
    re.compile(r"^(?:ExtremeXOS|ExtremeWare X[O0]S|(?:Extreme (?:Networks )?)?Switch Engine)(?: \(Stack\))? "
               r"version (?P<firmware>[\d.]+)"),
    re.compile(r"^(?P<model>(?:Summit|Alpine|BlackDiamond)\w*) - Version (?P<firmware>[\d.]+)"),
    re.compile(r"^(?P<model>(?:VSP|XA|ERS)-?\w[\w+-]*|\S+-(?:FabricEngine|VOSS))(?: +\((?P<firmware>[\d.]+)\))?"),
    re.compile(r"^(?P<model>(?:Ethernet Routing Switch|Ethernet Switch|Virtual Services Platform|BayStack|"
               r"Business Policy Switch) \S+)(?:.* HW:(?P<hardware>\S+))?(?:.* SW:[vV]?(?P<firmware>[\d.]+))?"),
    re.compile(r"^(?:Enterasys|Extreme) Networks, Inc\.? (?P<model>\w.{2,40}?) Rev (?P<firmware>[\d.]+)"),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Class by number, model and version by description, serials of units."""
    kind = walk.of_object_id(CLASSES)
    if kind is None and not walk.description.startswith(("ExtremeXOS", "Enterasys Networks")):
        return
    if kind:
        yield from walk.vote(kind, 60, "number", OBJECT_ID)
    for pattern in KINDS:
        if pattern.search(walk.description):
            yield from walk.vote("switch", 40, "description", DESCRIPTION)
            yield from walk.words(pattern, weight=58)
            break
    yield from walk.states(VOSS, weight=62)
    yield from walk.state("serial", CHASSIS_SERIAL, weight=62)
    yield from walk.rows(UNITS, UNIT, component="stack member")
    yield from walk.state("temperature", TEMPERATURE, read=as_integer, unit="celsius")
