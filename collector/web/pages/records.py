"""Many records: by hand, from a list, of a filtered list at once; each change is shown first, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import records
from collector.errors import CollectorError
from collector.records import proposing
from collector.records.fields import FIELDS
from collector.records.planning import title_of
from collector.records.reading import PLACES
from collector.store import Transaction, acts, people, places, register
from collector.store import records as rows
from collector.store.records import PROPOSED
from collector.web import recording
from collector.web.visit import Visit

ROWS_SHOWN = 500  # of one preview or change: what is shown is what a person can look through
UPLOAD_LIMIT = 5 * 2**20
ASKED = ("school", "class", "life", "q")  # what a list of devices is filtered by


@dataclass(frozen=True, slots=True)
class Shown:
    """What changes, or changed, of one device."""

    title: str
    device_id: str
    school: str
    row: int
    made: bool
    cells: list[tuple[str, str, str]]


def _schools(connection: Transaction, visit: Visit) -> list[str]:
    """Schools as people name them: by site where they have several."""
    known = places.places(connection, visit.site.trust_id, visit.schools)
    names = [place.school_name for place in known]
    return [p.school_name if names.count(p.school_name) == 1 else f"{p.school_name}/{p.site_name}" for p in known]


# ------------------------------------------------------------------------------------------------ by hand


def new(visit: Visit) -> Response:
    """`GET /records/new`: the form for a device that nobody has seen."""
    return _new(visit)


def _new(visit: Visit, problem: str = "") -> Response:
    with visit.reader() as connection:
        schools = _schools(connection, visit)
    typed = recording.typed(visit) if problem else {"status": "expected"}
    return visit.page(
        "record_new.html", 400 if problem else 200, inputs=recording.inputs(visit, {}, typed), problem=problem,
        token=recording.token(visit), schools=schools, school=visit.form.get("school", ""),
    )  # fmt: skip


def enter(visit: Visit) -> Response:
    """`POST /records/enter`: a device that nobody has seen."""
    recording.check(visit)

    def work(connection: Transaction) -> str:
        said = records.read_said(recording.typed(visit))
        school = visit.form.get("school", "")
        actor = recording.actor(visit)
        return records.enter_unseen(
            connection, visit.site.trust_id, school, said, actor=actor, source="page", now=visit.now
        )

    try:
        device_id = visit.site.store.write(work)
    except CollectorError as error:
        return _new(visit, recording.sentence(error))
    return RedirectResponse(f"/devices/{device_id}", 303)


# ------------------------------------------------------------------------------------------------ lists


def bring(visit: Visit) -> Response:
    """`GET /records/import`: the form that takes a list."""
    with visit.reader() as connection:
        schools = _schools(connection, visit)
        latest = _latest(connection, visit)
    return visit.page(
        "records_import.html", schools=schools, token=recording.token(visit), fields=FIELDS, latest=latest,
        most=UPLOAD_LIMIT // 2**20,
    )  # fmt: skip


def propose(visit: Visit) -> Response:
    """`POST /records/propose`: read a list and show what it would change."""
    recording.check(visit)
    upload = visit.files.get("file")
    if upload is None or not upload.content:
        raise HTTPException(400, "Choose a file first.")
    return _proposed(
        visit,
        lambda connection: proposing.of_file(
            connection, visit.site.trust_id, upload.content, upload.name, school=visit.form.get("school", ""),
            actor=recording.actor(visit), source="import", now=visit.now,
        ),
    )  # fmt: skip


def read_otherwise(visit: Visit) -> Response:
    """`POST /records/changes/{id}/read`: read the list with other columns."""
    recording.check(visit)
    change_id, trust_id = visit.name("change_id"), visit.site.trust_id

    def work(connection: Transaction) -> proposing.Preview:
        change = proposing.proposal(connection, trust_id, change_id, recording.actor(visit))
        found = proposing.preview(connection, trust_id, change)
        columns = found.reading.columns if found.reading else ()
        mapping = {c.heading: visit.form.get(f"column{c.place}", "") for c in columns if c.heading}
        return proposing.read_otherwise(connection, trust_id, change, mapping, visit.form.get("school", ""))

    return _proposed(visit, work)


def _proposed(visit: Visit, work: Callable[[Transaction], proposing.Preview]) -> Response:
    found = recording.write(visit, work)
    return RedirectResponse(f"/records/changes/{found.change.change_id}", 303)


# ------------------------------------------------------------------------------------------------ many at once


def many(visit: Visit) -> Response:
    """`GET /records/edit`: the form that says the same of every device of a filtered list."""
    found = _filtered(visit, visit.asked)
    return visit.page(
        "records_edit.html", count=len(found), first=found[:5], most=proposing.MOST_DEVICES,
        token=recording.token(visit),
        inputs=[each for each in recording.inputs(visit, {}) if not each.field.alone],
        asked={name: visit.asked(name) for name in ASKED},
        back=f"/devices?{urlencode({name: visit.asked(name) for name in ASKED if visit.asked(name)})}",
    )  # fmt: skip


def _filtered(visit: Visit, asked: Callable[[str], str]) -> list[register.DeviceRow]:
    """The devices of a filter, one more than may be edited at once."""
    with visit.reader() as connection:
        return register.devices(
            connection, visit.site.trust_id, school_id=asked("school"), device_class=asked("class"),
            life=asked("life"), search=asked("q"), limit=proposing.MOST_DEVICES + 1, school_ids=visit.schools,
        )  # fmt: skip


def propose_many(visit: Visit) -> Response:
    """`POST /records/edit/propose`: show what an edit would change."""
    recording.check(visit)
    device_ids = [row.device_id for row in _filtered(visit, lambda name: visit.form.get(name, "")[:100])]

    def work(connection: Transaction) -> proposing.Preview:
        filled = {name: value for name, value in recording.typed(visit).items() if value.strip()}
        emptied = {name: None for name in FIELDS if visit.form.get(f"empty_{name}")}
        said = records.read_said(filled) | emptied
        actor = recording.actor(visit)
        return proposing.of_devices(
            connection, visit.site.trust_id, device_ids, said, actor=actor, source="page", now=visit.now
        )

    return _proposed(visit, work)


# ------------------------------------------------------------------------------------------------ changes


def change(visit: Visit) -> Response:
    """`GET /records/changes/{id}`: what would change, or what did."""
    return _change(visit)


def _change(visit: Visit, problem: str = "") -> Response:
    with visit.reader() as connection:
        found = acts.get(connection, visit.site.trust_id, visit.name("change_id"))
        if found is None:
            raise HTTPException(404)
        if found.state == PROPOSED:
            return _preview(visit, connection, found, problem)
        shown, more = _carried_out(visit, connection, found)
        names = {account.account_id: account.name for account in people.all_accounts(connection, visit.site.trust_id)}
    return visit.page(
        "records_change.html", change=found, shown=shown, more=more, token=recording.token(visit),
        who=names.get(found.actor, found.actor), undone_by=names.get(found.undone_by, found.undone_by),
    )  # fmt: skip


def _preview(visit: Visit, connection: Transaction, found: acts.Change, problem: str) -> Response:
    if found.actor != recording.actor(visit):
        raise HTTPException(404)
    try:
        preview = proposing.preview(connection, visit.site.trust_id, found)
    except CollectorError as error:
        raise HTTPException(400, recording.sentence(error)) from None
    shown = [
        Shown(m.title, m.device_id, m.school_name, m.row, not m.record_id, recording.differences(visit, m.differences))
        for m in preview.plan.moves[:ROWS_SHOWN]
    ]
    return visit.page(
        "records_preview.html", 409 if problem else 200, change=found, plan=preview.plan, shown=shown, problem=problem,
        reading=preview.reading, token=recording.token(visit), digest=preview.plan.digest(), fields=FIELDS,
        places=PLACES, schools=_schools(connection, visit), school=found.asked.get("school", ""),
        more=len(preview.plan.moves) - len(shown), troubles=preview.plan.troubles[:ROWS_SHOWN],
    )  # fmt: skip


def _carried_out(visit: Visit, connection: Transaction, found: acts.Change) -> tuple[list[Shown], int]:
    """What an act changed, by record: what it closed is what was before, what it wrote is what came."""
    trust_id = visit.site.trust_id
    cells: dict[str, dict[str, list[rows.Value | None]]] = {}  # by record and field: before, after
    for row in rows.rows_of(connection, trust_id, found.change_id):
        sides = cells.setdefault(row.record_id, {}).setdefault(row.field, [None, None])
        if row.change_id == found.change_id and row.observed_to is None:
            sides[1] = row.value
        elif row.closed_by == found.change_id:
            sides[0] = row.value
    kept = rows.get(connection, trust_id, list(cells)[:ROWS_SHOWN])
    known = rows.known(connection, trust_id, {record.device_id for record in kept.values()})
    shown = []
    for record_id, record in kept.items():
        device = known.get(record.device_id)
        told = [
            recording.difference(visit, name, *cells[record_id][name]) for name in FIELDS if name in cells[record_id]
        ]  # fmt: skip
        title, school = (title_of(device), device.school_name) if device else (record.device_id, "")
        shown.append(Shown(title, record.device_id, school, 0, record.change_id == found.change_id, told))
    return shown, len(cells) - len(shown)


def confirm(visit: Visit) -> Response:
    """`POST /records/changes/{id}/confirm`: carry out exactly what was shown."""
    recording.check(visit)
    change_id, trust_id = visit.name("change_id"), visit.site.trust_id

    def work(connection: Transaction) -> None:
        found = proposing.proposal(connection, trust_id, change_id, recording.actor(visit))
        proposing.confirm(connection, trust_id, found, visit.form.get("digest", ""), visit.now)

    try:
        visit.site.store.write(work)
    except proposing.Stale as error:
        return _change(visit, recording.sentence(error))
    except CollectorError as error:
        raise HTTPException(400, recording.sentence(error)) from None
    return RedirectResponse(f"/records/changes/{change_id}", 303)


def undo(visit: Visit) -> Response:
    """`POST /records/changes/{id}/undo`: take a change back."""
    recording.check(visit)
    change_id, trust_id = visit.name("change_id"), visit.site.trust_id

    def work(connection: Transaction) -> None:
        actor = recording.actor(visit)
        records.undo(connection, trust_id, change_id, actor=actor, source="page", now=visit.now)

    recording.write(visit, work)
    return RedirectResponse(f"/records/changes/{change_id}", 303)


def _latest(connection: Transaction, visit: Visit) -> list[tuple[acts.Change, str]]:
    names = {account.account_id: account.name for account in people.all_accounts(connection, visit.site.trust_id)}
    return [(found, names.get(found.actor, found.actor)) for found in acts.latest(connection, visit.site.trust_id)]
