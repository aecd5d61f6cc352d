"""Alcatel-Lucent Enterprise OmniSwitch (AOS), Nokia routers (TiMOS, SR Linux), OmniPCX and Wavence radio links.

sysDescr and TIMETRA-CHASSIS-MIB (type, serial and version of the chassis). OmniSwitch serials come from ENTITY-MIB;
OmniStack LS has a RADLAN inside and answers `cisco_small_business` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

NOKIA, ENTERPRISE, ALCATEL = "1.3.6.1.4.1.6527", "1.3.6.1.4.1.6486", "1.3.6.1.4.1.637"
CHASSIS = f"{NOKIA}.3.1.2.2.1"
CHASSIS_TYPE, TYPE_NAMES = f"{CHASSIS}.3.1.4.1", f"{CHASSIS}.6.1.2"  # tmnxChassisType → tmnxChassisTypeName
HARDWARE = f"{CHASSIS}.8.1"  # tmnxHwEntry, by chassis and part: .3 id .5 serial .21 software
FIRST_CHASSIS = "1.50331649"  # class 3 (chassis), number 1
RADIO_MODEL = f"{ALCATEL}.54.1.1.5.1.5.0"

ASKS = (
    Ask("nokia", scalars=(CHASSIS_TYPE, f"{HARDWARE}.3.{FIRST_CHASSIS}", f"{HARDWARE}.5.{FIRST_CHASSIS}"),
        tables=(TYPE_NAMES,), condition=Condition(object_id_prefixes=(NOKIA,))),
    Ask("alcatel_radio", scalars=(RADIO_MODEL,), condition=Condition(object_id_prefixes=(f"{ALCATEL}.54",))),
)  # fmt: skip

#: sysObjectID → class
CLASSES = {f"{ENTERPRISE}.800.1.1.2": "switch", f"{ENTERPRISE}.801.1.1.2": "switch", f"{NOKIA}.1": "router",
           f"{NOKIA}.6": "router", f"{ALCATEL}.64.4400": "pbx", f"{ALCATEL}.54": "wireless bridge",
           f"{ENTERPRISE}.800.1.1.2.2.2": "", f"{ENTERPRISE}.802.1.1.2": "access point"}  # fmt: skip
KINDS = (
    re.compile(r"^Alcatel-Lucent (?:Enterprise )?(?P<model>OS\d\S*|OmniSwitch \S+) (?P<firmware>\d[\w.]+)"),
    re.compile(
        r"^\"?TiMOS-\w+-(?P<firmware>[\w.]+\w) \S+ (?i:Nokia|ALCATEL)(?:-Lucent)? (?P<model>\w.{2,40}?) Copyright"
    ),
    re.compile(r"^SRLinux-(?P<firmware>v\S+) (?P<model>\S.{2,40}?) Copyright"),
)
RADIO_VERSION = re.compile(r"^(?P<firmware>V\d{6})$")


def read(walk: Walk) -> Iterator[Statement]:
    """Class by number, model and version by description, what the chassis is by its type."""
    kind = walk.of_object_id(CLASSES)
    if kind:
        yield from walk.vote(kind, 70, "number", OBJECT_ID)
    for pattern in KINDS:
        if pattern.search(walk.description):
            yield from walk.vote("router" if "T" in walk.description[:3] else "switch", 20, "description", DESCRIPTION)
            yield from walk.words(pattern, weight=58)
    yield from _chassis(walk)
    if kind == "wireless bridge":
        yield from walk.state("model", RADIO_MODEL, weight=60)
        yield from walk.words(RADIO_VERSION, weight=60)


def _chassis(walk: Walk) -> Iterator[Statement]:
    number = walk.integer(CHASSIS_TYPE)
    if number is not None:
        yield from walk.state("model", f"{TYPE_NAMES}.{number}", weight=62)
    yield from walk.state("model", f"{HARDWARE}.3.{FIRST_CHASSIS}", weight=50)
    yield from walk.state("serial", f"{HARDWARE}.5.{FIRST_CHASSIS}", weight=62)
