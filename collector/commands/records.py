"""Commands about records: import a list, say something of one device, take a change back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Mapping

from collector import records
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.records import proposing
from collector.records.fields import FIELDS, Value, shown
from collector.records.proposing import Preview
from collector.store import Transaction, register

ACTOR, SOURCE = "console", "console"
LINES = 200  # of one preview that are printed


def import_records(
    desk: Desk, content: str, name: str, *, dry_run: bool, mapping: Mapping[str, str], school: str = ""
) -> str:
    """Import a list (its content in base 64), or say what it would change."""
    now = desk.clock()
    try:
        said = base64.b64decode(content, validate=True)
    except binascii.Error:
        raise CollectorError("the file did not arrive whole: try again") from None

    def work(connection: Transaction) -> str:
        preview = proposing.of_file(
            connection, desk.trust_id, said, name, school=school, mapping=mapping, actor=ACTOR, source=SOURCE, now=now
        )
        told = "\n".join(_told(preview))
        if dry_run or not preview.plan.moves:
            proposing.forget(connection, desk.trust_id, preview.change)
            return f"{told}\nnothing was changed"
        done = proposing.confirm(connection, desk.trust_id, preview.change, preview.plan.digest(), now)
        return f"{told}\ndone; to take it back: stocktake-collector records undo {done.change_id}"

    return desk.store.write(work)


def _told(preview: Preview) -> Iterator[str]:
    plan, reading = preview.plan, preview.reading
    for note in reading.notes if reading else ():
        yield f"note: {note}"
    for trouble in plan.troubles[:LINES]:
        where = f"row {trouble.row}" + (f", {trouble.column}" if trouble.column else "")
        yield f"{where}: {trouble.sentence}{'' if trouble.stops else ' (the row is taken)'}"
    for move in plan.moves[:LINES]:
        told = "; ".join(_cell(d.field, d.before, d.after) for d in move.differences)
        yield f"row {move.row}, {move.device_id or 'expected'} {move.title}: {told}"
    if (more := len(plan.moves) - LINES) > 0:
        yield f"and {more} more"
    stopped = len({trouble.row for trouble in plan.troubles if trouble.stops})
    yield (
        f"{reading.rows if reading else 0} rows: {len(plan.moves) - plan.expected} devices change, "
        f"{plan.expected} newly expected, {plan.same} as they are, {stopped} not taken"
    )


def _cell(name: str, before: Value | None, after: Value | None) -> str:
    field = FIELDS[name]
    sides = ("" if value is None else shown(field, value) for value in (before, after))
    return f"{field.label} {' → '.join(side or 'nothing' for side in sides)}"


def set_record(desk: Desk, device: str, values: Iterable[str]) -> str:
    """Say something of one device: `field=value`, `field=` empties it."""
    now = desk.clock()
    written: dict[str, str] = {}
    for pair in values:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CollectorError(f"{pair!r} is no field=value; fields are: {', '.join(FIELDS)}")
        written[name.strip()] = value

    def work(connection: Transaction) -> str:
        found = register.device(connection, desk.trust_id, device)
        if found is None:
            raise CollectorError(f"there is no device {device}")
        said = records.read_said(written)
        done = records.enter(connection, desk.trust_id, found.row.device_id, said, actor=ACTOR, source=SOURCE, now=now)
        if done is None:
            return "this is on record already"
        return f"done: {done.what}; to take it back: stocktake-collector records undo {done.change_id}"

    return desk.store.write(work)


def undo_records(desk: Desk, change: str) -> str:
    """Take a change of records back."""
    now = desk.clock()
    done = desk.store.write(
        lambda connection: records.undo(connection, desk.trust_id, change, actor=ACTOR, source=SOURCE, now=now)
    )
    stays = f"; {done.stays} that somebody has changed since stay" if done.stays else ""
    return f"{done.cells} values are again what they were{stays}"


COMMANDS: dict[str, Callable[..., str]] = {
    "import_records": import_records,
    "set_record": set_record,
    "undo_records": undo_records,
}
