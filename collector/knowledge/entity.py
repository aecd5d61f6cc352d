"""ENTITY-MIB (RFC 6933): chassis, stack members, modules, power supplies and fans, with model and serial of each.

The device itself is its chassis; of a stack, the member that answers; a virtual stack has no serial. A stack row that
repeats a member's serial is no further member. Recorders leave columns out, so a row's class is told by its words where
it is not there. Sensors of the same table are read by `entity_sensors`; makers who write other things into these
columns have files of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from collector.facts import identifier_text, named_text
from collector.knowledge import Ask, Reader, Statement, Walk, as_date, as_named, as_text
from collector.readers import as_told
from stocktake.values import Binding

ENTRY = "1.3.6.1.2.1.47.1.1.1.1"
CONTAINED_IN, CLASS = f"{ENTRY}.4", f"{ENTRY}.5"
DESCRIPTION, NAME, HARDWARE, FIRMWARE, SOFTWARE, SERIAL = (f"{ENTRY}.{number}" for number in (2, 7, 8, 9, 10, 11))
MAKER, MODEL, ASSET, MANUFACTURED = (f"{ENTRY}.{number}" for number in (12, 13, 15, 17))

ASKS = (
    Ask("entity", tables=tuple(f"{ENTRY}.{number}" for number in (2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17))),
)

#: IANAPhysicalClass → the word of a component; other classes (ports, sensors, backplanes) are not components
CHASSIS, CONTAINER, MODULE, PORT, STACK, PROCESSOR = 3, 5, 9, 10, 11, 12
#: a port that has a serial number is what is plugged into it (Comware tells optics so)
WORDS = {CHASSIS: "chassis", 6: "power supply", 7: "fan", MODULE: "module", PORT: "transceiver", STACK: "stack",
         PROCESSOR: "processor"}  # fmt: skip
UNREAD = (b"\x08", b"\x0a")  # entPhysicalClass of sensors and ports
#: components that are worth a row only where they tell a serial or a model
PLAIN = (MODULE, PROCESSOR)
#: the class that the words of a row tell, where its class was not walked; the first that fits
TOLD_BY_WORDS = (
    (re.compile(r"(?i)\b(slot|bay|sensor|port|connector|container|backplane)\b"), 0),
    (re.compile(r"(?i)\b(power ?supply|psu|pwr)\b"), 6),
    (re.compile(r"(?i)\bfan\b"), 7),
    (re.compile(r"(?i)^(vc|virtual )?stack$|\bstack$"), STACK),
    (re.compile(r"(?i)\bchassis\b|^(unit|switch) ?\d+$"), CHASSIS),
)
TELLING = re.compile(rb"(?i)power|psu|pwr|fan|stack|chassis|unit|switch")
TRANSCEIVER = re.compile(r"(?i)\b(q?sfp\w*|xfp|gbic|xenpak|x2|transceiver)\b|\d+(g|00)?base-?[a-z]{2}")
#: a single word with letters and digits: a name or description that is the model
MODEL_WORD = re.compile(
    r"(?=[^\d]*\d)(?=\S*[A-Za-z])(?!(?i:unit|switch|slot|chassis|stack|member|module)\W*\d)[A-Z][\w./+()-]{3,31}"
)
VIRTUAL = re.compile(r"(?i)\bvirtual (stack|switch)")
PART_NUMBER = re.compile(r"[\d -]+")
MOST_COMPONENTS = 256


class Row(NamedTuple):
    """One row of entPhysicalTable: its index (`place`), class (0 where nothing tells it), and what it stands in."""

    place: str
    kind: int
    parent: str
    serial: str
    model: str

    @property
    def tells(self) -> bool:
        """Whether the row says which one or what it is."""
        return bool(self.serial or self.model)


def read(walk: Walk) -> Iterator[Statement]:
    """The device by its chassis, and every component that carries something of its own."""
    if not walk.has(ENTRY):
        return
    rows = _rows(walk)
    members = _members(rows)
    yield from _components(walk, rows, members)
    main = members[0] if members else _main(rows)
    if main is not None:
        yield from _device(walk, main, rows, alone=not _is_virtual(walk, main, rows))


# ------------------------------------------------------------------------------------------------ the rows


def _rows(walk: Walk) -> dict[str, Row]:
    """All rows by index, in the order of their numbers, but for sensors and ports: most rows are those."""
    kinds = walk.column(CLASS)
    if kinds:
        found = {index for index, binding in kinds.items() if binding.value not in UNREAD}
        found |= {index for index, told in walk.column(SERIAL).items() if told.value and _is_port(kinds.get(index))}
    else:
        found = {index for column in (DESCRIPTION, NAME, SERIAL, MODEL) for index in walk.column(column)}
    kept = sorted((index for index in found if index.isdecimal() and len(index) <= 10), key=int)
    return {index: _row(walk, index) for index in kept}


def _is_port(kind: Binding | None) -> bool:
    return kind is not None and kind.value == b"\x0a"


def _row(walk: Walk, index: str) -> Row:
    kind = walk.integer(f"{CLASS}.{index}")
    serial, model = walk.text(f"{SERIAL}.{index}"), walk.text(f"{MODEL}.{index}")
    parent = walk.integer(f"{CONTAINED_IN}.{index}")
    kind = _told_by_words(walk, index) if kind is None else kind
    return Row(index, kind, str(parent or 0), serial and identifier_text(serial), model and named_text(model))


def _told_by_words(walk: Walk, index: str) -> int:
    for column in (NAME, DESCRIPTION):
        binding = walk.get(f"{column}.{index}")
        if binding is None or not TELLING.search(binding.value):
            continue
        words = walk.text(f"{column}.{index}")
        for pattern, kind in TOLD_BY_WORDS:
            if pattern.search(words):
                return kind
    return 0


def _members(rows: Mapping[str, Row]) -> list[Row]:
    """The members of a stack: what stands in a stack row, or chassis side by side, each with a serial of its own."""
    stacks = {row.place for row in rows.values() if row.kind == STACK}
    inside = [row for row in rows.values() if row.parent in stacks and row.kind in (CHASSIS, STACK, CONTAINER)]
    beside = [row for row in rows.values() if row.kind == CHASSIS and row.parent == "0"]
    for candidates in (inside, beside):
        told = {row.serial: row for row in reversed(candidates) if row.serial}
        if len(told) > 1:
            return sorted(told.values(), key=lambda row: int(row.place))
    return []


def _main(rows: Mapping[str, Row]) -> Row | None:
    """The row that is the device: a chassis, what stands in a stack, the stack, else a first row of its own."""
    stacks = {row.place for row in rows.values() if row.kind == STACK}
    told = [row for row in rows.values() if row.tells]
    outermost = [row for row in told if row.parent == "0" and row.kind in (0, 1, 2, 4, MODULE)]
    for candidates in (
        [row for row in told if row.kind == CHASSIS],
        [row for row in told if row.parent in stacks],
        [row for row in told if row.kind == STACK],
        [row for row in outermost if row.serial] if len(outermost) > 1 else outermost,
    ):
        if candidates:
            return candidates[0]
    first = next(iter(rows.values()), None)
    return first if first and first.parent == "0" and first.kind in (0, 1, 2, CHASSIS) else None


def _is_virtual(walk: Walk, member: Row, rows: Mapping[str, Row]) -> bool:
    """Whether a member stands in a virtual stack (Cisco StackWise Virtual): two whole chassis that answer as one.

    Its stack row has no serial, and neither chassis's would be more right than the other's. A stack of units has that
    of its active unit.
    """
    stack = rows.get(member.parent)
    if stack is None or stack.kind != STACK or stack.serial:
        return False
    return any(VIRTUAL.search(walk.text(f"{column}.{stack.place}")) for column in (DESCRIPTION, NAME))


# ------------------------------------------------------------------------------------------------ the components


def _components(walk: Walk, rows: Mapping[str, Row], members: list[Row]) -> Iterator[Statement]:
    serials = {row.serial for row in rows.values() if row.serial and row.kind != STACK}
    names = {member.place: f"stack member/{member.place}" for member in members}
    worth = [row for row in rows.values() if row.place in names or _is_component(row)]
    for row in worth[:MOST_COMPONENTS]:
        repeats = row.kind == STACK and row.place not in names and row.serial in serials
        component = names.get(row.place) or f"{_word(walk, row)}/{row.place}"
        yield from _component(walk, row, component, repeats=repeats)
        if row.place in names:
            yield from _model_word(walk, row, component)
        holder = _holder(rows, row, names)
        yield from walk.fact("contained_in", holder, f"{CONTAINED_IN}.{row.place}", component=component)
    if len(worth) > MOST_COMPONENTS:
        yield from walk.unread(f"{len(worth)} components, of which the first {MOST_COMPONENTS} are read", ENTRY)


def _is_component(row: Row) -> bool:
    if row.kind == PORT:
        return bool(row.serial)
    return row.kind in WORDS and (row.kind not in PLAIN or row.tells)


def _word(walk: Walk, row: Row) -> str:
    if row.kind == MODULE:
        words = (row.model, walk.text(f"{DESCRIPTION}.{row.place}"), walk.text(f"{NAME}.{row.place}"))
        return "transceiver" if any(TRANSCEIVER.search(text) for text in words) else "module"
    return WORDS[row.kind]


def _component(walk: Walk, row: Row, component: str, *, repeats: bool) -> Iterator[Statement]:
    for name, column, reader, weight in TOLD:
        if not (repeats and name == "serial"):
            yield from walk.state(name, f"{column}.{row.place}", read=reader, weight=weight, component=component)


def _holder(rows: Mapping[str, Row], row: Row, names: Mapping[str, str]) -> str:
    """The stack member that a component is in; a table may say that things contain each other."""
    seen = {row.place}
    while row.parent in rows and row.parent not in seen:
        if row.parent in names:
            return names[row.parent]
        row = rows[row.parent]
        seen.add(row.place)
    return ""


#: what a row tells of its component: fact, column, how it is read, weight
TOLD: tuple[tuple[str, str, Reader | None, int], ...] = (
    ("description", DESCRIPTION, as_text, 50),
    ("name", NAME, as_text, 50),
    ("hardware", HARDWARE, as_text, 50),
    ("firmware", SOFTWARE, as_text, 50),  # what runs; entPhysicalFirmwareRev is what boots it
    ("firmware", FIRMWARE, as_text, 40),
    ("serial", SERIAL, None, 50),
    ("maker", MAKER, None, 50),
    ("model", MODEL, as_named, 50),
    ("asset_tag", ASSET, None, 50),
    ("manufactured", MANUFACTURED, None, 50),
    ("manufactured.raw", MANUFACTURED, as_told(as_date), 50),
)


# ------------------------------------------------------------------------------------------------ the device


def _device(walk: Walk, row: Row, rows: Mapping[str, Row], *, alone: bool) -> Iterator[Statement]:
    if alone:
        yield from walk.state("serial", f"{SERIAL}.{row.place}", weight=60)
    yield from walk.state("maker", f"{MAKER}.{row.place}", weight=45)
    yield from walk.state("asset_tag", f"{ASSET}.{row.place}")
    yield from walk.state("manufactured", f"{MANUFACTURED}.{row.place}")
    yield from walk.state("manufactured.raw", f"{MANUFACTURED}.{row.place}", read=as_told(as_date))
    yield from walk.state("hardware", f"{HARDWARE}.{row.place}", weight=40)
    yield from _model(walk, row)
    running = next((other for other in (row, *rows.values()) if walk.text(f"{SOFTWARE}.{other.place}")), row)
    ours = running is row or running.parent in (row.place, row.parent) or running.place == row.parent
    yield from walk.state("firmware", f"{SOFTWARE}.{running.place}", weight=40 if ours else 15)
    yield from walk.state("firmware", f"{FIRMWARE}.{row.place}", weight=30)


def _model(walk: Walk, row: Row) -> Iterator[Statement]:
    """The model, or the part number that some makers put in its place."""
    name = "part_number" if PART_NUMBER.fullmatch(row.model) else "model"
    yield from walk.fact(name, row.model, f"{MODEL}.{row.place}", weight=45)
    yield from _model_word(walk, row, "")


def _model_word(walk: Walk, row: Row, component: str) -> Iterator[Statement]:
    """The model by a name or a description that can be nothing else."""
    for column in (NAME, DESCRIPTION):
        word = walk.text(f"{column}.{row.place}")
        if MODEL_WORD.fullmatch(word):
            yield from walk.fact("model", word, f"{column}.{row.place}", component=component, weight=20)
            return
