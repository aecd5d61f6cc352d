"""QNAP: `Q YY M I NNNNN`: year, month (1 to 9, A to C), then a letter and a sequence, it seems.

No document was found; numbers such as `Q157I12451` on models of those years suggest it.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import STORAGE, Dated, SerialRule, full_year, in_months, month_of, reader

FIRST_YEAR = 2006
BEFORE, AFTER = 31, 61  # days


def _month(match: re.Match[str], _about: About) -> Dated:
    year = full_year(match["year"], since=FIRST_YEAR)
    return in_months([year], month_of(match["month"]), before=BEFORE, after=AFTER)


RULES = (
    SerialRule(
        name="qnap",
        makers=frozenset({"qnap"}),
        grade=Grade.INFERRED,
        source="samples on models of known years; no document",
        read=reader(("QYYMINNNNN", r"Q(?P<year>\d\d)(?P<month>[0-9A-Z])[A-Z]\d{5}", _month)),
        kinds=STORAGE | {"chassis"},
    ),
)
