"""Management cards and platforms of other makers: Supermicro and ATEN boards, Sun/Oracle ILOM, Fujitsu iRMC.

Also what Supermicro's SuperDoctor agent tells of its host, and Nutanix clusters. Their sensors are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"
ATEN, SUPERMICRO, OPENBMC = f"{E}.21317", f"{E}.10876", f"{E}.45065"
ATEN_SENSORS = f"{ATEN}.1.3.1"  # of boards; its power strips answer at .1.3.2
BOARD = f"{SUPERMICRO}.100.1.6.1"  # base boards of SuperDoctor 5
OPENBMC_VERSION = f"{OPENBMC}.1.1.1.3.0"
ILOM, FUJITSU = f"{E}.42.2.200", f"{E}.231.2.10.2.2.10"
FUJITSU_UNIT = f"{FUJITSU}.2.3.1"  # sc2UnitTable: .5 model, .7 serial
NUTANIX = f"{E}.41263"
NUTANIX_VERSION = f"{NUTANIX}.503.0"

UNDER = ("42", "231", "10876", "21317", "41263", "45065")
ASKS = (
    Ask(
        "server_cards",
        scalars=(OPENBMC_VERSION,),
        tables=(f"{BOARD}.11", f"{BOARD}.16"),
        condition=Condition(object_id_prefixes=(f"{E}.8072.3.2.10", SUPERMICRO)),
    ),
    Ask("aten", tables=(f"{ATEN_SENSORS}.1",), condition=Condition(object_id_prefixes=(f"{E}.8072.3.2.10", ATEN))),
    Ask(
        "fujitsu",
        tables=(f"{FUJITSU_UNIT}.5", f"{FUJITSU_UNIT}.7"),
        condition=Condition(object_id_prefixes=(f"{E}.231",)),
    ),
    Ask("nutanix", scalars=(NUTANIX_VERSION,), condition=Condition(object_id_prefixes=(NUTANIX,))),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class and identity of whichever it is."""
    if walk.has(ATEN_SENSORS) or walk.has(OPENBMC):
        place = ATEN_SENSORS if walk.has(ATEN_SENSORS) else OPENBMC
        yield from walk.vote("management controller", 110, "board", place)
        yield from walk.fact("maker", "Supermicro", place, weight=40)
        yield from walk.state("firmware", OPENBMC_VERSION, weight=70)
    if walk.is_of(ILOM):
        yield from walk.vote("management controller", 100, "product", OBJECT_ID)
    if walk.is_of(NUTANIX):
        yield from walk.vote("hypervisor", 100, "product", OBJECT_ID)
        yield from walk.state("firmware", NUTANIX_VERSION, weight=60)
    if walk.is_of(FUJITSU):
        yield from walk.vote("management controller", 100, "product", OBJECT_ID)
    yield from _first(walk, {"model": f"{FUJITSU_UNIT}.5", "serial": f"{FUJITSU_UNIT}.7"})
    yield from _first(
        walk, {"model": f"{BOARD}.11", "serial": f"{BOARD}.16"}, weight=20
    )  # of the board: SMBIOS knows better


def _first(walk: Walk, columns: dict[str, str], weight: int = 70) -> Iterator[Statement]:
    """What the first row of a table tells of the device."""
    for name, column in columns.items():
        for index in islice(walk.column(column), 1):
            yield from walk.state(name, f"{column}.{index}", weight=weight)
