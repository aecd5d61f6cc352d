"""What a list or a bulk edit would change: found out without changing anything, so that it can be shown first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from collector import schools, tenure
from collector.errors import CollectorError
from collector.records.acting import Move, differences, values
from collector.records.fields import FIELDS, Value, key
from collector.records.reading import Item, Trouble
from collector.store import Transaction, places
from collector.store import records as rows

ALONE = tuple(name for name, found in FIELDS.items() if found.alone)  # asset tag, serial number, MAC


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change, what cannot be taken and why, and how many rows say what is kept already."""

    moves: tuple[Move, ...]
    troubles: tuple[Trouble, ...] = ()
    same: int = 0

    @property
    def made(self) -> int:
        """Records that would be made."""
        return sum(not move.record_id for move in self.moves)

    @property
    def expected(self) -> int:
        """Devices that nobody has seen yet and that would be expected."""
        return sum(not move.device_id for move in self.moves)

    @property
    def cells(self) -> int:
        """Values that would change."""
        return sum(len(move.differences) for move in self.moves)

    def digest(self) -> str:
        """Names exactly these changes: what is carried out is what was shown."""
        told = [
            [move.device_id, move.record_id, move.site_id, [[d.field, d.before, d.after] for d in move.differences]]
            for move in self.moves
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


@dataclass(slots=True)
class _Around:
    """What is known of all devices that the items may be of."""

    by: dict[str, dict[str, set[str]]]
    known: dict[str, rows.Known]
    records: dict[str, list[rows.Record]]
    said: dict[str, dict[str, Value]]
    sites: dict[str, places.Place | str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)  # schools that may not be changed, and why


def title_of(known: rows.Known) -> str:
    """What people call a device."""
    product = " ".join(part for part in (known.maker, known.model) if part)
    return known.name or product or known.serial or known.device_id


# ------------------------------------------------------------------------------------------------ lists


def of_list(connection: Transaction, trust_id: str, items: Sequence[Item], school: str = "") -> Plan:
    """What a list would change. `school`: where devices are expected whose row names no school."""
    around = _around(connection, trust_id, items)
    moves: list[Move] = []
    troubles: list[Trouble] = []
    taken: dict[str, int] = {}
    same = 0
    for item in items:
        found = _move(connection, trust_id, item, around, school)
        claimed = _claims(item, found)
        if isinstance(found, Move) and (other := next((taken[mark] for mark in claimed if mark in taken), None)):
            found = Trouble(item.row, "", f"row {other} is about the same device: leave one of the two out")
        if isinstance(found, Trouble):
            troubles.append(found)
            continue
        taken |= dict.fromkeys(claimed, item.row)
        if found.differences:
            moves.append(found)
        else:
            same += 1
    return Plan(tuple(moves), tuple(troubles), same)


def _claims(item: Item, found: Move | Trouble) -> list[str]:
    marks = [f"{name}:{mark}" for name in ALONE if (mark := key(FIELDS[name], item.said.get(name)))]
    return marks + ([f"device:{found.device_id}"] if isinstance(found, Move) and found.device_id else [])


def _around(connection: Transaction, trust_id: str, items: Sequence[Item]) -> _Around:
    wanted = {name: {mark for i in items if (mark := key(FIELDS[name], i.said.get(name)))} for name in ALONE}
    by = {name: rows.by_key(connection, trust_id, name, marks) for name, marks in wanted.items()}
    for name, told in (
        ("serial", rows.by_serial(connection, trust_id, wanted["serial"])),
        ("mac", rows.by_mac(connection, trust_id, wanted["mac"])),
    ):
        for mark, device_ids in told.items():
            by[name].setdefault(mark, set()).update(device_ids)
    device_ids = {one for found in by.values() for several in found.values() for one in several}
    return _look(connection, trust_id, device_ids | {i.device for i in items if i.device}, by)


def _look(
    connection: Transaction, trust_id: str, device_ids: Iterable[str], by: dict[str, dict[str, set[str]]]
) -> _Around:
    known = rows.known(connection, trust_id, device_ids)
    kept = rows.of_devices(connection, trust_id, {one.device_id for one in known.values()})
    said = rows.current(connection, trust_id, [record.record_id for several in kept.values() for record in several])
    made = {record_id: values(fields) for record_id, fields in said.items()}
    return _Around(by, known, kept, made, refused=tenure.objections(connection, trust_id))


def _move(connection: Transaction, trust_id: str, item: Item, around: _Around, school: str) -> Move | Trouble:
    try:
        device_id = _device(item, around)
    except _Unclear as unclear:
        return Trouble(item.row, unclear.column, str(unclear))
    if device_id:
        refused = around.refused.get(around.known[device_id].school_id)
        return Trouble(item.row, "", refused) if refused else _of_device(device_id, item.said, around, item.row)
    return _expected(connection, trust_id, item, around, school)


class _Unclear(CollectorError):
    """A row could be of several devices, or of none that there is."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def _device(item: Item, around: _Around) -> str:
    """The one device that a row is of; "" where it is of none that is known."""
    found: dict[str, str] = {}  # device → the column that leads there
    if item.device:
        if item.device not in around.known:
            raise _Unclear(item.headings.get("device", ""), f"there is no device {item.device}")
        found[around.known[item.device].device_id] = "device"
    for name in ALONE:
        mark = key(FIELDS[name], item.said.get(name))
        several = sorted(around.by[name].get(mark, ())) if mark else []
        if len(several) > 1 and not found.keys() & set(several):
            listed = ", ".join(title_of(around.known[one]) for one in several[:5])
            told = f"several devices have this: {listed}; name one by its device id"
            raise _Unclear(item.headings.get(name, ""), told)
        if len(several) == 1:
            found.setdefault(several[0], name)
    if len(found) > 1:
        sides = [f"{_label(name)} is that of {title_of(around.known[one])} ({one})" for one, name in found.items()]
        last = item.headings.get(list(found.values())[-1], "")
        raise _Unclear(last, f"{' and '.join(sides)}: correct one of them")
    return next(iter(found), "")


def _label(name: str) -> str:
    return FIELDS[name].label if name in FIELDS else "Device id"


def _mark(said: Mapping[str, Value | None], name: str) -> str:
    return key(FIELDS[name], said.get(name))


def _of_device(device_id: str, said: Mapping[str, Value | None], around: _Around, row: int = 0) -> Move:
    """What changes of a device that is known. A list that spells a mark otherwise does not change it; a person may."""
    known = around.known[device_id]
    record = next(iter(around.records.get(known.device_id, ())), None)
    before = around.said.get(record.record_id, {}) if record else {}
    alike = {name for name in ALONE if row and said.get(name) and _mark(before, name) == _mark(said, name)}
    changed = differences(before, {name: value for name, value in said.items() if name not in alike})
    return Move(
        changed, title_of(known), known.device_id, record.record_id if record else "", known.school_name,
        known.site_id, row,
    )  # fmt: skip


def _expected(connection: Transaction, trust_id: str, item: Item, around: _Around, school: str) -> Move | Trouble:
    """A device that nobody has seen yet."""
    if not any(item.said.get(name) for name in ALONE):
        told = "it has neither asset tag, serial number nor MAC, so it could not be told from others: add one"
        return Trouble(item.row, "", told)
    wanted = item.school or school
    if not wanted:
        told = "no device has this yet: say at which school it is expected, in a column “School” or for the whole list"
        return Trouble(item.row, "", told)
    place = _place(connection, trust_id, wanted, around)
    if isinstance(place, str):
        return Trouble(item.row, item.headings.get("school", ""), place)
    said = {"status": "expected", **item.said}
    title = next((str(said[name]) for name in ("local_name", "asset_tag", "serial", "mac") if said.get(name)), "")
    changed = differences({}, {name: value for name, value in said.items() if value is not None})
    return Move(changed, title, "", "", place.school_name, place.site_id, item.row)


def _place(connection: Transaction, trust_id: str, wanted: str, around: _Around) -> places.Place | str:
    """The site of a school's name, or the sentence that says why there is none."""
    if wanted not in around.sites:
        try:
            around.sites[wanted] = schools.find(connection, trust_id, wanted)
        except CollectorError as error:
            around.sites[wanted] = str(error)
    return around.sites[wanted]


# ------------------------------------------------------------------------------------------------ one, and many


def of_devices(
    connection: Transaction, trust_id: str, device_ids: Sequence[str], said: Mapping[str, Value | None]
) -> Plan:
    """What saying the same of many devices would change."""
    around = _look(connection, trust_id, device_ids, {})
    found = dict.fromkeys(around.known[one].device_id for one in device_ids if one in around.known)
    refused = {
        one: Trouble(place, "", f"{title_of(around.known[one])}: {why}")
        for place, one in enumerate(found, 1)
        if (why := around.refused.get(around.known[one].school_id))
    }
    moves = [_of_device(one, said, around) for one in found if one not in refused]
    changed = tuple(move for move in moves if move.differences)
    return Plan(changed, tuple(refused.values()), len(moves) - len(changed))


def of_record(
    connection: Transaction, trust_id: str, device_id: str, said: Mapping[str, Value | None], record_id: str = ""
) -> Move:
    """What entering on one device would change. CollectorError where it may not: marks are of one device alone."""
    around = _look(connection, trust_id, [device_id], {})
    if device_id not in around.known:
        raise CollectorError(f"there is no device {device_id}")
    known = around.known[device_id]
    mine = around.records.get(known.device_id, [])
    if record_id and record_id not in {record.record_id for record in mine}:
        raise CollectorError("this record is of another device now: open that one")
    around.records[known.device_id] = [r for r in mine if r.record_id == record_id] if record_id else mine
    for name, other in bearers(connection, trust_id, said, own_words=False):
        if other.device_id != known.device_id:
            label = FIELDS[name].label.lower()
            raise CollectorError(f"{title_of(other)} ({other.device_id}) has this {label} on record already")
    return _of_device(known.device_id, said, around)


def bearers(
    connection: Transaction, trust_id: str, said: Mapping[str, Value | None], *, own_words: bool = True
) -> list[tuple[str, rows.Known]]:
    """Who has the asset tag, serial number or MAC that is said: on record, and by the devices' own words."""
    found = []
    for name in ALONE:
        if not (mark := key(FIELDS[name], said.get(name))):
            continue
        several = rows.by_key(connection, trust_id, name, [mark]).get(mark, set())
        if own_words and name != "asset_tag":
            ask = rows.by_serial if name == "serial" else rows.by_mac
            several = several | ask(connection, trust_id, [mark]).get(mark, set())
        found += [(name, known) for known in rows.known(connection, trust_id, sorted(several)).values()]
    return found
