"""Label printers: Zebra (ZEBRA-QL-MIB, and ESI-MIB of the print server it bought), SATO, TSC, Intermec, Honeywell.

What a label printer prints is never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

ZEBRA, ESI = "1.3.6.1.4.1.10642", "1.3.6.1.4.1.683"
ZEBRA_QL = f"{ZEBRA}.200.19"
#: fact → objects, the better first
OBJECTS = {
    "model": (f"{ZEBRA}.1.1.0", f"{ZEBRA_QL}.7.0", f"{ESI}.6.2.3.2.1.15.1", f"{ESI}.1.4.0"),
    "serial": (f"{ZEBRA_QL}.5.0", f"{ESI}.1.5.0"),
    "firmware": (f"{ZEBRA}.1.2.0", f"{ESI}.1.9.0"),
}
OF_OBJECTS = {"10642", "683"}
ASKS = (
    Ask("label_printer", scalars=tuple(oid for oids in OBJECTS.values() for oid in oids),
        condition=Condition(object_id_prefixes=(ZEBRA, ESI))),
)  # fmt: skip

#: TSC, whose agents use a number that somebody else holds
TSC = re.compile(r"^(?P<model>(TTP|TDP|TC|TE|TX|TA|DA|ME|MB|MH|ML)-?\d{3}\w*) Version: ?(?P<firmware>\d[\w.]*)")
#: makers of label printers by their description
TOLD = (
    re.compile(
        r"^(?P<maker>Zebra)(?:Net)?\b(?: Technologies)?"
        r"(?: (?:ZTC )?(?P<model>(?:Z[DETQM]|GK|GX|GC|TLP|LP|QL|RZ|RW|S4|XI)\S*\d\S*))?"
    ),
    re.compile(r"^(?P<maker>SATO) (?P<model>\S+)"),
    re.compile(
        r"^(?P<maker>Datamax)\S* (?:Corporation )?(?P<model>\w-Class \S+|[A-Z]-\d{4}\w*)(?: Ver:(?P<firmware>\S+))?"
    ),
    re.compile(r"^(?P<maker>Intermec|Honeywell|CITIZEN|GODEX|BIXOLON) .*?(?P<model>\b[A-Z]{1,3}-?\d{1,4}\w*)"),
    re.compile(r"^Monarch (?P<model>M?\d{4,5}\w*)\b(?: FW Ver (?P<firmware>\d[\w.]*))?"),  # of Avery Dennison
    re.compile(r"^(?P<maker>Printronix) (?P<model>\S*\d\S*)"),
    TSC,
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, maker, model, serial and firmware of a label printer."""
    if walk.of_object_id({ZEBRA: True}) or walk.has(ZEBRA):
        yield from walk.vote("label printer", 110, "zebra_mib", ZEBRA if walk.has(ZEBRA) else OBJECT_ID)
        yield from walk.fact("maker", "Zebra", OBJECT_ID, weight=55)
    for pattern in TOLD:
        if pattern.match(walk.description):
            yield from walk.vote("label printer", 70, "description", DESCRIPTION)
            yield from walk.words(pattern, weight=52)
            yield from walk.fact("maker", "TSC" if pattern is TSC else "", DESCRIPTION, weight=55)
    if OF_OBJECTS.isdisjoint(walk.enterprises):
        return
    for name, oids in OBJECTS.items():
        for weight, oid in zip((60, 57, 54, 51), oids, strict=False):
            yield from walk.state(name, oid, weight=weight)
