"""Synology: the first two digits are the year, the third character the month (1 to 9, A to C), it seems.

No document was found; numbers such as `139M8N0094`, `1780PDN…` and `2040SQR…` on models of those years suggest it.
Those of before 2012 begin with a letter and tell nothing known.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import STORAGE, Dated, SerialRule, full_year, in_months, month_of, reader

FIRST_YEAR = 2012
BEFORE, AFTER = 31, 61  # days


def _month(match: re.Match[str], _about: About) -> Dated:
    year = full_year(match["year"], since=FIRST_YEAR)
    return in_months([year], month_of(match["month"]), before=BEFORE, after=AFTER)


RULES = (
    SerialRule(
        name="synology",
        makers=frozenset({"synology"}),
        grade=Grade.INFERRED,
        source="samples on models of known years; no document",
        read=reader(("YYM…", r"(?P<year>\d\d)(?P<month>[0-9A-Z])[A-Z0-9]{7,10}", _month)),
        kinds=STORAGE | {"router", "video recorder"},
    ),
)
