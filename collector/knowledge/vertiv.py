"""Vertiv: Liebert UPS, cooling units and PDU (LIEBERT-GP-AGENT-MIB and its sisters), Geist PDU and monitors.

Cooling units tell their state in hundreds of objects, which are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

LIEBERT, GEIST = "1.3.6.1.4.1.476.1.42", "1.3.6.1.4.1.21239"
DEVICE = f"{LIEBERT}.2.4.2.1"
#: lgpAgentDeviceTable, whose first row is the device that the card manages
DEVICES = {"maker": f"{DEVICE}.3", "model": f"{DEVICE}.4", "firmware": f"{DEVICE}.5", "serial": f"{DEVICE}.7"}
AGENT = {"model": f"{LIEBERT}.2.1.2.0", "firmware": f"{LIEBERT}.2.1.3.0", "serial": f"{LIEBERT}.2.1.4.0"}
ENTRY = f"{LIEBERT}.3.8.30.20.1"  # lgpPduPsTable: a power entry module
MODULES = {"model": f"{ENTRY}.20", "serial": f"{ENTRY}.55", "firmware": f"{ENTRY}.60"}
#: Geist: the product groups of its MIBs (V3, V4, and that of upgradable PDU); fact → number
GROUPS = {
    f"{GEIST}.2.1": {"model": 1, "firmware": 2},
    f"{GEIST}.5.1.1": {"model": 1, "firmware": 2},
    f"{GEIST}.5.2.1": {"firmware": 2, "model": 8, "serial": 10},
}

UNDER = ("476", "21239")
ASKS = (
    Ask("liebert", scalars=tuple(AGENT.values()), tables=(*DEVICES.values(), *MODULES.values()),
        condition=Condition(object_id_prefixes=(LIEBERT,))),
    Ask("geist", scalars=tuple(f"{group}.{n}.0" for group, facts in GROUPS.items() for n in facts.values()),
        condition=Condition(object_id_prefixes=(GEIST,))),
)  # fmt: skip

#: subtree of Liebert's products → class
PRODUCTS = {f"{LIEBERT}.3.4": "air conditioner", f"{LIEBERT}.3.5": "ups", f"{LIEBERT}.3.8": "pdu"}
MODEL = re.compile(r"^Liebert (?!RDU|IS-|Intelli|Unity)(?P<model>\S.{2,60})$")
UPS_FAMILIES = re.compile(r"\b(GXT|PSI|APM|NX|EXM|EXL|ITA|UPStation|Nfinity)", re.IGNORECASE)
GEIST_MONITORS = re.compile(r"Watchdog|Weather|RS(MICRO|MINI)|Environ|Climate", re.IGNORECASE)


def read(walk: Walk) -> Iterator[Statement]:
    """Class and identity of a Liebert or Geist device."""
    if walk.of_object_id({LIEBERT: True}) or walk.has(LIEBERT):
        yield from _liebert(walk)
    if walk.of_object_id({GEIST: True}):
        yield from _geist(walk)


def _liebert(walk: Walk) -> Iterator[Statement]:
    present = [device_class for place, device_class in PRODUCTS.items() if walk.has(place)]
    if UPS_FAMILIES.search(walk.description):
        yield from walk.vote("ups", 120, "family", DESCRIPTION)
    for device_class in present:
        yield from walk.vote(device_class, 70, f"answers_as_{device_class}".replace(" ", "_"), LIEBERT)
    if not present:  # most managed devices are UPS, and a UPS-MIB adds its own vote
        yield from walk.vote("ups", 35, "object_id", OBJECT_ID)
    yield from walk.words(MODEL, weight=50)
    for name, column in DEVICES.items():
        for index in sorted(walk.column(column))[:1]:
            yield from walk.state(name, f"{column}.{index}", weight=60)
    for name, oid in AGENT.items():
        yield from walk.state(name, oid, component="module/management_card")
    for name, column in MODULES.items():
        for index in walk.column(column):
            yield from walk.state(name, f"{column}.{index}", component=f"module/{index}")


def _geist(walk: Walk) -> Iterator[Statement]:
    monitor = GEIST_MONITORS.search(walk.description) or walk.of_object_id({f"{GEIST}.5.1": True})
    if monitor and not walk.has(f"{GEIST}.5.2"):
        yield from walk.vote("sensor", 80, "monitor", DESCRIPTION)
        yield from walk.fact("model", walk.description[:60], DESCRIPTION, weight=30)
    elif walk.of_object_id({f"{GEIST}.2": True, f"{GEIST}.42": True}) or walk.has(f"{GEIST}.5.2"):
        yield from walk.vote("pdu", 80, "object_id", OBJECT_ID)
    yield from walk.words(re.compile(r"^Vertiv (?P<model>IMD\w*)$"), weight=30)
    for group, facts in GROUPS.items():
        for name, number in facts.items():
            yield from walk.state(name, f"{group}.{number}.0", weight=55)
