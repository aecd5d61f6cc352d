"""Comware: H3C, HP and HPE FlexNetwork, 3Com switches and MSR routers, by sysDescr and HH3C-ENTITY-EXT-MIB.

Members of an IRF stack are chassis rows of ENTITY-MIB; this file adds serials that only H3C's own table tells, and
temperatures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import maker_name
from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Cadence, Condition

H3C = "1.3.6.1.4.1.25506"
SERIALS = f"{H3C}.2.6.1.2.1.1.2"  # hh3cEntityExtManuSerialNum, by entPhysicalIndex
TEMPERATURE = f"{H3C}.2.6.1.1.1.1.12"  # hh3cEntityExtTemperature; 65535 where there is no sensor

CONDITION = Condition(object_id_prefixes=(H3C, "1.3.6.1.4.1.43", "1.3.6.1.4.1.2011.10"))
ASKS = (
    Ask("comware", tables=(SERIALS,), condition=CONDITION),
    Ask("comware_health", Cadence.HEALTH, tables=(TEMPERATURE,), condition=CONDITION),
)

VERSION = re.compile(r"Software,? (?:Platform )?(?:Software )?Version:? ?(?:3Com OS )?V?(?P<number>\d[\d.]+\d\w*),?\s?"
                     r"(?P<release>(?:Release|Feature|Ess|Beta|Test|ESS|Demo) ?\w+|[A-Z]\d{4}\w*)?")  # fmt: skip
MODEL = (
    re.compile(r"^(?P<maker>HPE?|H3C|3Com) Series (?P<kind>Router) (?P<model>\S+) "),
    re.compile(r"(?:Release|Feature|Ess|Beta|Test|ESS|Demo) ?\w+,? (?P<maker>HPE?|H3C|3Com)\s(?P<model>\S.{1,60}?)"
               r"(?P<kind> Switch| Router)?(?: with .*| Software Version.*| Copyright.*|$)"),
    re.compile(r"^(?:(?P<maker>HPE?|H3C|3Com) (?:3Com )?)?(?P<model>(?!Hangzhou|.*Comware)\S.{1,60}?)"
               r"(?P<kind> Switch)? Software Version"),
)  # fmt: skip
KINDS = (
    ("router", re.compile(r"^(A-|FF )?(MSR|SR\d|CR\d|ER\d|HSR)")),
    ("firewall", re.compile(r"SecPath|^F\d{3,4}|^M9\d|SecBlade")),
    ("wireless controller", re.compile(r"^(WX\d|AC\d)|Access Controller")),
    ("access point", re.compile(r"^(WA\d|WAP\d)|Access Point")),
)
FIRST_ROWS = ("1", "2")  # the chassis: row 1, or row 2 under the row of the stack


def read(walk: Walk) -> Iterator[Statement]:
    """Class by model, version with release, serial and temperatures."""
    version = VERSION.search(walk.description)
    own = walk.of_object_id({H3C: True}) or (version and walk.of_object_id({"1.3.6.1.4.1.43": True}))
    if not own and not (version and "Comware" in walk.description):
        return
    match = next((m for pattern in MODEL if (m := pattern.search(walk.description))), None)
    model = match["model"] if match else ""
    said = (match["kind"] or "").strip().lower() if match else ""
    kind = next((kind for kind, letters in KINDS if letters.search(model)), said or "switch")
    yield from walk.vote(kind, 60, "model" if model else "number", DESCRIPTION if model else OBJECT_ID)
    yield from walk.fact("model", model, DESCRIPTION, weight=58)
    if match and match["maker"]:
        yield from walk.fact("maker", maker_name(match["maker"]), DESCRIPTION, weight=55)
    if version:
        told = ", ".join(part for part in (version["number"], version["release"]) if part)
        yield from walk.fact("firmware", told, DESCRIPTION, weight=60)
    yield from _entities(walk)


def _entities(walk: Walk) -> Iterator[Statement]:
    for index in FIRST_ROWS:
        yield from walk.state("serial", f"{SERIALS}.{index}", weight=63 - int(index))
    for index in walk.column(TEMPERATURE):
        if 0 < (walk.integer(f"{TEMPERATURE}.{index}") or 0) < 200:
            yield from walk.state(
                "temperature", f"{TEMPERATURE}.{index}", read=as_integer, component=f"module/{index}", unit="celsius"
            )
