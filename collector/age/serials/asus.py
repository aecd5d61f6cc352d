"""ASUS: the first character is the year, the second the month (1 to 9, A to C), the third a letter for the product.

Source: ASUS, *livesupport.asus.com/serialnumbers.html*, as quoted at forums.tomshardware.com/threads/412142: the last
digit of the year, then. Since 2010 it is a letter: A is 2010, and so on to N 2022 with I left out, then R 2023; 71 of
71 monitors of 2008 to 2023 whose EDID tells year and week agree to the month. What comes after R is not known.
Mainboards have other numbers (`MT70…`, `17…`): no date.
"""

from __future__ import annotations

import re

from collector.age import About, Grade, decades
from collector.age.serials import COMPUTERS, SCREENS, Dated, SerialRule, in_months, month_of, reader

YEARS = "ABCDEFGHJKLMNR"  # of 2010 to 2023
FIRST_LETTER = 2010
FIRST_YEAR = 2000
BEFORE, AFTER = 7, 21  # days


def _month(match: re.Match[str], _about: About) -> Dated | str:
    year, month = match["year"], month_of(match["month"])
    if year.isdecimal():
        years = tuple(decades(int(year), FIRST_YEAR, FIRST_LETTER - 1))
    elif year in YEARS:
        years = (FIRST_LETTER + YEARS.index(year),)
    else:
        return f"the year that {year} stands for is not known"
    return in_months(years, month, before=BEFORE, after=AFTER)


RULES = (
    SerialRule(
        name="asus",
        makers=frozenset({"asus"}),
        grade=Grade.DOCUMENTED,
        source="ASUS support, quoted at forums.tomshardware.com/threads/412142; EDID of 71 monitors",
        read=reader(("YM…", r"(?P<year>[0-9A-Z])(?P<month>[1-9ABC])[A-Z][A-Z0-9]{7,12}", _month)),
        kinds=COMPUTERS | SCREENS,
    ),
)
