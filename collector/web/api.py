"""The REST interface, version 1: the register as JSON. Times are ISO 8601 in UTC, empty text means not known.

Lists come in pages by id: `limit` (at most 1,000) and `after`, the `next_after` of the page before, null on the last.
So a long pull goes on where it stopped, and misses nothing that stayed. `openapi.json` describes all of it.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from collector import history, records
from collector.errors import CollectorError
from collector.facts import CLASSES, text
from collector.health import ASPECTS
from collector.records.fields import FIELDS
from collector.store import Transaction, register
from collector.store.rows import DeviceDetail, DeviceRow, EvidenceRow, SchoolRow
from collector.web import filtering, past, recording
from collector.web.openapi import TEXT, Operation, Query, document, jsonable
from collector.web.visit import ID_LIMIT, Visit, json_answer

LIMIT, LIMIT_MOST = 100, 1_000
HEADER_LIMIT = 2_000  # characters of If-None-Match that are read
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Schools:
    """Every school that whoever asks sees, by name."""

    schools: tuple[SchoolRow, ...]


@dataclass(frozen=True, slots=True)
class Devices:
    """A page of rows by device id. `next_after`: what to ask for the next page with; null on the last one."""

    devices: tuple[DeviceRow, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Device:
    """Everything of one device: what the register says, and the records of it."""

    device: DeviceDetail
    records: tuple[recording.Told, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a device."""

    device_id: str
    records: tuple[recording.Told, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One plan group as it was answered. `content`: base 64; null where it was refused or is not kept."""

    evidence: EvidenceRow
    device_ids: tuple[str, ...]
    content: str | None


@dataclass(frozen=True, slots=True)
class AsKnown:
    """A page of the register as it was known at a time: cells as text, empty where it was not known."""

    as_known: datetime
    devices: tuple[dict[str, str], ...]
    next_after: str | None


def schools(visit: Visit) -> Response:
    """`GET /api/v1/schools`: every school with its counts."""
    _check(visit, "GET /api/v1/schools")
    with visit.reader() as connection:
        found = register.schools(connection, visit.site.trust_id, visit.schools)
    return _answer(visit, Schools(tuple(found)))


def devices(visit: Visit) -> Response:
    """`GET /api/v1/devices`: rows of the register, by id."""
    _check(visit, "GET /api/v1/devices")
    limit, asked = visit.count("limit", LIMIT, LIMIT_MOST), filtering.filters(visit)
    with visit.reader() as connection:
        rows = filtering.found(connection, visit, asked, limit + 1, after=visit.asked("after")[:ID_LIMIT])
    following = rows[limit - 1].device_id if limit and len(rows) > limit else None
    return _answer(visit, Devices(tuple(rows[:limit]), following))


def device(visit: Visit) -> Response:
    """`GET /api/v1/devices/{id}`: everything of one device; an alias is answered with the device that it became."""
    _check(visit, "GET /api/v1/devices/{device_id}")
    with visit.reader() as connection:
        detail = register.device(connection, visit.site.trust_id, visit.name("device_id"), visit.schools)
        said = records.of_device(connection, visit.site.trust_id, detail.row.device_id) if detail else []
    if detail is None:
        raise HTTPException(404)
    return _answer(visit, Device(detail, tuple(recording.told(visit, each) for each in said)))


def as_known(visit: Visit) -> Response:
    """`GET /api/v1/register?as_known=…`: rows as they were known at the end of a day, at a time, or now."""
    _check(visit, "GET /api/v1/register")
    if visit.request.query_params.get("as_known") == "":
        raise HTTPException(400, "as_known: say a day or a time, or leave it out.")
    at, limit = past.when(visit, "as_known"), visit.count("limit", LIMIT, LIMIT_MOST)
    rows = history.page_as_known(
        visit.site.store, visit.site.trust_id, at, visit.now, school_id=visit.asked("school")[:ID_LIMIT],
        limit=limit + 1, after=visit.asked("after")[:ID_LIMIT], school_ids=visit.schools,
    )  # fmt: skip
    shown = tuple({column: row.value(column) for column in history.column_names()} for row in rows[:limit])
    following = rows[limit - 1].device_id if limit and len(rows) > limit else None
    return _answer(visit, AsKnown(history.time_of(at, visit.now), shown, following))


def record(visit: Visit) -> Response:
    """`POST /api/v1/devices/{id}/record`: say something of a device; answered with its records.

    The body names fields and their values: text, days as ISO text, `cost` in pence or as text in pounds, `tags` as a
    list; null empties a field, what is not named stays. Saying the same again changes nothing.
    """
    _check(visit, "POST /api/v1/devices/{device_id}/record")
    if not isinstance(visit.sent, dict) or not visit.sent:
        raise HTTPException(400, "Send an object of fields and their values.")
    if refused := [name for name in visit.sent if name in FIELDS and not recording.may_say(visit, FIELDS[name])]:
        raise HTTPException(403, f"You may not say this of a device: {', '.join(refused)}.")
    device_id, trust_id = visit.name("device_id"), visit.site.trust_id
    with visit.reader() as connection:
        detail = register.device(connection, trust_id, device_id)
    if detail is None:
        raise HTTPException(404)

    def work(connection: Transaction) -> list[records.Said]:
        said = records.read_said(_from_json(visit.sent))
        actor, known = recording.actor(visit), detail.row.device_id
        records.enter(connection, trust_id, known, said, actor=actor, source="api", now=visit.now)
        return records.of_device(connection, trust_id, known)

    told = tuple(recording.told(visit, each) for each in recording.write(visit, work))
    return _answer(visit, Records(detail.row.device_id, told))


def _from_json(sent: dict[str, Any]) -> dict[str, Any]:
    """Fields as `parse` takes them: a whole number of `cost` is pence, all others are text, lists of text, or null."""
    for name, value in sent.items():
        listed = isinstance(value, list) and all(isinstance(each, str) for each in value)
        pence = name == "cost" and isinstance(value, int) and not isinstance(value, bool)
        if not (value is None or isinstance(value, str) or listed or pence):
            raise CollectorError(f"{text(name, 64)} is text or null; cost is whole pence, tags are a list of texts")
    cost = sent.get("cost")
    return sent | {"cost": f"{cost // 100}.{cost % 100:02}"} if isinstance(cost, int) else sent


def evidence(visit: Visit) -> Response:
    """`GET /api/v1/evidence/{id}`: one piece of evidence, its content in base 64, null where nothing is kept."""
    _check(visit, "GET /api/v1/evidence/{evidence_id}")
    with visit.reader() as connection:
        detail = register.evidence(connection, visit.site.trust_id, visit.row_number("evidence_id"), visit.schools)
    if detail is None:
        raise HTTPException(404)
    content = None if detail.content is None else b64encode(detail.content).decode()
    return _answer(visit, Evidence(detail.row, detail.device_ids, content))


def _check(visit: Visit, operation: str) -> None:
    """Refuse a parameter that an operation does not have: a mistyped filter must not answer with everything."""
    method, path = operation.split()
    known = {query.name for query in OPERATIONS[method, path].query}
    for name in visit.request.query_params:
        if name not in known:
            said = f"it has {', '.join(sorted(known))}" if known else "it has none"
            raise HTTPException(400, f"There is no parameter “{text(name, 64)}” here: {said}.")


def _answer(visit: Visit, value: object) -> Response:
    """JSON with an ETag; 304 without a body to who has it already."""
    answer = json_answer(jsonable(value))
    etag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    told = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if visit.request.method == "GET" and etag in _named(visit.request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=told)
    answer.headers.update(told)
    return answer


def _named(header: str) -> set[str]:
    return {one.strip().removeprefix("W/") for one in header[:HEADER_LIMIT].split(",")}


# ------------------------------------------------------------------------------------------------ its description

_PAGE = (
    Query("limit", f"rows of a page, at most {LIMIT_MOST:,}", {"type": "integer", "minimum": 0, "maximum": LIMIT_MOST}),
    Query("after", "the `next_after` of the page before"),
)
_TIME = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
_SCHOOL = Query("school", "the id of a school")
_SAID = {
    "type": "object", "minProperties": 1, "properties": {
        name: {"type": ["array", "null"], "items": TEXT} if name == "tags"
        else {"type": ["string", "integer", "null"]} if name == "cost" else {"type": ["string", "null"]}
        for name in FIELDS
    }, "additionalProperties": False,
}  # fmt: skip

#: what is described: every entry under /api/v1, which a test holds against the table of routes
OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("GET", "/api/v1/schools"): Operation("Every school with its counts.", Schools),
    ("GET", "/api/v1/devices"): Operation(
        "Rows of the register as it stands, by device id.", Devices,
        (
            *_PAGE, _SCHOOL, Query("class", "a class of device", {"enum": ["", *CLASSES]}),
            Query("life", "what became of it", {"enum": ["", *filtering.LIVES]}), Query("q", "what a row holds"),
            Query("aspect", "an aspect of health", {"enum": ["", *ASPECTS]}),
            Query("state", "how that aspect, or the worst one, is", {"enum": ["", *filtering.STATES]}),
            Query("acknowledged", "no: what nobody acknowledged alone", {"enum": ["", "no"]}),
        ),
    ),
    ("GET", "/api/v1/devices/{device_id}"): Operation("Everything of one device, and where it is from.", Device),
    ("POST", "/api/v1/devices/{device_id}/record"): Operation(
        "Say something of a device; null empties a field, what is not named stays.", Records, body=_SAID
    ),
    ("GET", "/api/v1/register"): Operation(
        "The register as it was known at a time, by device id.", AsKnown,
        (*_PAGE, _SCHOOL, Query("as_known", "a day (at its end), or a time; now where it is not said", _TIME)),
    ),
    ("GET", "/api/v1/evidence/{evidence_id}"): Operation("What a device sent, when, to which agent.", Evidence),
}  # fmt: skip


@cache
def _description() -> bytes:
    return json.dumps(document(OPERATIONS, version=VERSION), ensure_ascii=True).encode()


def description(_visit: Visit) -> Response:
    """`GET /api/v1/openapi.json`: this interface, described; it says nothing of the estate."""
    return Response(_description(), media_type="application/json")
