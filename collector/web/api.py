"""The REST interface, version 1: the register as JSON. Times are ISO 8601 in UTC, empty text means not known.

Lists come in pages: `limit` (at most 1,000) and `offset`; `next_offset` is null on the last page.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from base64 import b64encode
from datetime import UTC, date, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from collector import records
from collector.age import EARLIEST, LATEST
from collector.errors import CollectorError
from collector.facts import CLASSES, text
from collector.store import Transaction, register
from collector.web import recording
from collector.web.visit import Visit, json_answer

LIMIT, LIMIT_MOST = 100, 1_000
OPEN = (EARLIEST, LATEST)  # ends of spans that nothing bounds
OFFSET_MOST = 10_000_000


def schools(visit: Visit) -> Response:
    """`GET /api/v1/schools`: every school with its counts."""
    with visit.reader() as connection:
        found = register.schools(connection, visit.site.trust_id)
    return json_answer({"schools": [_plain(school) for school in found]})


def devices(visit: Visit) -> Response:
    """`GET /api/v1/devices`: rows of the register, by `school`, `class`, `life` and `q`."""
    limit, offset = visit.count("limit", LIMIT, LIMIT_MOST), visit.count("offset", 0, OFFSET_MOST)
    device_class = visit.asked("class")
    if device_class and device_class not in CLASSES:
        raise HTTPException(400, f"class is one of: {', '.join(CLASSES)}.")
    with visit.reader() as connection:
        rows = register.devices(
            connection, visit.site.trust_id, school_id=visit.asked("school"), device_class=device_class,
            life=visit.asked("life"), search=visit.asked("q"), limit=limit + 1, offset=offset,
        )  # fmt: skip
    following = offset + limit if len(rows) > limit else None
    return json_answer({"devices": [_plain(row) for row in rows[:limit]], "next_offset": following})


def device(visit: Visit) -> Response:
    """`GET /api/v1/devices/{id}`: everything of one device; an alias is answered with the device that it became."""
    with visit.reader() as connection:
        detail = register.device(connection, visit.site.trust_id, visit.name("device_id"))
        said = records.of_device(connection, visit.site.trust_id, detail.row.device_id) if detail else []
    if detail is None:
        raise HTTPException(404)
    told = [recording.json_of(visit, each) for each in said]
    unread = [dict(zip(("rule", "locator", "reason"), item, strict=True)) for item in detail.unread]
    return json_answer(_plain(detail) | {"unread": unread, "records": told})


def record(visit: Visit) -> Response:
    """`POST /api/v1/devices/{id}/record`: say something of a device; answered with its records.

    The body names fields and their values: text, days as ISO text, `cost` in pence or as text in pounds, `tags` as a
    list; null empties a field, what is not named stays. Saying the same again changes nothing.
    """
    if not isinstance(visit.sent, dict) or not visit.sent:
        raise HTTPException(400, "Send an object of fields and their values.")
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

    told = [recording.json_of(visit, each) for each in recording.write(visit, work)]
    return json_answer({"device_id": detail.row.device_id, "records": told})


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
    with visit.reader() as connection:
        detail = register.evidence(connection, visit.site.trust_id, visit.row_number("evidence_id"))
    if detail is None:
        raise HTTPException(404)
    content = None if detail.content is None else b64encode(detail.content).decode()
    return json_answer(_plain(detail.row) | {"device_ids": detail.device_ids, "content": content})


def _plain(row: Any) -> dict[str, Any]:
    return {field.name: _value(getattr(row, field.name)) for field in dataclasses.fields(row)}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return None if value in OPEN else value.isoformat()
    if isinstance(value, enum.Enum):
        return value.name.lower().replace("_", " ")
    if isinstance(value, dict):
        return {name: _value(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no word for it
    return _plain(value) if dataclasses.is_dataclass(value) else value
