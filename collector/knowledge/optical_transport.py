"""Optical transport and line equipment: multiplexers, amplifiers, monitors, taps, and Ethernet over them.

Product families: Accedian, ADVA, BTI, Ciena, Cube Optics, Deltanet, Gigamon, Infinera, MRV, Nokia 1830, PacketLight,
Pan Dacom, Smartoptics, Solid Optics, Teleste, WISI, XKL. Rare in schools, common where a trust shares a site with a
network operator. Levels and wavelengths are not read.
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

    device_class: str = "media converter"
    objects: Mapping[str, str] = {}
    says: str = ""


WHOLE = r"^(?P<model>\w+[-/]?\d[\w /()-]{1,38})$"
PRODUCTS: Mapping[str, Product] = {
    "562.68": Product(says=r"^(?P<model>6500 .*?) SW:(?P<firmware>\d+)"),
    "629": Product("switch", {"serial": "629.1.50.16.4.3.2.0"},
                   r"^(?P<model>.*?OptiSwitch.*?) Ver\. (?P<firmware>.+)$"),
    "1271": Product("switch", says=WHOLE),
    "1271.1.2": Product("switch", {"firmware": "1271.30.2.1.13.0"}, WHOLE),
    "2544.1.11": Product(),
    "2544.1.12": Product("switch", says=r"^(?P<model>FSP ?150\S*(?: \(\w\))?)"),
    "2544.1.14": Product("media converter", {"firmware": "2544.1.14.2.1.2.0", "serial": "2544.1.14.2.1.5.0",
                                             "model": "2544.1.14.2.1.9.0"}),
    "2544.1.20": Product("switch"),
    "3652": Product(),
    "3715.17": Product("media converter", {"serial": "3715.17.1.10.0", "firmware": "3715.17.1.13.0"},
                       r"^Teleste (?P<model>Luminato(?: \dX\d)?)"),
    "4467": Product("switch", says=r"^(?P<model>\w*Falcon\S*?)(?:, firmware (?P<firmware>\d\S*))?$"),
    "4515": Product("media converter", {"firmware": "4515.1.3.6.1.1.1.5.0", "serial": "4515.1.3.6.1.1.1.7.0"}, WHOLE),
    "6141": Product("switch", {"serial": "1271.2.1.5.1.1.4.0", "model": "1271.2.1.5.1.1.3.0",
                               "firmware": "1271.2.1.2.1.2.4.2.1.2.1.1.1"}),
    "7465": Product("media converter", {"model": "7465.20.2.9.1.2.1.3.1.2.7", "firmware": "7465.20.2.9.1.2.1.3.1.4.7"}),
    "7483": Product("media converter", {"firmware": "7483.2.1.5.2.1.1.5.0", "serial": "7483.2.2.7.2.1.3.1.8.1.1",
                                        "model": "7483.2.2.7.2.1.3.1.3.1.1"}),
    "17409": Product("media converter", {"model": "17409.1.3.3.2.2.1.4.1", "serial": "17409.1.3.3.2.2.1.5.1",
                                         "firmware": "17409.1.3.3.2.2.1.6.1"}),
    "21150": Product("media converter", {"firmware": "21150.1.1.1.0"}),
    "21296": Product(),
    "22420": Product("switch", says=WHOLE),
    "26866": Product("switch", {"model": "26866.2.2.0", "serial": "26866.2.4.0", "firmware": "26866.2.6.0"},
                     r"^Gigamon (?P<model>GigaVUE-\S+) v(?P<firmware>\d\S*)"),
    "27894": Product("media converter", {"serial": "27894.11.241.1.1.1.1.2.0", "firmware": "27894.11.241.1.1.1.1.5.0"}),
    "30005": Product("switch", {"serial": "30005.1.7.100.1.1.1.1.1.1.8.1", "firmware": "30005.1.7.100.1.2.1.1.1.5.0"},
                     r", (?P<model>SA-\w+), Version (?P<firmware>\S+)"),
    "30826": Product(says=r"^Smartoptics, (?P<model>\S+)"),
    "35616": Product("media converter", {"model": "35616.5.1.2.0", "serial": "35616.5.1.5.0"},
                     r"^(?P<model>Lambdatrail-\S+)"),
    "51628": Product(),
}  # fmt: skip
KEYS = {f"{E}.{key}": key for key in PRODUCTS}  # sysObjectID → row
PATTERNS = {key: re.compile(product.says) for key, product in PRODUCTS.items() if product.says}
#: `1.0.7, Mon, 04 Dec 2017 10:31:09`
DELTANET = (f"{E}.35616.5.1.10.0", re.compile(r"^(?P<firmware>\d[\w.]*)"))
NAMELESS = re.compile(r"^(LambdaDriver|Cisco ONS)\b")

ASKS = (
    *(
        Ask(
            f"optical_transport_{key.replace('.', '_')}",
            scalars=tuple(f"{E}.{oid}" for oid in product.objects.values()),
            condition=Condition(object_id_prefixes=(f"{E}.{key}",)),
        )
        for key, product in PRODUCTS.items()
        if product.objects
    ),
    Ask("optical_transport_version", scalars=(DELTANET[0],), condition=Condition(object_id_prefixes=(f"{E}.35616",))),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Kind and identity by number."""
    key = walk.of_object_id(KEYS)
    if key is None:
        if NAMELESS.search(walk.description):
            yield from walk.vote("media converter", 70, "description", DESCRIPTION)
        return
    yield from walk.vote(PRODUCTS[key].device_class, 75, "object_id", OBJECT_ID)
    for name, oid in PRODUCTS[key].objects.items():
        yield from walk.state(name, f"{E}.{oid}", weight=60)
    if key in PATTERNS:
        yield from walk.words(PATTERNS[key], weight=58)
    yield from walk.words(DELTANET[1], DELTANET[0], weight=60)
