"""Console servers, KVM switches, serial device servers and USB servers of other makers: one row for each product line.

Raritan, Lantronix, Perle, Moxa, Digi, WTI, SEH, NTI, Cyclades, MRV, ATEN. A device server with a few serial
ports converts one medium to another and counts as a media converter; one with many ports is a console server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"
WTI = f"{E}.2634"
WTI_UNIT = "200.10.1"  # environment unit table: .2 model, .27 serial, .28 firmware, below product number 1 or 3


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
    _product("13742.3", r"^(?P<model>D(?:KX|SX|KSX|XKX)\w*-\w+)|^(?P<line>(?:Dominion )?[KS]X[ \w-]*)", "kvm",
             "Raritan"),
    _product("13742.5", r"^(?P<model>DSX\w*-\w+)", "console server", "Raritan"),
    _product("", r"^Raritan Computer; CommandCenter.*?Version (?P<firmware>[\d.]+); (?P<model>CC-\S+)", "kvm",
             "Raritan"),
    _product("1723", r"^Lantronix (?:Inc\. - )?(?P<model>(?:S[CL][CMS]|SLB|EMG|LM)\w*)\b.*?(?P<firmware>\d[\d.]+\w*)?$",
             "console server", "Lantronix"),
    _product("1723", r"^Lantronix (?P<model>(?!EPS|LPS|MPS)\w+[\w -]*?) (?:Version )?V(?P<firmware>\d[\w./]+)",
             "media converter", "Lantronix"),
    _product("1966", r"^(?P<model>(?:SCS|SDS|STS|SCG|SCR)\d+\w*),? (?P<firmware>\d\S*)", "console server", "Perle"),
    _product("1966", r"^(?:Perle )?(?P<model>MCR-?\w+)", "media converter", "Perle"),
    _product("1966", r"^(?:Perle )?(?P<model>IOLAN \S+)", "console server", "Perle"),
    _product("", r"^Perle (?P<model>MCR-?\w+)", "media converter", "Perle"),
    _product("8691.2", r"^(?:Moxa )?(?P<model>(?:NP|IA|CN|NE|DE|MGate|NPort ?)-?\w+)", "media converter", "Moxa"),
    _product("332.11", r"^(?:Digi )?(?P<model>(?:PortServer|CM|Passport|Digi Connect EZ|ConnectPort LTS)\b[\w ]*?)"
             r"(?: Version (?P<firmware>\S+))?$",
             "console server", "Digi"),
    _product("332", r"^(?:Digi )?(?P<model>(?:One|Connect|ConnectPort|AnywhereUSB|TransPort)[\w /-]*?)"
             r"(?: Ser#: ?(?P<serial>\w+))?(?: (?:Software Build |Version )(?P<firmware>\S+))?(?: .*)?$",
             "media converter", "Digi"),
    _product("2634", r"^(?P<model>(?:DSM|CPM|RSM|TSM)-\w+)", "console server", "WTI"),
    _product("1229", r"^SEH (?P<model>[\w-]+);? SN (?P<serial>\w+),.*?SW (?P<firmware>[\d.]+)", "", "SEH"),
    _product("3699", r"^(?P<model>(?:KVM|UNIMUX|ENVIROMUX|SERIMUX|VEEMUX|RACKMUX)-[\w-]+)", "", "NTI"),
    _product("", r"^LX Console Manager, s/w version=(?P<firmware>[\d.]+)", "console server", "MRV"),
    _product("21317.1.1", r"^(?:ATEN )?(?P<model>(?:KN|KH|CN|CL|CS)\d{3,4}\w*)", "kvm", "ATEN"),
)  # fmt: skip
#: numbers of products whose words name them beyond doubt; other words count only under their own number
NAMED = {f"{E}.{number}" for number in ("1229", "1723")} | {""}
BY_NUMBER = {number: tuple(p for p in PRODUCTS if p.number == number) for number in {p.number for p in PRODUCTS} - {""}}

ASKS = (
    Ask(
        "wti",
        tables=tuple(f"{WTI}.{product}.{WTI_UNIT}.{column}" for product in (1, 3) for column in (2, 27, 28)),
        condition=Condition(object_id_prefixes=(WTI,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """The product line by number and words; WTI's own table."""
    yield from _wti(walk)
    lines = walk.of_object_id(BY_NUMBER)
    named = lines or (product for product in PRODUCTS if product.number in NAMED)
    found = next((product for product in named if product.words.search(walk.description)), None)
    if found is None:
        return
    if found.device_class:
        yield from walk.vote(found.device_class, 100, "product", OBJECT_ID if lines else DESCRIPTION)
    yield from walk.fact("maker", found.maker, DESCRIPTION, weight=45)
    yield from walk.words(found.words, weight=60)


def _wti(walk: Walk) -> Iterator[Statement]:
    """Console servers (1) and power switches (3) of WTI tell the same of their first unit."""
    for product in (1, 3):
        unit = f"{WTI}.{product}.{WTI_UNIT}"
        if walk.has(unit):
            yield from walk.vote("console server" if product == 1 else "pdu", 100, "unit", unit)
            yield from walk.states(
                {"model": f"{unit}.2.1", "serial": f"{unit}.27.1", "firmware": f"{unit}.28.1"}, weight=70
            )
