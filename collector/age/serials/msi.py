"""MSI: notebooks and all-in-ones shipped since April 2016 have `K YY MM N NNNNNNN`: year and month.

Source: MSI, FAQ 4759 (jp.msi.com/faq/faq-4759). Older ones begin with the model and carry no date that it explains.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import COMPUTERS, Dated, SerialRule, full_year, in_months, reader

BEFORE, AFTER = 7, 31  # days


def _month(match: re.Match[str], _about: About) -> Dated:
    month = int(match["month"])
    if not 1 <= month <= 12:
        raise ValueError(f"month {month}")
    return in_months([full_year(match["year"], since=2012)], month, before=BEFORE, after=AFTER)


RULES = (
    SerialRule(
        name="msi",
        makers=frozenset({"msi", "micro-star"}),
        grade=Grade.DOCUMENTED,
        source="MSI, FAQ 4759",
        read=reader(("KYYMMN…", r"K(?P<year>\d\d)(?P<month>\d\d)N\d{7}", _month)),
        kinds=COMPUTERS,
    ),
)
