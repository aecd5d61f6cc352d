"""Optoma projectors: `A BBB Y WW …`, sixteen or seventeen characters: maker, product, last digit of the year, week.

Sources: Optoma, service manuals of EP732B (`A80V429T0AAAA1001`: week 29 of 2004), EP7150 and EX542
(`Q8FJ915AAAAAC0001`: week 15 of 2009; easymanua.ls/optoma/ex615).
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import Dated, SerialRule, in_weeks, reader

FIRST_YEAR = 2003
BEFORE, AFTER = 7, 14  # days


def _week(match: re.Match[str], _about: About) -> Dated:
    return in_weeks(match["year"], int(match["week"]), since=FIRST_YEAR, before=BEFORE, after=AFTER)


RULES = (
    SerialRule(
        name="optoma",
        makers=frozenset({"optoma"}),
        grade=Grade.DOCUMENTED,
        source="Optoma, service manuals of EP732B, EP7150 and EX542",
        read=reader(("ABBBYWW…", r"[AQ][A-Z0-9]{3}(?P<year>\d)(?P<week>\d\d)[A-Z0-9]{9,10}", _week)),
        kinds=frozenset({"projector"}),
    ),
)
