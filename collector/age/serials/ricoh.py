"""Ricoh, and what it makes for others: the fourth of eleven characters is the last digit of the year, it seems.

No document was found. Numbers such as `W492KB03439` and `E216R220016`, on models sold in those years, suggest it;
whether the next character is a month is not known.
"""

from __future__ import annotations

import re

from collector.age import About, Grade, decades, of_year
from collector.age.serials import PRINTERS, Dated, SerialRule, reader

FIRST_YEAR = 2000
BEFORE, AFTER = 31, 61  # days


def _year(match: re.Match[str], _about: About) -> Dated:
    years = decades(int(match["year"]), FIRST_YEAR)
    spans = tuple(of_year(year, before=BEFORE, after=AFTER) for year in years)
    return Dated(spans, f"a year that ends in {match['year']}")


RULES = (
    SerialRule(
        name="ricoh",
        makers=frozenset({"ricoh", "lanier", "savin", "gestetner", "nashuatec", "infotec"}),
        grade=Grade.INFERRED,
        source="samples on models of known years; no document",
        read=reader(("of 11 characters", r"[A-Z]\d\d(?P<year>\d)[A-Z0-9]{7}", _year)),
        kinds=PRINTERS,
    ),
)
