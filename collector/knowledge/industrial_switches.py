"""Switches for cabinets and roofs.

Product families: Advantech, ALAXALA, CTC, CTS, EtherWAN, Korenix, Maipu, Microsens, Nexans, Phoenix Contact,
PowerDsine, Red Lion (N-Tron, Sixnet), RuggedCom, Siemens SCALANCE, Tailyn, Transition, Vubiq, Westermo. Sources: the
maker's objects for model, serial and version, sysDescr else. What they tell in ENTITY-MIB is read there. Moxa and
Hirschmann have files of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Statement, Walk
from collector.products import Product, ProductTable, Weights

CTS = "9304"
CTS_SERIAL = ".1.2.14.0"  # below the sysObjectID of a CTS switch, so it cannot be asked for before that is known
PRODUCTS = ProductTable(
    "industrial_switch", Weights(vote=75, maker=60, words=58, objects=60),
    Product("266", "switch", words=r"^(?P<model>\S*Switch \S+|[A-Z]\w+[^,]*), .*?(?P<firmware>V?\d+\.\d+\w*)"),
    Product("868", "switch", words=r"^(?P<model>S[A-Z]*\d[\w-]+)"),
    Product("1890", "switch"),
    Product("2736", "switch", words=r"Firmware rev: (?P<firmware>\d\S*)"),
    Product("3181", "switch", words=r"Version: (?P<firmware>\d\S*)", objects={"serial": ".10.6.1.32.2.0"}),
    Product("4329.6", "switch", words=r"SIMATIC NET, (?P<model>SCALANCE [^,]+), (?P<part_number>[^,]+), "
                  r"HW: [^,]*?(?P<hardware>\d+), FW: (?:Version )?(?P<firmware>V\S+?),(?: (?P<serial>\w+))?"),
    Product("4346", "switch", words=r"^(?P<model>FL SWITCH [^,]+)"),
    Product("4756", "switch", words=r"^(?P<model>\w+-?\d\S*)"),
    Product("5651", "switch", words=r"MyPower (?P<model>\w+) version (?P<firmware>\d[\d.]*)"),
    Product("5833", "switch", objects={"firmware": ".2017.3.11.2.0"}),
    Product("7428", "switch",
            words=r"^(?P<model>Midspan)\.\s+Unit S/N=(?P<serial>\w+)\.\s+App Ver=(?P<firmware>\d[\d.]*)"),
    Product(CTS, "switch", words=r"^(?P<model>\S+) (?P<firmware>Version \d\S*)"),
    Product("10297", "switch", objects={"model": ".100.1.1.0"}),
    Product("15004", "switch", words=r"^(?P<model>R[SXM]\w?\d{3,4}\w*(?:-\S+)?)"),
    Product("16177", "switch", words=r"primary: (?P<firmware>v\d[\d.]+)"),
    Product("20540", "switch", words=r"^(?P<model>\S+) - ", objects={"firmware": ".2.1.1.6.0"}),
    Product("21839", "switch", words=r"^ALAXALA \S+ \S+ \[(?P<model>[^\]]+)\] .*? Ver\. (?P<firmware>\d\S*)"),
    Product("24062", "switch", words=r"^(?:Korenix )?(?P<model>JetNet ?\S+)"),
    Product("28381", "switch"),
    Product("46330", "switch", words=r"^(?P<model>V\S+)"),
)  # fmt: skip
UNDER = PRODUCTS.enterprises
ASKS = PRODUCTS.asks


def read(walk: Walk) -> Iterator[Statement]:
    """The product; the serial of a CTS switch."""
    yield from PRODUCTS.read(walk)
    if walk.is_of(f"1.3.6.1.4.1.{CTS}"):
        yield from walk.state("serial", f"{walk.object_id}{CTS_SERIAL}", weight=60)
