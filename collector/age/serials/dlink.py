"""D-Link: thirteen characters, of which the sixth is the year and the seventh the month (hexadecimal).

Letters count years from A, 2010; digits are the last of the year, in the decade before the letters or after. Inferred
from nine switches, which read plausibly, each with a month that exists; no document says so. Which decade a digit means
is left open.
"""

from __future__ import annotations

import re

from collector.age import About, Grade, of_month
from collector.age.serials import DEVICES, PARTS, Dated, SerialRule, reader

MAKERS = frozenset({"d-link", "dlink"})
LETTERS = "ABCDEFGHIJ"  # 2010 to 2019
MONTHS = "123456789ABC"
SLACK = 31


def _found(match: re.Match[str], _about: About) -> Dated:
    letter, month = match["year"], MONTHS.index(match["month"]) + 1
    years = (2010 + LETTERS.index(letter),) if letter in LETTERS else (2000 + int(letter), 2020 + int(letter))
    spans = tuple(of_month(year, month, before=SLACK, after=SLACK) for year in years)
    return Dated(spans, f"month {month} of {' or '.join(map(str, years))}")


RULES = (
    SerialRule(
        name="d-link",
        makers=MAKERS,
        grade=Grade.INFERRED,
        source="samples of nine switches; no document",
        read=reader(("xxxxxYMNNNNNN", r"[0-9A-Z]{5}(?P<year>[0-9A-J])(?P<month>[1-9A-C])\d{6}", _found)),
        kinds=DEVICES | PARTS,
    ),
)
