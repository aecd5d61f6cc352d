"""Projectors, displays and room controllers: Epson, NEC, Sony, Panasonic, Christie, Barco, Extron.

Also Crestron, SMART, Promethean, Clevertouch, BenQ, LG, Samsung and Philips panels by sysDescr. Lamp hours are read
where a maker tells them; PJLink and HTTP tell more and are not SNMP.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk, as_integer
from collector.products import Product, ProductTable, Weights
from stocktake.values import Condition

EPSON = "1248.4"
LAMP_HOURS = f"1.3.6.1.4.1.{EPSON}.1.1.1.1.0"
PRODUCTS = ProductTable(
    "projector", Weights(vote=100, maker=45, words=55, objects=70),
    Product(EPSON, "projector", "Epson",
            r"^EPSON .*?(?P<model>(?:EB|EH|EMP|CB|ELPAP|PowerLite)-\w+)|^EPSON .*Projector", anywhere=True),
    Product("25766", "projector", "Christie", r"^(?P<model>Solaria|Christie .+)$", {"firmware": ".1.12.1.1.2.7.0"}),
    Product("7312.2468", "video conference", "Barco", r"^(?:Barco )?(?P<model>ClickShare[\w -]*)$",
            {"part_number": ".1.1.4.0", "serial": ".1.1.5.0"}, anywhere=True, behind=("7312",)),  # BARCO-CLICKSHARE-MIB
    Product("7312", "projector", "Barco", r"^(?:Barco )?(?P<model>[\w -]*Projector[\w -]*)$"),
    Product("", "projector", "NEC", r"^NEC .*(?P<kind>Projector)"),
    Product("", "projector", "Sony", r"^SONY (?P<model>VPL-\w+)|^Sony.*Projector"),
    Product("", "projector", "Panasonic", r"^Panasonic .*?(?P<model>PT-\w+)|^Panasonic.*Projector"),
    Product("", "projector", words=r"^(?P<maker>Optoma|Vivitek|BenQ|Hitachi|Canon|Casio|ViewSonic|Acer"
                        r"|InFocus|Sharp|Digital Projection|JVC)\b.*Projector"),
    Product("2374", "display", "SMART", r"^SMART (?P<model>(?:Board )?[\w -]*Display[\w -]*)"),
    Product("", "display",
            words=r"^(?P<model>(?:Clevertouch|CleverTouch|Promethean ActivPanel|ViewBoard|Newline|CTOUCH)[\w -]*)"),
    Product("", "display", words=r"^(?P<maker>LG|Samsung|Philips|NEC|Sharp|Iiyama)\b.*\b(?:Signage|Display|Monitor)\b"),
    Product("3212", "", "Crestron", r"^(?:Crestron )?(?P<model>(?:DM|CP|AV|PRO|RMC|TSW|TSS|MC|AM|UC)\w?[-\d][\w-]*)"),
    Product("18026", "", "Extron", r"^(?:Extron )?(?P<model>[A-Z]{2,}[\w -]*\d[\w ]*)"),
    Product("", "video conference", "LifeSize", r"^(?P<model>LifeSize [\w -]+)"),
    Product("20341", "video conference", "LifeSize"),
)  # fmt: skip
ASKS = (
    *PRODUCTS.asks,
    Ask("epson_projector", scalars=(LAMP_HOURS,), condition=Condition(object_id_prefixes=(f"1.3.6.1.4.1.{EPSON}",))),
)


def read(walk: Walk) -> Iterator[Statement]:
    """The product; lamp hours where Epson tells them."""
    yield from PRODUCTS.read(walk)
    yield from walk.state("lamp_hours", LAMP_HOURS, read=as_integer, unit="hours")
