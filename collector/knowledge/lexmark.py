"""Lexmark printers and those it makes for others, and the laser printers of Dell (LEXMARK-PVT-MIB, LEXMARK-MPS-MIB).

`Lexmark T640 version NS.NP.N219 kernel 2.6.6 All-N-1`: model, firmware, and what the network card runs; older ones say
`Lexmark T620 Version 3.20.20 Ethernet 10/100.`. The same words stand in printers that IBM, InfoPrint, Source
Technologies, Unisys and Toshiba sell. Dell had printers made by Fuji Xerox and Samsung as well, in the words of those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import identifier_text, maker_name, named_text
from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

LEXMARK = "1.3.6.1.4.1.641"
DELL = "1.3.6.1.4.1.674.10898"
PRIVATE, MANAGED = f"{LEXMARK}.2.1.2.1", f"{LEXMARK}.6"
#: fact → objects of both MIBs, the better first
OBJECTS = {
    "model": (f"{MANAGED}.2.3.1.4.1", f"{PRIVATE}.2.1"),
    "serial": (f"{MANAGED}.2.3.1.5.1", f"{PRIVATE}.6.1"),
    "firmware": (f"{MANAGED}.3.3.1.7.1.1", f"{PRIVATE}.4.1"),
}
DELL_FIRMWARE = f"{DELL}.100.1.1.1.0"

ASKS = (
    Ask("lexmark", scalars=tuple(oid for oids in OBJECTS.values() for oid in oids),
        condition=Condition(object_id_prefixes=(LEXMARK,))),
    Ask("dell_printer", scalars=(DELL_FIRMWARE,), condition=Condition(object_id_prefixes=(DELL,))),
)  # fmt: skip

#: what stands between the maker and the number of a model
KINDS = r"(?:(?:(?:Color |Mono |Multifunction |Forms )*(?:Laser )?(?:Printer|MFP) ))?"
TOLD = re.compile(
    r"^(?:(?P<maker>Lexmark|Dell|IBM|Source Technologies|Unisys|Toshiba)\s)?" + KINDS +
    r"(?P<model>(?:(?:Optra|MarkNet) \S+(?: \d\w*)?|InfoPrint \S+|\w\S*)(?: plus)?)(?: [\w ]*?Printer)?(?: \S{1,20})?"
    r" version (?P<firmware>\S+) (?:kernel \S+ All-N-1|(?:MFP-)?Ethernet\b)",
    re.IGNORECASE,
)  # fmt: skip
DELL_LASER = re.compile(
    r"^Dell (Color |Multifunction )?(Laser|Color Printer)|^Dell \S+ (Color |Mono )?(Laser|MFP|Multifunction)"
)
DELL_MODEL = re.compile(r"^Dell (?P<model>[^;,(]*?\d{3,4}\w*)(?: Series| MFP)?(?: *[;,(]|$)")
#: printers of Dell in the words of Fuji Xerox (`… Controller 200604102121, …`) and of Samsung (`…; V1.70.01.08 …`)
DELL_VERSION = re.compile(r"^Dell [^;(]+[;(].*?\bController (?P<firmware>\d[\w.]+)|^Dell [^;]+; V(?P<version>\d[\d.]+)")
DELL_SERIAL = re.compile(r";S/N (?P<serial>[A-Z0-9]{5,20})\b")


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of a Lexmark printer, or of one that Dell sold."""
    if walk.of_object_id({LEXMARK: True, DELL: True}):
        yield from walk.vote("printer", 90, "object_id", OBJECT_ID)
    if DELL_LASER.match(walk.description):
        yield from walk.vote("printer", 80, "dell_laser", DESCRIPTION)
        yield from walk.fact("maker", "Dell", DESCRIPTION, weight=45)
    if DELL_LASER.match(walk.description) or walk.of_object_id({DELL: True}):
        yield from _dell(walk)
    if "version" in walk.description.lower() and TOLD.match(walk.description):
        yield from walk.vote("printer", 70, "version_and_kernel", DESCRIPTION)
        yield from _told(walk)
    for name, oids in OBJECTS.items():
        for weight, oid in zip((60, 50), oids, strict=True):
            yield from walk.state(name, oid, weight=weight)
    yield from walk.state("firmware", DELL_FIRMWARE, weight=55)


def _told(walk: Walk) -> Iterator[Statement]:
    """What the words tell that every printer of Lexmark says, whoever sells it."""
    match = TOLD.match(walk.description)
    told = match.groupdict("") if match else {}
    yield from walk.fact("maker", maker_name(told.get("maker", "")), DESCRIPTION, weight=56)
    for name in ("model", "firmware"):
        yield from walk.fact(name, named_text(told.get(name, "")), DESCRIPTION, weight=56)


def _dell(walk: Walk) -> Iterator[Statement]:
    """What a printer of Dell tells in the words of whoever made it."""
    yield from walk.words(DELL_MODEL, weight=35)
    match = DELL_VERSION.match(walk.description)
    version = next((value for value in match.groups() if value), "") if match else ""
    yield from walk.fact("firmware", version, DESCRIPTION, weight=40)
    serial = DELL_SERIAL.search(walk.description)
    yield from walk.fact("serial", identifier_text(serial[1]) if serial else "", DESCRIPTION, weight=45)
