"""Synology: the first two digits are the year, the third character the month (1 to 9, A to C), it seems.

No document was found; numbers such as `139M8N0094`, `1780PDN…` and `2040SQR…` on models of those years suggest it.
Those of before 2012 begin with a letter and tell nothing known.
"""

from __future__ import annotations

from collector.age import Grade
from collector.age.serials import STORAGE, SerialRule, reader, year_and_month

FIRST_YEAR = 2012
MONTH = year_and_month(since=FIRST_YEAR, before=31, after=61)

RULES = (
    SerialRule(
        name="synology",
        makers=frozenset({"synology"}),
        grade=Grade.INFERRED,
        source="samples on models of known years; no document",
        read=reader(("YYM…", r"(?P<year>\d\d)(?P<month>[0-9A-Z])[A-Z0-9]{7,10}", MONTH)),
        kinds=STORAGE | {"router", "video recorder"},
    ),
)
