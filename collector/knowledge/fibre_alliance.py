"""FCMGMT-MIB (Fibre Alliance, 1.3.6.1.3.94): product, serial and sensors of disk arrays and fabric switches.

Arrays of HPE (MSA), Dell (PowerVault ME), IBM, Lenovo and Seagate have it, and Brocade's switches. Ports and links are
not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk, as_identifier, as_named
from stocktake.values import Binding

UNIT, SENSOR = "1.3.6.1.3.94.1.6.1", "1.3.6.1.3.94.1.8.1"  # connUnitTable, connUnitSensorTable
TYPE, PRODUCT, SERIAL = f"{UNIT}.3", f"{UNIT}.7", f"{UNIT}.8"
#: connUnitType → class
TYPES = {4: "switch", 11: "storage", 10: "storage"}  # switch, storage subsystem, storage access device
MESSAGE = f"{SENSOR}.6"
TEMPERATURE = re.compile(r"^(?P<name>[^:]*temp[^:]*): *(?P<value>\d{1,3}) ?C\b", re.IGNORECASE)
MOST_SENSORS = 256

ASKS = (Ask("fibre_alliance", tables=(TYPE, PRODUCT, SERIAL, MESSAGE)),)


def read(walk: Walk) -> Iterator[Statement]:
    """The device by the first unit; its temperature sensors as components."""
    units = list(walk.column(PRODUCT)) or list(walk.column(TYPE))
    if not units:
        return
    first = units[0]
    device_class = TYPES.get(walk.integer(f"{TYPE}.{first}") or 0)
    if device_class:
        yield from walk.vote(device_class, 60, "unit_type", f"{TYPE}.{first}")
    yield from walk.state("model", f"{PRODUCT}.{first}", read=_named, weight=50)
    yield from walk.state("serial", f"{SERIAL}.{first}", read=_identifier, weight=50)
    for index in list(walk.column(MESSAGE))[:MOST_SENSORS]:
        match = TEMPERATURE.match(walk.text(f"{MESSAGE}.{index}").strip('"'))
        if match:
            component, oid = f"sensor/{'.'.join(index.split('.')[16:])}", f"{MESSAGE}.{index}"
            yield from walk.fact("name", match["name"], oid, component=component)
            yield from walk.fact("temperature", int(match["value"]), oid, component=component, unit="celsius")


def _named(binding: Binding) -> str:
    """Some agents quote what they say."""
    return as_named(binding).strip('"')


def _identifier(binding: Binding) -> str:
    return as_identifier(binding).strip('"')
