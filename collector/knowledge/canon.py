"""Canon printers and multifunction printers (CANON-MIB, sysDescr such as `Canon LBP6670 /P`).

Canon's cameras and scanners are not told here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

CANON = "1.3.6.1.4.1.1602"
PRINTER = f"{CANON}.4"
OBJECTS = {"model": f"{CANON}.1.1.1.1.0", "firmware": f"{CANON}.1.1.1.4.0"}
SERIALS = (f"{CANON}.1.2.1.4.0", f"{CANON}.1.2.1.8.1.3.1.1")  # old; canServInfoSerialNumberDeviceNumber

ASKS = (Ask("canon_printer", scalars=(*OBJECTS.values(), *SERIALS), condition=Condition(object_id_prefixes=(CANON,))),)

#: the families of printers that Canon names in sysDescr
FAMILIES = re.compile(
    r"^Canon (Inc\., )?(LBP|MF\d|MF$|MF |iR|imageRUNNER|imagePRESS|image(CLASS|FORCE)|i-SENSYS|iPF|iPR|TM-|TX-|TZ-|TA-"
    r"|GP-|PRO-|GX\d|D\d|LASER SHOT|Large Format|CLC|PIXMA|MAXIFY|SELPHY|DP-|[MT][BGRSX]\d{3,4}|iB\d|iP\d|G\d{3,4}"
    r"|W\d{4})"
)
MODEL = re.compile(
    r"^Canon (?:Inc\., )?(?:LASER SHOT |Large Format )?(?P<model>(?!Network)(?=\S*\s?\S*\d)\S.{2,60}?)"
    r"(?: Printer)?(?: \(FAX\))?\s*(?:/P)?(?: EEPROM \S+)?$"
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of a Canon printer."""
    named = FAMILIES.match(walk.description)
    if walk.of_object_id({PRINTER: True}):
        yield from walk.vote("printer", 85, "object_id", OBJECT_ID)
    if named:
        yield from walk.vote("printer", 70, "family", DESCRIPTION)
        yield from walk.fact("maker", "Canon", DESCRIPTION, weight=45)
    if named or walk.of_object_id({PRINTER: True}):
        yield from walk.words(MODEL, weight=40)
    yield from walk.states(OBJECTS, weight=60)
    for oid in SERIALS:
        yield from walk.state("serial", oid, weight=55)
