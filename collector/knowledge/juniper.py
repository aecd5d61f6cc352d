"""Juniper: Junos (EX, QFX, SRX, MX, ACX, PTX) and JUNOSe; ScreenOS and VPN gateways are in `other_firewalls`.

JUNIPER-MIB (jnxBox: serial, description), JUNIPER-VIRTUALCHASSIS-MIB (members) and sysDescr. A Junos device has the
class that it calls itself by: an SRX says `internet router`, which is what is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Cadence, Condition

JUNIPER = "1.3.6.1.4.1.2636"
BOX_DESCRIPTION, BOX_SERIAL = f"{JUNIPER}.3.1.2.0", f"{JUNIPER}.3.1.3.0"
MEMBERS = f"{JUNIPER}.3.40.1.4.1.1.1"  # jnxVirtualChassisMemberEntry, by member
MEMBER = {"serial": 2, "mac": 4, "firmware": 5, "model": 8}
OPERATING = f"{JUNIPER}.3.1.13.1"  # jnxOperatingEntry
NAME, TEMPERATURE, LOAD = 5, 7, 8

CONDITION = Condition(object_id_prefixes=(JUNIPER,))
ASKS = (
    Ask("juniper", scalars=(BOX_DESCRIPTION, BOX_SERIAL), tables=tuple(f"{MEMBERS}.{n}" for n in MEMBER.values()),
        condition=CONDITION),
    Ask("juniper_health", Cadence.HEALTH, tables=tuple(f"{OPERATING}.{n}" for n in (NAME, TEMPERATURE, LOAD)),
        condition=CONDITION),
)  # fmt: skip

JUNOS = re.compile(
    r"^Juniper Networks,? Inc\.?,? (?P<model>[a-zA-Z]\S+) ?,? ?(?P<kind>[a-zA-Z ]*?) ?,? "
    r"kernel JUNOS (?P<firmware>[^\s,]+)"
)
BOX = re.compile(r"^(?:Juniper )?(?P<model>(?:EX|QFX|SRX|MX|ACX|PTX|J|M|T|V|NFX|OCX)[\w-]*\d[\w-]*)\b")
JUNOSE = re.compile(
    r"^Juniper Networks, Inc\. (?P<model>ERX-\d+|E\d+) Edge Routing Switch SW Version ?: ?\((?P<firmware>[\d.]+)"
)
#: sysObjectID → class: jnxProductName (2) routers, jnxProductEX (4) switches; JUNOSe
NUMBERS = {f"{JUNIPER}.1.1.1.2": ("router", 40), f"{JUNIPER}.1.1.1.4": ("switch", 60), f"{JUNIPER}.1.1.1.1": ("", 0),
           "1.3.6.1.4.1.4874.1": ("router", 60)}  # fmt: skip
MOST_PARTS = 128


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial, version; members of a virtual chassis; temperatures and loads."""
    kind, weight = walk.of_object_id(NUMBERS) or ("", 0)
    if kind:
        yield from walk.vote(kind, weight, "number", OBJECT_ID)
    yield from _junos(walk)
    if JUNOSE.match(walk.description):
        yield from walk.vote("router", 60, "junose", DESCRIPTION)
        yield from walk.words(JUNOSE, weight=58)
    if kind:
        yield from walk.words(BOX, DESCRIPTION, weight=40)
    if walk.has(f"{JUNIPER}.3"):
        yield from walk.state("serial", BOX_SERIAL, weight=62)
        yield from walk.words(BOX, BOX_DESCRIPTION, weight=50)
        yield from walk.rows(MEMBERS, MEMBER, component="stack member")
        yield from _firmware(walk)
        yield from _health(walk)


def _junos(walk: Walk) -> Iterator[Statement]:
    match = JUNOS.match(walk.description)
    if not match:
        return
    yield from walk.vote("switch" if "witch" in match["kind"] else "router", 60 if match["kind"] else 20, "description",
                         DESCRIPTION)  # fmt: skip
    yield from walk.fact("maker", "Juniper", DESCRIPTION, weight=55)
    yield from walk.fact("model", match["model"].upper(), DESCRIPTION, weight=58)
    yield from walk.fact("firmware", match["firmware"], DESCRIPTION, weight=60)
    yield from walk.fact("os.name", "Junos", DESCRIPTION)


def _firmware(walk: Walk) -> Iterator[Statement]:
    """Version and model of the first member, for devices whose sysDescr somebody has rewritten."""
    for index in list(walk.column(f"{MEMBERS}.{MEMBER['firmware']}"))[:1]:
        yield from walk.state("firmware", f"{MEMBERS}.{MEMBER['firmware']}.{index}", weight=50)
    for index in list(walk.column(f"{MEMBERS}.{MEMBER['model']}"))[:1]:
        place = f"{MEMBERS}.{MEMBER['model']}.{index}"
        yield from walk.fact("model", walk.text(place).upper(), place, weight=52)


def _health(walk: Walk) -> Iterator[Statement]:
    """Parts that have a temperature or are busy; Junos says 0 for what it does not measure."""
    for index in list(walk.column(f"{OPERATING}.{NAME}"))[:MOST_PARTS]:
        component = f"part/{index}"
        readings = [("temperature", TEMPERATURE, "celsius"), ("load", LOAD, "percent")]
        told = [r for r in readings if 0 < (walk.integer(f"{OPERATING}.{r[1]}.{index}") or 0) < 200]
        if told:
            yield from walk.state("name", f"{OPERATING}.{NAME}.{index}", component=component)
        for name, column, unit in told:
            yield from walk.state(
                name, f"{OPERATING}.{column}.{index}", read=as_integer, component=component, unit=unit
            )
