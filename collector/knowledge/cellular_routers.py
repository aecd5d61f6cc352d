"""Small branch routers, and those with mobile radio.

Product families: Teltonika, Cradlepoint, Sierra, GE MDS, NetModule, Advantech, DrayTek, Teldat,
bintec, LANCOM (also its access points and controllers), FortiExtender. Sources: TELTONIKA-MIB (48690),
DRAYTEK (7367.3), LCS-MIB and LCOS-LX-MIB (2356), BIANCA-BRICK (272), and sysDescr.
Teltonika's agents give the sysObjectID of net-snmp. Operators, cells and numbers of SIM cards are never asked for.
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


LANCOM = {"model": "2356.11.3.1.1.2.1", "firmware": "2356.11.3.1.1.3.1", "serial": "2356.11.3.1.1.4.1"}
LANCOM_SAYS = r"^LANCOM (?P<model>\S+(?: [A-Za-z+]\S*)*?) (?P<firmware>\d+\.\d+\.\d+\w*) / \S+(?: (?P<serial>\d+))?"
PRODUCTS: Mapping[str, Product] = {
    "272": Product("router", {"firmware": "272.4.1.26.0", "serial": "272.4.1.17.1.8.0.0.0"},
                   r"^(?P<model>(?:be\.IP|R[STXV]?\w?\d|bintec)\S*(?: plus)?)"),
    "2007": Product("router", {"firmware": "2007.1.2.1.6.0"},
                    r"^Router model (?P<model>\S+).*?S/N: (?P<serial>\S+)"),
    "2356": Product("router", LANCOM, LANCOM_SAYS),
    "2356.13": Product("access point", {"serial": "2356.13.1.47.7.0", "firmware": "2356.13.1.47.9.0"}),
    "4130.10": Product(
        "router",
        {"serial": "4130.10.1.1.1.2.2.0", "model": "4130.10.1.1.1.2.3.0", "firmware": "4130.10.1.1.1.2.7.1.2.2"},
    ),
    "7367": Product("router", {"model": "7367.3.1.0"},
                    r"Router Model: (?P<model>[^,]+), Version: (?P<firmware>[^,/ ]+)"),
    "12356.121": Product("router", {"firmware": "12356.121.21.1.1.1.0", "model": "12356.121.21.1.1.3.0",
                                    "serial": "12356.121.21.1.1.5.0"}),
    "20992": Product("router", says=r"^Cradlepoint (?P<model>[^,]+), Firmware Version (?P<firmware>\d+(?:\.\d+)*)"),
    "30140": Product("router", {"model": "30140.6.1.0", "firmware": "30140.6.2.0", "serial": "30140.6.3.0"}),
    "31322": Product("router"),
    "31496": Product("router", says=r"^(?P<model>N[BG]\d{3,4}\S*)"),
    "38595": Product("modem", {"serial": "38595.10.1.5.0", "firmware": "38595.10.1.7.0"}),
}  # fmt: skip
KEYS = {f"{E}.{key}": key for key in PRODUCTS}  # sysObjectID → row
PATTERNS = {key: re.compile(product.says) for key, product in PRODUCTS.items() if product.says}
ACCESS_POINTS = re.compile(r"\b(OAP|LN-|L-\d|IAP|LW-|L-1\d\d|WLAN|Wireless)", re.IGNORECASE)
CONTROLLERS = re.compile(r"\bWLC-?\d")

TELTONIKA = f"{E}.48690"
#: today's firmware tells the serial at .1.1, the one before 7.0 at .1.5, with other objects besides
TODAY = {"serial": f"{TELTONIKA}.1.1.0", "part_number": f"{TELTONIKA}.1.3.0", "firmware": f"{TELTONIKA}.1.6.0"}
BEFORE = {"serial": f"{TELTONIKA}.1.5.0", "model": f"{TELTONIKA}.1.7.0", "firmware": f"{TELTONIKA}.2.14.0"}
FAMILY = re.compile(r"^(?P<model>RUT[XMC]\d{2}|(?:RUT|TRB|TSW|OTD|TCR|TAP)\d{3})")
VIGOR = re.compile(PRODUCTS["7367"].says)

ASKS = (
    *(
        Ask(
            f"cellular_router_{key.replace('.', '_')}",
            scalars=tuple(f"{E}.{oid}" for oid in product.objects.values()),
            condition=Condition(object_id_prefixes=(f"{E}.{key}",)),
        )
        for key, product in PRODUCTS.items()
        if product.objects
    ),
    Ask(
        "teltonika",
        scalars=(*TODAY.values(), *BEFORE.values(), f"{TELTONIKA}.1.2.0", f"{TELTONIKA}.1.8.0"),
        condition=Condition(object_id_prefixes=(f"{E}.8072.3.2.10", TELTONIKA, f"{E}.24686")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and identity by number, Teltonika by its tree, Vigor routers by their words."""
    key = walk.of_object_id(KEYS)
    if key is not None:
        product = PRODUCTS[key]
        yield from walk.vote(_kind(walk, key), 80, "object_id", OBJECT_ID)
        for name, oid in product.objects.items():
            yield from walk.state(name, f"{E}.{oid}", weight=60)
        if key in PATTERNS:
            yield from walk.words(PATTERNS[key], weight=58)
    elif VIGOR.search(walk.description):
        yield from walk.vote("router", 80, "description", DESCRIPTION)
        yield from walk.fact("maker", "DrayTek", DESCRIPTION, weight=60)
        yield from walk.words(VIGOR, weight=58)
    if walk.has(TELTONIKA):
        yield from _teltonika(walk)


def _kind(walk: Walk, key: str) -> str:
    if key == "2356":
        if CONTROLLERS.search(walk.description):
            return "wireless controller"
        if ACCESS_POINTS.search(walk.description):
            return "access point"
    return PRODUCTS[key].device_class


def _teltonika(walk: Walk) -> Iterator[Statement]:
    """Model from the product code, since the object of the name holds what the owner called it."""
    yield from walk.fact("maker", "Teltonika", TELTONIKA, weight=60)
    before = walk.has(f"{TELTONIKA}.2.14")
    yield from walk.states(BEFORE if before else TODAY, weight=65)
    codes = [f"{TELTONIKA}.1.{number}.0" for number in ((7, 8) if before else (2, 3))]
    for oid, weight in zip(codes, (62, 60), strict=True):
        yield from walk.words(FAMILY, oid, weight=weight)
    switch = any(walk.text(oid).startswith("TSW") for oid in codes)
    yield from walk.vote("switch" if switch else "router", 85, "teltonika", TELTONIKA)
