"""Brother printers and multifunction printers (BROTHER-MIB, and what their NC print servers say in sysDescr).

The maintenance block, which holds counters in a binary form of Brother's, is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

BROTHER = "1.3.6.1.4.1.2435"
SERIAL = f"{BROTHER}.2.3.9.4.2.1.5.5.1.0"
FIRMWARE = f"{BROTHER}.2.4.3.1240.6.5.0"
PRODUCT = f"{BROTHER}.2.4.3.2435.5.13.3.0"
PRINTER = f"{BROTHER}.2.3.9"

ASKS = (Ask("brother", scalars=(SERIAL, FIRMWARE, PRODUCT), condition=Condition(object_id_prefixes=(BROTHER,))),)

VERSION = re.compile(r"Firmware Ver\.?\s*(?P<firmware>\w[\w.]*)")
MODEL = re.compile(r"^Brother (?P<model>\S+)")
SERVER = re.compile(r"\b(NC-\d{2,5}\w?), ?Firmware Ver")


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model, serial and firmware of a Brother printer."""
    if walk.of_object_id({PRINTER: True}):
        yield from walk.vote("printer", 90, "object_id", OBJECT_ID)
    yield from walk.state("serial", SERIAL, weight=58)
    yield from walk.words(VERSION, FIRMWARE, weight=55)
    yield from walk.words(MODEL, PRODUCT, weight=60)
    if "NC-" in walk.description or walk.description.startswith("Brother "):
        yield from walk.words(VERSION, weight=50)
        server = SERVER.search(walk.description)
        yield from walk.fact("model", server[1] if server else "", DESCRIPTION, component="module/print_server")
