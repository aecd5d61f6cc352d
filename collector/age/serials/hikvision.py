"""Hikvision: model, channels, the day of production as YYYYMMDD, four letters, nine digits, and letters of features.

Source: ipcamtalk.com/threads/heres-how-to-read-hikvision-serial-numbers.12108
(`DS-7608NI-E2/8P0820160211AAWR123456789WCVU` was made on 2016-02-11). A recorder may leave its model out. Hikvision
publishes no rule; the digits are a date wherever the form fits.
"""

from __future__ import annotations

import re
from datetime import date

from collector.age import About, Grade, of_day
from collector.age.serials import CAMERAS, Dated, SerialRule

BEFORE, AFTER = 14, 45  # days
FORM = re.compile(r".*(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)[A-Z]{4}\d{9}[A-Z]*")


def _read(serial: str, _about: About) -> Dated | str:
    match = FORM.fullmatch(serial)
    if match is None:
        return "the short number of its label, which carries no date"
    day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    return Dated((of_day(day, before=BEFORE, after=AFTER),), f"produced on {day.isoformat()}")


RULES = (
    SerialRule(
        name="hikvision",
        makers=frozenset({"hikvision"}),
        grade=Grade.OBSERVED,
        source="ipcamtalk.com/threads/heres-how-to-read-hikvision-serial-numbers.12108",
        read=_read,
        kinds=CAMERAS | {"unknown"},
    ),
)
