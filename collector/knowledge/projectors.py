"""Projectors, displays and room controllers: Epson, NEC, Sony, Panasonic, Christie, Barco, Extron.

Also Crestron, SMART, Promethean, Clevertouch, BenQ, LG, Samsung and Philips panels by sysDescr. Lamp hours are read
where a maker tells them; PJLink and HTTP tell more and are not SNMP.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Condition

E = "1.3.6.1.4.1"
BARCO = f"{E}.7312.2468.1"  # BARCO-CLICKSHARE-MIB: .1.4 article, .1.5 serial, .2.3 firmware
BARCO_IDENTITY = {"article": f"{BARCO}.1.4.0", "serial": f"{BARCO}.1.5.0"}
CHRISTIE_VERSION = f"{E}.25766.1.12.1.1.2.7.0"
EPSON_LAMP_HOURS = f"{E}.1248.4.1.1.1.1.0"

ASKS = (
    Ask("barco", scalars=tuple(BARCO_IDENTITY.values()), condition=Condition(object_id_prefixes=(f"{E}.7312",))),
    Ask("christie", scalars=(CHRISTIE_VERSION,), condition=Condition(object_id_prefixes=(f"{E}.25766",))),
    Ask("epson_projector", scalars=(EPSON_LAMP_HOURS,), condition=Condition(object_id_prefixes=(f"{E}.1248.4",))),
)


@dataclass(frozen=True, slots=True)
class Product:
    """A product line: its number (or ""), what its description says, class and maker."""

    number: str
    words: re.Pattern[str]
    device_class: str
    maker: str


def _product(number: str, words: str, device_class: str, maker: str) -> Product:
    return Product(f"{E}.{number}" if number else "", re.compile(words or r"(?!)", re.IGNORECASE), device_class, maker)


PRODUCTS = (
    _product("1248.4", r"^EPSON .*?(?P<model>(?:EB|EH|EMP|CB|ELPAP|PowerLite)-\w+)|^EPSON .*Projector", "projector",
             "Epson"),
    _product("25766", r"^(?P<model>Solaria|Christie .+)$", "projector", "Christie"),
    _product("7312.2468", r"^(?:Barco )?(?P<model>ClickShare[\w -]*)$", "video conference", "Barco"),
    _product("7312", r"^(?:Barco )?(?P<model>[\w -]*Projector[\w -]*)$", "projector", "Barco"),
    _product("", r"^NEC .*(?P<kind>Projector)", "projector", "NEC"),
    _product("", r"^SONY (?P<model>VPL-\w+)|^Sony.*Projector", "projector", "Sony"),
    _product("", r"^Panasonic .*?(?P<model>PT-\w+)|^Panasonic.*Projector", "projector", "Panasonic"),
    _product("", r"^(?P<maker>Optoma|Vivitek|BenQ|Hitachi|Canon|Casio|ViewSonic|Acer|InFocus|Sharp"
             r"|Digital Projection|JVC)\b.*Projector",
             "projector", ""),
    _product("2374", r"^SMART (?P<model>(?:Board )?[\w -]*Display[\w -]*)", "display", "SMART"),
    _product("", r"^(?P<model>(?:Clevertouch|CleverTouch|Promethean ActivPanel|ViewBoard|Newline|CTOUCH)[\w -]*)",
             "display", ""),
    _product("", r"^(?P<maker>LG|Samsung|Philips|NEC|Sharp|Iiyama)\b.*\b(?:Signage|Display|Monitor)\b", "display", ""),
    _product("3212", r"^(?:Crestron )?(?P<model>(?:DM|CP|AV|PRO|RMC|TSW|TSS|MC|AM|UC)\w?[-\d][\w-]*)", "", "Crestron"),
    _product("18026", r"^(?:Extron )?(?P<model>[A-Z]{2,}[\w -]*\d[\w ]*)", "", "Extron"),
    _product("", r"^(?P<model>LifeSize [\w -]+)", "video conference", "LifeSize"),
    _product("20341", r"", "video conference", "LifeSize"),
)  # fmt: skip
#: numbers of products whose words name them beyond doubt; other words count only under their own number
NAMED = {f"{E}.{number}" for number in ("1248.4", "7312.2468")} | {""}
BY_NUMBER = {product.number: product for product in PRODUCTS if product.number}


def read(walk: Walk) -> Iterator[Statement]:
    """The product by number, else by words; serial, version and lamp hours where a maker tells them."""
    found = walk.of_object_id(BY_NUMBER)
    if found is None:
        found = next((p for p in PRODUCTS if p.number in NAMED and p.words.search(walk.description)), None)
    if found is None:
        return
    place = OBJECT_ID if walk.text(OBJECT_ID).startswith(found.number or "-") else DESCRIPTION
    if found.device_class:
        yield from walk.vote(found.device_class, 100, "product", place)
    yield from walk.fact("maker", found.maker, place, weight=45)
    yield from walk.words(found.words, weight=55)
    yield from walk.states(BARCO_IDENTITY, weight=70)
    yield from walk.state("firmware", CHRISTIE_VERSION, weight=60)
    if walk.is_of(f"{E}.1248.4"):
        yield from walk.state("lamp_hours", EPSON_LAMP_HOURS, read=as_integer, unit="hours")
