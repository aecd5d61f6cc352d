"""WatchGuard (WATCHGUARD-PRODUCTS-MIB, WATCHGUARD-SYSTEM-STATISTICS-MIB): Firebox and XTM firewalls, Dimension.

sysDescr of a Firebox is its model and nothing more. Tunnels and policies are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

WATCHGUARD = "1.3.6.1.4.1.3097"
VERSION = f"{WATCHGUARD}.6.3.1.0"  # wgSoftwareVersion
MODEL = re.compile(
    r"^(WatchGuard )?(?P<model>(Firebox |XTM ?)?[A-Z]{0,3}\s?-?\d{1,4}[\w -]{0,12}|Firebox\S*|XTMv?|FireboxV\s?\w*)$"
)

UNDER = ("3097",)
ASKS = (Ask("watchguard", scalars=(VERSION,), condition=Condition(object_id_prefixes=(WATCHGUARD,))),)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model and Fireware version."""
    if not walk.is_of(WATCHGUARD):
        return
    yield from walk.vote("firewall", 100, "product", OBJECT_ID)
    yield from walk.words(MODEL, weight=60)
    yield from walk.state("firmware", VERSION, weight=70)
    if walk.description.startswith("Linux"):
        yield from walk.fact("model", "Firebox", DESCRIPTION, weight=10)
