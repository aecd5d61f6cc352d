"""Avocent, now Vertiv (ACS6000-MIB, DSView KVM sysDescr): console servers and KVM switches.

Cyclades console servers before ACS 6000 and HPE's and Dell's relabels tell themselves by sysDescr alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_named
from stocktake.values import Binding, Condition

AVOCENT, CYCLADES = "1.3.6.1.4.1.10418", "1.3.6.1.4.1.2925"
APPLIANCES = tuple(f"{AVOCENT}.{number}.2.1" for number in (16, 26))  # ACS 6000, ACS 800 and 8000
CONSOLE_NUMBERS = (f"{AVOCENT}.16", f"{AVOCENT}.26", CYCLADES)
CONSOLE = re.compile(r"^(?P<model>(?:Avocent )?(?:Cyclades[ -])?(?:ACS|TS|AlterPath)\s?\w*)", re.IGNORECASE)
KVM = re.compile(
    r'^"?(?:Avocent )?(?P<model>(?:MPU|DSR|MPX|DS|SV|AMX|HMX|DAV|IP-Console-Switch-|HP IP Console Switch G2 )'
    r"\w+(?: - \w+)?)"
    r" (?P<firmware>\d[\d.]+)"
)

ASKS = (
    Ask(
        "avocent",
        scalars=tuple(f"{branch}.{number}.0" for branch in APPLIANCES for number in (2, 4, 7)),
        condition=Condition(object_id_prefixes=(AVOCENT,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class by number or description; model, serial and firmware of console servers."""
    numbered = walk.is_of(AVOCENT, CYCLADES)
    console = CONSOLE.match(walk.description) and (numbered or "AlterPath" in walk.description)
    if console or walk.is_of(*CONSOLE_NUMBERS):
        yield from walk.vote("console server", 100, "product", DESCRIPTION if console else OBJECT_ID)
        yield from walk.words(CONSOLE, weight=40)
    elif numbered or KVM.match(walk.description):
        yield from walk.vote("kvm", 100, "product", OBJECT_ID if numbered else DESCRIPTION)
    else:
        return
    yield from walk.fact("maker", "Avocent", DESCRIPTION, weight=45)
    yield from walk.words(KVM, weight=60)
    for branch in APPLIANCES:
        yield from walk.state("model", f"{branch}.2.0", read=_model, weight=70)
        yield from walk.states({"serial": f"{branch}.4.0", "firmware": f"{branch}.7.0"}, weight=70)


def _model(binding: Binding) -> str:
    """`ACS6048 with auxiliary port and dual power supply` without what it is equipped with."""
    return as_named(binding).partition(" with ")[0]
