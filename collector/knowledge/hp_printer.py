"""HP printers and JetDirect print servers: HP-LASERJET-COMMON-MIB, which carries values of PML, and their sysDescr.

PML texts begin with two octets for the symbol set, which the normalisation of text drops. The firmware of the print
server (EEPROM in sysDescr) is that of a module, not of the printer. Print jobs and users are never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Condition

PERIPHERAL = "1.3.6.1.4.1.11.2.3.9"
PML = f"{PERIPHERAL}.4.2.1"
PAGES, COLOUR_PAGES, DUPLEX_PAGES = (f"{PML}.4.1.2.{number}.0" for number in (5, 7, 22))
#: fact → (object, weight): model-name, serial-number, firmware date code, firmware revision
IDENTITY = {
    "model": (f"{PML}.1.3.2.0", 45),
    "serial": (f"{PML}.1.3.3.0", 58),
    "firmware": (f"{PML}.1.3.5.0", 55),
    "firmware_revision": (f"{PML}.1.3.6.0", 50),
}
#: sysObjectIDs of printers: JetDirect, old print servers, OfficeJet, LaserJet Pro on a chip of Marvell
CLASSES = {PERIPHERAL: 90, "1.3.6.1.4.1.11.1": 45, "1.3.6.1.4.1.29999": 60, "1.3.6.1.4.1.26696.1": 60}
SCALARS = (*(oid for oid, _ in IDENTITY.values()), PAGES, COLOUR_PAGES, DUPLEX_PAGES)
ASKS = (Ask("hp_printer", scalars=SCALARS, condition=Condition(object_id_prefixes=tuple(CLASSES))),)

TOLD = re.compile(r"\bSN:(?P<serial>[A-Z0-9]{8,16})\b")
MODEL = re.compile(r"\bPID:(?P<model>[^,;]{3,80})")
#: families of printers, by which a description may begin
NAMED = re.compile(
    r"^(?P<model>(?:HP|Hewlett-Packard) (?:Color )?(?:LaserJet|OfficeJet|DesignJet|DeskJet|PageWide|PhotoSmart|ScanJet"
    r"|Envy|Smart Tank|Business Inkjet|Digital Sender|Laser(?: MFP)? \d)[^,;]{0,60})",
    re.IGNORECASE,
)
SERVER = re.compile(r"JETDIRECT[^,]*,\s*(?P<model>JD\d+)[, ]+EEPROM (?P<firmware>[\w.]+)")


def read(walk: Walk) -> Iterator[Statement]:
    """Identity and counters of an HP printer, or of one that speaks HP's MIB."""
    weight = walk.of_object_id(CLASSES)
    if weight:
        yield from walk.vote("printer", weight, "object_id", OBJECT_ID)
    if "HP ETHERNET MULTI-ENVIRONMENT" in walk.description or "JETDIRECT" in walk.description:
        yield from walk.vote("printer", 70, "jetdirect", DESCRIPTION)
        yield from walk.words(TOLD, weight=40)
        yield from walk.words(MODEL, weight=35)
        yield from _server(walk)
    if NAMED.match(walk.description):
        yield from walk.vote("printer", 70, "family", DESCRIPTION)
        yield from walk.words(NAMED, weight=35)
    for name, (oid, told) in IDENTITY.items():
        yield from walk.state(name, oid, weight=told)
    for name, oid in (("pages", PAGES), ("colour_pages", COLOUR_PAGES), ("duplex_pages", DUPLEX_PAGES)):
        yield from walk.state(name, oid, read=as_integer, unit="pages", weight=40)


def _server(walk: Walk) -> Iterator[Statement]:
    """The print server inside, or beside, the printer."""
    match = SERVER.search(walk.description)
    for name, value in (match.groupdict() if match else {}).items():
        yield from walk.fact(name, value, DESCRIPTION, component="module/print_server")
