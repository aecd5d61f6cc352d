"""Cisco Small Business (SG, SF, SX, CBS, Catalyst 1200 and 1300), Linksys, and others with a RADLAN switch inside.

RADLAN-Physicaldescription-MIB lies at a place of each maker's own; a row is a stack member. ENTITY-MIB of the same
devices tells the same as chassis rows, so members are stated here only where there is none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

CISCO, LINKSYS = "1.3.6.1.4.1.9.6.1", "1.3.6.1.4.1.3955"
#: where the MIB lies → which sysObjectIDs have it there
ROOTS = {f"{CISCO}.101": (CISCO, "1.3.6.1.4.1.9.1"), f"{LINKSYS}.1000.201": (LINKSYS,),
         "1.3.6.1.4.1.89": ("1.3.6.1.4.1.89", "1.3.6.1.4.1.674.10895", "1.3.6.1.4.1.6486.800", LINKSYS)}  # fmt: skip
UNIT = "53.14.1"  # rlPhdUnitGenParamEntry, by unit
COLUMNS = {"firmware": 2, "hardware": 4, "serial": 5, "model": 11}
CHASSIS_CLASS, CHASSIS_DESCRIPTION = "1.3.6.1.2.1.47.1.1.1.1.5", "1.3.6.1.2.1.47.1.1.1.1.2"

UNDER = ("9", "89", "674", "3955", "6486")
ASKS = tuple(
    Ask(f"radlan_{root.rpartition('.')[2]}", tables=tuple(f"{root}.{UNIT}.{n}" for n in COLUMNS.values()),
        condition=Condition(object_id_prefixes=prefixes))
    for root, prefixes in ROOTS.items()
)  # fmt: skip

#: sysObjectID → class; 9.6.1.23 are telephone adapters, 9.6.1.32 access points, both read elsewhere
CLASSES = {CISCO: "switch", LINKSYS: "switch", f"{CISCO}.23": "", f"{CISCO}.32": "", f"{CISCO}.4": "",
           f"{CISCO}.80": "", f"{CISCO}.81": "switch"}  # fmt: skip
MODEL = re.compile(
    r"^(?P<model>(?=[A-Z0-9-]*\d)[A-Z]{2,7}\d[A-Z0-9-]*)(?: -)? \d+-[Pp]ort"
    r"|\((?P<model_>C1[23]00X?-[\w-]+)\)$"
)
NAMED = re.compile(r"^(?P<model>(?:OmniStack |PowerConnect )?(?:[A-Z]{2,4} ?)?\d[\w-]*|[A-Z]+\d[\w-]*)$")
ROUTER = re.compile(r"\b(?P<model>(?:RV|SRP|WRV|WRVS|SA5)\d\w*)\b(?:.*Version (?P<firmware>[\d.]+))?")


def read(walk: Walk) -> Iterator[Statement]:
    """The device by its first unit, its sysDescr, and its number."""
    kind = walk.of_object_id(CLASSES)
    if kind:
        yield from walk.vote(kind, 60, "number", OBJECT_ID)
    for root in ROOTS:
        yield from _units(walk, f"{root}.{UNIT}")
    if kind is None and walk.of_object_id({"1.3.6.1.4.1.9.1": True}) is None:
        return
    if match := MODEL.search(walk.description):
        yield from walk.vote("switch", 40, "ports", DESCRIPTION)
        yield from walk.fact("model", match["model"] or match["model_"], DESCRIPTION, weight=58)
    elif re.match(r"\d+-[Pp]ort .*Switch", walk.description):
        yield from walk.vote("switch", 40, "ports", DESCRIPTION)
    if match := ROUTER.search(walk.description):
        yield from walk.vote("router", 80, "description", DESCRIPTION)
        yield from walk.words(ROUTER, weight=60)


def _units(walk: Walk, entry: str) -> Iterator[Statement]:
    units = sorted({**walk.column(f"{entry}.{COLUMNS['firmware']}"), **walk.column(f"{entry}.{COLUMNS['serial']}")})
    members = not walk.has(CHASSIS_CLASS)
    for number, unit in enumerate(units):
        for name, column in COLUMNS.items():
            if number == 0:
                yield from walk.state(name, f"{entry}.{column}.{unit}", weight=59)
            if members:
                yield from walk.state(name, f"{entry}.{column}.{unit}", component=f"stack member/{unit}")
    if units:
        yield from walk.vote("switch", 60, "radlan", entry)
        yield from _described(walk)


def _described(walk: Walk) -> Iterator[Statement]:
    """The model of old ones, which only the description of the chassis tells."""
    for index in walk.column(CHASSIS_CLASS):
        place = f"{CHASSIS_DESCRIPTION}.{index}"
        if walk.integer(f"{CHASSIS_CLASS}.{index}") == 3 and NAMED.match(walk.text(place)):
            yield from walk.state("model", place, weight=40)
            return
