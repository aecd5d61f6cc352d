"""HP and HPE computers, servers and screens: `CC S Y WW ZZZZ`: country, site, last digit of the year, week, sequence.

Sources: HP, *How to decode a PSG HP serial number*, in force since 17 March 2003 (studylib.net/doc/9049545); for
servers the same by example, `DEH238…` is the 38th week of 2002
(hp-ux-br.blogspot.com/2012/02/whats-mean-serial-number.html). Every one of 107 HP monitors of 2004 to 2022 whose EDID
tells year and week agrees to the week. Two sentences of HP's paper fit no machine that was seen, and are not followed:
letters for years from 2010 (`A14`), and two digits of the year for servers (`YYWW`: `CZ162913BZ` would be of week 91).

The decade stands nowhere: `CZ162913BZ` is of week 29 of 2006, 2016 or 2026. The same characters read as a switch's
would be of June 2021, so this holds for computers, and the file of HP's switches for switches. The numbers of twelve
characters that Gen11 servers tell (`2M…`) stand in no source. That storage follows the rule of servers is inferred.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import COMPUTERS, SCREENS, STORAGE, Dated, SerialRule, in_weeks, reader

MAKERS = frozenset({"hp", "compaq"})  # HPE has the same key
FIRST_YEAR = 2003
BEFORE, AFTER = 7, 14  # days: weeks may be counted from 1 January, and a machine leaves the line after its label


def _week(match: re.Match[str], _about: About) -> Dated:
    return in_weeks(match["year"], int(match["week"]), since=FIRST_YEAR, before=BEFORE, after=AFTER)


def _gen11(_match: re.Match[str], _about: About) -> str:
    return "of twelve characters, as Gen11 servers have them: no source tells whether they hold a date"


READ = reader(
    ("CCSYWWZZZZ", r"[A-Z0-9]{3}(?P<year>\d)(?P<week>\d\d)[A-Z0-9]{4}", _week),
    ("2M… of twelve", r"2M[A-Z0-9]{10}", _gen11),
)

RULES = (
    SerialRule(
        name="hp.computers",
        makers=MAKERS,
        grade=Grade.DOCUMENTED,
        source="HP, How to decode a PSG HP serial number; EDID of 107 HP monitors",
        read=READ,
        kinds=COMPUTERS | SCREENS,
    ),
    SerialRule(
        name="hp.storage",
        makers=MAKERS,
        grade=Grade.INFERRED,
        source="the rule of HP's servers; no document names storage",
        read=READ,
        kinds=STORAGE,
    ),
)
