"""HPE and Aruba switches with ArubaOS-Switch (ProCurve), OfficeConnect and Instant On, and Virtual Connect modules.

Sources: HP-SWITCH-PL-MIB, HP-httpManageable-MIB, HP-ICF-CHASSIS, and what sysDescr says in each product line.
Members, power supplies and fans come from ENTITY-MIB; AOS-CX and Comware, which are other systems, from their own
files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

HP = "1.3.6.1.4.1.11.2"
PRODUCTS = f"{HP}.3.7"
VIRTUAL_CONNECT = "1.3.6.1.4.1.11.5.7.5"
KINDS = {f"{PRODUCTS}.{line}": "switch" for line in (5, 8, 9, 10, 11)} | {VIRTUAL_CONNECT: "switch"}
FIRMWARE = f"{HP}.14.11.5.1.1.3.0"  # hpSwitchOsVersion
SERIAL = f"{HP}.36.1.1.2.9.0"  # hpHttpMgSerialNumber
CHASSIS = "1.3.6.1.2.1.47.1.1.1.1.2.1"  # entPhysicalDescr, which `entity` asks for
CPU = f"{HP}.14.11.5.1.9.6.1.0"  # hpSwitchCpuStat
SENSOR_STATUS, SENSOR_NAME = f"{HP}.14.11.1.2.6.1.4", f"{HP}.14.11.1.2.6.1.7"  # hpicfSensorTable

UNDER = ("11",)
ASKS = (
    Ask(
        "aruba_switch",
        scalars=(FIRMWARE, SERIAL, CPU),
        tables=(SENSOR_STATUS, SENSOR_NAME),
        condition=Condition(object_id_prefixes=tuple(KINDS)),
    ),
)

#: `KB.16.02.0012`, `PT.02.01`, `InstantOn_1930_2.8.0`: letters tell the platform; `Version: 05.02` of a Secure Router
VERSIONS = (
    re.compile(r"(?:, | - )(?:revision )?(?P<firmware>[A-Z]{1,2}\.\d[\w.]*|InstantOn_\S+?)(?=[ ,(]|$)"),
    re.compile(r"(?:: v|Module |Version:? |Virtual Connect )(?P<firmware>\d[\w.]*)"),
)
NUMBER = re.compile(
    r"(?:\b|HP)(?P<part_number>(?:J\d{4}|J[A-Z]\d{3}|R\d[A-Z]\d{2}|S\d[A-Z]\d{2})[A-Z])\b", re.IGNORECASE
)
BRANDS = re.compile(
    r"\b(HPE?|Hewlett[- ]Packard|Aruba|Networking|ProCurve|OfficeConnect|Switch)\b[ ,]*|^HP(?=J\d)", re.IGNORECASE
)
STACK = re.compile(r"^-?(stack|VSF)(-|$)", re.IGNORECASE)  # `HP Stack`, `Aruba-Stack-2930F`
#: words of the description that make it something else than a switch
OTHERS = (("access point", "access point"), (" ap 5", "access point"), ("secure router", "router"))
SENSOR_STATES = {1: "unknown", 2: "failed", 3: "warning", 4: "ok", 5: "not present"}


def read(walk: Walk) -> Iterator[Statement]:
    """Model by description, serial and firmware by HP's objects, the states of fans and power supplies."""
    kind = walk.of_object_id(KINDS)
    if kind is None:
        return
    kind = next((other for word, other in OTHERS if word in walk.description.lower()), kind)
    yield from walk.vote(kind, 80, "object_id", OBJECT_ID)
    yield from walk.fact("model", _model(walk.description), DESCRIPTION, weight=60)
    if NUMBER.search(walk.text(CHASSIS)):  # a stack tells no model itself
        yield from walk.fact("model", _model(walk.text(CHASSIS)), CHASSIS, weight=15)
    yield from walk.words(NUMBER, weight=60)
    for weight, pattern in zip((60, 58), VERSIONS, strict=True):
        yield from walk.words(pattern, weight=weight)
    yield from walk.state("firmware", FIRMWARE, weight=65)
    yield from walk.state("serial", SERIAL, weight=65)
    yield from walk.fact("processor_load", walk.integer(CPU), CPU, unit="percent")
    for index in walk.column(SENSOR_STATUS):
        component = f"{_part(walk.text(f'{SENSOR_NAME}.{index}'))}/{index}"
        yield from walk.state("name", f"{SENSOR_NAME}.{index}", component=component)
        status = SENSOR_STATES.get(walk.integer(f"{SENSOR_STATUS}.{index}") or 0)
        yield from walk.fact("status", status, f"{SENSOR_STATUS}.{index}", component=component)


def _part(name: str) -> str:
    """What the sensor looks at, by its name; where that does not say, a sensor."""
    return next((f"{part}/sensor" for part in ("fan", "power supply") if part in name.lower()), "sensor")


def _model(description: str) -> str:
    """What stands before the firmware, without brand names: `J9775A 2530-48G`; a stack tells no model."""
    named = re.split(r", |: | - | Module | (?:Software|Product) Version", description)[0]
    model = STACK.sub("", BRANDS.sub("", named).strip())
    return "" if len(model) > 64 else model
