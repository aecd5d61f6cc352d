"""Registers that are brought to be reconciled: uploaded, columns confirmed, what came out, and settling it.

What a row says of whom a thing is assigned to is shown to those alone who may see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector.access import Right
from collector.errors import CollectorError
from collector.reconcile import bringing, listing, settling
from collector.reconcile.settling import ACTIONS, LABELS, Action, Wanted
from collector.reconcile.values import Kind
from collector.records import days
from collector.records.fields import FIELDS, Value
from collector.records.reading import PLACES
from collector.store import Transaction, bounds, ids, people, places
from collector.store import reconcile as rows
from collector.store.reconcile import Asked, Brought, Reconciled
from collector.store.records import Act
from collector.web import forms, recording
from collector.web.visit import Visit

PAGE_ROWS = 100
SAMPLE = 8  # rows of the book that are shown where its columns are confirmed
UPLOAD_LIMIT = 5 * 2**20
MOST_ROWS = 1_000_000  # of a file of differences: all
COLUMNS = forms.Takes(most=65_536, fields=200)
SETTLED = forms.Takes(most=65_536, fields=4 * PAGE_ROWS)
STATES = ("open", "settled")


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the page shows it. `candidates`: devices that it may be, with what they are called."""

    one: Reconciled
    cells: list[tuple[str, str, str]]
    adds: list[tuple[str, str]]
    candidates: list[tuple[str, str]]
    basis: str


def _schools(connection: Transaction, visit: Visit) -> list[tuple[str, str]]:
    known = places.places(connection, visit.site.trust_id, visit.schools)
    return sorted({(place.school_name, place.school_id) for place in known})


def _token(visit: Visit) -> str:
    """The token of the forms; "" for who may not settle anything."""
    return recording.token(visit) if visit.may(Right.EDIT_RECORDS) else ""


def _found(connection: Transaction, visit: Visit) -> Brought:
    found = rows.get(connection, visit.site.trust_id, visit.name("reconciliation_id"))
    if found is None:
        raise HTTPException(404)
    return found


# ------------------------------------------------------------------------------------------------ bringing


def page(visit: Visit) -> Response:
    """`GET /reconcile`: what was brought, and the form that takes another one."""
    trust_id = visit.site.trust_id
    with visit.reader() as connection:
        found = rows.latest(connection, trust_id, visit.schools)
        if visit.schools is not None:
            seen = visit.schools
            found = [b for b in found if bounds.of_reconciliation(connection, trust_id, b.reconciliation_id) <= seen]
        counted = {one.reconciliation_id: rows.counts(connection, trust_id, one.reconciliation_id) for one in found}
        schools = _schools(connection, visit)
        names = {account.account_id: account.name for account in people.all_accounts(connection, trust_id)}
    return visit.page(
        "reconcile.html", found=found, counted=counted, schools=schools, whole=visit.schools is None, names=names,
        school_names={school_id: name for name, school_id in schools}, token=_token(visit),
        most=UPLOAD_LIMIT // 2**20, kinds=list(Kind),
    )  # fmt: skip


def bring(visit: Visit) -> Response:
    """`POST /reconcile`: take a register, and ask what its columns are."""
    recording.check(visit)
    upload, school_id = visit.files.get("file"), visit.form.get("school", "")
    if upload is None or not upload.content:
        raise HTTPException(400, "Choose a file first.")
    if not school_id and visit.schools is not None:
        raise HTTPException(400, "Say of which school the register is.")
    actor = recording.actor(visit)
    made = recording.write(
        visit,
        lambda connection: bringing.bring(
            connection, visit.site.trust_id, upload.content, upload.name, school_id=school_id, actor=actor,
            now=visit.now,
        ),
    )  # fmt: skip
    return RedirectResponse(f"/reconcile/{made.reconciliation_id}/columns", 303)


def columns(visit: Visit) -> Response:
    """`GET /reconcile/{id}/columns`: what each column is taken for, to be confirmed."""
    with visit.reader() as connection:
        brought = _found(connection, visit)
        try:
            read = bringing.reread(connection, visit.site.trust_id, brought)
        except CollectorError as error:
            raise HTTPException(400, recording.sentence(error)) from None
        kept = rows.rows_brought(connection, visit.site.trust_id, brought.reconciliation_id)
    first = {line.row for line in read.lines[:SAMPLE]}
    hidden = {c.place for c in read.columns if c.field in FIELDS and recording.hidden(visit, FIELDS[c.field])}
    sample = [
        (row, ["" if place in hidden or cell is None else str(cell)[:60] for place, cell in enumerate(cells)])
        for row, cells in kept
        if row in first
    ]
    return visit.page(
        "reconcile_columns.html", brought=brought, read=read, fields=FIELDS, places=PLACES, sample=sample,
        token=_token(visit), lines=len(read.lines),
    )  # fmt: skip


def compare(visit: Visit) -> Response:
    """`POST /reconcile/{id}/compare`: hold it against the register, with the columns that were confirmed."""
    recording.check(visit)
    trust_id = visit.site.trust_id
    try:
        with visit.reader() as connection:
            brought = _found(connection, visit)
            read = bringing.reread(connection, trust_id, brought)
            mapping = {c.heading: visit.form.get(f"column{c.place}", "") for c in read.columns if c.heading}
            found = bringing.compare(connection, trust_id, brought.reconciliation_id, mapping, visit.now, visit.schools)
    except CollectorError as error:
        raise HTTPException(400, recording.sentence(error)) from None
    actor = recording.actor(visit)
    recording.write(visit, lambda connection: bringing.keep(connection, trust_id, found, actor=actor, now=visit.now))
    return RedirectResponse(f"/reconcile/{brought.reconciliation_id}", 303)


def forget(visit: Visit) -> Response:
    """`POST /reconcile/{id}/forget`: let a register that was brought go."""
    recording.check(visit)
    reconciliation_id, actor = visit.name("reconciliation_id"), recording.actor(visit)
    recording.write(
        visit, lambda c: bringing.forget(c, visit.site.trust_id, reconciliation_id, actor=actor, now=visit.now)
    )
    return RedirectResponse("/reconcile", 303)


# ------------------------------------------------------------------------------------------------ what came out


def _asked(visit: Visit) -> Asked:
    kind, differing, state = visit.asked("kind"), visit.asked("field"), visit.asked("state")
    if kind and kind not in list(Kind):
        raise HTTPException(400, f"“{kind}” is not what a row can be: {', '.join(Kind)}.")
    if differing and differing not in FIELDS and differing != "school":
        raise HTTPException(400, f"There is no field “{differing}”.")
    if state and state not in STATES:
        raise HTTPException(400, f"“{state}” is no state: {', '.join(STATES)}.")
    return Asked(kind, differing, state, visit.asked("q"))


def _query(asked: Asked) -> dict[str, str]:
    told = {"kind": asked.kind, "field": asked.differing, "state": asked.state, "q": asked.search}
    return {name: value for name, value in told.items() if value}


def outcome(visit: Visit) -> Response:
    """`GET /reconcile/{id}`: what came out, by kind; the rows that are asked for; and the form that settles them."""
    return _outcome(visit)


def _outcome(visit: Visit, done: settling.Done | None = None) -> Response:
    trust_id, asked = visit.site.trust_id, _asked(visit)
    offset = visit.count("from", 0, 10_000_000)
    with visit.reader() as connection:
        brought = _found(connection, visit)
        key = brought.reconciliation_id
        if brought.compared is None:
            return RedirectResponse(f"/reconcile/{key}/columns", 303)
        found = rows.outcomes(connection, trust_id, key, asked, PAGE_ROWS, offset)
        total = rows.count(connection, trust_id, key, asked)
        counts, differing = rows.counts(connection, trust_id, key), rows.field_counts(connection, trust_id, key)
        settled = rows.settled(connection, trust_id, key)
        names = {account.account_id: account.name for account in people.all_accounts(connection, trust_id)}
        schools = {school_id: name for name, school_id in _schools(connection, visit)}
    query = _query(asked)
    pages = {
        name: f"/reconcile/{key}?{urlencode({**query, 'from': at})}"
        for name, at in (("earlier", offset - PAGE_ROWS), ("later", offset + PAGE_ROWS))
        if 0 <= at < total
    }
    return visit.page(
        "reconcile_outcome.html", 409 if done and done.refused else 200, brought=brought, kinds=list(Kind),
        counts=counts, differing=differing, shown=[_shown(visit, one) for one in found], total=total, first=offset + 1,
        asked=asked, query=query, urlencode=urlencode, pages=pages, settled=settled, names=names, done=done,
        actions=_actions(asked), labels=LABELS, label=listing.label, schools=schools, states=STATES,
        token=_token(visit), fields=FIELDS,
    )  # fmt: skip


def _actions(asked: Asked) -> list[Action]:
    """What can be done with the rows of a kind; with those of any, all."""
    return [action for action in Action if not asked.kind or action in ACTIONS[Kind(asked.kind)]]


def _say(visit: Visit, name: str, value: Value) -> str:
    return recording.say(visit, FIELDS[name], value) if name in FIELDS else str(value)


def _shown(visit: Visit, one: Reconciled) -> Shown:
    cells = [(listing.label(n), _say(visit, n, book), _say(visit, n, held)) for n, book, held in one.differences]
    adds = [(FIELDS[name].label, _say(visit, name, value)) for name, value in one.adds.items() if name in FIELDS]
    candidates = [(of, of) for of in dict.fromkeys((one.device_id, *one.others)) if of] if one.others else []
    return Shown(one, cells, adds, candidates, ", ".join(one.basis))


def download(visit: Visit) -> Response:
    """`GET /reconcile/{id}/differences.csv`: the rows that are asked for, as a file that opens unharmed."""
    with visit.reader() as connection:
        brought = _found(connection, visit)
        found = rows.outcomes(connection, visit.site.trust_id, brought.reconciliation_id, _asked(visit), MOST_ROWS)
    name = f"differences-{brought.reconciliation_id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = listing.as_csv(found, lambda field, value: _say(visit, field, value))
    return Response(content.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


# ------------------------------------------------------------------------------------------------ settling


def settle(visit: Visit) -> Response:
    """`POST /reconcile/{id}/settle`: do with the rows that are ticked, or with all that are asked for, what is said."""
    recording.check(visit)
    reconciliation_id, wanted = visit.name("reconciliation_id"), _wanted(visit)
    lines = {int(name[4:]) for name in visit.form if name.startswith("line") and name[4:].isdigit()}
    asked = _asked(visit)
    if visit.form.get("which") != "all":
        if not lines:
            raise HTTPException(400, "Tick the rows first, or say that all of the filter are meant.")
        asked = Asked(lines=lines)
    act = Act(ids.new(), recording.actor(visit), "page", visit.now)
    done = recording.write(
        visit,
        lambda connection: settling.settle(
            connection, visit.site.trust_id, reconciliation_id, asked, wanted, act, visit.schools
        ),
    )
    if done.refused:
        return _outcome(visit, done)
    return RedirectResponse(f"/reconcile/{reconciliation_id}?{urlencode(_query(_asked(visit)))}", 303)


def _wanted(visit: Visit) -> Wanted:
    form = visit.form
    if form.get("action", "") not in list(Action):
        raise HTTPException(400, "Say what is to be done with the rows.")
    only = [name for name in FIELDS if form.get(f"take_{name}")]
    chosen = {int(name[6:]): of for name, of in form.items() if name.startswith("device") and name[6:].isdigit()}
    try:
        day = days.read(form["day"]).isoformat() if form.get("day", "").strip() else ""
    except CollectorError as error:
        raise HTTPException(400, recording.sentence(error)) from None
    hidden = [name for name, found in FIELDS.items() if recording.hidden(visit, found)]
    return Wanted(Action(form["action"]), form.get("reason", ""), only, hidden, chosen, day)


def undo(visit: Visit) -> Response:
    """`POST /reconcile/{id}/undo`: take a settlement back."""
    recording.check(visit)
    reconciliation_id, settlement_id = visit.name("reconciliation_id"), visit.form.get("settlement", "")[:36]

    def work(connection: Transaction) -> None:
        made = rows.settlement(connection, visit.site.trust_id, settlement_id)
        if made is None or made.reconciliation_id != reconciliation_id:
            raise HTTPException(404)
        act = Act(ids.new(), recording.actor(visit), "page", visit.now)
        settling.undo(connection, visit.site.trust_id, settlement_id, act)

    recording.write(visit, work)
    return RedirectResponse(f"/reconcile/{reconciliation_id}", 303)
