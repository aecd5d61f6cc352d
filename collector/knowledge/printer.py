"""Printer-MIB (RFC 3805): that it is a printer, its serial, its model and the pages it has printed."""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk, as_identifier, as_integer

PRINTER = "1.3.6.1.2.1.43"
NAME, SERIAL = f"{PRINTER}.5.1.1.16", f"{PRINTER}.5.1.1.17"
LIFE_COUNT = f"{PRINTER}.10.2.1.4"  # prtMarkerLifeCount, by device and marker
COUNTER_UNIT = f"{PRINTER}.10.2.1.3"  # prtMarkerCounterUnit: 7 is impressions
DEVICE_TYPE, DEVICE_DESCRIPTION = "1.3.6.1.2.1.25.3.2.1.2", "1.3.6.1.2.1.25.3.2.1.3"
TYPE_PRINTER = "1.3.6.1.2.1.25.3.1.5"

ASKS = (
    Ask("printer", tables=(NAME, SERIAL, LIFE_COUNT, COUNTER_UNIT)),
    Ask("host_resources", tables=(DEVICE_TYPE, DEVICE_DESCRIPTION)),
)


def read(walk: Walk) -> Iterator[Statement]:
    """A printer's identity; nothing of a device that has neither a Printer-MIB nor a device of type printer."""
    devices = [index for index in walk.column(DEVICE_TYPE) if walk.text(f"{DEVICE_TYPE}.{index}") == TYPE_PRINTER]
    if walk.has(PRINTER):
        yield from walk.vote("printer", 100, "printer_mib", PRINTER)
    elif devices == ["1"]:  # a computer lists its printers behind its processors
        yield from walk.vote("printer", 60, "device_type", f"{DEVICE_TYPE}.1")
    else:
        return
    for index in devices or ["1"]:
        yield from walk.state("model", f"{DEVICE_DESCRIPTION}.{index}", weight=55)
    yield from _general(walk)


def _general(walk: Walk) -> Iterator[Statement]:
    for index in walk.column(SERIAL):
        yield from walk.state("serial", f"{SERIAL}.{index}", read=as_identifier, weight=60)
    for index in walk.column(NAME):
        yield from walk.state("name", f"{NAME}.{index}", weight=20)
    for index in walk.column(LIFE_COUNT):
        if walk.integer(f"{COUNTER_UNIT}.{index}") in (None, 7):
            yield from walk.state("pages", f"{LIFE_COUNT}.{index}", read=as_integer, unit="pages")
