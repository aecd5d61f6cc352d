"""Dell: the service tag carries no date; the PPID of parts, switches and monitors does, to the day, but for the decade.

PPID: country (2 characters), part number (6), supplier (5), date (3), sequence (4), and sometimes a revision (`A00`).
Date: last digit of the year, month 1 to 9 and A to C, day 1 to 9 and A to V. Sources: Dell, KB 000139589, for the
fields; mikebeach.org/2011/02/08/reading-the-date-code-on-your-dell-laptop-battery and deskthority.net/wiki/Dating for
the characters. An MXL switch that records 2016-03-21 has `63L`. Switches of the Force10 line leave the part number out
(14 characters), monitors country and supplier (12): 144 of 144 monitors whose EDID tells year and week agree.

Dell's labels of media bays bear a PPID of sequence 0000, whose date means nothing (Dell's forum says so).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from collector.age import About, Grade, Span, decades, of_day
from collector.age.serials import (
    COMPUTERS,
    DEVICES,
    MONTH_NAMES,
    MONTHS,
    POWER,
    PRINTERS,
    SCREENS,
    STORAGE,
    Dated,
    SerialRule,
    reader,
)
from collector.age.serials import PARTS as NETWORK_PARTS

MAKERS = frozenset({"dell", "force10"})
FIRST_YEAR = 2000
BEFORE, AFTER = 7, 31  # days: a part's label may be older than the whole
DAYS = "123456789ABCDEFGHIJKLMNOPQRSTUV"
YEAR_MONTH_DAY = r"(?P<year>\d)(?P<month>[1-9A-C])(?P<day>[1-9A-V])-?(?P<sequence>[A-Z0-9]{4})"
DUMMY = "0000"


def _ppid(match: re.Match[str], _about: About) -> Dated | str:
    if match["sequence"] == DUMMY:
        return "a label of a media bay, whose date means nothing"
    month, day = MONTHS.index(match["month"]) + 1, DAYS.index(match["day"]) + 1
    spans = tuple(_days(int(match["year"]), month, day))
    return Dated(spans, f"PPID of {day} {MONTH_NAMES[month - 1]} of a year that ends in {match['year']}")


def _days(digit: int, month: int, day: int) -> Iterator[Span]:
    """The day in every decade that has it; raises ValueError for a day that no year has."""
    last = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month]
    if day > last:
        raise ValueError(f"day {day} of month {month}")
    for year in decades(digit, FIRST_YEAR):
        if (month, day) != (2, 29) or year % 4 == 0:
            yield of_day(date(year, month, day), before=BEFORE, after=AFTER)


def _service_tag(_match: re.Match[str], _about: About) -> str:
    return "a service tag: seven characters that carry no date; Dell tells the day of shipping to who asks for it"


PPID = ("PPID", rf"[A-Z]{{2}}-?[A-Z0-9]{{6}}-?[A-Z0-9]{{5}}-?{YEAR_MONTH_DAY}(-?[A-Z]\d\d)?", _ppid)
SHORT_PPID = ("PPID without its part number", rf"[A-Z]{{2}}[A-Z0-9]{{5}}{YEAR_MONTH_DAY}", _ppid)
PANEL = ("short PPID of monitors", rf"[A-Z0-9]{{5}}{YEAR_MONTH_DAY}", _ppid)
TAG = ("service tag", r"[A-Z0-9]{7}", _service_tag)
SOURCE = "Dell, KB 000139589; recorded dates of switches and monitors"

RULES = (
    SerialRule("dell.monitors", MAKERS, Grade.DOCUMENTED, SOURCE, reader(PANEL, PPID, TAG), SCREENS),
    SerialRule(
        "dell.network", MAKERS, Grade.DOCUMENTED, SOURCE, reader(PPID, SHORT_PPID, TAG), DEVICES | NETWORK_PARTS
    ),
    SerialRule(
        "dell.others",
        MAKERS,
        Grade.DOCUMENTED,
        SOURCE,
        reader(PPID, TAG),
        COMPUTERS | STORAGE | POWER | PRINTERS,
    ),
)
