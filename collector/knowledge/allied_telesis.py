"""Allied Telesis: switches and routers with AlliedWare Plus or AlliedWare, WebSmart switches, TQ access points.

Sources: AT-BOARDS-MIB and AT-SETUP-MIB (AlliedWare Plus), AT-CHASSIS-MIB (AlliedWare), and the beginnings of
sysDescr. Every board that tells a serial is a component; the device is the one that is put into no other (as power
supplies, fans, uplinks, line and controller cards are), and of a stack (VCStack) each member has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

ALLIED = "1.3.6.1.4.1.207"
RELEASE = f"{ALLIED}.8.4.4.4.500.2.1.1.0"  # currSoftVersion
BOARD_NAME, BOARD_SERIAL = f"{ALLIED}.8.4.4.3.21.1.1.4", f"{ALLIED}.8.4.4.3.21.1.1.8"  # rscBoardTable
CHASSIS_NAME, CHASSIS_SERIAL = f"{ALLIED}.8.4.4.5.2.1.3", f"{ALLIED}.8.4.4.5.2.1.5"
WEB_SMART = ".81.1.3.0"  # below the sysObjectID of a WebSmart switch: its version
WEB_SMART_MODELS = tuple(
    f"{ALLIED}.1.4.{model}" for model in (110, 125, 129, 152, 162, 163, 164, 165, 166, 167, 168, 173)
)

UNDER = ("207",)
ASKS = (
    Ask(
        "allied_telesis",
        scalars=(RELEASE, *(f"{model}{WEB_SMART}" for model in WEB_SMART_MODELS)),
        tables=(BOARD_NAME, BOARD_SERIAL, CHASSIS_NAME, CHASSIS_SERIAL),
        condition=Condition(object_id_prefixes=(ALLIED,)),
    ),
)

KINDS = {f"{ALLIED}.1.1": "router", f"{ALLIED}.1.4": "switch", f"{ALLIED}.1.5": "media converter",
         f"{ALLIED}.1.9": "media converter", f"{ALLIED}.1.13": "access point", f"{ALLIED}.1.14": "switch",
         f"{ALLIED}.1.22": "router"}  # fmt: skip
SAYS = (
    re.compile(
        r"\b(?P<model>(?:AT-|CentreCOM )?(?=\w*\d)[A-Z]*\w[\w/+-]*)(?: [A-Z][\w ]*)?,?"
        r" [Vv]ersion (?P<firmware>\d[\w.-]*)"
    ),
    re.compile(r"^(?:Allied Telesis |Allied Telesyn |ATI )?(?P<model>AT-\S+)"),
    re.compile(r"(?:AW\+|AlliedWare Plus\)?(?: \(TM\))?)(?: Version)? v?(?P<firmware>\d[\w.-]*)"),
)  # fmt: skip
#: what is put into a switch: AT-PWR800, AT-FAN09, AT-XEM-2XT, AT-StackXG, AT-SBx81CFC960, AT-SBx81GP24
PUT_IN = re.compile(r"(?i)^(AT-)?(PWR|FAN|XEM|STACK|EXP|SB\w*?(PWR|FAN|XEM)|SBx81[A-Z]|STK|x\d+-STK)")


def read(walk: Walk) -> Iterator[Statement]:
    """Kind by sysObjectID, identity by description, boards as components."""
    kind = walk.of_object_id(KINDS)
    if kind is None:
        return
    yield from walk.vote(kind, 80, "object_id", OBJECT_ID)
    for weight, pattern in zip((60, 58, 55), SAYS, strict=True):
        yield from walk.words(pattern, DESCRIPTION, weight=weight)
    yield from walk.state("firmware", f"{walk.text(OBJECT_ID)}{WEB_SMART}", weight=60)
    yield from walk.state("firmware", RELEASE, weight=65)
    yield from _boards(walk, BOARD_NAME, BOARD_SERIAL)
    yield from _boards(walk, CHASSIS_NAME, CHASSIS_SERIAL)


def _boards(walk: Walk, names: str, serials: str) -> Iterator[Statement]:
    rows = list(walk.column(serials))
    own = [index for index in rows if not PUT_IN.search(walk.text(f"{names}.{index}"))]
    units = sorted({_unit(index) for index in own}, key=lambda unit: (len(unit), unit))
    members = {unit: f"stack member/{unit}" for unit in units} if 1 < len(own) == len(units) else {}
    for index in rows:
        member = members.get(_unit(index), "")
        component = member if member and index in own else f"module/{index}"
        yield from walk.state("model", f"{names}.{index}", component=component)
        yield from walk.state("serial", f"{serials}.{index}", component=component)
        if member and component != member:
            yield from walk.fact("contained_in", member, f"{serials}.{index}", component=component)
    if len(own) == 1 or members:
        first = min(own, key=lambda index: (len(_unit(index)), _unit(index)))
        yield from walk.state("model", f"{names}.{first}", weight=65)
        yield from walk.state("serial", f"{serials}.{first}", weight=65)


def _unit(index: str) -> str:
    """The stack member of a row: what its index begins with, where it has two parts."""
    return index.rpartition(".")[0]
