"""Printers whose serial numbers carry no date, or none that anybody has told: by maker, the reason.

Xerox's service manuals speak of a date and describe `PPPRSSSSS` without one: three characters for the product, a digit
for the revision, a sequence. Of most others nothing is published. Many tell the day of their installation or a page
count instead.
"""

from __future__ import annotations

from collector.age.serials import PRINTERS, silent

NOTHING_FOUND = "no rule is known for its serial numbers"
#: maker's key → why, and where that stands
REASONS = {
    "xerox": (
        "product code, revision and sequence: no date, whatever the manual says of one",
        "Xerox, service manuals of Phaser 3450, Phaser 8500, Phaser 6180MFP, WorkCentre C2424: Serial Number Format",
    ),
    "fujifilm": (NOTHING_FOUND, "searched; Xerox's nine characters do not fit"),
    "konica": ("product code, region and sequence: no date", "numbers such as AA2M021115700; no document"),
    "canon": ("letters of the model and a sequence: no date that is known", "numbers such as MKRA012345; no document"),
    "epson": ("a code of the model and a sequence: no date that is known", "numbers such as X3B8022793; no document"),
    **dict.fromkeys(
        ("kyocera", "lexmark", "sharp", "oki"),
        (NOTHING_FOUND, "searched in service manuals, November 2026: nothing found"),
    ),
    **dict.fromkeys(
        ("toshiba", "olivetti", "utax", "develop", "pantum", "seh", "citizen", "tsc", "sato", "intermec", "honeywell",
         "datamax", "printronix", "tally", "riso", "oce", "evolis", "dymo", "star", "bixolon", "nec", "fujitsu", "ibm",
         "philips", "muratec", "kodak", "avision"),
        (NOTHING_FOUND, "no source known"),
    ),
}  # fmt: skip

RULES = tuple(
    silent(f"{maker}.printers", {maker}, reason, source=source, kinds=PRINTERS)
    for maker, (reason, source) in REASONS.items()
)
