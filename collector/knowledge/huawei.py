"""Huawei: VRP and YunShan OS on switches, routers, firewalls, wireless controllers and access points; OceanStor.

sysDescr, HUAWEI-DEVICE-MIB (hwEsn), HUAWEI-ENTITY-EXTENT-MIB (model and temperature of boards). Where the device
gives two versions, the V…R…C…SPC… release is the firmware, since that is what is downloaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Cadence, Condition

HUAWEI, STORAGE = "1.3.6.1.4.1.2011", "1.3.6.1.4.1.34774"
DEVICE = f"{HUAWEI}.5.25.188.1"
SERIAL, PRODUCT = f"{DEVICE}.1.0", f"{DEVICE}.4.0"
SYSTEM_MODEL = f"{HUAWEI}.5.25.31.6.5.0"  # hwEntitySystemModel
BOARD_MODEL = f"{HUAWEI}.5.25.31.1.1.2.1.11"  # hwEntityBomItem… of boards: the part's model
TEMPERATURE = f"{HUAWEI}.5.25.31.1.1.1.1.11"
OCEANSTOR = {"serial": f"{STORAGE}.4.1.1.1.0", "firmware": f"{STORAGE}.4.1.1.6.0"}

NETWORK = Condition(object_id_prefixes=(f"{HUAWEI}.2",))
ASKS = (
    Ask("huawei", scalars=(SERIAL, PRODUCT, SYSTEM_MODEL), condition=NETWORK),
    Ask("huawei_health", Cadence.HEALTH, tables=(TEMPERATURE,), condition=NETWORK),
    Ask("huawei_storage", scalars=tuple(OCEANSTOR.values()),
        condition=Condition(object_id_prefixes=(f"{HUAWEI}.2.91", STORAGE))),
)  # fmt: skip

ENTITY, BRIDGE_PORTS = "1.3.6.1.2.1.47.1.1.1.1", "1.3.6.1.2.1.17.1.4"
MAIN_BOARD = re.compile(r"^(?:SRU|MPU|MCU|Main)\b", re.IGNORECASE)
FIRMWARE = re.compile(r"\([^()]*?(?P<firmware>V\d{3}R\d{3}\w*)\)")
VERSION = re.compile(r"(?:VRP \(R\) software|YunShan OS),? ?Version (?P<firmware>[\d.]+)")
#: the model stands before the words that follow in every description, or at the very end
BEFORE = re.compile(
    r"^\"?(?:(?:HUAWEI|Huawei) ?)?(?P<model>[A-Z][\w+-]*\d[\w+ -]{0,30}?) (?:Huawei|HUAWEI) Versatile Routing"
)
SERIES = re.compile(r"Version [\d.]+ \((?P<model>[A-Za-z]*\d\w*) V\d{3}R")
BEHIND = re.compile(r"HUAWEI ?(?P<model>(?!TECH|Tech)[A-Z]\w*[\w+ -]*\d[\w+ -]*?) ?\"?$")
#: letters of a model → class; the first that fits
KINDS = (
    ("wireless controller", re.compile(r"^(AC\d|AirEngine ?9|ACU)")),
    ("access point", re.compile(r"^(AP\d|AirEngine|AD\d)")),
    ("firewall", re.compile(r"^(USG|Eudemon|HiSecEngine|NGFW|SRG)")),
    ("router", re.compile(r"^(AR|NE\d|NetEngine|ATN|CX\d|SRG|R\d)")),
    ("switch", re.compile(r"^(S\d|CE\d|CloudEngine|Quidway|LS-)")),
)
#: sysObjectID → class and weight
NUMBERS = {f"{HUAWEI}.2.23": ("switch", 60), f"{HUAWEI}.2.239": ("switch", 60), f"{HUAWEI}.2.224": ("router", 60),
           f"{HUAWEI}.2.62": ("router", 60), f"{HUAWEI}.2.88": ("router", 60), f"{HUAWEI}.2.297": ("router", 60),
           f"{HUAWEI}.2.360": ("router", 60), f"{HUAWEI}.2.240": ("wireless controller", 40),
           f"{HUAWEI}.2.91": ("storage", 80), f"{HUAWEI}.2.235": ("management controller", 80),
           f"{HUAWEI}.2.185": ("switch", 40), STORAGE: ("storage", 80)}  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Class by model and number; model, version, serial; temperatures of boards."""
    kind, weight = walk.of_object_id(NUMBERS) or ("", 0)
    if kind:
        yield from walk.vote(kind, weight, "number", OBJECT_ID)
    yield from walk.states(OCEANSTOR, weight=60)
    if "Huawei" not in walk.description and "VRP" not in walk.description and not kind:
        return
    yield from _described(walk)
    yield from walk.state("serial", SERIAL, weight=55)
    yield from _board(walk)
    yield from walk.state("model", SYSTEM_MODEL, weight=60)
    yield from walk.state("model", PRODUCT, weight=30)
    for index in walk.column(TEMPERATURE):
        if 0 < (walk.integer(f"{TEMPERATURE}.{index}") or 0) < 200:
            yield from walk.state(
                "temperature", f"{TEMPERATURE}.{index}", read=as_integer, component=f"module/{index}", unit="celsius"
            )


def _board(walk: Walk) -> Iterator[Statement]:
    """The serial of the main board, for boxes whose chassis row tells none."""
    for index in walk.column(f"{ENTITY}.11"):
        if MAIN_BOARD.match(walk.text(f"{ENTITY}.2.{index}")) and walk.integer(f"{ENTITY}.5.{index}") == 9:
            yield from walk.state("serial", f"{ENTITY}.11.{index}", weight=45)
            return


def _described(walk: Walk) -> Iterator[Statement]:
    if "Versatile Routing Platform" in walk.description or "VRP" in walk.description:
        bare = not walk.has(BRIDGE_PORTS) and not walk.text(OBJECT_ID)
        yield from walk.vote("router", 30 if bare else 5, "vrp", DESCRIPTION)
    yield from walk.words(FIRMWARE, weight=60)
    yield from walk.words(VERSION, weight=40)
    exact = BEFORE.match(walk.description) or BEHIND.search(walk.description)
    match = exact or SERIES.search(walk.description)
    if match:
        model = match["model"].strip()
        yield from walk.fact("model", model, DESCRIPTION, weight=58 if exact else 25)
        kind = next((kind for kind, letters in KINDS if letters.match(model)), "")
        if kind:
            yield from walk.vote(kind, 60, "model", DESCRIPTION)
