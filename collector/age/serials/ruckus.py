"""Ruckus access points and controllers: twelve digits `SSYYWWNNNNNN`, year and week after two digits.

Seen on four devices, each with a week that exists and a year after the launch of its model; no document says so. ICX
switches come from Foundry and Brocade: their numbers (`CKM1234L567`) have no rule that is known.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import WIRELESS, Dated, SerialRule, one_week, reader, silent

MAKERS = frozenset({"ruckus"})
FIRST_YEAR = 2004  # Ruckus was founded then
SLACK = 21


def _found(match: re.Match[str], _about: About) -> Dated:
    return one_week(2000 + int(match["year"]), int(match["week"]), since=FIRST_YEAR, before=SLACK, after=SLACK)


RULES = (
    SerialRule(
        name="ruckus.wireless",
        makers=MAKERS,
        grade=Grade.OBSERVED,
        source="samples of access points and ZoneDirectors; no document",
        read=reader(("SSYYWWNNNNNN", r"\d\d(?P<year>\d\d)(?P<week>\d\d)\d{6}", _found)),
        kinds=WIRELESS,
    ),
    silent(
        "ruckus.other",
        MAKERS,
        "no rule is known for serial numbers of Ruckus switches",
        source="searched, nothing found",
    ),
)
