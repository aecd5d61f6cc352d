"""Appliances between networks: Arbor, ClearPass, F5OS, Procera, Silver Peak.

Sources: F5-OS-SYSTEM-MIB, SILVERPEAK-MGMT-MIB, PACKETLOGIC-SYSTEM-MIB, and sysDescr. What shapes,
filters or admits without forwarding by itself gets no class: there is no honest word for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"


class Product(NamedTuple):
    """What a family tells: its class if any, objects (fact → OID below the enterprises) and a pattern over sysDescr."""

    device_class: str = ""
    objects: Mapping[str, str] = {}
    says: str = ""


PRODUCTS: Mapping[str, Product] = {
    "9694": Product(says=r"^(?P<model>Peakflow \S+) (?P<firmware>\d\S*).*?Serial(?: Number)?: (?P<serial>\w+)"),
    "12276": Product("load balancer", says=r"services version (?P<firmware>\d\S*)"),
    "15397": Product("", {"model": "15397.2.40.1.1.1.1.0", "serial": "15397.2.40.1.1.3.1.0",
                          "firmware": "15397.2.40.1.1.4.1.0"}),
    "23867": Product("router", {"firmware": "23867.3.1.1.1.1.0", "model": "23867.3.1.1.1.2.0",
                                "serial": "23867.3.1.1.1.6.0"}),
}  # fmt: skip
KEYS = {f"{E}.{key}": key for key in PRODUCTS}  # sysObjectID → row
PATTERNS = {key: re.compile(product.says) for key, product in PRODUCTS.items() if product.says}
CLEARPASS = re.compile(r"^ClearPass Policy Manager (?P<firmware>\d\S*?), Model: (?P<model>[^,]+)")

ASKS = tuple(
    Ask(
        f"network_appliance_{key}",
        scalars=tuple(f"{E}.{oid}" for oid in product.objects.values()),
        condition=Condition(object_id_prefixes=(f"{E}.{key}",)),
    )
    for key, product in PRODUCTS.items()
    if product.objects
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity by number or description, and the class where there is a word for it."""
    if CLEARPASS.match(walk.description):
        yield from walk.fact("maker", "Aruba", DESCRIPTION, weight=55)
        yield from walk.words(CLEARPASS, weight=55)
    key = walk.of_object_id(KEYS)
    if key is None:
        return
    if PRODUCTS[key].device_class:
        yield from walk.vote(PRODUCTS[key].device_class, 75, "object_id", OBJECT_ID)
    for name, oid in PRODUCTS[key].objects.items():
        yield from walk.state(name, f"{E}.{oid}", weight=60)
    if key in PATTERNS:
        yield from walk.words(PATTERNS[key], weight=55)
