"""The register at a past time, for programs: rows as they were known, by device id, in pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from collector import history
from collector.errors import CollectorError
from collector.web.visit import ID_LIMIT, Visit, json_answer

LIMIT, LIMIT_MOST = 100, 1_000


def when(visit: Visit, parameter: str) -> date | datetime:
    """A day or time from the query, now where none is given; HTTP 400 where it is none, or is still to come."""
    try:
        found = history.parse(visit.asked(parameter)) if visit.asked(parameter) else visit.now
        history.time_of(found, visit.now)
    except CollectorError as error:
        raise HTTPException(400, f"{parameter}: {error}.") from None
    return found


def register(visit: Visit) -> Response:
    """`GET /api/v1/register?as_known=…`: rows as they were known at the end of a day, at a time, or now.

    `next_after` is null on the last page. All cells are text as in the export, empty where it was not known.
    """
    at, limit = when(visit, "as_known"), visit.count("limit", LIMIT, LIMIT_MOST)
    rows = history.page_as_known(
        visit.site.store, visit.site.trust_id, at, visit.now, school_id=visit.asked("school")[:ID_LIMIT],
        limit=limit + 1, after=visit.asked("after")[:ID_LIMIT],
    )  # fmt: skip
    shown = [{column: row.value(column) for column in history.column_names()} for row in rows[:limit]]
    following = rows[limit - 1].device_id if limit and len(rows) > limit else None
    known = history.time_of(at, visit.now).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return json_answer({"as_known": known, "devices": shown, "next_after": following})
