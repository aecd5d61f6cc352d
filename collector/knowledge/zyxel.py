"""Zyxel: switches (GS, XGS, XS, MES, MGS), access points (NWA, WAX), wireless controllers, DSLAMs and home routers.

Sources: ZYXEL-ES-COMMON (890.1.15.3.1) of today's devices, the tree of each older switch below its own sysObjectID
(890.1.5.8), and the tree of home routers (890.1.2). The kind is told by the letters of the model. Firewalls (USG,
ATP) share the common tree; their file says that they are firewalls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

ZYXEL = "1.3.6.1.4.1.890.1"
COMMON = {"model": f"{ZYXEL}.15.3.1.11.0", "serial": f"{ZYXEL}.15.3.1.12.0"}
COMMON_FIRMWARE = f"{ZYXEL}.15.3.1.6.0"  # `V4.70(ABBI.2) | 12/17/2021`
HOME = {"firmware": f"{ZYXEL}.2.1.1.1.0", "model": f"{ZYXEL}.2.1.1.2.0", "serial": f"{ZYXEL}.2.1.1.10.0"}
OLDER = f"{ZYXEL}.5.8"  # switches, each with a tree of its own
VERSION = (1, 2, 3, 4)  # sysSwPlatformMajorVers, sysSwPlatformMinorVers, sysSwModelString, sysSwVersionControlNbr
SERIAL = 10  # sysSerialNumber
DSLAMS = f"{ZYXEL}.5.13"
CHASSIS = {"model": f"{DSLAMS}.13.16.12.2.0", "serial": f"{DSLAMS}.13.16.12.5.0", "firmware": f"{DSLAMS}.13.16.1.0"}
CHASSIS_SERIAL = f"{DSLAMS}.5.6.2.1.3.0"

ASKS = (
    Ask(
        "zyxel",
        scalars=tuple(HOME.values()),  # those of the common tree are in the group `zywall`
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.890",)),
    ),
    Ask(
        "zyxel_older",
        scalars=tuple(f"{OLDER}.{model}.1.{number}.0" for model in range(8, 76) for number in (*VERSION, SERIAL)),
        condition=Condition(object_id_prefixes=(OLDER,)),
    ),
    Ask(
        "zyxel_dslam",
        scalars=(*CHASSIS.values(), CHASSIS_SERIAL),
        condition=Condition(object_id_prefixes=(DSLAMS,)),
    ),
)

MODEL = re.compile(
    r"^(?:ZyXEL )?(?P<model>Prestige \S+|[A-Z]{1,6}\d{2,4}\w*(?:-\w+)*(?: PRO| v\d)?|[A-Z]{2,4}-\d\w*(?:-\w+)*)"
    r"(?: / \S+)?$",
    re.IGNORECASE,
)
KINDS = (
    (re.compile(r"^(ZyXEL )?(NWA|WA[CX]|WBE|NAP|NBE)", re.IGNORECASE), "access point"),
    (re.compile(r"^(ZyXEL )?NXC", re.IGNORECASE), "wireless controller"),
    (re.compile(r"^(ZyXEL )?(NSA|NAS)\d", re.IGNORECASE), "nas"),
    (re.compile(r"^(ZyXEL )?(XMG1\d{3}|(GE?|XM?|XG|ME?|MG|E|CX)S|MSC|IES|AAM)R?-?\d{2,4}", re.IGNORECASE), "switch"),
    (re.compile(r"^(ZyXEL )?(P-|Prestige|[VAEX]?MG\d|DX\d|EX\d|LTE|NR\d|SBG)", re.IGNORECASE), "router"),
    (re.compile(r"\b(VDSL|IAD|gateway|router)\b", re.IGNORECASE), "router"),
)  # fmt: skip
FIREWALL = re.compile(r"^(ZyXEL )?(USG|ATP|ZyWALL|VPN|SCR|UAG)", re.IGNORECASE)


def read(walk: Walk) -> Iterator[Statement]:
    """Kind by the model, identity from whichever of the trees answers."""
    object_id, description = walk.text(OBJECT_ID), walk.description
    ours = f"{object_id}.".startswith("1.3.6.1.4.1.890.")
    if not ours and not description.startswith("Prestige "):
        return
    yield from walk.fact("maker", "Zyxel", OBJECT_ID if ours else DESCRIPTION, weight=50)
    named = walk.text(COMMON["model"]) or walk.text(HOME["model"]) or description
    kind = next((kind for pattern, kind in KINDS if pattern.search(named) or pattern.search(description)), None)
    if kind and not FIREWALL.match(named):
        yield from walk.vote(kind, 80, "model", DESCRIPTION)
    if ours:
        yield from walk.words(MODEL, weight=50)
        yield from walk.states(COMMON, weight=65)
        yield from walk.states(HOME, weight=60)
        yield from walk.fact("firmware", walk.text(COMMON_FIRMWARE).partition(" |")[0], COMMON_FIRMWARE, weight=65)
        yield from walk.states(CHASSIS, weight=65)
        yield from walk.state("serial", CHASSIS_SERIAL, weight=64)
    if object_id.startswith(f"{OLDER}."):
        yield from _older(walk, object_id)


def _older(walk: Walk, object_id: str) -> Iterator[Statement]:
    """An older switch keeps its serial and the pieces of its version below its own sysObjectID."""
    yield from walk.state("serial", f"{object_id}.1.{SERIAL}.0", weight=65)
    major, minor, string, control = (walk.text(f"{object_id}.1.{number}.0") for number in VERSION)
    if major and minor:
        build = f"({string}.{control})" if string else ""
        yield from walk.fact("firmware", f"V{major}.{minor}{build}", f"{object_id}.1.1.0", weight=60)
