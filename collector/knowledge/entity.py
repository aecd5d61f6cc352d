"""ENTITY-MIB (RFC 6933): chassis, modules, power supplies and fans with model, serial and firmware of each.

The device itself is its first chassis. A stack row that repeats a member's serial is not one more device: its serial
is not stated again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk

ENTRY = "1.3.6.1.2.1.47.1.1.1.1"
DESCRIPTION, CONTAINED_IN, CLASS = 2, 4, 5
SERIAL = 11
#: what a row tells of its component: fact → column
COLUMNS = {
    "description": 2,
    "name": 7,
    "hardware": 8,
    "serial": 11,
    "maker": 12,
    "model": 13,
    "asset_tag": 15,
    "manufactured": 17,
}
SOFTWARE, FIRMWARE = 10, 9  # entPhysicalSoftwareRev is what runs, entPhysicalFirmwareRev what boots it

ASKS = (
    Ask("entity", tables=tuple(f"{ENTRY}.{number}" for number in (2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17))),
)

#: IANAPhysicalClass → the word of a component; other classes (ports, sensors, containers) are not components
WORDS = {3: "chassis", 6: "power supply", 7: "fan", 9: "module", 11: "stack", 12: "processor"}
CHASSIS, MODULE, STACK = 3, 9, 11
MOST_COMPONENTS = 256


@dataclass(frozen=True, slots=True)
class Row:
    """One row of entPhysicalTable: its index and class (0 where the class was not walked)."""

    index: str
    kind: int

    def oid(self, column: int) -> str:
        """The object of a column in this row."""
        return f"{ENTRY}.{column}.{self.index}"


def read(walk: Walk) -> Iterator[Statement]:
    """The device by its first chassis, and every component that carries something of its own."""
    rows = _rows(walk)
    members = {walk.text(row.oid(SERIAL)) for row in rows if row.kind == CHASSIS}
    for row in rows[:MOST_COMPONENTS]:
        yield from _component(walk, row, members)
    main = _main(walk, rows)
    if main is not None:
        yield from _device(walk, main)


def _rows(walk: Walk) -> list[Row]:
    """Rows worth a component, by number; modules and processors only where they have a serial or a model."""
    rows = [Row(index, walk.integer(f"{ENTRY}.{CLASS}.{index}") or 0) for index in _indexes(walk)]
    plain = (MODULE, 12)
    return [
        r
        for r in rows
        if r.kind in WORDS and (r.kind not in plain or _has(walk, r, "serial") or _has(walk, r, "model"))
    ]


def _indexes(walk: Walk) -> list[str]:
    found = {**walk.column(f"{ENTRY}.{CLASS}"), **walk.column(f"{ENTRY}.{SERIAL}")}
    return sorted((index for index in found if len(index) <= LONGEST_INDEX and index.isdecimal()), key=int)


def _has(walk: Walk, row: Row, name: str) -> bool:
    return bool(walk.text(row.oid(COLUMNS[name])).strip())


def _component(walk: Walk, row: Row, members: set[str]) -> Iterator[Statement]:
    component = f"{WORDS[row.kind]}/{row.index}"
    for name, column in COLUMNS.items():
        repeated = name == "serial" and row.kind == STACK and walk.text(row.oid(column)) in members
        if not repeated:
            yield from walk.state(name, row.oid(column), component=component)
    yield from walk.state("firmware", row.oid(SOFTWARE), component=component, weight=50)
    yield from walk.state("firmware", row.oid(FIRMWARE), component=component, weight=40)


def _main(walk: Walk, rows: list[Row]) -> Row | None:
    """The first chassis that tells a model or serial, else the first stack row, else a first row without a class."""
    told = [
        row for row in rows if row.kind in (CHASSIS, STACK) and (_has(walk, row, "serial") or _has(walk, row, "model"))
    ]
    for kind in (CHASSIS, STACK):
        for row in told:
            if row.kind == kind:
                return row
    first = Row("1", walk.integer(f"{ENTRY}.{CLASS}.1") or 0)
    return first if first.kind in (0, 1, 2, MODULE) and _has(walk, first, "serial") else None


def _device(walk: Walk, row: Row) -> Iterator[Statement]:
    for name, weight in (("serial", 60), ("model", 45), ("maker", 45), ("asset_tag", 50), ("manufactured", 50)):
        yield from walk.state(name, row.oid(COLUMNS[name]), weight=weight)
    yield from walk.state("hardware", row.oid(COLUMNS["hardware"]), weight=40)
    yield from walk.state("firmware", row.oid(SOFTWARE), weight=40)
    yield from walk.state("firmware", row.oid(FIRMWARE), weight=30)
