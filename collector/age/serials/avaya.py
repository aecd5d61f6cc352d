"""Avaya and Nortel switches (ERS, VSP), now Extreme's: `YYSSWWDxxxxx`: year, place, week, and the day of the week.

Days count from 1, Sunday, to 7, Saturday. No document says so: recorded dates show it, twelve of thirteen to the day
(the thirteenth, an ERS 4950, records a date before its serial number's year). Weeks are those of ISO 8601 in the years
seen (2015, 2017, 2018), in which other ways to count give the same: a week of slack before covers them, and a Sunday
may open or close its week. Devices of this line tell Avaya, Nortel or Extreme as their maker.
"""

from __future__ import annotations

from collector.age import Grade
from collector.age.serials import DEVICES, PARTS, WEEKDAY, WEEKDAY_FORM, SerialRule, reader, silent, weekday

MAKERS = frozenset({"avaya", "nortel"})

RULES = (
    SerialRule(
        name="avaya",
        makers=MAKERS,
        grade=Grade.DOCUMENTED,
        source="recorded dates of ERS and VSP switches and their modules, 12 of 13 to the day",
        read=reader((WEEKDAY_FORM, WEEKDAY, weekday)),
        kinds=(DEVICES | PARTS) - {"fan", "transceiver"},
    ),
    silent(
        "avaya.other",
        MAKERS,
        "no rule is known for serial numbers of Avaya other than those of ERS and VSP switches",
        source="searched, nothing found",
    ),
)
