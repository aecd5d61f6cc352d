"""Brother: the last nine characters are month letter, last digit of the year, factory, and a number of six digits.

Months: A January to H August, J September to M December: I is left out. Before them stands the code of the model, a
letter and five digits, which devices may leave out. Sources: Brother, service manuals of HL-5250DN, page 1-23
(manualshive.com/ru/manual/brother/hl-5250dn-series/55407), MFC-3340CN, MFC-J2310 and MFC-J2330DW, appendix 1. The
decade stands nowhere.
"""

from __future__ import annotations

import re

from collector.age import About, Grade, decades
from collector.age.serials import PRINTERS, Dated, SerialRule, in_months, month_of, reader

MONTHS = "ABCDEFGHJKLM"
FIRST_YEAR = 2000
BEFORE, AFTER = 7, 31  # days


def _month(match: re.Match[str], _about: About) -> Dated:
    digit = match["year"]
    years = decades(int(digit), FIRST_YEAR)
    told = f"of a year that ends in {digit}"
    return in_months(years, month_of(match["month"], MONTHS), before=BEFORE, after=AFTER, told=told)


RULES = (
    SerialRule(
        name="brother",
        makers=frozenset({"brother"}),
        grade=Grade.DOCUMENTED,
        source="Brother, service manuals of HL-5250DN, MFC-3340CN, MFC-J2310, MFC-J2330DW",
        read=reader(("MYFNNNNNN", r"([A-Z]\d{5})?(?P<month>[A-Z])(?P<year>\d)[A-Z0-9]\d{6}", _month)),
        kinds=PRINTERS,
    ),
)
