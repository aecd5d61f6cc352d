"""Fortinet: sixteen characters, model (6), plant (2), year (2), sequence (6); none of virtual machines. Meru: `WWYY…`.

The year is seen on FortiGate, FortiSwitch, FortiAP and FortiExtender of 2014 to 2024, each within its model's years of
sale; no document says so, and no week is told. Virtual machines' numbers are those of a licence. Access points of Meru,
which Fortinet bought, start with week and year (Fortinet community, Meru technical note 94938).
"""

from __future__ import annotations

import re

from collector.age import About, Grade, of_year
from collector.age.serials import DEVICES, LAST_YEAR, PARTS, WIRELESS, Dated, SerialRule, one_week, reader, silent

MAKERS, MERU = frozenset({"fortinet"}), frozenset({"meru"})
FIRST_YEAR = 2002  # Meru was founded then, and the first FortiGates were sold
YEAR_SLACK, WEEK_SLACK = 31, 21
VIRTUAL = re.compile(r"(?i)F[A-Z]{1,4}-?VM|FADV|FCTEMS")


def _year(match: re.Match[str], _about: About) -> Dated:
    year = 2000 + int(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"year {year}")
    return Dated((of_year(year, before=YEAR_SLACK, after=YEAR_SLACK),), f"year {year}, no more")


def _week(match: re.Match[str], _about: About) -> Dated:
    year, number = 2000 + int(match["year"]), int(match["week"])
    return one_week(year, number, since=FIRST_YEAR, before=WEEK_SLACK, after=WEEK_SLACK)


def _is_virtual(about: About) -> bool:
    return bool(VIRTUAL.match(about.serial.strip()))


RULES = (
    SerialRule(
        name="fortinet",
        makers=MAKERS,
        grade=Grade.OBSERVED,
        source="samples of four product lines; no document",
        read=reader(("MMMMMMPPYYNNNNNN", r"[A-Z][0-9A-Z]{7}(?P<year>\d\d)[0-9A-Z]{6}", _year)),
        kinds=DEVICES | PARTS,
        fits=lambda about: not _is_virtual(about),
    ),
    silent(
        "fortinet.virtual",
        MAKERS,
        "the serial number of a virtual machine is that of its licence",
        source="product codes VM of Fortinet's licences (FGVM, FVVM, FSAVM, FAC-VM, FADV)",
        fits=_is_virtual,
    ),
    SerialRule(
        name="fortinet.meru",
        makers=MERU,
        grade=Grade.DOCUMENTED,
        source="Fortinet community, Meru technical note 94938",
        read=reader(("WWYY, model, MAC", r"(?P<week>\d\d)(?P<year>\d\d)[0-9A-Z]{6,24}", _week)),
        kinds=WIRELESS,
    ),
)
