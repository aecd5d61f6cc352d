"""The record of one device: its form, what a form says, and its files."""

from __future__ import annotations

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import records
from collector.errors import CollectorError
from collector.records import files
from collector.store import Transaction, acts, register
from collector.web import parts, recording
from collector.web.visit import Visit


def edit(visit: Visit) -> Response:
    """`GET /devices/{id}/record/edit`: the form."""
    return _form(visit, visit.name("device_id"), visit.asked("record"))


def save(visit: Visit) -> Response:
    """`POST /devices/{id}/record`: say something of a device; what cannot be taken is shown with what was typed."""
    recording.check(visit)
    device_id, record_id = visit.name("device_id"), visit.form.get("record", "")

    def work(connection: Transaction) -> None:
        said = records.read_said(recording.typed(visit))
        if visit.form.get("known", "") != _state(_record(connection, visit, device_id, record_id)):
            raise CollectorError("somebody changed this record while you did: look at it, and enter yours again")
        records.enter(
            connection, visit.site.trust_id, device_id, said, actor=recording.actor(visit), source="page",
            now=visit.now, record_id=record_id,
        )  # fmt: skip

    try:
        visit.site.store.write(work)
    except CollectorError as error:
        return _form(visit, device_id, record_id, recording.sentence(error))
    return RedirectResponse(f"/devices/{device_id}#record", 303)


def _record(connection: Transaction, visit: Visit, device_id: str, record_id: str) -> records.Said | None:
    found = records.of_device(connection, visit.site.trust_id, device_id)
    return next((said for said in found if not record_id or said.record.record_id == record_id), None)


def _state(said: records.Said | None) -> str:
    """What tells two states of a record apart: the newest row of its history."""
    return str(said.history[0].row_id) if said and said.history else "0"


def _form(visit: Visit, device_id: str, record_id: str, problem: str = "") -> Response:
    with visit.reader() as connection:
        detail = register.device(connection, visit.site.trust_id, device_id)
        if detail is None:
            raise HTTPException(404)
        said = _record(connection, visit, detail.row.device_id, record_id)
    values = {name: row.value for name, row in said.fields.items()} if said else {}
    differ = {each.field: each.device_says for each in said.disagreements} if said else {}
    typed = recording.typed(visit) if problem else None
    return visit.page(
        "record_edit.html", 400 if problem else 200, row=detail.row, title=parts.title(detail.row), problem=problem,
        inputs=recording.inputs(visit, values, typed), token=recording.token(visit), known=_state(said), differ=differ,
        record_id=said.record.record_id if said else "",
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ files


def add_file(visit: Visit) -> Response:
    """`POST /devices/{id}/files`: keep a file of a device."""
    recording.check(visit)
    device_id, upload = visit.name("device_id"), visit.files.get("file")
    if upload is None or not upload.content:
        raise HTTPException(400, "Choose a file first.")

    def work(connection: Transaction) -> None:
        actor, trust_id = recording.actor(visit), visit.site.trust_id
        record_id = records.record_of(connection, trust_id, device_id, actor=actor, now=visit.now)
        kind = visit.form.get("kind", "")
        files.keep(connection, trust_id, record_id, kind, upload.name, upload.content, actor=actor, now=visit.now)

    recording.write(visit, work)
    return RedirectResponse(f"/devices/{device_id}#record", 303)


def file(visit: Visit) -> Response:
    """`GET /files/{id}`: a file, to be kept; pages show pictures of it."""
    with visit.reader() as connection:
        found = acts.document(connection, visit.site.trust_id, visit.name("document_id"))
    if found is None:
        raise HTTPException(404)
    document, content = found
    disposition = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    return Response(content, headers={"Content-Disposition": disposition, "Content-Type": document.media_type})


def remove_file(visit: Visit) -> Response:
    """`POST /files/{id}/remove`: let a file go."""
    recording.check(visit)
    document_id, trust_id = visit.name("document_id"), visit.site.trust_id

    def work(connection: Transaction) -> None:
        files.remove(connection, trust_id, document_id, actor=recording.actor(visit), now=visit.now)

    recording.write(visit, work)
    device_id = visit.form.get("device", "")
    known = device_id.isascii() and device_id.isalnum() and len(device_id) <= 36
    return RedirectResponse(f"/devices/{device_id}#record" if known else "/devices", 303)
