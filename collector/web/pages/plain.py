"""What programs ask for: whether it lives, its numbers, and the style and mark of the pages."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from collector import london, metrics
from collector.metrics import school
from collector.web.visit import Visit

STATIC = Path(__file__).parents[1] / "static"
#: every file that is served, and its type: a name that is not here is not looked for
FILES = {"stocktake.css": "text/css; charset=utf-8", "mark.svg": "image/svg+xml"}
A_YEAR = "public, max-age=31536000, immutable"  # the address carries a digest of the content


def health(visit: Visit) -> Response:
    """Ok, and nothing else."""
    del visit
    return PlainTextResponse("ok\n")


def numbers(visit: Visit) -> Response:
    """The page for Prometheus."""
    estate = metrics.read_estate(
        visit.site.store, visit.site.trust_id, visit.site.counts(), visit.now.date(), visit.schools
    )
    body = metrics.exposition(estate, visit.site.trust_id)
    return Response(body, headers={"Content-Type": metrics.CONTENT_TYPE})


def school_numbers(visit: Visit) -> Response:
    """The page for Prometheus of one school's devices."""
    today = london.day_of(visit.now)
    body = school.exposition(visit.site.store, visit.site.trust_id, visit.name("school_id"), today)
    if body is None:
        raise HTTPException(404)
    return Response(body, headers={"Content-Type": metrics.CONTENT_TYPE})


def school_targets(visit: Visit) -> Response:
    """Where Prometheus finds the pages of all schools: at the address by which it asked."""
    asked = visit.request.url
    port = asked.port or (443 if asked.scheme == "https" else 80)
    host = f"[{asked.hostname}]" if ":" in (asked.hostname or "") else asked.hostname
    return JSONResponse(school.discovery(visit.site.store, visit.site.trust_id, f"{host}:{port}", visit.schools))


def static(visit: Visit) -> Response:
    """The style sheet and the mark."""
    name = str(visit.request.path_params["name"])
    if name not in FILES:
        raise HTTPException(404)
    headers = {"Cache-Control": A_YEAR, "Content-Type": FILES[name]}
    return Response((STATIC / name).read_bytes(), headers=headers)
