"""Barracuda: CloudGen (NG) firewalls, email and web security gateways, web application firewall, load balancer, backup.

The appliances run net-snmp and tell themselves by sysDescr; only the web application firewall has identity by SNMP.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_named
from stocktake.values import Binding, Condition

APPLIANCES, PHION = "1.3.6.1.4.1.20632", "1.3.6.1.4.1.10704"
VERSION, SERIAL = f"{APPLIANCES}.8.25.0", f"{APPLIANCES}.8.28.0"
MODEL = re.compile(r"^Barracuda (?P<model>(?!Networks)[A-Z][\w +/-]{2,60})$")
CLASSES = (("load balancer", "load balancer"), ("backup", "storage"), ("archiver", "storage"))

ASKS = (
    Ask(
        "barracuda",
        scalars=(VERSION, SERIAL),
        condition=Condition(object_id_prefixes=(APPLIANCES, "1.3.6.1.4.1.8072.3.2.10")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of whatever names itself Barracuda or answers under the maker's numbers."""
    named = walk.description.startswith("Barracuda")
    if not named and not walk.is_of(APPLIANCES, PHION):
        return
    told = walk.description.lower()
    device_class = next((value for word, value in CLASSES if word in told), "firewall")
    yield from walk.vote(device_class, 100, "product", DESCRIPTION if named else OBJECT_ID)
    yield from walk.fact("maker", "Barracuda", DESCRIPTION, weight=70)
    yield from walk.words(MODEL, weight=40)
    yield from walk.state("serial", SERIAL, weight=70)
    yield from walk.state("firmware", VERSION, read=_version, weight=70)


def _version(binding: Binding) -> str:
    """`10.0.1.003 (Mon Nov  4 14:35:41 2019)` without the day it was built."""
    return as_named(binding).partition(" (")[0]
