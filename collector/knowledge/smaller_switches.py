"""Switches and access points of smaller makers.

Product families: BDCOM, Datacom, DCN, Edimax, Eltex, EnGenius, FiberHome, FS, Fujitsu blades, Grandstream, IP
Infusion, Netonix, Phybridge, Pica8, PLANET, QTECH, Quanta, Raisecom, Smartbyte, SNR, Supermicro, Telco Systems,
TRENDnet, Waystream. Sources: the maker's objects for model, serial and version, else sysDescr. Many of them are built
on the software of three houses (Radlan, Digital China, BDCOM), whose forms of sysDescr repeat here. ENTITY-MIB is
read in `entity`.
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

    device_class: str = "switch"
    objects: Mapping[str, str] = {}
    says: str = ""


#: Digital China and its licensees: `QSW-3450-28T-AC Device, Compiled … SoftWare Version 7.0.3.5(R0237.0034) …`
DEVICE = (
    r"^(?P<model>\S+) Device, Compiled(?:.*?SoftWare Version (?:[A-Z][\w-]*_)?(?P<firmware>\d[\w.]*(?:\([\w.]+\))?))?"
    r"(?:.*?(?:Serial No\.:|serial number )\s*(?P<serial>\w+))?"
)
#: BDCOM and its licensees: `S3400-48T4SP Series Software, Version 120538, …`
SERIES = r"(?:^|\s)(?:\w+\(tm\) )?(?P<model>\w+[-\w]*) (?:Series )?Software, Version (?P<firmware>[\w.]+)"
#: Radlan's licensees: `MES2324FB AC 28-port 1G/10G Managed Switch`
PORTS = r"^(?P<model>[A-Z]{2,5}\d{3,4}[\w-]*(?: rev\.\w+)?)\b"
BOARD = {"serial": "3.6.10.1.4.0", "firmware": "3.6.10.1.6.0"}  # below the maker's number, BDCOM's software
PRODUCTS: Mapping[str, Product] = {
    "211.1.127": Product(),
    "738": Product("switch", says=r"^Switch software version (?P<firmware>\d\S*)"),
    "1038": Product("router", says=r"^SAGEM (?P<model>\S+)"),
    "7244": Product(),
    "3320": Product("switch", {name: f"3320.{oid}" for name, oid in BOARD.items()}, SERIES),
    "52642.1": Product("switch", {name: f"52642.{oid}" for name, oid in BOARD.items()}, SERIES),
    "52642.1.99": Product("switch", {"firmware": "52642.1.1.3.5.0", "serial": "52642.1.37.1.5.1.10.1.1"},
                          r"\((?P<model>S\d[\w -]+)\)"),
    "3709": Product("switch", says=r"^(?P<model>DM\d+) .*\(DmOS version (?P<firmware>[\w.-]+)\)"),
    "3807": Product("switch", {"firmware": "3807.1.8012.2.1.4.0"}, r"^(?P<model>\S+) FHN"),
    "3822": Product("switch"),
    "6339": Product("switch", {"hardware": "6339.100.1.2.0", "firmware": "6339.100.1.3.0"}, DEVICE),
    "8886": Product("switch", {"firmware": "8886.6.1.1.1.1.0", "model": "8886.6.1.1.1.2.0",
                               "serial": "8886.6.1.1.1.14.0"}),
    "9303": Product("switch", says=r"^(?P<model>\S+), iBOS Version (?P<firmware>\S+)"),
    "10456": Product("switch", says=DEVICE),
    "13464": Product("switch", {"firmware": "13464.1.2.1.1.2.2.0", "model": "13464.1.2.1.1.2.15.0",
                                "serial": "13464.1.2.1.1.2.19.0"}),
    "14125": Product("access point"),
    "27514": Product("switch", {"firmware": "27514.100.1.3.0"}, DEVICE),
    "28866": Product("switch", says=r"^(?:TRENDnet )?(?P<model>T[A-Z]\w?\d?-\w+)"),
    "35098": Product("switch", {"serial": "35098.1.16.0"}, r"PicOS for (?P<model>\S+)"),
    "35265": Product("switch", says=PORTS),
    "36673": Product("switch", {"serial": "36673.100.1.2.1.1.3.1"},
                     r"^Hardware Model:(?P<model>[^,]+), Software version: OcNOS,(?P<firmware>\d\S*)"),
    "40418.7": Product("switch", {"hardware": "40418.7.100.1.2.0", "firmware": "40418.7.100.1.3.0"}, DEVICE),
    "40418.2": Product("sensor", says=r"^(?P<model>SNR-ERD\S*); SW: (?P<firmware>\d\S*)"),
    "42397": Product("switch", says=r"^(?P<model>G\w{2}\d{4}\w*)$"),
    "44194": Product("switch", says=r"^EnGenius (?P<model>\S+)"),
    "46242": Product("switch", {"firmware": "46242.1.0"}, r"^Netonix (?P<model>\S+)"),
    "54743": Product("switch", says=r"^(?P<model>FLEX-?\w*)"),
    "56166": Product("switch", says=r"^Product (?P<model>\S+)(?: V\S+)? Version (?P<firmware>\S+)"),
}  # fmt: skip
KEYS = {f"{E}.{key}": key for key in PRODUCTS}  # sysObjectID → row
PATTERNS = {key: re.compile(product.says, re.DOTALL) for key, product in PRODUCTS.items() if product.says}

GRANDSTREAM = {"model": f"{E}.42397.1.1.2.1.0", "firmware": f"{E}.42397.1.1.2.4.0"}  # of an access point (GWN)
INTENO_SERIAL = f"{E}.12919.12.1.0"
#: switches without a number of their own: pattern over sysDescr, maker
NAMELESS = (
    (re.compile(r"^SuperSwitch (?P<model>\S+) Firmware revision: (?P<firmware>\S+)"), "Supermicro"),
    (re.compile(r"^(?P<model>(?:SBM|MBM|SSE)-[\w-]+)?(?:Supermicro Switch|SBM-|SSE-|MBM-)"), "Supermicro"),
    (re.compile(r"^Phybridge (?P<model>\S+(?: \d+)?) Switch (?P<firmware>\d\S*)"), "Phybridge"),
    (re.compile(r"^Perle MCR"), "Perle"),
)

ASKS = (
    *(
        Ask(
            f"smaller_switch_{key.replace('.', '_')}",
            scalars=tuple(f"{E}.{oid}" for oid in product.objects.values()),
            condition=Condition(object_id_prefixes=(f"{E}.{key}",)),
        )
        for key, product in PRODUCTS.items()
        if product.objects
    ),
    Ask(
        "grandstream_access_point",
        scalars=tuple(GRANDSTREAM.values()),
        condition=Condition(object_id_prefixes=(f"{E}.8072.3.2.10", f"{E}.42397")),
    ),
    Ask("inteno", scalars=(INTENO_SERIAL,), condition=Condition(object_id_prefixes=(f"{E}.4413",))),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and identity by number, else by description."""
    key = walk.of_object_id(KEYS)
    yield from walk.state("serial", INTENO_SERIAL, weight=60)
    if walk.has(f"{E}.42397.1.1.2"):
        yield from walk.vote("access point", 115, "grandstream", GRANDSTREAM["model"])
        yield from walk.fact("maker", "Grandstream", GRANDSTREAM["model"], weight=60)
        yield from walk.states(GRANDSTREAM, weight=62)
    elif key is not None:
        yield from walk.vote(PRODUCTS[key].device_class, 80, "object_id", OBJECT_ID)
        for name, oid in PRODUCTS[key].objects.items():
            yield from walk.state(name, f"{E}.{oid}", weight=60)
        if key in PATTERNS:
            yield from walk.words(PATTERNS[key], weight=58)
    else:
        yield from _nameless(walk)


def _nameless(walk: Walk) -> Iterator[Statement]:
    for pattern, maker in NAMELESS:
        if pattern.search(walk.description):
            yield from walk.vote("switch", 75, "description", DESCRIPTION)
            yield from walk.fact("maker", maker, DESCRIPTION, weight=60)
            yield from walk.words(pattern, weight=55)
            return
