"""The register at a past day: what it said, what is known otherwise now and why, and the file that proves it."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from collector import history, london
from collector.store import register
from collector.web import past
from collector.web.visit import ID_LIMIT, Visit

SHOWN = 500  # differences on a page; the command line prints all


def page(visit: Visit) -> Response:
    """`GET /register/history`: choose a day and a school; the differences, by device."""
    with visit.reader() as connection:
        schools = register.schools(connection, visit.site.trust_id, visit.schools)
    day, school_id = _day(visit), visit.asked("school")[:ID_LIMIT]
    found = None
    if day is not None:
        found = history.what_changed(visit.site.store, visit.site.trust_id, day, visit.now, school_id, visit.schools)
    download = urlencode({"as_known": day or "", "school": school_id})
    return visit.page(
        "register_history.html", schools=schools, school_id=school_id, day=day, found=found, download=download,
        counts=history.by_cause(found.differences) if found else {}, most=SHOWN,
        yesterday=london.day_of(visit.now) - timedelta(days=1),
    )  # fmt: skip


def export(visit: Visit) -> Response:
    """`GET /register/history.csv`: the file. `Repr-Digest` (RFC 9530) carries its hash; it goes to the journal."""
    at, school_id = past.when(visit, "as_known"), visit.asked("school")[:ID_LIMIT]
    actor = visit.visitor.account_id if visit.visitor else ""
    made = history.export_csv(
        visit.site.store, visit.site.trust_id, at, visit.now, actor=actor, school_id=school_id, school_ids=visit.schools
    )
    name = f"register-as-known-{made.manifest.as_known:%Y%m%dT%H%M%SZ}.csv"
    digest = b64encode(bytes.fromhex(made.manifest.sha256)).decode()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Repr-Digest": f"sha-256=:{digest}:",
        "Stocktake-Journal": f"{made.manifest.journal_position} {made.manifest.journal_hash}",
    }
    return Response(made.csv.encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _day(visit: Visit) -> date | None:
    if not visit.request.query_params.get("day"):
        return None
    found = past.when(visit, "day")
    if isinstance(found, datetime):
        raise HTTPException(400, "day: say a day as 2026-08-31.")
    return found
