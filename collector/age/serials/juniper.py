"""Juniper EX and QFX switches: `AANNYYWWNNNN`, twelve characters, year and week in the middle.

No document of Juniper was found that says so; every sample has a week of at most 53 and a year after the launch of its
model (EX4200 of 2009 and 2015, QFX5100 of 2014 and 2016, QFX5130 of 2021 and 2024). Routers, firewalls, large chassis
and Mist access points have other forms (`JN…`, `AG3213AK0210`, `F8223`), which no source reads.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import BOARDS, Dated, SerialRule, one_week, reader, silent

MAKERS = frozenset({"juniper"})
KINDS = BOARDS | {"switch"}
FIRST_YEAR = 2007  # the first EX were sold in 2008
SLACK = 21


def _found(match: re.Match[str], _about: About) -> Dated:
    return one_week(2000 + int(match["year"]), int(match["week"]), since=FIRST_YEAR, before=SLACK, after=SLACK)


RULES = (
    SerialRule(
        name="juniper.switch",
        makers=MAKERS,
        grade=Grade.OBSERVED,
        source="samples of EX and QFX switches; no document",
        read=reader(("AANNYYWWNNNN", r"[A-Z]{2}\d\d(?P<year>\d\d)(?P<week>\d\d)\d{4}", _found)),
        kinds=KINDS,
    ),
    silent(
        "juniper.other",
        MAKERS,
        "no rule is known for Juniper's serial numbers other than those of EX and QFX switches",
        source="searched, nothing found",
    ),
)
