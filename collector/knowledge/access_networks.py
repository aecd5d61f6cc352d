"""What an internet provider puts at the edge: OLTs and ONUs of optical networks, DSLAMs, cable modems and CMTS.

Product families: ARRIS, Calix, Comtrend, Dasan, FiberHome, GW Technologies, Hatteras, Icotera, Iskratel, Netopia,
Occam, Pacific Broadband, Paradyne, Thomson, Ubiquoss, V-SOL, ZTE's home gateways, Zhone. A school meets few of them,
mostly as the box on its own wall. Subscribers' devices that an OLT lists are not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Statement, Walk
from collector.products import Product, ProductTable, Weights

WHOLE = r"^(?P<model>[A-Za-z]+\d?-?\d[\w /-]{1,30})$"
#: how DOCSIS devices describe themselves (DOCS-CABLE-DEVICE-MIB, RFC 4639)
DOCSIS = re.compile(
    r"<<(?=.*\bVENDOR: (?P<maker>[^;>]+))(?=.*\bSW_REV: (?P<firmware>[^;>]+))(?=.*\bMODEL: (?P<model>[^;>]+))"
)
PRODUCTS = ProductTable(
    "access_network", Weights(vote=75, maker=60, words=58, objects=60),
    Product("1332", "switch"),
    Product("2863", "modem", words=r"^(?P<model>T[GC]M?\d{3}\w*)$"),
    Product("3136", "modem"),
    Product("3278", "modem"),
    Product("4115", "modem"),
    Product("5504", "switch"),
    Product("5875.800", "switch", words=WHOLE,
            objects={"firmware": ".3.9.4.3.0"}),
    Product("6066", "switch", words=WHOLE),
    Product("6296", "switch", words=r"^(?P<model>\S+(?: \S+)*?) NOS (?P<firmware>\d\w*(?:\.\w+)*)"),
    Product("6321", "switch", words=r"^(?:Calix, Inc )?(?P<model>E\d-\S+)(?: (?P<firmware>AXOS-\S+))?",
            objects={"firmware": ".1.2.2.2.1.6.1.1.7.1.1", "serial": ".1.2.2.2.1.6.1.1.8.1.1"}),
    Product("6321.1.2.4", "switch", words=r"^(?P<model>(?:Calix, Inc )?E\d-\S+)(?: (?P<firmware>AXOS-\S+))?",
            objects={"serial": ".2.5.10.0"}),
    Product("7800", "switch", words=WHOLE),
    Product("8550", "switch", words=WHOLE),
    Product("10072", "switch",
            objects={"firmware": ".2.20.1.1.1.1.1.8.1", "hardware": ".2.20.1.1.1.1.1.9.1",
                     "serial": ".2.20.1.1.2.1.1.18.1.1"}),
    Product("11606", "switch", words=WHOLE),
    Product("29865", "modem", words=r"^ICOTERA (?P<model>\S+) (?P<firmware>\d\S*)"),
    Product("37950", "switch", words=WHOLE,
            objects={"firmware": ".1.1.5.10.12.5.4.0"}),
    Product("54268", "router"),
    Product("39406", "router", words=r"^BenuOS, (?P<firmware>\d\S*)"),
    Product("", "modem", words=r"^(?P<maker>Netopia)\b"),
    Product("", "modem", words=r"^bcm963"),
    Product("", "modem", words=r"^(?P<model>ST5\d{3})$"),
    Product("", "modem", words=r"^(?:Thomson |Alcatel )?SpeedTouch ?(?P<model>\S+)"),
)  # fmt: skip
ASKS = PRODUCTS.asks


def read(walk: Walk) -> Iterator[Statement]:
    """The product; what a DOCSIS device says of itself, whoever made it."""
    yield from PRODUCTS.read(walk)
    if DOCSIS.search(walk.description):
        yield from walk.vote("modem", 80, "docsis", DESCRIPTION)
        yield from walk.words(DOCSIS, weight=45)
