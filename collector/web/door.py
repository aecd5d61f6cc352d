"""The door of each route: who is it, may they, is it at a school of theirs, is the form ours. All else is refused.

Nobody signed in: 401. Signed in without the right, or with the id of what is at another school, as with an id that is
not there: 404. What a request brings is read after that, and within what its entry takes. An answer is a plain function
and runs in a thread, with its reads of the store, so the event loop is never kept waiting.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from collector import access
from collector.access import Right, Visitor
from collector.web import bounds, forms
from collector.web.bounds import Bound
from collector.web.visit import Site, Visit

COOKIE = "__Host-stocktake"
NAMED_LIMIT = 400  # characters: a school, its site, and what stands between

Answer = Callable[[Visit], Response]


class By(enum.Enum):
    """How a caller of a route proves who they are."""

    NOBODY = enum.auto()  # open to everybody
    SESSION = enum.auto()  # a signed-in browser
    SESSION_OR_TOKEN = enum.auto()  # that, or a bearer token


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of who may ask for what.

    `bound`: how it is held to the schools of whoever asks. `names`: fields of its form that name things, which are held
    to them, too; an empty field names nothing.
    """

    method: str
    path: str
    answer: Answer
    by: By
    right: Right | None
    bound: Bound
    takes: forms.Takes = field(default_factory=forms.Takes)  # what a POST may bring
    names: Mapping[str, Bound] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.by is By.NOBODY) is not (self.right is None):
            raise ValueError(f"{self.method} {self.path}: a right and the way to prove it go together")
        if not bounds.fits(self.path, self.bound):
            raise ValueError(f"{self.method} {self.path}: say how it is bounded to schools; {self.bound} does not fit")


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
            await to_thread.run_sync(self._hold_fields, visit)
        return await to_thread.run_sync(self._answer, visit)

    def _answer(self, visit: Visit) -> Response:
        """The answer; that it was given is in the journal before it leaves."""
        answer = self.entry.answer(visit)
        shows = self.entry.method == "GET" and self.entry.bound is not Bound.NOTHING
        if (
            shows
            and self.entry.right is not Right.SEE_METRICS
            and visit.visitor
            and answer.status_code == HTTPStatus.OK
        ):
            self._site.seen.note(visit.visitor, visit.request.url.path, visit.now)
        return answer

    def _come_in(self, request: Request) -> Visit:
        """Who asks, if they may. A program with a token is no browser: no page can make it send anything."""
        by_token = self.entry.by is By.SESSION_OR_TOKEN and "authorization" in request.headers
        if self.entry.method == "POST" and not by_token and not forms.same_origin(request):
            raise HTTPException(403, "This form did not come from these pages.")
        now = self._site.clock()
        visitor, secret = self._caller(request, now=now)
        if self.entry.right is not None:
            self._let_in(visitor, self.entry.right)
        if visitor is not None and visitor.schools is not None:
            self._hold(request, visitor.schools)
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

    def _hold(self, request: Request, schools: frozenset[str]) -> None:
        """Refuse what is not at the schools that somebody sees."""
        bound = self.entry.bound
        if bound is Bound.TRUST:
            raise HTTPException(404)
        if bound not in (Bound.NOTHING, Bound.ROWS):
            self._require(bound, str(request.path_params[bound.value]), schools)

    def _hold_fields(self, visit: Visit) -> None:
        if visit.schools is None:
            return
        for name, bound in self.entry.names.items():
            if named := visit.form.get(name, ""):
                self._require(bound, named, visit.schools)

    def _require(self, bound: Bound, named: str, schools: frozenset[str]) -> None:
        if "\0" in named or len(named) > NAMED_LIMIT:
            raise HTTPException(404)
        with self._site.store.reader() as connection:
            if not bounds.is_within(connection, self._site.trust_id, bound, named, schools):
                raise HTTPException(404)
