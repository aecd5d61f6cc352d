"""Xerox, Fuji Xerox and Fujifilm printers (XEROX-COMMON-MIB, sysDescr `Xerox Phaser 4600; System 35.004…, Network …`).

The description lists a version for each part: that of the system, or of the controller, is taken for the firmware.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

XEROX, FUJI = "1.3.6.1.4.1.253.8", "1.3.6.1.4.1.297.1.11"
SERIAL = f"{XEROX}.53.3.2.1.3.1"  # xcmGenBaseSerialNumber

UNDER = ("253", "297")
ASKS = (Ask("xerox", scalars=(SERIAL,), condition=Condition(object_id_prefixes=(XEROX, FUJI))),)

MODEL = re.compile(
    r"^(?:FUJI ?XEROX|FUJIFILM|Xerox\S*) (?P<model>\w[^;,]{2,60}?)"
    r"(?: Network Laser Printer| v\d+ Multifunction System| with EFI.*|(?: Color| Multifunction| WIDE FORMAT)* PRINTER)"
    r"?(?: - \d\S*)?(?:[;,]|$)",
    re.IGNORECASE,
)
VERSION = re.compile(
    r"[;,]\s*(?:System(?: Software)?|SS|ESS|OS|ACCXES|DocuSP|Controller(?:\+PS ROM Ver\.)?|Net Controller)[ :]*"
    r"(?P<firmware>(?:CP\.)?\d[\w.]+)"
)
TRAILING = re.compile(r" Network Laser Printer - (?P<firmware>\d[\w.-]+)$")
TOLD_SERIAL = re.compile(r";\s*SN (?P<serial>[A-Z0-9]{6,16})\b")


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of a Xerox or Fujifilm printer."""
    if not walk.of_object_id({XEROX: True, FUJI: True}):
        return
    yield from walk.vote("printer", 85, "object_id", OBJECT_ID)
    yield from walk.words(MODEL, weight=57)
    for pattern in (VERSION, TRAILING, TOLD_SERIAL):
        yield from walk.words(pattern, weight=40)
    yield from walk.state("serial", SERIAL, weight=55)
