"""Time servers: Meinberg, Microchip (Symmetricom, Microsemi), EndRun, Oscilloquartz, TimeMachines, Spectracom, Galleon.

Model, serial and version where a scalar or the description tells them; satellites and clients are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"
NET_SNMP = f"{E}.8072.3.2.10"
SYNC_SERVER = "9070.1.2.3.1.5.1.6"
ENDRUN = f"{E}.13827"
#: `Tempus LX CDMA 6010-0042-000 v 5.70 …`: product, part number and version in one sentence
ENDRUN_TEXTS = (f"{ENDRUN}.5.0.11.0", f"{ENDRUN}.12.1.16.0")
ENDRUN_WORDS = re.compile(r"^(?P<model>.+?\d{4}-\d{4}-\d{3})\W+v\W?(?P<firmware>\d[\d.]+)")


@dataclass(frozen=True, slots=True)
class Product:
    """A maker's time servers: branch that answers, description, maker, fact → scalar."""

    branch: str
    words: re.Pattern[str]
    maker: str
    scalars: tuple[tuple[str, str], ...] = ()


def _product(branch: str, words: str, maker: str, **scalars: str) -> Product:
    pattern = re.compile(words or r"(?!)", re.IGNORECASE)
    return Product(
        f"{E}.{branch}" if branch else "", pattern, maker, tuple((k, f"{E}.{v}") for k, v in scalars.items())
    )


PRODUCTS = (
    _product("5597", r"Meinberg (?P<model>(?:LANTIME|microSync)(?: (?!V\d)[\w/-]+)?)(?: V(?P<firmware>\d[\d.]+))?",
             "Meinberg",
             firmware="5597.30.0.0.2.0", serial="5597.30.0.0.4.0"),
    _product("9070", r"^Linux SyncServer\b|^(?P<model>SyncServer \S+|TimeProvider \S+|NTS-\d+|XLi\b.*)", "Microchip",
             firmware=f"{SYNC_SERVER}.1.0", serial=f"{SYNC_SERVER}.2.0", model=f"{SYNC_SERVER}.3.0"),
    _product("13827", r"", "EndRun"),
    _product("5551", r"^(?P<model>OSA \w+)", "Oscilloquartz"),
    _product("54414", r"", "TimeMachines"),
    _product("18837", r"^(?P<model>(?:Spectracom )?(?:SecureSync|NetClock)[\w ]*)", "Spectracom"),
    _product("", r"^(?P<model>NTS-\d{3,4}\w*)\b.*Galleon|Galleon.*(?P<line>NTS-\d+)", "Galleon"),
)  # fmt: skip

ASKS = (
    *(
        Ask(f"time_{product.maker.lower()}", scalars=tuple(oid for _, oid in product.scalars),
            condition=Condition(object_id_prefixes=(product.branch,)))
        for product in PRODUCTS if product.scalars
    ),
    Ask("time_endrun", scalars=ENDRUN_TEXTS, condition=Condition(object_id_prefixes=(ENDRUN, NET_SNMP))),
    Ask("time_timemachines", scalars=(f"{E}.54414.1.1.1.0",), condition=Condition(object_id_prefixes=(NET_SNMP,))),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """The product whose number, branch or words are there."""
    for product in PRODUCTS:
        answered = product.branch and (walk.is_of(product.branch) or walk.has(product.branch))
        if answered or product.words.search(walk.description):
            yield from _stated(walk, product, product.branch if walk.has(product.branch or "-") else DESCRIPTION)
            return


def _stated(walk: Walk, product: Product, place: str) -> Iterator[Statement]:
    yield from walk.vote("time server", 110, "product", OBJECT_ID if place == DESCRIPTION else place)
    yield from walk.fact("maker", product.maker, place, weight=55)
    yield from walk.words(product.words, weight=55)
    for name, oid in product.scalars:
        yield from walk.state(name, oid, weight=70)
    for oid in ENDRUN_TEXTS:
        yield from walk.words(ENDRUN_WORDS, oid, weight=60)
