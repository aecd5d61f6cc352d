"""Extreme Networks: switches `YYWWx-NNNNN`, universal access points `XXXXYYMMDDnnnn`; Enterasys access points.

Switches: two recorded dates, one nine days after the week's first day, one twenty before it (the board is older than
the system). Switches of the line that was Avaya's carry its form. Access points: Extreme, *Campus Controller
Deployment Guide*, *Deploying universal APs* (14 digits with the date of manufacture), and those of Aerohive, whose form
it was. Those of the WiNG line (AP6xxx to AP8xxx) have 14 digits of another rule. Enterasys and Siemens access points
(AP2600, AP3600): `CCPPPYYWWMMMXXXX` (gtacknowledge.extremenetworks.com, *AP2610/20 Enterasys Siemens serial numbers*).
Enterasys switches, IronWare and SLX devices, and numbers of the form `SM123456Q-12345` have no rule that is known.
"""

from __future__ import annotations

import re
from datetime import date

from collector.age import About, Grade, of_day
from collector.age.serials import (
    LAST_YEAR,
    PARTS,
    WEEKDAY,
    WEEKDAY_FORM,
    Dated,
    SerialRule,
    one_week,
    reader,
    silent,
    weekday,
)

MAKERS = frozenset({"extreme"})
SWITCHES = PARTS | {"switch", "router"}
ACCESS_POINTS = frozenset({"access point"})
WEEK_BEFORE, WEEK_AFTER = 28, 21
DAY_SLACK = 7
FIRST_SWITCH, FIRST_ACCESS_POINT = 1997, 2006  # Aerohive was founded in 2006
WING = re.compile(r"(?i)\bAP[- ]?[678]\d{3}")
ENTERASYS = re.compile(r"(?i)\b(?:W?AP)?[- ]?(?:26|36)\d\d\b")


def _week(match: re.Match[str], _about: About) -> Dated:
    short = int(match["year"])
    year = 1900 + short if short >= FIRST_SWITCH - 1900 else 2000 + short
    return one_week(year, int(match["week"]), since=FIRST_SWITCH, before=WEEK_BEFORE, after=WEEK_AFTER)


def _day(match: re.Match[str], _about: About) -> Dated:
    year, month, day = 2000 + int(match["year"]), int(match["month"]), int(match["day"])
    if not FIRST_ACCESS_POINT <= year <= LAST_YEAR:
        raise ValueError(f"year {year}")
    made = date(year, month, day)
    return Dated((of_day(made, before=DAY_SLACK, after=DAY_SLACK),), f"date of manufacture {made}")


_own = reader(
    (
        f"YYWWx-NNNNN or {WEEKDAY_FORM}",
        r"(?:\d{6}-\d\d-\d\d)?(?P<year>\d\d)(?P<week>\d\d)[A-Z]-[0-9A-Z]{5}",  # some tell the part number before it
        _week,
    )
)
_avayas = reader((WEEKDAY_FORM, WEEKDAY, weekday))


def _read_switch(serial: str, about: About) -> Dated | str:
    """Extreme's own form has a dash; without one it is the line that was Avaya's."""
    answer = _avayas(serial, about) if "-" not in serial else ""
    return answer if isinstance(answer, Dated) else _own(serial, about)


RULES = (
    SerialRule(
        name="extreme.switch",
        makers=MAKERS,
        grade=Grade.DOCUMENTED,
        source="recorded dates of EXOS and VOSS switches",
        read=_read_switch,
        kinds=SWITCHES,
    ),
    SerialRule(
        name="extreme.access_point",
        makers=frozenset({"extreme", "aerohive"}),
        grade=Grade.DOCUMENTED,
        source="Extreme, Campus Controller Deployment Guide, Deploying universal APs",
        read=reader(("XXXXYYMMDDnnnn", r"\d{4}(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)\d{4}", _day)),
        kinds=ACCESS_POINTS,
        fits=lambda about: not WING.search(about.model) and not ENTERASYS.search(about.model),
    ),
    SerialRule(
        name="extreme.enterasys_access_point",
        makers=frozenset({"extreme", "enterasys", "siemens"}),
        grade=Grade.DOCUMENTED,
        source="Extreme GTAC knowledge, AP2610/20 Enterasys Siemens serial numbers",
        read=reader(("CCPPPYYWWMMMXXXX", r"[0-9A-Z]{2}[0-9A-Z]{3}(?P<year>\d\d)(?P<week>\d\d)[0-9A-Z]{3}\d{4}", _week)),
        kinds=ACCESS_POINTS,
        fits=lambda about: bool(ENTERASYS.search(about.model)),
    ),
    silent(
        "extreme.wing",
        MAKERS,
        "no rule is known for serial numbers of WiNG access points",
        source="searched, nothing found",
        kinds=ACCESS_POINTS,
        fits=lambda about: bool(WING.search(about.model)),
    ),
    silent(
        "extreme.other",
        {"extreme", "enterasys", "aerohive"},
        "no rule is known for serial numbers of this product line of Extreme",
        source="searched, nothing found",
    ),
)
