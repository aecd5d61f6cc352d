"""Aruba wireless: mobility controllers (also as Alcatel-Lucent OAW and Dell W), Instant clusters, and access points.

Sources: AI-AP-MIB, WLSX-SWITCH-MIB, WLSX-SYSTEMEXT-MIB, WLSX-WLAN-MIB. Every access point that a controller or a
cluster lists becomes a component with model, serial and address; the clients of access points are never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

ARUBA = "1.3.6.1.4.1.14823"
KINDS = {f"{ARUBA}.1.1": "wireless controller", f"{ARUBA}.1.2": "access point", f"{ARUBA}.1.4": "access point"}
LICENCE_SERIAL = f"{ARUBA}.2.2.1.1.1.12.0"  # wlsxSwitchLicenseSerialNumber
SYSTEM = f"{ARUBA}.2.2.1.2.1"  # wlsxSysExtGroup
IDENTITY = {"model": f"{SYSTEM}.3.0", "serial": f"{SYSTEM}.29.0", "firmware": f"{SYSTEM}.28.0"}
LISTED = f"{ARUBA}.2.2.1.5.2.1.4.1"  # wlsxWlanAPTable
LISTED_POINTS = {"address": 2, "name": 3, "serial": 6, "model": 13, "firmware": 34}
INSTANT = f"{ARUBA}.2.3.3.1.2.1.1"  # aiAccessPointTable
INSTANT_POINTS = {"mac": 1, "name": 2, "address": 3, "serial": 4, "model": 6}
INSTANT_FIRMWARE = f"{ARUBA}.2.3.3.1.1.4.0"
INTERFACE_MACS = "1.3.6.1.2.1.2.2.1.6"  # ifPhysAddress

ASKS = (
    Ask(
        "aruba_wireless",
        scalars=(LICENCE_SERIAL, *IDENTITY.values(), INSTANT_FIRMWARE),
        tables=(
            *(f"{LISTED}.{column}" for column in LISTED_POINTS.values()),
            *(f"{INSTANT}.{column}" for column in INSTANT_POINTS.values()),
        ),
        condition=Condition(object_id_prefixes=(ARUBA, "1.3.6.1.4.1.6486.800.1.1.2.2.2", "1.3.6.1.4.1.674.10895.50")),
    ),
)

#: `ArubaOS (MODEL: Aruba7210), Version 8.2.0.2 (62929)`, `AOS-W (MODEL: OAW-6000), …`, `AOS-10 (MODEL: 635), …`
SAYS = re.compile(
    r"^(?:ArubaOS|AOS-W|AOS-\d+)(?: \(MODEL: (?P<model>[^)]+)\))?,?"
    r" Version (?P<firmware>\d[\w.-]*?)(?:_\d+)?(?=[ ,(]|$)"
)
CONTROLLER = re.compile(
    r"^(ArubaOS|AOS-W) \(MODEL: (OAW-[46]|(Dell )?(PowerConnect )?W-\d|Dell (?!.*W-I?AP)|Aruba\d|ArubaM)"
)
#: the models of access points are numbers; under other makers' names they are W-IAP105, OAW-AP1221
POINT = re.compile(r"^(ArubaOS|AOS-W|AOS-\d+) \(MODEL: ((Dell )?(PowerConnect )?W-I?AP|OAW-I?AP|\d{2,3}\w*\))")


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of controller or access point, and every access point that it lists."""
    description = walk.description
    kind = walk.of_object_id(KINDS)
    if CONTROLLER.match(description):
        kind = "wireless controller"
    elif kind is None and POINT.match(description):
        kind = "access point"
    if kind is None and not SAYS.match(description):
        return
    if kind:
        yield from walk.vote(kind, 80, "object_id", OBJECT_ID)
    yield from walk.words(SAYS, DESCRIPTION, weight=60)
    yield from walk.states(IDENTITY, weight=65)
    yield from walk.state("serial", LICENCE_SERIAL, weight=55)
    yield from walk.state("firmware", INSTANT_FIRMWARE, weight=55)
    yield from _own(walk)
    yield from walk.rows(LISTED, LISTED_POINTS, component="access point")
    yield from walk.rows(INSTANT, INSTANT_POINTS, component="access point")


def _own(walk: Walk) -> Iterator[Statement]:
    """The serial of the access point that answers: its row has the MAC of one of its interfaces, or is the only one.

    A cluster has none: whoever is its master answers for it, and that changes.
    """
    rows = list(walk.column(f"{INSTANT}.{INSTANT_POINTS['serial']}"))
    own = {".".join(map(str, binding.value)) for binding in walk.column(INTERFACE_MACS).values()}
    for place in rows if len(rows) == 1 else own.intersection(rows):
        yield from walk.state("serial", f"{INSTANT}.{INSTANT_POINTS['serial']}.{place}", weight=60)
