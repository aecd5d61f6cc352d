"""QNAP: `Q YY M I NNNNN`: year, month (1 to 9, A to C), then a letter and a sequence, it seems.

No document was found; numbers such as `Q157I12451` on models of those years suggest it.
"""

from __future__ import annotations

from collector.age import Grade
from collector.age.serials import STORAGE, SerialRule, reader, year_and_month

FIRST_YEAR = 2006
MONTH = year_and_month(since=FIRST_YEAR, before=31, after=61)

RULES = (
    SerialRule(
        name="qnap",
        makers=frozenset({"qnap"}),
        grade=Grade.INFERRED,
        source="samples on models of known years; no document",
        read=reader(("QYYMINNNNN", r"Q(?P<year>\d\d)(?P<month>[0-9A-Z])[A-Z]\d{5}", MONTH)),
        kinds=STORAGE | {"chassis"},
    ),
)
