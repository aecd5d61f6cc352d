"""Small branch routers, and those with mobile radio.

Product families: Teltonika, Cradlepoint, Sierra, GE MDS, NetModule, Advantech, DrayTek, Teldat,
bintec, LANCOM (also its access points and controllers), FortiExtender. Sources: TELTONIKA-MIB (48690),
DRAYTEK (7367.3), LCS-MIB and LCOS-LX-MIB (2356), BIANCA-BRICK (272), and sysDescr.
Teltonika's agents give the sysObjectID of net-snmp. Operators, cells and numbers of SIM cards are never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk
from collector.products import LINUX, Product, ProductTable, Weights
from stocktake.values import Condition

TELTONIKA = "1.3.6.1.4.1.48690"
#: today's firmware tells the serial at .1.1, the one before 7.0 at .1.5, with other objects besides
TODAY = {"serial": f"{TELTONIKA}.1.1.0", "part_number": f"{TELTONIKA}.1.3.0", "firmware": f"{TELTONIKA}.1.6.0"}
BEFORE = {"serial": f"{TELTONIKA}.1.5.0", "model": f"{TELTONIKA}.1.7.0", "firmware": f"{TELTONIKA}.2.14.0"}
FAMILY = re.compile(r"^(?P<model>RUT[XMC]\d{2}|(?:RUT|TRB|TSW|OTD|TCR|TAP)\d{3})")
PRODUCTS = ProductTable(
    "cellular_router", Weights(vote=80, maker=60, words=58, objects=60),
    Product("272", "router", words=r"^(?P<model>(?:be\.IP|R[STXV]?\w?\d|bintec)\S*(?: plus)?)",
            objects={"firmware": ".4.1.26.0", "serial": ".4.1.17.1.8.0.0.0"}),
    Product("2007", "router", words=r"^Router model (?P<model>\S+).*?S/N: (?P<serial>\S+)",
            objects={"firmware": ".1.2.1.6.0"}),
    Product("2356", "router",
            words=r"^LANCOM (?P<model>\S+(?: [A-Za-z+]\S*)*?) (?P<firmware>\d+\.\d+\.\d+\w*) / \S+"
                  r"(?: (?P<serial>\d+))?",
            objects={"model": ".11.3.1.1.2.1", "firmware": ".11.3.1.1.3.1", "serial": ".11.3.1.1.4.1"},
            instead={r"\bWLC-?\d": "wireless controller",
                     r"(?i)\b(OAP|LN-|L-\d|IAP|LW-|L-1\d\d|WLAN|Wireless)": "access point"}),
    Product("2356.13", "access point", objects={"serial": ".1.47.7.0", "firmware": ".1.47.9.0"}),
    Product("4130.10", "router",
            objects={"serial": ".1.1.1.2.2.0", "model": ".1.1.1.2.3.0", "firmware": ".1.1.1.2.7.1.2.2"}),
    Product("7367", "router", "DrayTek", r"Router Model: (?P<model>[^,]+), Version: (?P<firmware>[^,/ ]+)",
            {"model": ".3.1.0"}, anywhere=True, sign="router model:"),
    Product("12356.121", "router",
            objects={"firmware": ".21.1.1.1.0", "model": ".21.1.1.3.0", "serial": ".21.1.1.5.0"}),
    Product("20992", "router", words=r"^Cradlepoint (?P<model>[^,]+), Firmware Version (?P<firmware>\d+(?:\.\d+)*)"),
    Product("30140", "router", objects={"model": ".6.1.0", "firmware": ".6.2.0", "serial": ".6.3.0"}),
    Product("31322", "router"),
    Product("31496", "router", words=r"^(?P<model>N[BG]\d{3,4}\S*)"),
    Product("38595", "modem", objects={"serial": ".10.1.5.0", "firmware": ".10.1.7.0"}),
)  # fmt: skip
ASKS = (
    *PRODUCTS.asks,
    Ask(
        "teltonika",
        scalars=(*TODAY.values(), *BEFORE.values(), f"{TELTONIKA}.1.2.0", f"{TELTONIKA}.1.8.0"),
        condition=Condition(object_id_prefixes=(f"1.3.6.1.4.1.{LINUX}", TELTONIKA, "1.3.6.1.4.1.24686")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """The product; Teltonika by its tree."""
    yield from PRODUCTS.read(walk)
    if walk.has(TELTONIKA):
        yield from _teltonika(walk)


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
