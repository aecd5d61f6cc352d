"""Huawei and xFusion: year and month in two characters, in the numbers of products (20 characters) and of boards (16).

Product: `21`, item (8), place (2), year, month, sequence (6). Year: 1 to 9 for 2001 to 2009, A to H for 2010 to 2017,
J to N for 2018 to 2022, P to Y for 2023 to 2032: no I, O and Z. Month: 1 to 9, A to C. Sources: Huawei, *CX320 Switch
Module User Guide*, ESN (easymanua.ls/huawei/cx320/manual?p=25); *Product SN* (support.huawei.com, EDOC1100115123);
xFusion, *FusionServer 1288H V7 White Paper*, A.2. Board: `02` or `03`, end of the item (4), place (2), year, month,
sequence (6): Huawei, *NE40E Hardware Description*, 1.10.1.5. Recorded dates lie in the month.

Newer numbers of twelve characters have no rule that is known. H3C parted from Huawei before 2010, and writes years in
another way: reading its numbers by this rule would be off by ten years.
"""

from __future__ import annotations

import re

from collector.age import About, Grade, of_month
from collector.age.serials import DEVICES, PARTS, Dated, SerialRule, reader, silent

MAKERS = frozenset({"huawei", "xfusion"})
KINDS = DEVICES | PARTS | {"server", "storage", "management controller", "nas", "video conference", "unknown"}
YEARS = {letter: 2001 + place for place, letter in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXY")}
MONTHS = "123456789ABC"
SLACK = 14


def _found(match: re.Match[str], _about: About) -> Dated:
    year, month = YEARS[match["year"]], MONTHS.index(match["month"]) + 1
    return Dated((of_month(year, month, before=SLACK, after=SLACK),), f"month {month} of {year}")


RULES = (
    SerialRule(
        name="huawei",
        makers=MAKERS,
        grade=Grade.DOCUMENTED,
        source="Huawei, CX320 User Guide, ESN; NE40E Hardware Description 1.10.1.5; recorded dates",
        read=reader(
            (
                "21 or 02, item, place, year, month, sequence",
                r"(?:21[0-9A-Z]{8}|0[23][0-9A-Z]{4})[0-9A-Z]{2}(?P<year>[1-9A-HJ-NP-Y])(?P<month>[1-9A-C])\d{6}Y?",
                _found,
            )
        ),
        kinds=KINDS,
    ),
    silent(
        "huawei.h3c",
        {"h3c"},
        "no rule is known for H3C's serial numbers: Huawei's would be off by ten years",
        source="searched, nothing found",
    ),
)
