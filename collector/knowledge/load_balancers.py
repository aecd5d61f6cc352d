"""Load balancers: F5 BIG-IP, Citrix NetScaler, A10, Kemp, Loadbalancer.org, HAProxy ALOHA, Array, Radware and others.

Model, serial and version of F5 (F5-BIGIP-SYSTEM-MIB), NetScaler (NS-ROOT-MIB), A10 (A10-AX-MIB), ALOHA; what their
descriptions tell of the rest. Virtual servers and pools are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_named
from stocktake.values import Binding, Condition

E = "1.3.6.1.4.1"
NET_SNMP = f"{E}.8072.3.2.10"


@dataclass(frozen=True, slots=True)
class Product:
    """A maker's load balancers: number (or ""), description, maker, fact → scalar."""

    number: str
    words: re.Pattern[str]
    maker: str
    scalars: tuple[tuple[str, str], ...] = ()


def _product(number: str, words: str, maker: str, **scalars: str) -> Product:
    pattern = re.compile(words or r"(?!)")
    return Product(
        f"{E}.{number}" if number else "", pattern, maker, tuple((k, f"{E}.{v}") for k, v in scalars.items())
    )


PRODUCTS = (
    _product("3375", r"^BIG-IP (?P<model>[\w ]+?)(?: :|$)", "F5", model="3375.2.1.3.5.2.0", firmware="3375.2.1.4.2.0",
             serial="3375.2.1.3.3.3.0"),
    _product("5951", r"^NetScaler (?P<firmware>NS[\d.]+: Build [\w.]+?)(?:\.nc)?,", "Citrix", model="5951.4.1.1.11.0",
             serial="5951.4.1.1.14.0", firmware="5951.4.1.1.1.0"),
    _product("3845.31.4", r"^Citrix (?P<model>Virtual WAN Appliance)", "Citrix", model="3845.31.4.2.2.12.1.1",
             serial="3845.31.4.2.2.12.1.10", firmware="3845.31.4.2.2.12.1.12"),
    _product("22610", r"(?P<model>(?:AX|TH|AXv|v)\w*\d*\w*), ACOS (?P<firmware>[\w.-]+)", "A10",
             firmware="22610.2.4.1.1.1.0",
             serial="22610.2.4.1.6.2.0"),
    _product("12196", r"^(?:KEMP|LoadMaster)", "Kemp"),
    _product("54849", r"^Linux \S+ \d[\w.]*-lb\d", "Loadbalancer.org"),
    _product("23263", r"^Linux \S+ \S+-alb[\w.]+", "HAProxy", firmware="23263.4.2.1.1.4", model="23263.4.2.1.5.1",
             serial="23263.4.2.1.5.3"),
    _product("7564", r"Array (?P<model>(?:A?PV|TMX?|AG) ?\w+).*?Rel\.\w+\.(?P<firmware>\d[\d.]+\d)", "Array Networks"),
    _product("", r"^(?P<model>ServerIron\S*)", "Brocade"),
    _product("89.1.1.62", r"^(?P<model>Alteon [\w -]+|LinkProof[\w -]*|AppDirector[\w -]*|DefensePro[\w -]*)",
             "Radware"),
    _product("", r"^(?:Nortel|Alteon) (?P<model>Application Switch \w+)", "Nortel"),
    _product("", r"^(?:Cisco )?(?P<model>Application Control (?:Software|Engine))", "Cisco"),
    _product("", r"^(?P<model>Zevenet|ZEVENET|Skudonet|jetNEXUS|edgeNEXUS)", ""),
)  # fmt: skip
#: numbers of products whose words name them beyond doubt; other words count only under their own number
NAMED = {f"{E}.{number}" for number in ("89.1.1.62", "3375", "5951", "7564", "12196", "22610", "23263", "54849")} | {""}
BY_NUMBER = {product.number: product for product in PRODUCTS if product.number}
NETSCALER_VERSION = re.compile(r"NetScaler (?P<firmware>NS[\d.]+: Build [\w.]+?)(?:\.nc)?,")

ASKS = tuple(
    Ask(
        f"load_balancer_{product.maker.lower().split('.')[0]}_{product.number.rpartition('.')[2]}",
        scalars=tuple(oid for _, oid in product.scalars),
        condition=Condition(
            object_id_prefixes=(product.number, NET_SNMP) if product.maker == "HAProxy" else (product.number,)
        ),
    )
    for product in PRODUCTS
    if product.scalars
)


def read(walk: Walk) -> Iterator[Statement]:
    """The product by number, else by words; its words and scalars."""
    found, place = walk.of_object_id(BY_NUMBER), OBJECT_ID
    if found is None:
        named = (p for p in PRODUCTS if p.number in NAMED and p.words.search(walk.description))
        found, place = next(named, None), DESCRIPTION
    if found is None:
        return
    yield from walk.vote("load balancer", 110, "product", place)
    yield from walk.fact("maker", found.maker, place, weight=55)
    yield from walk.words(found.words, weight=55)
    for name, oid in found.scalars:
        yield from walk.state(name, oid, read=_told if name != "serial" else None, weight=70)


def _told(binding: Binding) -> str:
    """A model or version; NetScaler tells its version in a sentence, and behind its model what is plugged in."""
    value = as_named(binding)
    match = NETSCALER_VERSION.match(value)
    return match["firmware"] if match else value.partition(" ")[0] if value.startswith("NS") else value
