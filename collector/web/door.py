"""The door of each route: who is it, may they, is the form ours. What is not allowed in words is refused.

Nobody signed in: 401. Signed in without the right, as with an id that is not there: 404. What a request brings is read
after that, and within what its entry takes. An answer is a plain function and runs in a thread, with its reads of the
store, so the event loop is never kept waiting.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from collector import access
from collector.access import Right, Visitor
from collector.web import forms
from collector.web.visit import Site, Visit

COOKIE = "__Host-stocktake"

Answer = Callable[[Visit], Response]


class By(enum.Enum):
    """How a caller of a route proves who they are."""

    NOBODY = enum.auto()  # open to everybody
    SESSION = enum.auto()  # a signed-in browser
    SESSION_OR_TOKEN = enum.auto()  # that, or a bearer token


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of who may ask for what."""

    method: str
    path: str
    answer: Answer
    by: By
    right: Right | None
    takes: forms.Takes = field(default_factory=forms.Takes)  # what a POST may bring

    def __post_init__(self) -> None:
        if (self.by is By.NOBODY) is not (self.right is None):
            raise ValueError(f"{self.method} {self.path}: a right and the way to prove it go together")


class Door:
    """The endpoint of one entry."""

    def __init__(self, site: Site, entry: Entry) -> None:
        self.entry = entry
        self._site = site

    async def visit(self, request: Request) -> Response:
        """Answer one request."""
        visit = await to_thread.run_sync(self._come_in, request)
        if self.entry.method == "POST":
            sent = await forms.read(request, self.entry.takes)
            visit = replace(visit, form=sent.fields, files=sent.files, sent=sent.json)
        return await to_thread.run_sync(self.entry.answer, visit)

    def _come_in(self, request: Request) -> Visit:
        """Who asks, if they may. A program with a token is no browser: no page can make it send anything."""
        by_token = self.entry.by is By.SESSION_OR_TOKEN and "authorization" in request.headers
        if self.entry.method == "POST" and not by_token and not forms.same_origin(request):
            raise HTTPException(403, "This form did not come from these pages.")
        now = self._site.clock()
        visitor, secret = self._caller(request, now=now)
        if self.entry.right is not None:
            self._let_in(visitor, self.entry.right)
        return Visit(self._site, request, now, visitor=visitor, secret=secret)

    def _caller(self, request: Request, *, now: datetime) -> tuple[Visitor | None, str]:
        """Who asks, and the session's secret. A bearer token that does not hold is not mended by a cookie."""
        if self.entry.by is By.NOBODY:
            return None, ""
        store, trust_id = self._site.store, self._site.trust_id
        if self.entry.by is By.SESSION_OR_TOKEN and "authorization" in request.headers:
            scheme, _, secret = request.headers["authorization"].partition(" ")
            token = secret.strip() if scheme.lower() == "bearer" else ""
            return access.check_token(store, trust_id, token, now), ""
        secret = request.cookies.get(COOKIE, "")
        visitor = access.session(store, trust_id, secret, now) if secret else None
        return visitor, secret if visitor else ""

    def _let_in(self, visitor: Visitor | None, right: Right) -> None:
        if visitor is None:
            challenge = {"WWW-Authenticate": "Bearer"} if self.entry.by is By.SESSION_OR_TOKEN else {}
            raise HTTPException(401, headers=challenge)
        if not visitor.may(right):
            raise HTTPException(404)
