"""Edgecore and Accton: `ECYYWWNNNNNN`: year and week after the maker's letters.

One recorded date confirms it, two and a half weeks after the week; no document says so. Older numbers are digits alone.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import DEVICES, PARTS, Dated, SerialRule, one_week, reader

MAKERS = frozenset({"edgecore", "edge-core", "accton"})
FIRST_YEAR = 2005
BEFORE, AFTER = 14, 28


def _found(match: re.Match[str], _about: About) -> Dated:
    return one_week(2000 + int(match["year"]), int(match["week"]), since=FIRST_YEAR, before=BEFORE, after=AFTER)


RULES = (
    SerialRule(
        name="edgecore",
        makers=MAKERS,
        grade=Grade.OBSERVED,
        source="a recorded date and samples; no document",
        read=reader(("ECYYWWNNNNNN", r"EC(?P<year>\d\d)(?P<week>\d\d)\d{6}", _found)),
        kinds=DEVICES | PARTS,
    ),
)
