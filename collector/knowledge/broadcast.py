"""Broadcasting and other equipment beside the school's own: serial and version from a scalar or two, no class.

WorldCast Ecreso transmitters, Deva and Inovonics monitors, Terra and Televes headends, Exterity players, Profline
tuners, NetSpire controllers, Embedded Data Systems 1-wire servers, Juniper (Trapeze) wireless controllers by sysDescr.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"
NET_SNMP = f"{E}.8072.3.2.10"


@dataclass(frozen=True, slots=True)
class Product:
    """A product line: number, maker, fact → scalar, what its description says, class if it has one."""

    number: str
    maker: str
    scalars: dict[str, str] = field(default_factory=dict)
    words: str = r"(?!)"
    device_class: str = ""


PRODUCTS = (
    Product("6404.3.1.2.9", "WorldCast", {"model": "6404.3.1.2.9.1.1.0", "firmware": "6404.3.1.2.9.1.6.0",
                                          "serial": "6404.3.1.2.9.1.8.0"}),
    Product("35833.37", "Deva", {"firmware": "35833.37.1.1.0", "serial": "35833.37.1.2.0"}, r"^Model: (?P<model>\w+)"),
    Product("42111.650", "Inovonics", {"firmware": "42111.650.2.2.0"}),
    Product("30631.1.17", "Terra", {"firmware": "30631.1.17.4.1.0", "serial": "30631.1.17.4.2.0"}, r"(?P<model>\w+)$"),
    Product("30631.1.18", "Terra", {"firmware": "30631.1.18.4.1.0", "serial": "30631.1.18.4.2.0"}, r"(?P<model>\w+)$"),
    Product("23180.2.1.1.2", "Televes", {"serial": "23180.2.1.1.2.1.6.2.0"}, r"^(?P<model>TRedess .+)$"),
    Product("21222.1.4.1", "Profline", {"model": "21222.1.4.1.1.1.0", "serial": "21222.1.4.1.1.2.0"}),
    Product("1732", "Open Access", {"model": "1732.2.1.41.0", "serial": "1732.2.1.11.0"}),
    Product("31440", "Embedded Data Systems", {"model": "31440.1.2.0", "firmware": "31440.1.4.0"}),
    Product("28194", "Exterity", {}, r"\b(?P<model>avr-\w+) \[(?P<firmware>[\d.-]+)\]"),
    Product("14525", "Juniper", {}, r"(?P<model>(?:WLC|MX)\w+) (?P<firmware>\d[\d.]+) REL", "wireless controller"),
)  # fmt: skip
BY_NUMBER = {f"{E}.{product.number}": (product, re.compile(product.words)) for product in PRODUCTS}

ASKS = tuple(
    Ask(
        f"broadcast_{product.number.replace('.', '_')}",
        scalars=tuple(f"{E}.{oid}" for oid in product.scalars.values()),
        condition=Condition(
            object_id_prefixes=(f"{E}.{product.number}", *((NET_SNMP,) if product.maker == "WorldCast" else ()))
        ),
    )
    for product in PRODUCTS
    if product.scalars
)


def read(walk: Walk) -> Iterator[Statement]:
    """Maker, scalars and words of the product whose number it is; a transmitter's also behind net-snmp's number."""
    found = walk.of_object_id(BY_NUMBER)
    if found is None and walk.has(f"{E}.{PRODUCTS[0].number}"):
        found = BY_NUMBER[f"{E}.{PRODUCTS[0].number}"]
    if found is None:
        return
    product, words = found
    if product.device_class:
        yield from walk.vote(product.device_class, 90, "product", OBJECT_ID)
    yield from walk.fact("maker", product.maker, OBJECT_ID, weight=45)
    yield from walk.words(words, DESCRIPTION, weight=55)
    for name, oid in product.scalars.items():
        yield from walk.state(name, f"{E}.{oid}", weight=70)
