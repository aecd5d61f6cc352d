"""Dell's switches: PowerConnect and N-series, Force10 (FTOS, OS9) and OS10.

Dell-Vendor-MIB (model, version, serial and service tag of each unit), DELL-NETWORKING-CHASSIS-MIB (stack units of
OS9), DELLEMC-OS10-CHASSIS-MIB, and sysDescr. PowerConnects with a RADLAN inside also answer `cisco_small_business`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

DELL, FORCE10 = "1.3.6.1.4.1.674", "1.3.6.1.4.1.6027"
PRODUCT = f"{DELL}.10895.3000.1.2.100"
MODEL, VERSION, UNIT_SERIAL, UNIT_TAG = f"{PRODUCT}.1.0", f"{PRODUCT}.4.0", f"{PRODUCT}.8.1.2", f"{PRODUCT}.8.1.4"
CHASSIS_ROWS = "1.3.6.1.2.1.47.1.1.1.1.5"
OS9_UNITS = f"{FORCE10}.3.26.1.3.4.1"  # dellNetStackUnitEntry
OS9_UNIT = {"description": 9, "firmware": 10, "serial": 11, "mac": 16, "part_number": 17, "service_tag": 23}
OS10_CHASSIS = f"{DELL}.11000.5000.100.4.1.1.3.1"  # os10ChassisEntry
OS10 = {"mac": 3, "part_number": 4, "serial": 5, "service_tag": 7}

ASKS = (
    Ask("dell_switch", scalars=(MODEL, VERSION), tables=(UNIT_SERIAL, UNIT_TAG),
        condition=Condition(object_id_prefixes=(f"{DELL}.10895", FORCE10))),
    Ask("dell_os9", tables=tuple(f"{OS9_UNITS}.{n}" for n in OS9_UNIT.values()),
        condition=Condition(object_id_prefixes=(FORCE10,))),
    Ask("dell_os10", tables=tuple(f"{OS10_CHASSIS}.{n}" for n in OS10.values()),
        condition=Condition(object_id_prefixes=(f"{DELL}.11000.5000",))),
)  # fmt: skip

#: sysObjectID → class; 10895.50… is Aruba's wireless under Dell's name
CLASSES = {f"{DELL}.10895": "switch", f"{DELL}.11000.5000": "switch", FORCE10: "switch",
           **{f"{DELL}.10895.{number}": "" for number in range(5000, 5100)}}  # fmt: skip
KINDS = (
    re.compile(r"(?:Application Software|\bOS) Version: ?(?P<firmware>\d[\w.()]*[\w)])"),
    re.compile(r"(?:Series|System Type): ?(?P<model>[\w/-]+)"),
    re.compile(r"^(?:Dell (?:EMC )?Networking )?"
               r"(?P<model>(?:PowerConnect )?[A-Z]?[\w-]*\d[\w-]*), (?P<firmware>\d[\d.]+), "
               r"(?:Linux|VxWorks)"),
)  # fmt: skip
POWER_CONNECT = re.compile(r"^(?P<model>PowerConnect [\w-]*\d[\w-]*)$")
#: Dell-Vendor-MIB: the last number of sysObjectID → model, for those whose sysDescr tells only what it is
NUMBERS = {
    "3000": "6024", "3003": "3348", "3004": "5324", "3005": "5316", "3016": "3534", "3017": "3548", "3018": "3524P",
    "3019": "3548P", "3020": "5424", "3021": "5448", "3028": "2824", "3029": "2848", "3030": "5524", "3031": "5548",
    "3032": "5524P", "3033": "5548P", "3034": "7024", "3035": "7048", "3036": "7024P", "3037": "7048P", "3038": "7024F",
    "3039": "7048R", "3040": "7048R-RA", "3041": "M8024-k",
}  # fmt: skip
OWN = re.compile(r"^\"?(?:Dell (?:EMC )?(?:Networking|SmartFabric)|Force10 Networks)\b")
NAMED = re.compile(r"^(?:Dell )?(?:EMC )?(?:Networking )?(?P<model>(?:PowerConnect )?[\w-]*\d[\w-]*)")


def read(walk: Walk) -> Iterator[Statement]:
    """Class by number; model, version and serials by description and tables."""
    told = OWN.match(walk.description)
    kind = walk.of_object_id(CLASSES) or ("switch" if told else "")
    if not kind:
        return
    place = DESCRIPTION if told else OBJECT_ID
    yield from walk.vote(kind, 70, "description" if told else "number", place)
    yield from walk.fact("maker", "Dell", place, weight=55)
    for pattern in KINDS:
        yield from walk.words(pattern, DESCRIPTION, weight=58)
    yield from walk.words(POWER_CONNECT, weight=45)
    yield from walk.words(NAMED, MODEL, weight=52)
    number = NUMBERS.get(walk.object_id.removeprefix(f"{DELL}.10895."))
    yield from walk.fact("model", number and f"PowerConnect {number}", OBJECT_ID, weight=30)
    yield from walk.state("firmware", VERSION, weight=52)
    yield from _first(walk, UNIT_SERIAL, "serial", 62)
    yield from _first(walk, UNIT_TAG, "service_tag", 60)
    yield from _first(walk, f"{OS9_UNITS}.{OS9_UNIT['service_tag']}", "service_tag", 60)
    yield from _first(walk, f"{OS10_CHASSIS}.{OS10['service_tag']}", "service_tag", 60)
    yield from walk.rows(f"{PRODUCT}.8.1", {"serial": 2, "service_tag": 4}, component="stack member")
    if not walk.has(CHASSIS_ROWS):  # else the members are chassis rows of ENTITY-MIB
        yield from walk.rows(OS9_UNITS, OS9_UNIT, component="stack member")
        yield from walk.rows(OS10_CHASSIS, OS10, component="stack member")


def _first(walk: Walk, column: str, name: str, weight: int) -> Iterator[Statement]:
    """The fact of the first unit, which stands for the device."""
    for index in list(walk.column(column))[:1]:
        yield from walk.state(name, f"{column}.{index}", weight=weight)
