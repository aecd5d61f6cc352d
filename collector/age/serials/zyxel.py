"""Zyxel: `SYYxLWWNNNNNN`, thirteen characters: year in the second and third, week in the sixth and seventh.

Inferred from a dozen devices, which read plausibly, each with a week that exists; no document says so.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import DEVICES, PARTS, Dated, SerialRule, one_week, reader

MAKERS = frozenset({"zyxel"})
FIRST_YEAR = 2005
SLACK = 28


def _found(match: re.Match[str], _about: About) -> Dated:
    return one_week(2000 + int(match["year"]), int(match["week"]), since=FIRST_YEAR, before=SLACK, after=SLACK)


RULES = (
    SerialRule(
        name="zyxel",
        makers=MAKERS,
        grade=Grade.INFERRED,
        source="samples of switches, firewalls and controllers; no document",
        read=reader(("SYYxLWWNNNNNN", r"S(?P<year>\d\d)[0-9A-Z]{2}(?P<week>\d\d)\d{6}", _found)),
        kinds=DEVICES | PARTS | {"nas"},
    ),
)
