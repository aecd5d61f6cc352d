"""A deliberately messy register of a school, as people keep them for years, with the truth of every mess in it.

Each mess is planted on things of its own, so that each can be asked for; on top of that every row is written sloppily,
which is no difference: other case, blanks, `S/N`, five ways to write a day, rooms as `R12`. It knows nothing of how a
book is held against a network. What nobody could find is not planted: two serial numbers are swapped, or typed so that
they are another's, only where something else in the row tells whose row it is.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from messy_estate import OFF_NETWORK, TODAY, Thing, drawn, school

ROWS = 2_000
#: how often each mess is planted in a book of 2,000 rows
PLANTED = {
    "typo in a serial number": 45, "letter for a digit": 30, "swapped serial numbers": 15, "moved room": 60,
    "row missing": 60, "gone for long": 40, "never seen": 40, "never on a network": 30, "at another school": 12,
    "twice in the book": 16, "twice in the book, written otherwise": 16, "twice on the network": 8,
    "spoilt by a spreadsheet": 45, "serial number in another column": 30, "day in another form": 50,
    "day that says no day": 15, "day as in America": 10, "wrong day": 15, "other model": 15, "typo in a tag": 15,
    "other cost": 15, "line that is no asset": 14, "several in one line": 5,
}  # fmt: skip
HEADINGS = (
    {"tag": "Asset No", "what": "Type", "maker": "Make", "model": "Model", "serial": "Serial No.", "mac": "MAC Address",
     "name": "Device Name", "room": "Location", "bought": "Date of Purchase", "cost": "Cost (£)", "fund": "Funding",
     "count": "Qty", "notes": "Comments"},
    {"tag": "Barcode", "what": "Category", "maker": "Manufacturer", "model": "Item Description", "serial": "S/N",
     "mac": "Ethernet MAC", "name": "Computer Name", "room": "Room", "bought": "Purchased", "cost": "Purchase Price",
     "fund": "Source of funding", "count": "Quantity", "notes": "Remarks"},
    {"serial": "Service Tag", "tag": "Security Marking", "what": "Item Type", "maker": "Brand", "model": "Product",
     "name": "Hostname", "mac": "Hardware address", "bought": "Acquired", "cost": "Value", "room": "Classroom",
     "fund": "Fund", "count": "No. of", "notes": "Notes"},
)  # fmt: skip
FORMS = ("csv", "xlsx", "old csv")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planted:
    """One mess: what it is, the rows of the book and the things that it concerns."""

    kind: str
    rows: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(slots=True)
class Messy:
    """A book as a file, the things that the network and the records know, and what is true of each row.

    `row_of`: whose each row is, by its number in the file; "" for a thing that the network never met. `twice`: things
    of which the network has two, with the key of the second.
    """

    name: str
    content: bytes
    things: list[Thing]
    row_of: dict[int, str] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    twice: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Writer:
    """The lines of a book while it is made; a line knows whose it is, and which messes it is part of."""

    chance: random.Random
    lines: list[tuple[Line, str]] = field(default_factory=list)
    marks: list[tuple[str, list[Line], tuple[str, ...]]] = field(default_factory=list)

    def note(self, kind: str, lines: Sequence[Line], *keys: str) -> None:
        self.marks.append((kind, list(lines), keys))


def make(seed: int, rows: int = ROWS, form: str = "") -> Messy:
    """The book of a seed: about so many rows, as a file of a form that the seed chooses where none is named."""
    chance = random.Random(seed)  # noqa: S311 - a made-up school, no secret
    things = school(chance, rows - rows // 40)
    writer = _Writer(chance)
    count = {kind: max(1, number * rows // ROWS) for kind, number in PLANTED.items()}
    line_of = {thing.key: _line(chance, thing) for thing in things}
    pool = _pool(chance, things)
    _spoil_rows(writer, count, line_of, pool)
    missing = {key for kind, _, keys in writer.marks if kind == "row missing" for key in keys}
    writer.lines = [(line_of[thing.key], thing.key) for thing in things if thing.key not in missing] + writer.lines
    _extra(writer, count)
    if seed % 2:
        chance.shuffle(writer.lines)
    twice = _twice(writer, count["twice on the network"], pool)
    _no_assets(writer, count)
    return _written(writer, things, twice, seed, form or FORMS[seed % 3])


def _pool(chance: random.Random, things: list[Thing]) -> list[Thing]:
    """Things in an order of chance, from which each mess takes its own."""
    pool = list(things)
    chance.shuffle(pool)
    return pool


def _take(pool: list[Thing], count: int, fits: Callable[[Thing], bool] = lambda thing: True) -> list[Thing]:
    taken = [thing for thing in pool if fits(thing)][:count]
    gone = {thing.key for thing in taken}
    pool[:] = [thing for thing in pool if thing.key not in gone]
    return taken


# ------------------------------------------------------------------------------------------------ as it is written


def _line(chance: random.Random, thing: Thing) -> Line:
    """A thing as a person writes it down; cells of days stay days until the file is written."""
    with_maker = chance.random() < 0.4
    return {
        "tag": thing.tag if chance.random() < 0.96 else "",
        "what": chance.choice((thing.kind.title(), thing.kind, "IT equipment", "")),
        "maker": "" if with_maker else chance.choice(_makers(thing.maker)),
        "model": f"{thing.maker} {thing.model}" if with_maker else thing.model,
        "serial": _sloppy(chance, thing.serial) if chance.random() < 0.97 else chance.choice(("", "n/a", "TBC", "?")),
        "mac": _sloppy_mac(chance, thing.mac) if chance.random() < 0.12 else "",
        "name": _sloppy_name(chance, thing.name) if thing.name and chance.random() < 0.85 else "",
        "room": _sloppy_room(chance, thing.room),
        "bought": _day(chance, thing.bought) if chance.random() < 0.93 else "",
        "cost": _money(chance, thing.cost_pence) if chance.random() < 0.9 else "",
        "fund": chance.choice(("Capital", "DFC", "PTA", "Revenue", "", "")),
        "count": chance.choice((1, 1, "")),
        "notes": chance.choice(("", "", "", "PAT tested 03/24", "checked JB", "working", "screen scratched")),
    }


def _makers(maker: str) -> tuple[str, ...]:
    others = {
        "HP": ("HP", "Hewlett Packard", "hp"),
        "Dell": ("Dell", "DELL", "Dell Inc."),
        "Ruckus": ("Ruckus", "Ruckus Wireless"),
    }
    return others.get(maker, (maker, maker.upper()))


def _sloppy(chance: random.Random, serial: str) -> str:
    way = chance.random()
    if way < 0.62:
        return serial
    if way < 0.76:
        return serial.lower()
    if way < 0.84:
        return f" {serial} "
    if way < 0.9:
        return f"S/N {serial}"
    return f"{serial[:4]} {serial[4:]}" if way < 0.97 else f"SN:{serial}"


def _sloppy_mac(chance: random.Random, mac: str) -> str:
    bare = mac.replace(":", "")
    dotted = ".".join(bare[at : at + 4] for at in (0, 4, 8))
    return chance.choice((mac, mac.upper(), mac.replace(":", "-"), bare.upper(), dotted))


def _sloppy_name(chance: random.Random, name: str) -> str:
    return chance.choice((name, name, name.lower(), f"{name}.oak.local"))


def _sloppy_room(chance: random.Random, room: str) -> str:
    number = room.removeprefix("Room ")
    if number == room:
        return chance.choice((room, room, room.upper(), room.lower()))
    return chance.choice((room, room, f"R{number}", f"Rm {number}", number, f"room {number}"))


def _day(chance: random.Random, day: date) -> Any:
    return chance.choice((day, day, day, f"{day:%d/%m/%Y}", f"{day:%d/%m/%y}", f"{day:%d.%m.%Y}", day.isoformat()))


def _money(chance: random.Random, pence: int) -> Any:
    pounds = pence // 100
    return chance.choice((pounds, pounds, f"£{pounds}", f"£{pounds:,}.00", f"{pounds}.00"))


# ------------------------------------------------------------------------------------------------ messes on rows


def _spoil_rows(writer: _Writer, count: dict[str, int], line_of: dict[str, Line], pool: list[Thing]) -> None:
    chance = writer.chance
    serials = {thing.serial for thing in pool}
    for kind, way in (("typo in a serial number", _typo), ("letter for a digit", _letter)):
        for thing in _take(pool, count[kind], lambda t: t.tells_serial and _letter(chance, t.serial) != t.serial):
            told = way(chance, thing.serial)
            while told in serials and not _told_apart(thing, line_of[thing.key]):
                told = way(chance, thing.serial)
            line_of[thing.key]["serial"] = told
            writer.note(kind, [line_of[thing.key]], thing.key)
    _swap(writer, count["swapped serial numbers"], line_of, pool)
    for thing in _take(pool, count["moved room"], lambda t: _told_by(t, line_of)):
        other = f"Room {chance.randrange(30, 60)}"
        line_of[thing.key]["room"] = _sloppy_room(chance, other)
        writer.note("moved room", [line_of[thing.key]], thing.key)
    for thing in _take(pool, count["row missing"]):
        writer.note("row missing", [], thing.key)
    for thing in _take(pool, count["gone for long"], lambda t: t.tells_serial):
        line_of[thing.key]["serial"] = _sloppy(chance, thing.serial)
        thing.last_seen = TODAY - timedelta(days=chance.randrange(400, 1200))
        writer.note("gone for long", [line_of[thing.key]], thing.key)
    for thing in _take(pool, count["at another school"], lambda t: t.tells_serial):
        line_of[thing.key]["serial"] = _sloppy(chance, thing.serial)
        thing.elsewhere = True
        writer.note("at another school", [line_of[thing.key]], thing.key)
    _spoil_cells(writer, count, line_of, pool)
    _duplicate(writer, count, line_of, pool)


def _told_apart(thing: Thing, line: Line) -> bool:
    """Whether a row says whose it is without its serial number."""
    return bool((thing.recorded and line["tag"]) or (thing.name and line["name"]) or line["mac"])


def _told_by(thing: Thing, line_of: dict[str, Line]) -> bool:
    """Whether the register can know what a row is said to differ in: something was recorded, and the row says whose."""
    line = line_of[thing.key]
    serial = thing.tells_serial and len(line["serial"]) > 5
    return thing.recorded and (serial or _told_apart(thing, line))


def _typo(chance: random.Random, serial: str) -> str:
    at = chance.randrange(1, len(serial) - 1)
    way = chance.randrange(4)
    if way == 0 and serial[at] != serial[at + 1]:
        return serial[:at] + serial[at + 1] + serial[at] + serial[at + 2 :]
    if way == 1:
        return serial[:at] + serial[at + 1 :]
    if way == 2:
        return serial[:at] + serial[at] + serial[at:]
    other = chance.choice([c for c in "0123456789ABCDEFGHJKLMNPRSTUVWXYZ" if c != serial[at]])
    return serial[:at] + other + serial[at + 1 :]


def _letter(chance: random.Random, serial: str) -> str:
    """What people read on a small label: O for 0, I for 1, S for 5, B for 8, Z for 2."""
    looks = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "B": "8", "S": "5", "Z": "2"}
    places = [at for at, c in enumerate(serial) if c in looks]
    if not places:
        return serial
    likely = [at for at in places if serial[at] in "01"] or places
    at = chance.choice(likely)
    return serial[:at] + looks[serial[at]] + serial[at + 1 :]


def _swap(writer: _Writer, count: int, line_of: dict[str, Line], pool: list[Thing]) -> None:
    """Two rows that were typed one after the other have each other's serial number."""
    alike: dict[str, list[Thing]] = {}
    for thing in pool:
        line = line_of[thing.key]
        if thing.tells_serial and _told_apart(thing, line):
            alike.setdefault(thing.model, []).append(thing)
    pairs = [(two[0], two[1]) for found in alike.values() for two in zip(found[::2], found[1::2], strict=False)]
    writer.chance.shuffle(pairs)
    for first, second in pairs[:count]:
        a, b = line_of[first.key], line_of[second.key]
        a["serial"], b["serial"] = second.serial, first.serial
        writer.note("swapped serial numbers", [a, b], first.key, second.key)
        pool[:] = [thing for thing in pool if thing.key not in (first.key, second.key)]


def _spoil_cells(writer: _Writer, count: dict[str, int], line_of: dict[str, Line], pool: list[Thing]) -> None:
    chance = writer.chance
    for thing in _take(pool, count["spoilt by a spreadsheet"], lambda t: _can_spoil(t.serial)):
        line_of[thing.key]["serial"] = _spoilt(chance, thing.serial)
        writer.note("spoilt by a spreadsheet", [line_of[thing.key]], thing.key)
    for thing in _take(pool, count["serial number in another column"], lambda t: t.tells_serial):
        line, column = line_of[thing.key], chance.choice(("model", "notes", "name", "tag"))
        line[column], line["serial"] = thing.serial, line[column] if chance.random() < 0.5 else ""
        writer.note("serial number in another column", [line], thing.key)
    for kind, way in (
        ("day in another form", _odd_day),
        ("day that says no day", _no_day),
        ("day as in America", _us_day),
    ):
        for thing in _take(pool, count[kind], lambda t: _told_by(t, line_of) and t.bought.day != t.bought.month):
            line_of[thing.key]["bought"] = way(chance, thing.bought)
            writer.note(kind, [line_of[thing.key]], thing.key)
    for thing in _take(pool, count["wrong day"], lambda t: _told_by(t, line_of)):
        wrong = thing.bought - timedelta(days=chance.choice((365, 730, 30)))
        line_of[thing.key]["bought"] = f"{wrong:%d/%m/%Y}"
        writer.note("wrong day", [line_of[thing.key]], thing.key)
    for thing in _take(pool, count["other model"], lambda t: t.kind in ("desktop", "laptop") and t.tells_serial):
        line_of[thing.key] |= {"maker": thing.maker, "model": chance.choice(("Latitude 5410", "EliteBook 840 G5")),
                               "serial": thing.serial}  # fmt: skip
        writer.note("other model", [line_of[thing.key]], thing.key)
    for thing in _take(pool, count["typo in a tag"], lambda t: t.recorded and t.tells_serial):
        line_of[thing.key] |= {"tag": thing.tag[:3] + _typo(chance, "9" + thing.tag[3:])[1:], "serial": thing.serial}
        if line_of[thing.key]["tag"] != thing.tag:
            writer.note("typo in a tag", [line_of[thing.key]], thing.key)
    for thing in _take(pool, count["other cost"], lambda t: _told_by(t, line_of)):
        line_of[thing.key]["cost"] = f"£{thing.cost_pence // 100 + chance.choice((50, 100, -45))}"
        writer.note("other cost", [line_of[thing.key]], thing.key)


def _can_spoil(serial: str) -> bool:
    return serial.isdigit() or (serial[0].isdigit() and len(serial) <= 8)


def _spoilt(chance: random.Random, serial: str) -> Any:
    """What a spreadsheet makes of a serial number: a power of ten, fewer digits, a failed formula, a narrow column."""
    if serial.isdigit() and chance.random() < 0.8:
        value = float(serial)
        return f"{value:.5E}".replace("E+0", "E+") if len(serial) > 11 else int(serial)
    return chance.choice(("#N/A", "########", "#REF!"))


def _odd_day(chance: random.Random, day: date) -> Any:
    number = (day - date(1899, 12, 30)).days
    month = MONTHS[day.month - 1]
    return chance.choice((str(number), number, f"{day.day} {month} {day.year}", f"{day.day}-{month}-{day:%y}"))


def _no_day(chance: random.Random, day: date) -> str:
    return chance.choice((f"{MONTHS[day.month - 1]} {day.year}", f"Summer {day.year}", f"{day:%Y}", "see invoice"))


def _us_day(chance: random.Random, day: date) -> str:
    return chance.choice((f"{day:%m/%d/%Y}", f"{day:%m/%d/%y}"))


def _duplicate(writer: _Writer, count: dict[str, int], line_of: dict[str, Line], pool: list[Thing]) -> None:
    chance = writer.chance
    for kind in ("twice in the book", "twice in the book, written otherwise"):
        for number, thing in enumerate(_take(pool, count[kind], lambda t: t.tells_serial)):
            first = line_of[thing.key]
            first["serial"] = _sloppy(chance, thing.serial)
            second = dict(first)
            if kind != "twice in the book":
                second |= {"tag": f"NEW{number:04}", "room": _sloppy_room(chance, f"Room {60 + number}"), "name": "",
                           "serial": _sloppy(chance, thing.serial), "notes": "found in cupboard"}  # fmt: skip
            writer.lines.append((second, thing.key))
            writer.note(kind, [first, second], thing.key)


# ------------------------------------------------------------------------------------------------ rows of nothing met


def _extra(writer: _Writer, count: dict[str, int]) -> None:
    """Rows of things that nothing ever met: they were sold, stolen, broken, or never were on a network."""
    chance = writer.chance
    for thing in school(random.Random(chance.random()), count["never seen"] * 2)[: count["never seen"]]:  # noqa: S311
        line = _line(chance, thing)
        if thing.serial in {str(said["serial"]) for said, _ in writer.lines}:
            continue
        line |= {"tag": f"GON{len(writer.lines):05}", "name": "", "serial": thing.serial}
        writer.lines.append((line, ""))
        writer.note("never seen", [line])
    for _ in range(count["never on a network"]):
        what, maker, model, pattern = chance.choice(OFF_NETWORK)
        line = _line(
            chance, Thing("", what, maker, model, drawn(chance, pattern), "", "", "Hall", "", TODAY, 9900, None)
        )
        line |= {"tag": f"MSC{len(writer.lines):05}", "what": what.title(), "mac": ""}
        writer.lines.append((line, ""))
        writer.note("never on a network", [line])


def _twice(writer: _Writer, count: int, pool: list[Thing]) -> dict[str, str]:
    taken = _take(pool, count, lambda t: t.tells_serial and t.kind == "laptop")
    for thing in taken:
        writer.note("twice on the network", [], thing.key)
    return {thing.key: f"{thing.key}b" for thing in taken}


def _no_assets(writer: _Writer, count: dict[str, int]) -> None:
    """Lines between the rows: what is no asset, and class sets that were entered as one line."""
    chance = writer.chance
    for number in range(count["line that is no asset"]):
        line: Line = chance.choice(({"tag": f"YEAR {number % 6 + 1}"}, {"cost": 12_000 + number, "room": "Total"},
                                    {"tag": "HEADINGS"}, {"notes": "--- checked to here, JB 12/3/24 ---"}))  # fmt: skip
        line = dict(line)
        writer.lines.insert(chance.randrange(1, len(writer.lines)), (line, ""))
        writer.note("line that is no asset", [line])
    for _ in range(count["several in one line"]):
        line = {"what": "Laptop", "maker": "Lenovo", "model": "100e Chromebook", "count": chance.choice((15, 30, 32)),
                "room": "ICT 1", "bought": date(2021, 9, 1), "cost": 6_400}  # fmt: skip
        writer.lines.append((line, ""))
        writer.note("several in one line", [line])


# ------------------------------------------------------------------------------------------------ the file


def _written(writer: _Writer, things: list[Thing], twice: dict[str, str], seed: int, form: str) -> Messy:
    headings = HEADINGS[seed // 3 % 3]
    above = [["Oak Lane Primary School – ICT asset register"], ["Last updated 3/9/24 by office, £ ex VAT"], []]
    above = above[: seed % 4]
    table: list[list[Any]] = [*above, list(headings.values())]
    made = Messy(f"register-{seed}.{'xlsx' if form == 'xlsx' else 'csv'}", b"", things, twice=twice)
    numbers: dict[int, int] = {}
    for line, key in writer.lines:
        said = list(headings.values()) if line.get("tag") == "HEADINGS" else [line.get(name, "") for name in headings]
        table.append(said)
        numbers[id(line)] = len(table)
        if key or line.get("serial"):
            made.row_of[len(table)] = key
    made.planted = [
        Planted(kind, tuple(numbers[id(line)] for line in lines), keys) for kind, lines, keys in writer.marks
    ]
    made.content = _workbook(table) if form == "xlsx" else _csv(table, old=form == "old csv")
    return made


def _csv(table: list[list[Any]], *, old: bool) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if old else ",")
    for row in table:
        writer.writerow([f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row])
    return out.getvalue().encode("cp1252" if old else "utf-8-sig", "replace")


def _workbook(table: list[list[Any]]) -> bytes:
    import openpyxl  # noqa: PLC0415 - a third of a second to load

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Register")
    for row in table:
        cells = [_power(cell) for cell in row]
        sheet.append([datetime(c.year, c.month, c.day) if isinstance(c, date) else c for c in cells])  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _power(cell: Any) -> Any:
    """A power of ten as the number that a workbook keeps of it."""
    looks = isinstance(cell, str) and "E+" in cell and cell.replace(".", "").replace("E+", "").isdigit()
    return float(cell) if looks else cell
