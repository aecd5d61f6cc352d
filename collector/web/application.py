"""Puts the pieces together: the table of routes behind its doors, inside the perimeter, with pages for errors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from collector import journal
from collector.access import utc_now
from collector.facts import CLASSES
from collector.metrics import Counts
from collector.privacy import Means
from collector.store import Store
from collector.web import parts, words
from collector.web.door import Door
from collector.web.pages.plain import STATIC
from collector.web.perimeter import BODY_LIMIT, Perimeter, add_headers, bare_host
from collector.web.routes import ENTRIES
from collector.web.seen import Seen
from collector.web.visit import Settings, Site, Ways, json_answer

TEMPLATES = Path(__file__).parent / "templates"

#: what an error page says where the answer itself gave no sentence
SENTENCES = {
    400: "This request could not be understood.",
    401: "You are not signed in.",
    403: "This is not allowed.",
    404: "There is nothing here, or nothing that you may see.",
    405: "This address does not take such a request.",
    413: "This is too large.",
    500: "Something went wrong here. It is in the collector's log.",
}


def application(  # noqa: PLR0913 - what an application is made of, by name
    store: Store,
    trust_id: str,
    *,
    clock: Callable[[], datetime] = utc_now,
    settings: Settings | None = None,
    counts: Callable[[], Counts] = Counts,
    erasing: Means | None = None,
    ways: Ways | None = None,
    sign: journal.Sign | None = None,
) -> Starlette:
    """The pages, API and metrics of one trust. `counts` tells what this process received and refused.

    `erasing`: what erasing needs; without it, pages offer none. `ways`: by what people come in, beside links. `sign`:
    signs where the journal ends, in manifests of exports.
    """
    chosen, seen = settings or Settings(), Seen(store, trust_id)
    site = Site(store, trust_id, clock, chosen, counts, _templates(chosen), seen, erasing, ways or Ways(), sign)
    errors = _Errors(site)
    routes = [Route(entry.path, Door(site, entry).visit, methods=[entry.method]) for entry in ENTRIES]
    large = [(route, e.takes.most) for route, e in zip(routes, ENTRIES, strict=True) if e.takes.most > BODY_LIMIT]

    def body_limit(scope: Scope) -> int:
        return max((most for route, most in large if route.matches(scope)[0] is Match.FULL), default=BODY_LIMIT)

    app = Starlette(
        routes=routes,
        middleware=[Middleware(Perimeter, allowed_hosts=chosen.allowed_hosts, body_limit=body_limit)],
        exception_handlers={HTTPException: errors.known, Exception: errors.unknown},
    )
    app.router.redirect_slashes = False  # one address for each thing
    return app


def _templates(settings: Settings) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        auto_reload=False,
        autoescape=True,
        finalize=words.plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words.FILTERS, device_title=parts.title, moment=words.moment(settings.time_zone))
    style = hashlib.sha256((STATIC / "stocktake.css").read_bytes()).hexdigest()[:12]
    environment.globals.update(trust_name=settings.trust_name, style=style, all_classes=CLASSES)
    return environment


class _Errors:
    """What is said where there is no answer: a page to people, JSON or a line to programs, never a detail of ours."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def known(self, request: Request, error: Exception) -> Response:
        """An answer that a route, a door or the router refused."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        given = error.detail if isinstance(error, HTTPException) else ""
        said = given if given and given != HTTPStatus(status).phrase else SENTENCES.get(status, SENTENCES[400])
        answer = self._answer(request, status, said)
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    async def unknown(self, request: Request, error: Exception) -> Response:
        """A failure of ours. The server logs it; this answer passes no perimeter, so it puts the headers on itself."""
        del error
        answer = self._answer(request, 500, SENTENCES[500])
        add_headers(answer.headers, bare_host(request.headers.get("host", "")))
        return answer

    def _answer(self, request: Request, status: int, sentence: str) -> Response:
        path = request.url.path
        if path.startswith("/api/"):
            return json_answer({"error": sentence}, status)
        if path == "/metrics" or path.startswith("/metrics/"):
            return PlainTextResponse(f"{sentence}\n", status)
        template = "sign_in.html" if status == 401 else "error.html"
        page = self._site.templates.get_template(template)
        ways = self._site.ways.words
        html = page.render(now=self._site.clock(), leave_token="", status=status, sentence=sentence, **ways)
        return HTMLResponse(html, status)
