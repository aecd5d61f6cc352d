"""Acer: the 22 characters of computers, projectors and displays hold year and ISO week, and so does the short SNID.

`PPPPPPPPPP Y WW SSSSS MM VV`: part number, last digit of the year, week by ISO 8601, sequence, site, version. SNID: `Y
WW dddddd M..`, 11 or 12 digits. Source: Acer, *A3-A20 service manual*, chapter 5 (manualslib.com/manual/1208961), and
the service guides of projectors PD726, P5270, H6500. Monitors tell 12 other characters by EDID, which hold no date.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import COMPUTERS, SCREENS, Dated, SerialRule, in_weeks, reader

MAKERS = frozenset({"acer"})
FIRST_YEAR = 2001
BEFORE, AFTER = 7, 14  # days
SOURCE = "Acer, A3-A20 service manual, chapter 5; service guides of projectors"


def _week(match: re.Match[str], _about: About) -> Dated:
    return in_weeks(match["year"], int(match["week"]), since=FIRST_YEAR, before=BEFORE, after=AFTER)


FULL = ("of 22 characters", r"[A-Z0-9]{10}(?P<year>\d)(?P<week>\d\d)[A-Z0-9]{9}", _week)
SNID = ("SNID", r"(?P<year>\d)(?P<week>\d\d)\d{8,9}", _week)

RULES = (
    SerialRule("acer.computers", MAKERS, Grade.DOCUMENTED, SOURCE, reader(FULL, SNID), COMPUTERS),
    SerialRule("acer.screens", MAKERS, Grade.DOCUMENTED, SOURCE, reader(FULL), SCREENS),
)
