"""Other servers in a box: DNS and DHCP (Infoblox, EfficientIP), web filters and proxies, sandboxes, backup, key stores.

Named by number or description, with model, serial and version where a maker's scalar tells them. They count as servers
unless they stand in the way of traffic, which makes a firewall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"


@dataclass(frozen=True, slots=True)
class Product:
    """A maker's appliances: number (or ""), description, class, maker, fact → scalar."""

    number: str
    words: re.Pattern[str]
    device_class: str
    maker: str
    scalars: tuple[tuple[str, str], ...] = ()


def _product(number: str, words: str, device_class: str, maker: str, **scalars: str) -> Product:
    own = tuple((name, f"{E}.{oid}") for name, oid in scalars.items())
    return Product(f"{E}.{number}" if number else "", re.compile(words or r"(?!)"), device_class, maker, own)


PRODUCTS = (
    _product("7779", r"", "server", "Infoblox", model="7779.3.1.1.2.1.4.0", serial="7779.3.1.1.2.1.6.0",
             firmware="7779.3.1.1.2.1.7.0"),
    _product("2440", r"^EfficientIP", "server", "EfficientIP", model="2440.1.14.1.1.0", serial="2440.1.14.1.2.0",
             firmware="2440.1.17.1.2.0"),
    _product("25597", r"", "firewall", "FireEye", model="25597.11.1.1.2.0", serial="25597.11.1.1.4.0",
             firmware="25597.11.5.1.2.0"),
    _product("8962", r"", "firewall", "McAfee", model="8962.2.1.2.1.1.4.0", serial="8962.2.1.2.1.1.5.0"),
    _product("3417", r"^Blue Coat (?P<model>\w+) Series.*?Version: (?:SGOS )?(?P<firmware>[\d.]+)", "server",
             "Blue Coat"),
    _product("15497", r"^AsyncOS.*?(?P<model>[CMSX]\d{3}\w*)"
             r"|Cisco IronPort Model (?P<hardware>[\w-]+), AsyncOS Version: (?P<firmware>[\d.-]+)",
             "server", "Cisco"),
    _product("3382", r"^Venturi Server (?P<model>\w+) (?P<firmware>\d[\d.]+)", "server", "Venturi"),
    _product("22408", r"", "server", "PrimeKey"),
    _product("", r"^(?P<model>Powercode BMU)$", "server", "Powercode"),
    _product("", r"^LightSpeed|^Lightspeed", "server", "Lightspeed"),
    _product("", r"^vSphere Management Assistant (?P<firmware>[\d.]+)", "server", "VMware"),
)  # fmt: skip
BY_NUMBER = {product.number: product for product in PRODUCTS if product.number}

ASKS = tuple(
    Ask(f"appliance_{product.maker.lower()}", scalars=tuple(oid for _, oid in product.scalars),
        condition=Condition(object_id_prefixes=(product.number,)))
    for product in PRODUCTS if product.scalars
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """The product by number, else by words; its words and scalars."""
    found, place = walk.of_object_id(BY_NUMBER), OBJECT_ID
    if found is None:
        found, place = next((p for p in PRODUCTS if p.words.search(walk.description)), None), DESCRIPTION
    if found is None:
        return
    yield from walk.vote(found.device_class, 90, "product", place)
    yield from walk.fact("maker", found.maker, place, weight=45)
    yield from walk.words(found.words, weight=55)
    for name, oid in found.scalars:
        yield from walk.state(name, oid, weight=70)
