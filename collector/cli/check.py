"""Commands of physical checks: `check begin`, `list`, `sheet`, `result`. They are walked and signed on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector import checking, schools, shelf_check, show
from collector.cells import guarded
from collector.cli.frame import Arguments, add, execute, trust_of
from collector.config import Config
from collector.errors import CollectorError
from collector.facts import text
from collector.shelf_check import Booked, Method, Outcome, Rate, Verdict, percent
from collector.store import Store, Transaction, people, school_lives
from collector.store import shelf_checks as rows
from collector.store.shelf_checks import Check, Room, Row, Thing

METHODS = {each.value.replace(" ", "-"): each for each in Method}
LISTED = ("check", "school", "begun", "drawn how", "devices", "looked at", "stands")
SHEET = ("what", "line", "room", "device_id", "device", "product", "asset_tag", "serial", "mac", "found", "note")


@dataclass(frozen=True, slots=True)
class _Whole:
    """A check with all that is in it, and what its school and people are called."""

    check: Check
    school: str
    drawn: list[Row]
    rooms: list[Room]
    things: list[Thing]
    books: dict[str, Booked]
    names: dict[str, str]

    def book(self, device_id: str) -> Booked:
        """What the register had of a device when the sample was drawn."""
        return self.books.get(device_id) or shelf_check.booked(device_id, {})


def _whole(connection: Transaction, check_id: str) -> _Whole:
    trust_id = trust_of(connection)
    check = rows.get(connection, trust_id, check_id)
    if check is None:
        raise CollectorError(f"there is no check {text(check_id, 64)!r}: 'stocktake-collector check list' has them all")
    drawn, things = rows.rows(connection, trust_id, check_id), rows.things(connection, trust_id, check_id)
    wanted = {row.device_id for row in drawn} | {each.device_id for each in things if each.device_id}
    known = {each.school_id: each.name for each in school_lives.schools(connection, trust_id)}
    return _Whole(
        check, known.get(check.school_id, "a school"), drawn, rows.rooms(connection, trust_id, check_id), things,
        checking.books(connection, trust_id, check, wanted),
        {each.account_id: each.name for each in people.all_accounts(connection, trust_id)},
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ begin, list


def _begin(settings: Config, arguments: Arguments) -> int:
    keys = ("school", "by", "second", "size", "rooms", "seed", "declared")
    said = {key: getattr(arguments, key) for key in keys} | {"method": METHODS[arguments.method].value}
    print(execute(settings, "check_begin", said))
    return 0


def _list(settings: Config, arguments: Arguments) -> int:
    """The checks there were, newest first."""
    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        chosen = {schools.named(connection, trust_id, arguments.school).school_id} if arguments.school else None
        found = rows.latest(connection, trust_id, chosen)
        looked = rows.looked_at(connection, trust_id, [each.check_id for each in found])
        known = {each.school_id: each.name for each in school_lives.schools(connection, trust_id)}
    lines = [
        (each.check_id, known.get(each.school_id, "a school"), each.made, each.method, each.drawn,
         looked.get(each.check_id, 0), _standing(each))
        for each in found
    ]  # fmt: skip
    print(show.table(LISTED, lines) if lines else "no shelves were checked yet: 'stocktake-collector check begin'")
    return 0


def _standing(check: Check) -> str:
    if check.withdrawn is not None:
        return f"withdrawn: {check.reason}"
    return "closed, signed by both" if check.closed else "open" if check.open else "signed by one"


# ------------------------------------------------------------------------------------------------ sheet


def _sheet(settings: Config, arguments: Arguments) -> int:
    """What to look for and where to walk as CSV, with what was found so far."""
    with Store.glance(settings.store_url) as connection:
        whole = _whole(connection, arguments.check)
    for line in (SHEET, *_lines(whole)):
        print(",".join(guarded(cell) for cell in line), end="\r\n")
    return 0


def _lines(whole: _Whole) -> Iterator[tuple[str, ...]]:
    for row in whole.drawn:
        book = whole.book(row.device_id)
        found = f"{row.outcome}: {row.room}" if row.room else row.outcome
        yield (
            "device", str(row.line), book.room, row.device_id, book.title, book.product, book.asset_tag,
            " or ".join(book.serials), " or ".join(book.macs), found, row.note,
        )  # fmt: skip
    for room in whole.rooms:
        walked = "walked" if room.walked is not None else ""
        yield ("room", str(room.line), room.name or "anywhere in the school", *[""] * 6, walked, "")


# ------------------------------------------------------------------------------------------------ result


def _result(settings: Config, arguments: Arguments) -> int:
    """Counts both ways, how sure they are, what was not in its place, and who signed."""
    with Store.glance(settings.store_url) as connection:
        whole = _whole(connection, arguments.check)
    print("\n".join(_told(whole)))
    return 0


def _told(whole: _Whole) -> Iterator[str]:
    check, found = whole.check, checking.result(whole.drawn, whole.rooms, whole.things)
    yield (
        f"check {check.check_id} of {whole.school}: {check.drawn} of {check.population:,} devices, {check.method}, "
        f"seed {check.seed}, of the register as known {check.as_known:%Y-%m-%d %H:%M:%S} UTC"
    )
    if check.left_out:
        yield f"{check.left_out:,} without a cost on record could not be drawn"
    yield f"{_standing(check)}; {checking.lacking(whole.drawn, whole.rooms) or 'all was looked at'}"
    yield from _floor(whole, found)
    yield from _book(whole, found)
    yield _signed("checked by", whole.names.get(check.made_by_id, check.made_by_id), check.signed)
    yield _signed("second person", whole.names.get(check.second_id, check.second_name), check.second_signed)


def _floor(whole: _Whole, found: checking.Result) -> Iterator[str]:
    yield "from the book to the floor: " + ", ".join(f"{each.value} {n}" for each, n in found.outcomes.items())
    if found.there and found.in_place:
        what = "of every pound" if whole.check.method == Method.BY_VALUE.value else "of the devices"
        yield f"{what}, there: {_share(found.there)}; in its place: {_share(found.in_place)}"
    for row in whole.drawn:
        if row.outcome and row.outcome != Outcome.FOUND.value:
            yield f"  {row.outcome}{f' in {row.room}' if row.room else ''}: {_named(whole.book(row.device_id))}"


def _book(whole: _Whole, found: checking.Result) -> Iterator[str]:
    counts = ", ".join(f"{each.value} {n}" for each, n in found.things.items())
    yield f"from the floor to the book: {found.walked} of {len(whole.rooms)} rooms walked; {counts}"
    if found.in_book:
        yield f"of what stands there, in the book: {_share(found.in_book)}"
    yield from (f"  {each.verdict}: {each.mark}" for each in whole.things if each.verdict != Verdict.FOUND.value)


def _signed(role: str, name: str, when: datetime | None) -> str:
    return f"{role} {name}: {f'signed {when:%Y-%m-%d %H:%M} UTC' if when else 'not signed yet'}"


def _share(rate: Rate) -> str:
    if rate.low == rate.high:
        return f"{percent(rate.best)}, counted"
    return f"{percent(rate.best)} ({percent(rate.low)} to {percent(rate.high)} with 95 % confidence)"


def _named(book: Booked) -> str:
    marks = (book.asset_tag, *book.serials)
    return ", ".join(filter(None, (book.title, *marks, book.room))) or book.device_id


# ------------------------------------------------------------------------------------------------ the parser


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    check = group.add_parser("check", help="hold the register against the shelves: draw a sample, see what came out")
    acts = check.add_subparsers(required=True, metavar="ACT", title="acts")
    begun = add(acts, "begin", _begin, "draw devices to find and rooms to walk, and hand them to who checks")
    begun.add_argument("school", help="its name, URN or id")
    begun.add_argument("--by", required=True, metavar="NAME", help="who checks: somebody with an account")
    begun.add_argument("--second", required=True, metavar="NAME", help="the second person, with an account or without")
    begun.add_argument("--declared", action="store_true",
                       help="a second person without an account neither checks nor keeps these records")  # fmt: skip
    begun.add_argument("--method", choices=list(METHODS), default="simple-random", help="how devices are drawn")
    begun.add_argument("--size", type=int, default=shelf_check.USUAL, metavar="N",
                       help=f"devices, at most {shelf_check.MOST} (default {shelf_check.USUAL})")  # fmt: skip
    begun.add_argument("--rooms", type=int, default=checking.USUAL_ROOMS, metavar="N",
                       help=f"rooms, at most {checking.MOST_ROOMS} (default {checking.USUAL_ROOMS})")  # fmt: skip
    begun.add_argument("--seed", default="", help="for the same draw again; without, one is made up and noted")
    listed = add(acts, "list", _list, "list the checks there were, the newest first")
    listed.add_argument("--school", default="", help="only of this school")
    sheet = add(acts, "sheet", _sheet, "print what to look for and where to walk as CSV")
    told = add(acts, "result", _result, "say what came out both ways, how sure that is, and who signed")
    for each in (sheet, told):
        each.add_argument("check", metavar="ID", help="as 'stocktake-collector check list' has it")
