"""Switches for cabinets and roofs.

Product families: Advantech, ALAXALA, CTC, CTS, EtherWAN, Korenix, Maipu, Microsens, Nexans, Phoenix Contact,
PowerDsine, Red Lion (N-Tron, Sixnet), RuggedCom, Siemens SCALANCE, Tailyn, Transition, Vubiq, Westermo. Sources: the
maker's objects for model, serial and version, sysDescr else. What they tell in ENTITY-MIB is read there. Moxa and
Hirschmann have files of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"


class Product(NamedTuple):
    """What a family tells: objects (fact → OID below the enterprises) and a pattern over sysDescr."""

    objects: Mapping[str, str] = {}
    says: str = ""


PRODUCTS: Mapping[str, Product] = {
    "266": Product(says=r"^(?P<model>\S*Switch \S+|[A-Z]\w+[^,]*), .*?(?P<firmware>V?\d+\.\d+\w*)"),
    "868": Product(says=r"^(?P<model>S[A-Z]*\d[\w-]+)"),
    "1890": Product(),
    "2736": Product(says=r"Firmware rev: (?P<firmware>\d\S*)"),
    "3181": Product({"serial": "3181.10.6.1.32.2.0"}, r"Version: (?P<firmware>\d\S*)"),
    "4329.6": Product(says=r"SIMATIC NET, (?P<model>SCALANCE [^,]+), (?P<part_number>[^,]+), "
                           r"HW: [^,]*?(?P<hardware>\d+), FW: (?:Version )?(?P<firmware>V\S+?),(?: (?P<serial>\w+))?"),
    "4346": Product(says=r"^(?P<model>FL SWITCH [^,]+)"),
    "4756": Product(says=r"^(?P<model>\w+-?\d\S*)"),
    "5651": Product(says=r"MyPower (?P<model>\w+) version (?P<firmware>\d[\d.]*)"),
    "5833": Product({"firmware": "5833.2017.3.11.2.0"}),
    "7428": Product(says=r"^(?P<model>Midspan)\.\s+Unit S/N=(?P<serial>\w+)\.\s+App Ver=(?P<firmware>\d[\d.]*)"),
    "9304": Product(says=r"^(?P<model>\S+) (?P<firmware>Version \d\S*)"),
    "10297": Product({"model": "10297.100.1.1.0"}),
    "15004": Product(says=r"^(?P<model>R[SXM]\w?\d{3,4}\w*(?:-\S+)?)"),
    "16177": Product(says=r"primary: (?P<firmware>v\d[\d.]+)"),
    "20540": Product({"firmware": "20540.2.1.1.6.0"}, r"^(?P<model>\S+) - "),
    "21839": Product(says=r"^ALAXALA \S+ \S+ \[(?P<model>[^\]]+)\] .*? Ver\. (?P<firmware>\d\S*)"),
    "24062": Product(says=r"^(?:Korenix )?(?P<model>JetNet ?\S+)"),
    "28381": Product(),
    "46330": Product(says=r"^(?P<model>V\S+)"),
}  # fmt: skip
KEYS = {f"{E}.{key}": key for key in PRODUCTS}  # sysObjectID → row
PATTERNS = {key: re.compile(product.says) for key, product in PRODUCTS.items() if product.says}
CTS_SERIAL = ".1.2.14.0"  # below the sysObjectID of a CTS switch, so it cannot be asked for before that is known

ASKS = tuple(
    Ask(
        f"industrial_switch_{key.replace('.', '_')}",
        scalars=tuple(f"{E}.{oid}" for oid in product.objects.values()),
        condition=Condition(object_id_prefixes=(f"{E}.{key}",)),
    )
    for key, product in PRODUCTS.items()
    if product.objects
)


def read(walk: Walk) -> Iterator[Statement]:
    """That it is a switch, and its identity."""
    key = walk.of_object_id(KEYS)
    if key is None:
        return
    yield from walk.vote("switch", 75, "object_id", OBJECT_ID)
    for name, oid in PRODUCTS[key].objects.items():
        yield from walk.state(name, f"{E}.{oid}", weight=60)
    if key in PATTERNS:
        yield from walk.words(PATTERNS[key], weight=58)
    if key == "9304":
        yield from walk.state("serial", f"{walk.text(OBJECT_ID)}{CTS_SERIAL}", weight=60)
