"""Disk arrays, NAS boxes and tape libraries that tell themselves in sysDescr or in a few scalars: one row each.

HPE (MSA, 3PAR, Nimble, MSL, StoreOnce), EMC (Data Domain, Isilon, VNX, LenovoEMC), Pure Storage, ExaGrid, Infortrend,
Areca and its relabels, Huawei OceanStor, Buffalo, Open-E, Overland, Quantum, IBM and BDT tape libraries, WD, Drobo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_named
from stocktake.values import Binding, Condition

E = "1.3.6.1.4.1"
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Product:
    """A product line: number (or ""), what its description says, class, maker, fact → scalar."""

    number: str
    words: re.Pattern[str]
    device_class: str
    maker: str
    scalars: tuple[tuple[str, str], ...] = ()


def _product(number: str, words: str, device_class: str, maker: str, **scalars: str) -> Product:
    pattern = re.compile(words, re.IGNORECASE) if words else NOTHING
    own = tuple((name, f"{E}.{oid}") for name, oid in scalars.items())
    return Product(f"{E}.{number}" if number else "", pattern, device_class, maker, own)


def _raid(number: str, maker: str) -> Product:
    """Areca's controller and its relabels: hwInfo of the first controller."""
    branch = f"{number}.1"
    return _product(
        number, "", "storage", maker, model=f"{branch}.2.0", serial=f"{branch}.3.0", firmware=f"{branch}.4.0"
    )


HPE_IDENTITY = {"model": "232.2.2.4.2.0", "serial": "232.2.2.2.1.0"}
PRODUCTS = (
    _product("11.2.51", r"^(?P<model>HPE? MSA .+)", "storage", "HPE", **HPE_IDENTITY),
    _product("11.10.2.1.3.25", r"^(?P<model>HPE? (StoreEver )?MSL.*)", "storage", "HPE"),
    _product("", r"^(?P<model>HPE? StorageWorks D2D[\w ]*?System) (?P<serial>\w+)", "storage", "HPE"),
    _product(
        "12925",
        r"^HPE?_3PAR (?P<model>[^,]+),.*?Serial number: (?P<serial>\w+),"
        r".*?OS version: (?P<firmware>[\d.]+(?: \(MU\d+\))?)",
        "storage",
        "HPE",
    ),
    _product("37447", "", "storage", "HPE"),
    _product("19746", r"^Data Domain OS (?P<firmware>\d\S*)", "storage", "Dell", serial="19746.1.13.1.1.0",
             model="19746.1.13.1.4.0"),
    _product("12124", r"^(?P<os__name>Isilon OneFS|OneFS)\b", "nas", "Dell"),
    _product("1981", r"^(?P<model>(CX|VNX|Unity|CLARiiON)\S*)(.*?Flare (?P<firmware>\d\S*))?", "storage", "EMC"),
    _product("11369", r"^(?P<model>EMC SOHO-NAS Storage|Iomega .+|LenovoEMC .+)\.?$", "nas", "EMC"),
    _product("40482", r"^Pure Storage (?P<model>[\w/-]+), (?P<firmware>Purity\S* \d\S*)", "storage", "Pure Storage"),
    _product("14941", r"^ExaGrid (?P<model>\S+?), (?P<firmware>\d\S+)", "storage", "ExaGrid"),
    _product("1714", r"^Infortrend", "storage", "Infortrend", model="1714.1.1.1.1.13.0", serial="1714.1.1.1.1.10.0",
             firmware="1714.1.1.1.1.2.0"),
    _raid("18928.1.2", "Areca"),
    _raid("14752.1.3", "Proware"),
    _product("2011.2.91", r"^ISM SNMP Agent", "storage", "Huawei", serial="34774.4.1.1.1.0",
             firmware="34774.4.1.1.6.0"),
    _product("34774", "", "storage", "Huawei", serial="34774.4.1.1.1.0", firmware="34774.4.1.1.6.0"),
    _product("5227", r"^BUFFALO (?P<model>(Tera|Link)Station \S+) Ver\.(?P<firmware>\d[\w.]*)", "nas", "Buffalo"),
    _product("", r"^(?P<model>Open-E\b.*)", "storage", "Open-E"),
    _product("", r"^(?P<model>My(?: ?Book| ?Cloud)[\w ]*|WD[\w ]*Sentinel[\w ]*)", "nas", "Western Digital"),
    _product("", r"^Drobo\b", "nas", "Drobo"),
    _product("6411", r"^Snap ?(Server|OS)", "nas", "Overland"),
    _product("", r"^Overland Agent|^(?P<model>NEO[ s]\S+)", "storage", "Overland"),
    _product("3764", "", "storage", "Quantum", model="3764.1.1.10.3.0", firmware="3764.1.1.10.7.0",
             serial="3764.1.1.10.10.0"),
    _product("14851", r"^(?P<model>IBM .*Tape Library|3\d{3} Tape Library)", "storage", "IBM", model="14851.3.1.4.2.0",
             serial="14851.3.1.3.2.0", firmware="14851.3.1.3.4.0"),
    _product("20884", r"^(?P<model>BDT \S+ \S+)", "storage", "BDT", serial="20884.10893.2.101.4.1.0"),
    _product("", r"^(?P<model>DELL PowerVault 1\d\d?T)", "storage", "Dell"),
    _product("", r"^Sun (?P<model>StorEdge \d+|StorageTek \S+)", "storage", "Oracle"),
)  # fmt: skip
#: numbers of products whose words name them beyond doubt; other words count only under their own number
NAMED = {
    f"{E}.{number}"
    for number in (
        "11.2.51",
        "11.10.2.1.3.25",
        "1714",
        "5227",
        "6411",
        "11369",
        "12124",
        "12925",
        "14941",
        "19746",
        "40482",
    )
} | {""}
BY_NUMBER = {product.number: product for product in PRODUCTS if product.number}

ASKS = tuple(
    Ask(
        f"storage_{product.number.rpartition('.4.1.')[2].replace('.', '_')}",
        scalars=tuple(oid for _, oid in product.scalars),
        condition=Condition(object_id_prefixes=(product.number,)),
    )
    for product in PRODUCTS
    if product.scalars and product.number
)


def read(walk: Walk) -> Iterator[Statement]:
    """The product by number, else by words; its words and scalars."""
    found = walk.of_object_id(BY_NUMBER)
    because = OBJECT_ID
    if found is None:
        because = DESCRIPTION
        found = next((p for p in PRODUCTS if p.number in NAMED and p.words.search(walk.description)), None)
    if found is None:
        return
    yield from walk.vote(found.device_class, 100, "product", because)
    yield from walk.fact("maker", found.maker, because, weight=55)
    yield from walk.words(found.words, weight=60)
    for name, oid in found.scalars:
        yield from walk.state(name, oid, read=_bare if name != "serial" else None, weight=70)


def _bare(binding: Binding) -> str:
    return as_named(binding).strip('"')
