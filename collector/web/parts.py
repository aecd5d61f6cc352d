"""What a device is made of, from its facts: the row on top, a table for each kind of component, the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.store.register import DeviceDetail, DeviceRow, FactRow
from collector.web import words

#: kinds of components in the order in which people ask for them; others follow by name
KINDS = ("memory", "processor", "disk", "volume", "monitor", "battery", "supply", "interface", "module")
TITLES = {
    "memory": "Memory", "processor": "Processors", "disk": "Disks", "volume": "Volumes", "monitor": "Monitors",
    "battery": "Batteries", "supply": "Supplies", "interface": "Interfaces", "module": "Modules", "chassis": "Chassis",
    "power over ethernet": "Power over Ethernet",
}  # fmt: skip
#: columns of component tables in the order in which they read well; others follow by name
COLUMNS = ("name", "type", "status", "maker", "model", "serial", "size", "used", "speed", "mac")
ROWS_LIMIT = 500  # of one component table: a page is read by people, the API has the rest
FACTS_LIMIT = 2_000  # statements that one page lists
MANY_VALUED = frozenset({"mac"})  # names of which several values are true at once


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register row: what it is, what is known of it ("" for nothing), the statement behind it.

    `corrected`: a person said so; then the statement is what the evidence says instead.
    """

    title: str
    text: str
    fact: FactRow | None = None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class PartTable:
    """The components of one kind: a row for each, a column for each name that is stated of any."""

    kind: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[FactRow | None, ...]], ...]
    more: int


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Statements about one kind of component, each with what became of it: `Mark`. An empty kind is the device."""

    kind: str
    title: str
    facts: tuple[tuple[FactRow, str], ...]


class Mark:
    """What became of a statement beside the others of its name."""

    STANDS = ""
    AGREES = "agrees"  # says what the standing one says
    ALSO = "also"  # says something else of a name that has many values
    OUTWEIGHED = "outweighed"


Standing = dict[tuple[str, str], FactRow]


#: title, field of the row, name of the fact that stands behind it
_ROW = (
    ("Class", "device_class", "class"), ("Maker", "maker", "maker"), ("Model", "model", "model"),
    ("Serial number", "serial", "serial"), ("Name", "name", "name"), ("Operating system", "os", "os.name"),
    ("Firmware", "firmware", "firmware"), ("MAC", "mac", "mac"),
)  # fmt: skip


def title(row: DeviceRow) -> str:
    """What to call a device: its name, else maker and model, else its address, else its id."""
    return row.name or row.product or row.address or row.mac or row.device_id


def standing(facts: Iterable[FactRow]) -> Standing:
    """The statement that stands for each (component, name): of those that their evidence chose the heaviest, latest."""
    found: Standing = {}
    for fact in facts:
        other = found.get((fact.component, fact.name))
        if fact.chosen and (other is None or _rank(fact) > _rank(other)):
            found[fact.component, fact.name] = fact
    return found


def _rank(fact: FactRow) -> tuple[int, datetime, str]:
    return fact.weight, fact.last_observed, str(fact.value)


def register_lines(detail: DeviceDetail) -> list[Line]:
    """The register's row, each line with the statement that stands behind it where there is one."""
    stands = standing(detail.facts)
    lines = []
    for name, field, fact_name in _ROW:
        shown = getattr(detail.row, field)
        value = detail.row.as_read.get(fact_name, shown)
        said = [f for f in detail.facts if not f.component and f.name == fact_name and f.chosen and f.value == value]
        behind, corrected = max(said, key=_rank, default=None), fact_name in detail.row.as_read
        lines.append(Line(name, "" if shown == "unknown" else shown, behind, corrected))
    memory = stands.get(("", "memory"))
    said_of_memory = "" if memory is None else words.stated(memory.value, memory.unit, "memory")
    return [*lines, Line("Memory", said_of_memory, memory)]


def also_known(detail: DeviceDetail) -> list[FactRow]:
    """What stands of the device itself beyond the register's row, by name."""
    shown = {fact for _, _, fact in _ROW} | {"memory"}
    return [
        fact for (component, name), fact in sorted(standing(detail.facts).items())
        if not component and name not in shown
    ]  # fmt: skip


def part_tables(facts: Iterable[FactRow]) -> list[PartTable]:
    """A table for each kind of component, from the statements that stand."""
    kinds: dict[str, dict[str, dict[str, FactRow]]] = {}
    for (component, name), fact in standing(facts).items():
        if component:
            kind, _, rest = component.partition("/")
            kinds.setdefault(kind, {}).setdefault(rest, {})[name] = fact
    return [_part_table(kind, kinds[kind]) for kind in _in_order(kinds, KINDS)]


def _part_table(kind: str, parts: dict[str, dict[str, FactRow]]) -> PartTable:
    columns = tuple(_in_order({name for part in parts.values() for name in part}, COLUMNS))
    names = sorted(parts, key=_natural)
    rows = tuple((name, tuple(parts[name].get(column) for column in columns)) for name in names[:ROWS_LIMIT])
    return PartTable(kind, _title(kind), columns, rows, max(0, len(names) - ROWS_LIMIT))


def fact_groups(facts: Sequence[FactRow]) -> list[FactGroup]:
    """Every statement with its mark: the device's own first, then by kind of component; what stands comes first."""
    stands = standing(facts)
    groups: dict[str, list[tuple[FactRow, str]]] = {}
    for fact in facts:
        groups.setdefault(fact.component.partition("/")[0], []).append((fact, _mark(fact, stands)))
    order = sorted(groups, key=lambda kind: (kind != "", _place(kind, KINDS)))
    return [FactGroup(kind, _title(kind), tuple(sorted(groups[kind], key=_fact_order))) for kind in order]


def _mark(fact: FactRow, stands: Standing) -> str:
    other = stands.get((fact.component, fact.name))
    if other is fact:
        return Mark.STANDS
    if other is not None and other.value == fact.value:
        return Mark.AGREES
    return Mark.ALSO if fact.name in MANY_VALUED else Mark.OUTWEIGHED


def _fact_order(marked: tuple[FactRow, str]) -> tuple[object, ...]:
    fact, mark = marked
    return (_natural(fact.component), fact.name, mark != Mark.STANDS, -fact.weight, fact.rule, str(fact.value))


def _title(kind: str) -> str:
    return TITLES.get(kind, kind[:1].upper() + kind[1:]) if kind else "The device itself"


def _in_order(found: Iterable[str], first: tuple[str, ...]) -> list[str]:
    return sorted(found, key=lambda name: _place(name, first))


def _place(name: str, first: tuple[str, ...]) -> tuple[int, str]:
    return (first.index(name) if name in first else len(first), name)


def _natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key that puts interface 9 before interface 10."""
    return tuple(
        (0, int(piece)) if piece.isdecimal() and len(piece) < 19 else (1, piece)
        for piece in name.replace(".", "/").split("/")
    )
