"""Cisco: `LLLYYWWSSSS`, eleven characters: place, year since 1996, week, sequence. Meraki's numbers carry no date.

The same form stands on switches, routers, access points, firewalls, telephones, servers (UCS), on Small Business
products and on parts that others make for Cisco: power supplies, fans, transceivers. Both ends of a copper cable have
one number with `-A` and `-B`. Sources: Cisco's community, answers by its staff (community.cisco.com, *Serial number
breakdown*, 4538569; *Cisco serial number lookups*, 1375234); cablesandkits.com, *Cisco manufacture date lookup*;
synovis.de, *Cisco Seriennummer demystified* (calendar weeks, five of them in January). Dates recorded in transceivers
lie between a day before the week and its last day. One seller's *years as a supplier* is contradicted by them.
"""

from __future__ import annotations

import re

from collector.age import About, Grade
from collector.age.serials import DEVICES, PARTS, Dated, SerialRule, one_week, reader, silent

MAKERS = frozenset({"cisco"})
YEAR_ZERO, FIRST_YEAR = 1996, 1997
SLACK = 14  # days on either side: weeks are counted in more than one way
KINDS = (
    DEVICES
    | PARTS
    | {"server", "management controller", "phone", "video conference", "camera", "pbx", "console server", "storage"}
    | {"unknown"}  # one form for all that Cisco makes
)


def _found(match: re.Match[str], _about: About) -> Dated:
    year = YEAR_ZERO + int(match["year"])
    return one_week(year, int(match["week"]), since=FIRST_YEAR, before=SLACK, after=SLACK)


def _meraki(about: About) -> bool:
    return about.maker.lower().startswith(("meraki", "cisco meraki")) or about.model.lower().startswith("meraki")


RULES = (
    SerialRule(
        name="cisco",
        makers=MAKERS,
        grade=Grade.DOCUMENTED,
        source="Cisco community 4538569 and 1375234 (answers by staff); recorded dates of transceivers",
        read=reader(("LLLYYWWSSSS", r"[A-Z]{3}(?P<year>\d\d)(?P<week>\d\d)[0-9A-Z]{4}(?:-[AB])?", _found)),
        kinds=KINDS,
        fits=lambda about: not _meraki(about),
    ),
    silent(
        "cisco.meraki",
        MAKERS,
        "a Meraki serial number is drawn without a date",
        source="form Qxxx-xxxx-xxxx; no rule is known",
        fits=_meraki,
    ),
)
