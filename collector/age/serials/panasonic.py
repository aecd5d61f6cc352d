"""Panasonic printers and copiers: month and year as letters, in the first two of eleven characters.

Year: A 2001 to T 2020, I and O included. Month: A January to L December. Source: Panasonic, *DP-C405/C305/C265 service
manual*, section 1.6.1 (easymanua.ls/panasonic/dp-c405/manual/642636?p=51): its drawing names, from the right, sequence,
model, facility, year and month. What of the drawing could be read does not settle whether month or year stands first;
where both are possible, both are told. Panasonic's computers, telephones and cameras have no rule that is known.
"""

from __future__ import annotations

import re

from collector.age import About, Grade, of_month
from collector.age.serials import (
    CAMERAS,
    COMPUTERS,
    MONTH_NAMES,
    PRINTERS,
    SCREENS,
    TELEPHONY,
    Dated,
    SerialRule,
    reader,
    silent,
)

MAKERS = frozenset({"panasonic"})
YEARS = "ABCDEFGHIJKLMNOPQRST"
MONTHS = "ABCDEFGHIJKL"
FIRST_YEAR = 2001
BEFORE, AFTER = 7, 31  # days


def _month(match: re.Match[str], _about: About) -> Dated:
    first, second = match[1], match[2]
    read = {
        (FIRST_YEAR + YEARS.index(y), MONTHS.index(m) + 1) for m, y in ((first, second), (second, first)) if m in MONTHS
    }
    spans = tuple(of_month(year, month, before=BEFORE, after=AFTER) for year, month in sorted(read))
    return Dated(spans, " or ".join(f"{MONTH_NAMES[month - 1]} {year}" for year, month in sorted(read)))


RULES = (
    SerialRule(
        name="panasonic.printers",
        makers=MAKERS,
        grade=Grade.OBSERVED,
        source="Panasonic, DP-C405/C305/C265 service manual, section 1.6.1",
        read=reader(("MYF and eight more", rf"([{YEARS}])([{YEARS}])[A-Z0-9]{{4}}[A-Z0-9]\d{{4}}", _month)),
        kinds=PRINTERS,
    ),
    silent(
        "panasonic.others",
        MAKERS,
        "no rule is known for its serial numbers",
        source="searched, nothing found",
        kinds=COMPUTERS | SCREENS | CAMERAS | TELEPHONY,
    ),
)
