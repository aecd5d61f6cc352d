"""Apple: 11 characters tell year and week, 12 tell half-year and week, 10 are random (new models since 2021).

11, until about 2012: site (2), last digit of the year, week (2). 12, since 2010: site (3), half-year, week of the
half-year, sequence (3), model (4). Letters leave out vowels and what looks like a digit. Half-years go from C, the
first half of 2010, to Z, the second of 2019, and begin again with C in 2020: C to J are of 2010 to 2012 or of 2020 to
2022, and only the model or other evidence tells which. Sources:
peniya.com/article/how-to-read-apple-s-serial-numbers/926;
blog.ambor.com/2020/01/apple-serial-number-decoding-spreadsheet.html for the second round. Apple itself says nothing.
One published table has some weeks' letters in another order, two weeks apart.
"""

from __future__ import annotations

import re

from collector.age import About, Grade, of_week
from collector.age.serials import COMPUTERS, SCREENS, STORAGE, Dated, SerialRule, in_weeks, reader

HALF_YEARS = "CDFGHJKLMNPQRSTVWXYZ"
WEEKS = "123456789CDFGHJKLMNPQRTVWXY"
FIRST_YEAR, ROUND = 2010, 10
LAST_OF_12 = 2022  # models of before 2021 kept their form for so long
FIRST_OF_11, LAST_OF_11 = 1995, 2012
BEFORE, AFTER = 14, 21  # days
WEEKS_OF_HALF = 26


def _twelve(match: re.Match[str], _about: About) -> Dated:
    half, week = HALF_YEARS.index(match["half"]), WEEKS.index(match["week"]) + 1
    second = half % 2
    first = FIRST_YEAR + half // 2
    years = [year for year in (first, first + ROUND) if year <= LAST_OF_12]
    number = week + WEEKS_OF_HALF * second
    spans = tuple(of_week(year, number, before=BEFORE, after=AFTER) for year in years)
    return Dated(spans, f"week {number} of {' or '.join(str(year) for year in years)}")


def _eleven(match: re.Match[str], _about: About) -> Dated:
    week = max(int(match["week"]), 1)  # weeks are counted from 0 by some sites
    return in_weeks(match["year"], week, since=FIRST_OF_11, until=LAST_OF_11, before=BEFORE, after=AFTER)


def _ten(_match: re.Match[str], _about: About) -> str:
    return "of ten characters, which are random in models since 2021"


RULES = (
    SerialRule(
        name="apple",
        makers=frozenset({"apple"}),
        grade=Grade.DOCUMENTED,
        source="peniya.com, How to read Apple's serial numbers; blog.ambor.com, January 2020",
        read=reader(
            ("of 12 characters", rf"[A-Z0-9]{{3}}(?P<half>[{HALF_YEARS}])(?P<week>[{WEEKS}])[A-Z0-9]{{7}}", _twelve),
            ("of 11 characters", r"[A-Z0-9]{2}(?P<year>\d)(?P<week>[0-5]\d)[A-Z0-9]{6}", _eleven),
            ("of 10 characters", r"[A-Z0-9]{10}", _ten),
        ),
        kinds=COMPUTERS | SCREENS | STORAGE | {"phone", "access point", "router", "unknown"},
    ),
)
