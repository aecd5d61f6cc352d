"""Zebra batteries tell their day, Fargo card printers year and week; Zebra's own printers and computers nothing known.

Batteries of mobile computers: character 6 the year (Q 2007 to Z 2016, A 2017 to I 2025), 7 the month (1 to 9, A to C),
8 and 9 the day. Source: Zebra, *Battery date code for Zebra mobile computing products* (`TB07HB428I421AGA.T1321`: 28
April 2018). Fargo (HID): year in two characters, a letter for the decade since 2000 (A9 2009, B0 2010) and a digit,
then week and sequence. Sources: HID, user guides of HDP5000 (L000950) and DTC1000 (L001398). Fargo's numbers of before
2000, two digits such as 80 for 1998, follow a key that the one example does not tell.
"""

from __future__ import annotations

import re
from datetime import date

from collector.age import About, Grade, of_day, of_week
from collector.age.serials import COMPUTERS, PRINTERS, Dated, SerialRule, month_of, reader, silent

ZEBRA = frozenset({"zebra"})
BATTERY_YEARS = "QRSTUVWXYZABCDEFGHI"
FIRST_BATTERY = 2007
FARGO_DECADES = "ABC"
FIRST_FARGO = 2000
BEFORE, AFTER = 7, 14  # days


def _battery(match: re.Match[str], _about: About) -> Dated | str:
    if match["year"] not in BATTERY_YEARS:
        return f"the year that {match['year']} stands for is not known"
    year = FIRST_BATTERY + BATTERY_YEARS.index(match["year"])
    day = date(year, month_of(match["month"]), int(match["day"]))
    return Dated((of_day(day, before=BEFORE, after=AFTER),), f"assembled on {day.isoformat()}")


def _fargo(match: re.Match[str], _about: About) -> Dated:
    year = FIRST_FARGO + 10 * FARGO_DECADES.index(match["decade"]) + int(match["year"])
    week = int(match["week"])
    return Dated((of_week(year, week, before=BEFORE, after=AFTER),), f"week {week} of {year}")


RULES = (
    SerialRule(
        name="zebra.batteries",
        makers=ZEBRA,
        grade=Grade.DOCUMENTED,
        source="Zebra, Battery date code for Zebra mobile computing products",
        read=reader(
            ("…YMDD…", r"[A-Z0-9]{5}(?P<year>[A-Z])(?P<month>[1-9ABC])(?P<day>\d\d)[A-Z0-9.]{3,}", _battery),
        ),
        kinds=frozenset({"battery"}),
    ),
    SerialRule(
        name="fargo",
        makers=frozenset({"fargo", "hid"}),
        grade=Grade.DOCUMENTED,
        source="HID, user guides of HDP5000 and DTC1000",
        read=reader(("YYWWNNNN", rf"(?P<decade>[{FARGO_DECADES}])(?P<year>\d)(?P<week>\d\d)\d{{4}}", _fargo)),
        kinds=PRINTERS,
    ),
    silent(
        "zebra.others",
        ZEBRA,
        "no rule is known for serial numbers of its printers and computers",
        source="searched; Zebra explains those of batteries alone",
        kinds=PRINTERS | COMPUTERS,
    ),
)
