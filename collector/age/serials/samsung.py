"""Samsung: the seventh character from the end is the year, the sixth the month; a last letter is not counted.

Year: Y 2005, L 2006, P 2007, Q, S, Z 2010, B 2011, C, D, F, G, H, J 2017, K, M, N 2020, R, T, W, X 2024, and again; a
round is twenty years, in which L and N differ. Month: 1 to 9, A to C. Sources:
3dsattv.ru/articles/kak-uznat-god-vypuska-monitora-samsung.html for all products; tab-tv.com for televisions and
telephones. 165 of 175 monitors of 2004 to 2023 whose EDID tells year and week agree to the month; of the others most
tell an EDID that many share. Samsung itself publishes nothing: of printers and computers this rests on the word of
service sites.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import COMPUTERS, PRINTERS, SCREENS, Dated, SerialRule, in_months, month_of, reader

MAKERS = frozenset({"samsung"})
YEARS: dict[str, tuple[int, ...]] = {
    "R": (2001, 2021), "T": (2002, 2022), "W": (2003, 2023), "X": (2004, 2024), "Y": (2005, 2025), "L": (2006,),
    "P": (2007,), "Q": (2008,), "S": (2009,), "Z": (2010,), "B": (2011,), "C": (2012,), "D": (2013,), "F": (2014,),
    "G": (2015,), "H": (2016,), "J": (2017,), "K": (2018,), "M": (2019,), "N": (2020,),
}  # fmt: skip
BEFORE, AFTER = 7, 21  # days
SOURCE = "3dsattv.ru, tab-tv.com"


def _month(match: re.Match[str], _about: About) -> Dated | str:
    if match["year"] not in YEARS:
        return f"the year that {match['year']} stands for is not known"
    years = YEARS[match["year"]]
    told = " or ".join(str(year) for year in years)
    return in_months(years, month_of(match["month"]), before=BEFORE, after=AFTER, told=told)


YEAR_MONTH = r"[A-Z0-9]{3,8}(?P<year>[A-Z])(?P<month>[1-9ABC])"
READ = reader(
    ("…YMNNNNNX", rf"{YEAR_MONTH}[A-Z0-9]{{5}}[A-Z]", _month),
    ("…YMNNNNN", rf"{YEAR_MONTH}[A-Z0-9]{{4}}\d", _month),
)

RULES = (
    SerialRule("samsung.screens", MAKERS, Grade.OBSERVED, f"{SOURCE}; EDID of 175 monitors", READ, SCREENS),
    SerialRule("samsung.others", MAKERS, Grade.OBSERVED, SOURCE, READ, COMPUTERS | PRINTERS | {"phone"}),
)
