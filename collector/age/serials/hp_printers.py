"""HP printers: DesignJets tell year and month, of a decade that stands nowhere; of all others no source is known.

DesignJets have two forms, told apart by their third character. Older: `CC R Y M NNNNN`, country, revision letter, last
digit of the year, month (1 to 9, A October, B November, C December): HP, *DesignJet 750C user's reference*, page 10-2
(manualsdir.com/manuals/99222) and *DesignJet 250C service manual*, page 9-2. Newer: `CC Y M …` with the same months, as
a dealer tells (hpplotter.co.uk/worldofhp/your-designjet-serial-number-explained). Not HP's switches' months: there A is
November.

LaserJets, PageWide, OfficeJets and DeskJets write letters (`VNCRC48198`) whose key was not found. They tell the day of
their installation over SNMP instead, which is read elsewhere.
"""

from __future__ import annotations

import re

from collector.age import About, Grade, decades
from collector.age.serials import PRINTERS, Dated, Found, SerialRule, in_months, month_of, reader, silent

MAKERS = frozenset({"hp"})
BEFORE, AFTER = 7, 31  # days
OLDER, NEWER = (1990, 2009), (2000, 2039)  # the years in which each form was made


def _within(since: int, until: int) -> Found:
    def read(match: re.Match[str], _about: About) -> Dated:
        digit = match["year"]
        years = decades(int(digit), since, until)
        told = f"of a year that ends in {digit}"
        return in_months(years, month_of(match["month"]), before=BEFORE, after=AFTER, told=told)

    return read


def _is_designjet(about: About) -> bool:
    return "designjet" in about.model.lower().replace(" ", "")


RULES = (
    SerialRule(
        name="hp.designjet",
        makers=MAKERS,
        grade=Grade.OBSERVED,
        source="HP, manuals of DesignJet 750C and 250C; hpplotter.co.uk for the newer form",
        read=reader(
            ("CCRYMNNNNN", r"[A-Z]{3}(?P<year>\d)(?P<month>[0-9A-Z])[A-Z0-9]{5}", _within(*OLDER)),
            ("CCYM…", r"[A-Z]{2}(?P<year>\d)(?P<month>[0-9A-Z])[A-Z0-9]{6}", _within(*NEWER)),
        ),
        kinds=PRINTERS,
        fits=_is_designjet,
    ),
    silent(
        "hp.printers",
        MAKERS,
        "the letters of its serial number have no public key; the day of installation is told over SNMP, if at all",
        source="searched: service manuals of LaserJets explain the Service ID and not the serial number",
        kinds=PRINTERS,
        fits=lambda about: not _is_designjet(about),
    ),
)
