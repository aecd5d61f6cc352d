"""Grandstream (GRANDSTREAM-GXW-MIB and those of its other products): gateways, adapters, phones, PBX, networks.

They run net-snmp; the first scalar of a product's branch is its serial, and sysName is the model until somebody
changes it. The state of the telephone ports is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Ask, Statement, Walk
from stocktake.values import Condition

GRANDSTREAM = "1.3.6.1.4.1.42397"
SERIALS = tuple(f"{GRANDSTREAM}.1.{product}.1.0.0" for product in (1, 2))
NAME = "1.3.6.1.2.1.1.5.0"
WORDS = re.compile(
    r"^(?:Linux |Grandstream )(?P<model>(?P<line>GXW|HT|GXP|GRP|GXV|DP|WP|UCM|GWN|GSC|GDS|GVC|GCC)\d\w*)\b"
)
NAMED = re.compile(r"^(?P<model>(?P<line>GXW|HT|GXP|GRP|GXV|DP|WP|UCM|GWN|GSC|GDS|GVC|GCC)\d{2,4}\w{0,4})$")
#: the routers and switches among GWN, all others of which are access points
CABLED = ((re.compile(r"GWN70\d\d"), "router"), (re.compile(r"GWN7[78]\d\d"), "switch"))
CLASSES = {"GXW": "voice gateway", "HT": "voice gateway", "GXP": "phone", "GRP": "phone", "GXV": "phone", "DP": "phone",
           "WP": "phone", "UCM": "pbx", "GWN": "access point", "GVC": "video conference"}  # fmt: skip

ASKS = (
    Ask(
        "grandstream",
        scalars=SERIALS,
        condition=Condition(object_id_prefixes=(GRANDSTREAM, "1.3.6.1.4.1.8072.3.2.10")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity by description and branch."""
    ours = walk.is_of(GRANDSTREAM)
    match = WORDS.match(walk.description) or (NAMED.match(walk.description) if ours else None)
    gateway = any(walk.has(oid) for oid in SERIALS)
    if match is None and not gateway and not ours:
        return
    device_class = _kind(match["model"], match["line"]) if match else "voice gateway" if gateway else ""
    if device_class:
        yield from walk.vote(device_class, 130 if match else 100, "product", DESCRIPTION)
    yield from walk.fact("maker", "Grandstream", DESCRIPTION, weight=60)
    yield from walk.fact("model", match["model"] if match else "", DESCRIPTION, weight=50)
    named = NAMED.match(walk.text(NAME))
    yield from walk.fact("model", named["model"] if named else "", NAME, weight=55)
    for oid in SERIALS:
        yield from walk.state("serial", oid, weight=70)


def _kind(model: str, line: str) -> str:
    """The class that the name of a product tells, or "" where it is none of ours."""
    return next((kind for pattern, kind in CABLED if pattern.match(model)), CLASSES.get(line, ""))
