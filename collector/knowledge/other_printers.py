"""Printers and print servers of makers without a file of their own, by number and description: one row each.

Océ, Panasonic, Tektronix, RISO, Olivetti, IBM, Pantum, Kodak, Sindoh; print servers of Lantronix, D-Link and Troy.
Serial, model and pages come from Printer-MIB where they answer it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Statement, Walk

E = "1.3.6.1.4.1"
#: sysObjectID → maker; nothing else answers below it
NUMBERS = {
    f"{E}.1552": "Océ",
    f"{E}.24807": "RISO",
    f"{E}.40093": "Pantum",
}
#: maker, what its description says
DESCRIBED = (
    ("Océ", re.compile(r"^Oc[eé][, ]+(?P<model>(?!NC-)[A-Za-z]*(?: [A-Za-z]+)?(?: ?\d\w*))"
                       r"(?: (?P<firmware>R\d[\w.]*))?")),
    ("Océ", re.compile(r"^Oc[eé] NC-\d+\w, Firmware Ver\.?(?P<firmware>\d[\w.]*)")),
    ("Panasonic", re.compile(r"^Panasonic (?P<model>(?:DP|KX|UF)-(?:[A-Z]{1,3}-?)?\d{3,4}\w*)")),
    ("Tektronix", re.compile(r"^Tektronix, Inc\., (?P<model>Phaser \w+), .*?\((?:[\d.]+/)*(?P<firmware>[\d.]+)\)")),
    ("RISO", re.compile(r"^(?:RISO )?(?P<model>(?:ComColor|ORPHIS|RISO) ?\S*\d\S*)")),
    ("Olivetti", re.compile(r"^Olivetti (?P<model>(?:d-Copia|d-Color|PG L|MF)\s?\S*\d\S*)", re.IGNORECASE)),
    ("IBM", re.compile(r"^IBM (?P<model>6[45]00)\w* Version (?P<firmware>\d[\d.]*)")),
    ("IBM", re.compile(r"^IBM (?P<model>(?:Network Printer|InfoPrint(?: Color)?) \d+\w*)", re.IGNORECASE)),
    ("Pantum", re.compile(r"^Pantum (?P<model>[A-Z]{1,2}\d{4}\w*)")),
    ("Lantronix", re.compile(r"^Lantronix (?P<model>EPS\d\S*) Version V(?P<firmware>\d[\w./]*)")),
    ("D-Link", re.compile(r"^(?:D-Link )?(?P<model>DP-\d{3}\w*\+?)(?: |$).*Print ?Server", re.IGNORECASE)),
    ("Troy", re.compile(r"^(?:TROY )?(?P<model>PocketPro(?: \w+)?)(?: compatible.*)?$")),
    ("Kodak", re.compile(r"^KODAK (?P<model>(?:ESP|HERO|Verite)\S* ?\d\w*)", re.IGNORECASE)),
    ("Sindoh", re.compile(r"^(?:SINDOH|Sindoh) (?P<model>[A-Z]{1,2}\d{3}\w*)")),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Class and maker by number, model and version by description."""
    maker = walk.of_object_id(NUMBERS)
    if maker:
        yield from walk.vote("printer", 80, "object_id", OBJECT_ID)
        yield from walk.fact("maker", maker, OBJECT_ID, weight=55)
    for told, pattern in DESCRIBED:
        if pattern.match(walk.description):
            yield from walk.vote("printer", 75, "description", DESCRIPTION)
            yield from walk.fact("maker", told, DESCRIPTION, weight=48)
            yield from walk.words(pattern, weight=45)
            return
