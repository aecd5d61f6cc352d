"""Small routers: OpenWrt, FreshTomato and DD-WRT firmware, Peplink and Pepwave, Keenetic, Apple AirPort, AVM Fritz!Box.

Free firmware runs net-snmp and tells hardware and release only where its agent was extended so; Peplink has a MIB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

PEPLINK = ("1.3.6.1.4.1.23695", "1.3.6.1.4.1.27662")
DEVICE = f"{PEPLINK[0]}.200.1.1.1.1"
IDENTITY = {"model": f"{DEVICE}.1.0", "serial": f"{DEVICE}.2.0", "firmware": f"{DEVICE}.3.0"}
EXTEND = "1.3.6.1.4.1.8072.1.3.2"
#: what the agents of the free firmware are extended with: name in the index of a table
DISTRO, VERSION, DEVICE_NAME = "6.100.105.115.116.114.111", "7.118.101.114.115.105.111.110", "6.100.101.118.105.99.101"
ARGUMENTS, FIRST_LINE = f"{EXTEND}.2.1.3", f"{EXTEND}.3.1.1"  # FreshTomato prints by `echo`, so the arguments tell
RELEASES = (
    (f"{FIRST_LINE}.{DISTRO}", re.compile(r"^(?P<os__name>OpenWrt|LEDE|DD-WRT)\s+v?(?P<firmware>\d\S*)")),
    (f"{ARGUMENTS}.{VERSION}", re.compile(r"^(?P<os__name>(?:Fresh)?Tomato)\s+(?P<firmware>\d\S*)")),
)
KEENETIC = re.compile(r"^(?P<model>Keenetic [^(]+?) \(KeeneticOS (?P<firmware>\S+)\): (?P<hardware>KN-\d+)")
AIRPORT = re.compile(r"^(?P<model>Apple AirPort[\w ]*)|^Base Station V(?P<firmware>\d\S*)")
FRITZ = re.compile(r"^(?:AVM )?(?P<model>FRITZ!(?:Box|Powerline|Repeater)[\w .]*)", re.IGNORECASE)

ASKS = (
    Ask("peplink", scalars=tuple(IDENTITY.values()), condition=Condition(object_id_prefixes=PEPLINK)),
    Ask(
        "free_router_firmware",
        scalars=(*(oid for oid, _ in RELEASES), f"{ARGUMENTS}.{DEVICE_NAME}"),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.8072.3.2.10",)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, model and release of whichever it is."""
    for pattern, maker, device_class in ((KEENETIC, "Keenetic", "router"), (AIRPORT, "Apple", "access point"),
                                         (FRITZ, "AVM", "router")):  # fmt: skip
        if pattern.match(walk.description):
            yield from walk.vote(device_class, 100, "description", DESCRIPTION)
            yield from walk.fact("maker", maker, DESCRIPTION, weight=55)
            yield from walk.words(pattern, weight=60)
    if walk.is_of(*PEPLINK):
        yield from walk.vote("router", 100, "product", OBJECT_ID)
        yield from walk.state("model", DESCRIPTION, weight=40)
        yield from walk.states(IDENTITY, weight=70)
    for oid, pattern in RELEASES:
        if pattern.match(walk.text(oid)):
            yield from walk.vote("router", 110, "release", oid)
            yield from walk.words(pattern, oid, weight=70)
            yield from walk.state("model", f"{ARGUMENTS}.{DEVICE_NAME}", weight=60)
