"""Allied Telesis: board number (6), revision letter or digit, year, week, sequence: `A04881A151300018`.

Inferred from ten boards, chassis and power supplies of AlliedWare Plus devices, each with a week that exists, of which
one records a date, four weeks after its week; no document says so. Shorter numbers (`A270F900C`) have no rule that is
known.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import DEVICES, PARTS, Dated, SerialRule, one_week, reader

MAKERS = frozenset({"allied"})  # the first word of the name is the key
FIRST_YEAR = 2005
BEFORE, AFTER = 21, 42


def _found(match: re.Match[str], _about: About) -> Dated:
    return one_week(2000 + int(match["year"]), int(match["week"]), since=FIRST_YEAR, before=BEFORE, after=AFTER)


RULES = (
    SerialRule(
        name="allied_telesis",
        makers=MAKERS,
        grade=Grade.INFERRED,
        source="samples of boards, one with a recorded date; no document",
        read=reader(("PPPPPPRYYWWNNNNN", r"[A0]\d{5}[0-9A-Z](?P<year>\d\d)(?P<week>\d\d)\d{4,5}(?:X\d)?", _found)),
        kinds=DEVICES | PARTS,
    ),
)
