"""Hirschmann (Belden): industrial switches and firewalls with HiOS or Classic software, BAT wireless.

Sources: HMPRIV-MGMT-SNMP-MIB (248.14) of Classic, HM2-DEVMGMT-MIB (248.11.10) of HiOS, and sysDescr, which names the
product. Rail temperature and power supplies are in parts of these trees that are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

HIRSCHMANN = "1.3.6.1.4.1.248"
HIOS = {"model": f"{HIRSCHMANN}.11.10.1.1.2.0", "serial": f"{HIRSCHMANN}.11.10.1.1.3.0"}
CLASSIC = {"serial": f"{HIRSCHMANN}.14.1.1.9.1.10.1", "hardware": f"{HIRSCHMANN}.14.1.1.9.1.4.1",
           "firmware": f"{HIRSCHMANN}.14.1.1.9.1.5.1"}  # fmt: skip
VERSION = f"{HIRSCHMANN}.14.1.1.2.0"  # hmSysVersion: `SW: L3P-09.0.00 …`

UNDER = ("248",)
ASKS = (
    Ask(
        "hirschmann",
        scalars=(*HIOS.values(), *CLASSIC.values(), VERSION),
        condition=Condition(object_id_prefixes=(HIRSCHMANN,)),
    ),
)

KINDS = (
    (re.compile(r"\b(EAGLE|Tofino)", re.IGNORECASE), "firewall"),
    (re.compile(r"\b(BAT|OpenBAT|OWL)", re.IGNORECASE), "access point"),
)
SAYS = re.compile(
    r"^(?:Hirschmann )?(?P<model>(?:RS[PRB]?[EL]?\d|MSP|MS\d|MACH|MM\d|OCTOPUS|GRS|RED\d|EES|BRS|DRAGON|EAGLE|BAT"
    r"|SPIDER|PowerMICE|MICE|GECKO|BXP|BXS|OZD|OWL|Rail ?[Ss]witch)[\w-]*)"
)
RELEASE = re.compile(r"(?P<firmware>(?:\w+-)*\d+\.\d+\.\d+)")


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and identity."""
    if not f"{walk.text(OBJECT_ID)}.".startswith(f"{HIRSCHMANN}."):
        return
    description = walk.description
    kind = next((kind for pattern, kind in KINDS if pattern.search(description)), "switch")
    yield from walk.vote(kind, 80, "object_id", OBJECT_ID)
    yield from walk.words(SAYS, weight=45)
    yield from walk.states(CLASSIC, weight=55)
    yield from walk.words(RELEASE, VERSION, weight=50)
    yield from walk.states(HIOS, weight=60)
