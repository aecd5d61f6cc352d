"""APC and Schneider Electric: characters 3 and 4 are the year, 5 and 6 the week of manufacture, of twelve.

Source: APC, *UPS factory warranty information*
(apc.com/th/en/support/product-support/ups-factory-warranty-information.jsp: `XX1915…` is week 15 of 2019). The rack
PDUs, monitors and management cards of the same works follow it. PowerNet's own words warn that the number a UPS tells
over SNMP need not be the one on its label; it is the number of a board then, made a little earlier. Smart-UPS SUA
answer `FFFFFFFFFFFF`. The Easy range has numbers of another kind.
"""

from __future__ import annotations

import re

from collector.age import About, Grade, of_week
from collector.age.serials import POWER, Dated, SerialRule, full_year, reader

FIRST_YEAR = 1990
BEFORE, AFTER = 14, 28  # days


def _week(match: re.Match[str], _about: About) -> Dated:
    year, week = full_year(match["year"], since=FIRST_YEAR), int(match["week"])
    return Dated((of_week(year, week, before=BEFORE, after=AFTER),), f"week {week} of {year}")


RULES = (
    SerialRule(
        name="apc",
        makers=frozenset({"apc", "schneider", "netbotz"}),
        grade=Grade.DOCUMENTED,
        source="APC, UPS factory warranty information",
        read=reader(("XXYYWW…", r"[A-Z0-9]{2}(?P<year>\d\d)(?P<week>\d\d)[A-Z0-9]{6}", _week)),
        kinds=POWER | {"module"},
    ),
)
