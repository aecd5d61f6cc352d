"""Firewalls and VPN gateways of makers that tell themselves in sysDescr: one row for each maker, no MIB of their own.

ScreenOS (Juniper, NetScreen), Hillstone, FireBrick, Forcepoint and Stonesoft, Clavister, VyOS and Vyatta, Pulse Secure
and Ivanti, Halon, Smoothwall, Endian, Untangle, Kerio, Check Point IPSO, Symantec, Cisco's VPN concentrators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"
FORCEPOINT = f"{E}.1369"
FORCEPOINT_IDENTITY = {"model": f"{FORCEPOINT}.6.1.1.9.0", "serial": f"{FORCEPOINT}.6.1.1.11.0"}
FORCEPOINT_VERSION = f"{FORCEPOINT}.5.2.1.1.0"
HILLSTONE_VERSION = f"{E}.28557.2.2.1.2.0"

ASKS = (
    Ask(
        "forcepoint",
        scalars=(*FORCEPOINT_IDENTITY.values(), FORCEPOINT_VERSION),
        condition=Condition(object_id_prefixes=(FORCEPOINT,)),
    ),
    Ask("hillstone", scalars=(HILLSTONE_VERSION,), condition=Condition(object_id_prefixes=(f"{E}.28557",))),
)


@dataclass(frozen=True, slots=True)
class Product:
    """A maker's firewalls: its number (or ""), what its descriptions say, and the class if not firewall."""

    maker: str
    number: str
    words: re.Pattern[str]
    device_class: str = "firewall"


def _product(maker: str, number: str, words: str, device_class: str = "firewall") -> Product:
    return Product(maker, f"{E}.{number}" if number else "", re.compile(words, re.IGNORECASE), device_class)


PRODUCTS = (
    _product("Juniper", "3224", r"^(?P<model>\S+) version (?P<firmware>\S+) \(SN: (?P<serial>\w+), Firewall"),
    _product("Hillstone", "28557", r"^Hillstone .*?(?P<model>SG-\S+|[A-Z]\d{3,}\S*|CloudEdge\S*)"),
    _product("FireBrick", "24693", r"^(?P<model>FB\d{3,4}\w*) .*\((?P<firmware>V[\d.]+\w*)"),
    _product("Forcepoint", "1369", r"^(?P<model>(Forcepoint|Stonesoft|McAfee)[\w ]*NGFW\b[\w ]*)"),
    _product(
        "Clavister", "5089", r"^Clavister (?P<model>(?!cOS)[\w -]*?)?,? ?(cOS Core )?(?P<firmware>\d+(\.\d+)+\S*)?"
    ),
    _product("VyOS", "44641", r"^(Vyatta )?VyOS (?P<firmware>\S+)"),
    _product("Vyatta", "30803", r"^Vyatta (VyOS )?(?P<firmware>\S+)"),
    _product(
        "Pulse Secure",
        "12532",
        r"^(Juniper Networks|Pulse Secure|Ivanti)[^,]*,\s?(Inc|LLC)?,(?P<model>[^(]+?),(?P<firmware>[\dR.]+) \(build",
    ),
    _product("Halon", "33234", r"^Halon (?P<firmware>\d[\d.]*\S*)"),
    _product("Smoothwall", "", r"^(Linux \S+ \S*|.*)smoothwall"),
    _product("Endian", "17950", r"\bEndian (?P<model>[\w -]+)"),
    _product("Untangle", "30054", r"^(?:.*\b)?Untangle\b"),
    _product("Kerio", "10311", r"^Kerio (?P<model>Control[\w ]*?) (?P<firmware>\d[\d.]*)"),
    _product("Check Point", "94.1.21", r"^(?P<model>IP\d+) rev \w+, IPSO \S+ (?P<firmware>\d\S+)|^IPSO \S+ "),
    _product("Symantec", "", r"^Symantec (?P<model>Gateway Security \w+)"),
    _product(
        "Cisco", "", r"^Cisco Systems, Inc\./(?P<model>VPN 3\d+ Concentrator).*?Version (?P<firmware>[\w.]+?)\.Rel"
    ),
)
#: numbers of products whose words name them beyond doubt; other words count only under their own number
NAMED = {
    f"{E}.{number}" for number in ("94.1.21", "3224", "5089", "10311", "17950", "30054", "30803", "33234", "44641")
} | {""}


def read(walk: Walk) -> Iterator[Statement]:
    """The first product whose number or words the device has."""
    by_number = {product.number: product for product in PRODUCTS if product.number}
    found = walk.of_object_id(by_number)
    if found is None:
        found = next((p for p in PRODUCTS if p.number in NAMED and p.words.search(walk.description)), None)
    if found is None:
        return
    yield from walk.vote(found.device_class, 100, "product", OBJECT_ID)
    yield from walk.fact("maker", found.maker, DESCRIPTION if walk.description else OBJECT_ID, weight=45)
    yield from walk.words(found.words, weight=60)
    yield from _own(walk)


def _own(walk: Walk) -> Iterator[Statement]:
    """What two of the makers tell beside their description."""
    yield from walk.states(FORCEPOINT_IDENTITY, weight=70)
    yield from walk.words(re.compile(r"version (?P<firmware>\d[\d.]*)"), FORCEPOINT_VERSION, weight=70)
    yield from walk.words(re.compile(r"Version (?P<firmware>\d.*?)( \d{4}/|$)"), HILLSTONE_VERSION, weight=70)
