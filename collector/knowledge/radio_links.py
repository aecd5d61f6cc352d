"""Radio links between buildings, and masts for outlying sites: point-to-point and point-to-multipoint radios.

Product families: 4RF, ALCOMA, Alvarion, Aviat, Baicells, Ceragon, DragonWave, Exalt, IgniteNet, InfiNet, LigoWave,
Mimosa, NEC iPASOLINK, Proxim, RACOM, RADWIN, SAF, SIAE, Siklu, Tachyon, Trango, Tranzeo, UHP. Cambium and Ubiquiti
have files of their own; what Aviat, Ceragon and Siklu tell in ENTITY-MIB is read there. Signal levels are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"


class Product(NamedTuple):
    """What a family tells: objects (fact → OID below the enterprises) and a pattern over sysDescr."""

    objects: Mapping[str, str] = {}
    says: str = ""


NONE = Product()
#: sysObjectID below the enterprises → what is told there
PRODUCTS: Mapping[str, Product] = {
    "2281": Product(says=r"^(?P<model>(?:IP-\d+\w*|FibeAir|Evolution)[^,]*)"),
    "2509": Product(),
    "119.2.3.69": Product(),
    "1807": Product(says=r"^(?P<model>(?:OmniBAS|StreetNode|UltraLink|OmniWay)\S*)"),
    "3373.1103": Product({"model": "3373.1103.6.2.1.4.1", "serial": "3373.1103.6.2.1.13.1",
                          "firmware": "3373.1103.7.2.0"}, r"^(?P<model>\S+) - SIAE"),
    "3373": Product(says=r"^(?P<model>\S+) - SIAE"),
    "3942": Product(says=r"^(?:InfiNet |WANFleX )?(?P<model>R5\d*\S*)"),
    "4458": Product({"firmware": "4458.1000.1.1.3.0", "serial": "4458.1000.1.1.29.0", "model": "4458.1000.1.1.30.0"}),
    "5454": NONE,
    "6080": NONE,
    "7262.2.2": Product({"serial": "7262.2.2.1.3.1.1.0", "model": "7262.2.2.1.3.1.2.0",
                         "firmware": "7262.2.2.1.3.2.1.0"}),
    "7262.2.3": Product({"serial": "7262.2.3.1.6.1.2.0", "model": "7262.2.3.1.6.1.3.0",
                         "firmware": "7262.2.3.1.6.2.1.0"}),
    "7262.4": Product({"firmware": "7262.4.5.2.4.2.1.1.3.1"}),
    "7571.100.1.1.5": Product(says=r"^SAF microwave radio;(?P<model>[^;]+?) v(?P<firmware>\d[\d.]*);"
                                   r".*?SN: (?P<serial>\w+)"),
    "7571": Product(says=r"^Prod: (?P<model>[^;]+);Vers: (?P<firmware>[^;]+);.*S/N: (?P<serial>\w+)"),
    "8000": Product({"firmware": "8000.22.8.5.0", "serial": "8000.22.9.2.0"}),
    "12140": NONE,
    "12394": Product(says=r"^Alvarion - (?P<model>\S+ ?\S*) , Version: (?P<firmware>\d[\w.]*)"),
    "14817": Product(says=r"(?P<model>Aprisa\w*)"),
    "19454": NONE,
    "24575": Product(says=r"^Tranzeo (?P<model>\S+), .*FW (?P<firmware>[\w.-]+)"),
    "25651": Product(says=r"^(?P<model>ExtendAir \S+) (?P<firmware>\S+)$"),
    "26381": NONE,
    "31926": Product(says=r"^(?:Siklu )?(?P<model>(?:EH|MH|EtherHaul)-?\w+)"),
    "32750": Product(says=r"^Ligo(?:DLB|PTP|\w*) (?P<model>\S+) (?P<firmware>v\S+)$"),
    "33555": Product({"model": "33555.1.1.1.1.0", "serial": "33555.1.1.1.2.0", "firmware": "33555.1.1.2.2.0"}),
    "43356": Product({"serial": "43356.2.1.2.1.2.0", "firmware": "43356.2.1.2.1.3.0"},
                     r"^(?i:mimosa) (?P<model>\S+)"),
    "47307": Product({"model": "47307.1.1.1.0", "firmware": "47307.1.1.3.0"}),
    "57344.1": Product({"model": "57344.1.3.1.0", "serial": "57344.1.3.2.0", "firmware": "57344.1.3.4.0"}),
    "62821": NONE,
}  # fmt: skip
KEYS = {f"{E}.{key}": key for key in PRODUCTS}  # sysObjectID → row
PATTERNS = {key: re.compile(product.says) for key, product in PRODUCTS.items() if product.says}
BAICELLS = {"serial": f"{E}.53058.2.1.6.0", "hardware": f"{E}.53058.2.1.7.0", "firmware": f"{E}.53058.2.1.8.0"}
#: radios without a number of their own, or with one of somebody else, by their words: pattern, maker
NAMELESS = (
    (re.compile(r"^(?P<model>ApexPlus|Apex Plus)-(?P<firmware>\d\S*)"), "Trango"),
    (re.compile(r"^Deliberant"), "Deliberant"),
    (re.compile(r"^(?P<model>(?:NFT|LigoPTP|LigoDLB) ?\S+)"), "LigoWave"),
)

ASKS = (
    *(
        Ask(
            f"radio_link_{key.replace('.', '_')}",
            scalars=tuple(f"{E}.{oid}" for oid in product.objects.values()),
            condition=Condition(object_id_prefixes=(f"{E}.{key}",)),
        )
        for key, product in PRODUCTS.items()
        if product.objects
    ),
    Ask(
        "radio_link_baicells",
        scalars=tuple(BAICELLS.values()),
        condition=Condition(object_id_prefixes=(f"{E}.8072.3.2.10", f"{E}.53058")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """That it is a radio link, and its identity."""
    key = walk.of_object_id(KEYS)
    if key is not None:
        yield from walk.vote("wireless bridge", 80, "object_id", OBJECT_ID)
        for name, oid in PRODUCTS[key].objects.items():
            yield from walk.state(name, f"{E}.{oid}", weight=60)
        if key in PATTERNS:
            yield from walk.words(PATTERNS[key], weight=58)
    if walk.has(f"{E}.53058.2.1"):
        yield from walk.vote("wireless bridge", 80, "baicells", f"{E}.53058.2.1")
        yield from walk.fact("maker", "Baicells", f"{E}.53058.2.1", weight=60)
        yield from walk.states(BAICELLS, weight=60)
    for pattern, maker in NAMELESS:
        if pattern.search(walk.description):
            yield from walk.vote("wireless bridge", 80, "description", DESCRIPTION)
            yield from walk.fact("maker", maker, DESCRIPTION, weight=60)
            yield from walk.words(pattern, weight=55)
