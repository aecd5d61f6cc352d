"""Brocade and Foundry, and what became of them: IronWare (Ruckus ICX, NetIron, FastIron), Fabric OS, NOS and SLX-OS.

FOUNDRY-SN-AGENT-MIB (serial of the chassis and of each unit, temperature, power supplies), SW-MIB (Fabric OS version)
and sysDescr.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import maker_name
from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Cadence, Condition

FOUNDRY, BROCADE = "1.3.6.1.4.1.1991", "1.3.6.1.4.1.1588"
CHASSIS = f"{FOUNDRY}.1.1.1"
CHASSIS_SERIAL = f"{CHASSIS}.1.2.0"
UNIT_SERIAL = f"{CHASSIS}.4.1.1.2"  # snChasUnitSerNum, by unit
TEMPERATURE = f"{CHASSIS}.1.18.0"  # snChasActualTemperature, in halves of a degree
SUPPLIES, FANS = f"{CHASSIS}.2.1.1", f"{CHASSIS}.3.1.1"  # by number: .2 description, .3 status
STATES = {1: "other", 2: "normal", 3: "failure"}
FABRIC_VERSION = f"{BROCADE}.2.1.1.1.1.6.0"

UNDER = ("1588", "1991")
ASKS = (
    Ask("foundry", scalars=(CHASSIS_SERIAL,), tables=(UNIT_SERIAL,),
        condition=Condition(object_id_prefixes=(FOUNDRY,))),
    Ask("foundry_health", Cadence.HEALTH, scalars=(TEMPERATURE,), tables=(SUPPLIES, FANS),
        condition=Condition(object_id_prefixes=(FOUNDRY,))),
    Ask("brocade_fabric", scalars=(FABRIC_VERSION,), condition=Condition(object_id_prefixes=(BROCADE,))),
)  # fmt: skip

CLASSES = {f"{FOUNDRY}.1": "switch", f"{BROCADE}.2.1.1": "switch", f"{BROCADE}.3.3.1": "switch"}
#: words of a description that tell another class
UNLIKE = {"ServerIron": "load balancer", "Wireless AP": "access point", "Foundry AP": "access point"}
IRONWARE = re.compile(
    r"^(?P<maker>Foundry|Brocade|Ruckus|Extreme|CommScope|ARRIS)"
    r"(?: Communications| Networks| Wireless| Solutions| Systems|,? Inc\.?|, an? [\w ]+,?)*"
    r",? (?:Stacking System )?(?:Router, |Switch, )?(?P<model>\w[^,]{1,40}?)"
    r"(?:, (?!IronWare|TrafficWork)[^,]+)?, (?:IronWare|TrafficWorks?) Version V?(?P<firmware>\S+)"
)
TELLING = re.compile(r"\d|(?:Net|Fast|Big|Turbo|Server)Iron")  # and not just `Switch` or `Backbone`
OTHERS = (
    re.compile(r"\b(?P<model>VDX ?\w[\w-]*)\b.* Network Operating System Software Version (?P<firmware>\w[\w.]*\w)"),
    re.compile(r"^Foundry Networks (?P<model>EdgeIron \S+)$"),
    re.compile(r"(?P<model>SLX-?\w+).*? (?:SLX[- ]?OS|Operating System)\b.*?Version (?P<firmware>\w[\w.]*\w)"),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class by number, model and version by description, serials of chassis and units, health."""
    kind = walk.of_object_id(CLASSES)
    if kind is None:
        return
    kind = next((kind for words, kind in UNLIKE.items() if words in walk.description), kind)
    yield from walk.vote(kind, 70, "number", OBJECT_ID)
    if match := IRONWARE.match(walk.description):
        yield from walk.fact("maker", maker_name(match["maker"]), DESCRIPTION, weight=55)
        if TELLING.search(match["model"]):
            yield from walk.fact("model", match["model"], DESCRIPTION, weight=43)
        yield from walk.fact("firmware", match["firmware"], DESCRIPTION, weight=60)
    for pattern in OTHERS:
        yield from walk.words(pattern, weight=58)
    yield from walk.state("firmware", FABRIC_VERSION, weight=60)
    yield from walk.state("serial", CHASSIS_SERIAL, weight=62)
    yield from walk.rows(f"{CHASSIS}.4.1.1", {"serial": 2}, component="stack member")
    yield from _health(walk)


def _health(walk: Walk) -> Iterator[Statement]:
    halves = walk.integer(TEMPERATURE)
    if halves is not None and 0 < halves < 400:
        yield from walk.fact("temperature", halves / 2, TEMPERATURE, unit="celsius")
    for entry, word in ((SUPPLIES, "power supply"), (FANS, "fan")):
        for index in walk.column(f"{entry}.3"):
            component = f"{word}/{index}"
            yield from walk.state("name", f"{entry}.2.{index}", component=component)
            status = STATES.get(walk.integer(f"{entry}.3.{index}") or 0)
            yield from walk.fact("status", status, f"{entry}.3.{index}", component=component)
