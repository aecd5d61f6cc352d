"""Cambium (before: Motorola Canopy, PipingHot): radios, ePMP, cnPilot and Wi-Fi access points, cnMatrix switches.

Sources: WHISP-BOX-MIBV2-MIB (161.19), CAMBIUM-PMP80211-MIB (17713.21), CAMBIUM-MIB of Wi-Fi (17713.22), ARICENT-ISS
of cnMatrix (17713.24), and sysDescr of the PTP families. Subscribers and registered stations are not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

CAMBIUM = "1.3.6.1.4.1.17713"
CANOPY = "1.3.6.1.4.1.161.19"
WHISP = {"model": f"{CANOPY}.3.3.1.266.0", "firmware": f"{CANOPY}.3.3.1.1.0"}
EPMP = {"firmware": f"{CAMBIUM}.21.1.1.1.0", "serial": f"{CAMBIUM}.21.1.1.31.0"}
WIFI = {"model": f"{CAMBIUM}.22.1.1.1.5.0", "serial": f"{CAMBIUM}.22.1.1.1.4.0", "firmware": f"{CAMBIUM}.22.1.1.1.8.0"}

ASKS = (
    Ask("cambium_canopy", scalars=tuple(WHISP.values()), condition=Condition(object_id_prefixes=(CANOPY, CAMBIUM))),
    Ask("cambium_epmp", scalars=tuple(EPMP.values()), condition=Condition(object_id_prefixes=(f"{CAMBIUM}.21",))),
    Ask("cambium_wifi", scalars=tuple(WIFI.values()), condition=Condition(object_id_prefixes=(f"{CAMBIUM}.22",))),
)

KINDS = {CANOPY: "wireless bridge", CAMBIUM: "wireless bridge", f"{CAMBIUM}.22": "access point",
         f"{CAMBIUM}.24": "switch"}  # fmt: skip
MATRIX = re.compile(r"^(?P<model>[ET]X\d{4}\S*)")
OURS = re.compile(r"^(Cambium|cnPilot|cnMatrix|ePMP)\b")
#: pattern over sysDescr → class, where no number tells it
SAYS = (
    (re.compile(r"^(?P<model>cnPilot \S+) (?P<firmware>\d\S*)"), "access point"),
    (re.compile(r"^(?P<model>CMM\d?) (?P<firmware>\d\S*)$"), "wireless bridge"),
    (re.compile(r"^CANOPY (?P<firmware>\d\S*)"), "wireless bridge"),
    (re.compile(r"^Cambium (?P<model>PTP \w+)\b.*, Version (?P<firmware>\S+)"), "wireless bridge"),
    (re.compile(r"^(?:Cambium )?(?P<model>cnMatrix.*)"), "switch"),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and identity, by number or by description."""
    kind = walk.of_object_id(KINDS)
    said = next(((pattern, of) for pattern, of in SAYS if pattern.search(walk.description)), None)
    if kind is None and said is None:
        return
    if kind is None or OURS.match(walk.description):  # the number of Canopy is Motorola's, who made it first
        yield from walk.fact("maker", "Cambium", DESCRIPTION, weight=60)
    yield from walk.vote(
        kind or (said[1] if said else "unknown"), 85, "object_id" if kind else "description", OBJECT_ID
    )
    if kind == "switch":
        yield from walk.words(MATRIX, weight=55)
    if said:
        yield from walk.words(said[0], weight=60)
    for objects in (WHISP, EPMP, WIFI):
        yield from walk.states(objects, weight=65)
