"""What an internet provider puts at the edge: OLTs and ONUs of optical networks, DSLAMs, cable modems and CMTS.

Product families: ARRIS, Calix, Comtrend, Dasan, FiberHome, GW Technologies, Hatteras, Icotera, Iskratel, Netopia,
Occam, Pacific Broadband, Paradyne, Thomson, Ubiquoss, V-SOL, ZTE's home gateways, Zhone. A school meets few of them,
mostly as the box on its own wall. Subscribers' devices that an OLT lists are not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"


class Product(NamedTuple):
    """What a family tells: its class, objects (fact → OID below the enterprises) and a pattern over sysDescr."""

    device_class: str
    objects: Mapping[str, str] = {}
    says: str = ""


WHOLE = r"^(?P<model>[A-Za-z]+\d?-?\d[\w /-]{1,30})$"
#: how DOCSIS devices describe themselves (DOCS-CABLE-DEVICE-MIB, RFC 4639)
DOCSIS = re.compile(
    r"<<(?=.*\bVENDOR: (?P<maker>[^;>]+))(?=.*\bSW_REV: (?P<firmware>[^;>]+))(?=.*\bMODEL: (?P<model>[^;>]+))"
)
PRODUCTS: Mapping[str, Product] = {
    "1332": Product("switch"),
    "2863": Product("modem", says=r"^(?P<model>T[GC]M?\d{3}\w*)$"),
    "3136": Product("modem"),
    "3278": Product("modem"),
    "4115": Product("modem"),
    "5504": Product("switch"),
    "5875.800": Product("switch", {"firmware": "5875.800.3.9.4.3.0"}, WHOLE),
    "6066": Product("switch", says=WHOLE),
    "6296": Product("switch", says=r"^(?P<model>\S+(?: \S+)*?) NOS (?P<firmware>\d\w*(?:\.\w+)*)"),
    "6321": Product("switch", {"firmware": "6321.1.2.2.2.1.6.1.1.7.1.1", "serial": "6321.1.2.2.2.1.6.1.1.8.1.1"},
                    r"^(?:Calix, Inc )?(?P<model>E\d-\S+)(?: (?P<firmware>AXOS-\S+))?"),
    "6321.1.2.4": Product("switch", {"serial": "6321.1.2.4.2.5.10.0"},
                          r"^(?P<model>(?:Calix, Inc )?E\d-\S+)(?: (?P<firmware>AXOS-\S+))?"),
    "7800": Product("switch", says=WHOLE),
    "8550": Product("switch", says=WHOLE),
    "10072": Product("switch", {"firmware": "10072.2.20.1.1.1.1.1.8.1", "hardware": "10072.2.20.1.1.1.1.1.9.1",
                                "serial": "10072.2.20.1.1.2.1.1.18.1.1"}),
    "11606": Product("switch", says=WHOLE),
    "29865": Product("modem", says=r"^ICOTERA (?P<model>\S+) (?P<firmware>\d\S*)"),
    "37950": Product("switch", {"firmware": "37950.1.1.5.10.12.5.4.0"}, WHOLE),
    "54268": Product("router"),
    "39406": Product("router", says=r"^BenuOS, (?P<firmware>\d\S*)"),
}  # fmt: skip
KEYS = {f"{E}.{key}": key for key in PRODUCTS}  # sysObjectID → row
PATTERNS = {key: re.compile(product.says) for key, product in PRODUCTS.items() if product.says}
NAMELESS = (
    (re.compile(r"^(?P<maker>Netopia)\b"), "modem"),
    (re.compile(r"^bcm963"), "modem"),
    (re.compile(r"^(?P<model>ST5\d{3})$"), "modem"),
    (re.compile(r"^(?:Thomson |Alcatel )?SpeedTouch ?(?P<model>\S+)"), "modem"),
)

ASKS = tuple(
    Ask(
        f"access_network_{key.replace('.', '_')}",
        scalars=tuple(f"{E}.{oid}" for oid in product.objects.values()),
        condition=Condition(object_id_prefixes=(f"{E}.{key}",)),
    )
    for key, product in PRODUCTS.items()
    if product.objects
)


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and identity, by number, by the words of DOCSIS, or by description alone."""
    key = walk.of_object_id(KEYS)
    if key is not None:
        yield from walk.vote(PRODUCTS[key].device_class, 75, "object_id", OBJECT_ID)
        for name, oid in PRODUCTS[key].objects.items():
            yield from walk.state(name, f"{E}.{oid}", weight=60)
        if key in PATTERNS:
            yield from walk.words(PATTERNS[key], weight=58)
    if DOCSIS.search(walk.description):
        yield from walk.vote("modem", 80, "docsis", DESCRIPTION)
        yield from walk.words(DOCSIS, weight=45)
        return
    for pattern, kind in NAMELESS if key is None else ():
        if pattern.search(walk.description):
            yield from walk.vote(kind, 70, "description", DESCRIPTION)
            yield from walk.words(pattern, weight=45)
