"""Moxa: industrial switches (EDS, IKS, ICS, PT), routers (EDR), wireless (AWK) and serial servers (NPort).

Sources: the tree of each older switch below its own sysObjectID (8691.7), MX-DEVICE-IO-INFO of newer ones (8691.602),
and the tree of each AWK (8691.15). sysDescr is the model. The owner's name for the device is not taken for a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

MOXA = "1.3.6.1.4.1.8691"
OLDER = f"{MOXA}.7"
OLDER_OBJECTS = {"model": "1.2.0", "firmware": "1.4.0", "serial": "1.78.0"}  # below the sysObjectID
NEWER = {"firmware": f"{MOXA}.602.1.1.2.2.1.0", "serial": f"{MOXA}.602.1.1.2.2.3.0", "model": f"{MOXA}.602.1.1.2.2.5.0"}
WIRELESS = f"{MOXA}.15"
WIRELESS_OBJECTS = {"model": "1.1.1.0", "serial": "1.1.3.0", "firmware": "1.1.5.0"}

UNDER = ("8691",)
ASKS = (
    Ask(
        "moxa_switch",
        scalars=tuple(f"{OLDER}.{model}.{end}" for model in range(1, 161) for end in OLDER_OBJECTS.values()),
        condition=Condition(object_id_prefixes=(OLDER,)),
    ),
    Ask("moxa_newer", scalars=tuple(NEWER.values()), condition=Condition(object_id_prefixes=(f"{MOXA}.600",))),
    Ask(
        "moxa_wireless",
        scalars=tuple(f"{WIRELESS}.{model}.{end}" for model in range(20, 61) for end in WIRELESS_OBJECTS.values()),
        condition=Condition(object_id_prefixes=(WIRELESS,)),
    ),
)

KINDS = {f"{MOXA}.2": "console server", f"{MOXA}.6": "router", OLDER: "switch", WIRELESS: "access point",
         f"{MOXA}.600": "switch", f"{MOXA}.603": "router"}  # fmt: skip
SAYS = re.compile(r"^(?P<model>(?:EDS|IKS|ICS|PT|SDS|MDS|RKS|TSN|EDR|NAT|AWK|NP|IMC|TAP|WAC)-?[A-Z]*\d\S*)$")


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and identity by number."""
    kind = walk.of_object_id(KINDS)
    if kind is None:
        return
    object_id = walk.text(OBJECT_ID)
    yield from walk.vote(kind, 80, "object_id", OBJECT_ID)
    yield from walk.words(SAYS, weight=55)
    yield from walk.states(NEWER, weight=60)
    below = WIRELESS_OBJECTS if object_id.startswith(f"{WIRELESS}.") else OLDER_OBJECTS
    yield from walk.states({name: f"{object_id}.{end}" for name, end in below.items()}, weight=60)
