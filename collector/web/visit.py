"""One request and all that an answer may need: the store, the trust, who asks, when, and how to render."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from collector import journal
from collector.access import Right, Visitor
from collector.access.oidc import Provider
from collector.access.passwords import Seal
from collector.facts import text
from collector.metrics import Counts
from collector.privacy import Means
from collector.store import Store, questions
from collector.store.people import Transaction
from collector.web import forms
from collector.web.menu import MORE, Item
from collector.web.seen import Seen

QUERY_LIMIT = 100  # characters of a search
ID_LIMIT = 36  # characters, as in the schema
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation decides.

    `allowed_hosts`: names under which people and Prometheus reach it, without port; requests for another name are
    refused. `time_zone`: where its readers are. `trust_name` heads every page.
    """

    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "::1")
    time_zone: tzinfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    trust_name: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """By what people come in, beside links. `seal`: of second factors, without which nobody does by a password."""

    seal: Seal | None = None
    provider: Provider | None = None

    @property
    def words(self) -> dict[str, object]:
        """What the pages that ask people to come in are told."""
        return {"by_password": self.seal is not None, "provider_name": self.provider.name if self.provider else ""}


@dataclass(frozen=True, slots=True)
class Site:
    """What all requests share."""

    store: Store
    trust_id: str
    clock: Callable[[], datetime]
    settings: Settings
    counts: Callable[[], Counts]
    templates: Environment
    seen: Seen
    erasing: Means | None = None
    ways: Ways = field(default_factory=Ways)
    sign: journal.Sign | None = None  # the journal's checkpoints, by the collector's CA key


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, after the door let it in. `secret`: the session's, from which form tokens are made; never shown."""

    site: Site
    request: Request
    now: datetime
    form: Mapping[str, str] = field(default_factory=dict)
    visitor: Visitor | None = None
    secret: str = field(default="", repr=False)
    files: Mapping[str, forms.Upload] = field(default_factory=dict)
    sent: Any = None  # what JSON said

    @property
    def schools(self) -> frozenset[str] | None:
        """The schools that whoever asks sees; None: the whole trust. Nobody sees none."""
        return self.visitor.schools if self.visitor else frozenset()

    @property
    def actor(self) -> str:
        """Whoever asks, by the id of their account, as the journal names them; empty for nobody."""
        return self.visitor.account_id if self.visitor else ""

    def sees(self, school_id: str) -> bool:
        """Whether a school is one of those that whoever asks sees."""
        return self.schools is None or school_id in self.schools

    @property
    def address(self) -> str:
        """The address that the request came from."""
        return self.request.client.host if self.request.client else ""

    def reader(self) -> AbstractContextManager[Transaction]:
        """A connection to read from."""
        return self.site.store.reader()

    def may(self, right: Right) -> bool:
        """Whether whoever asks has a right."""
        return self.visitor is not None and self.visitor.may(right)

    def name(self, parameter: str) -> str:
        """An id from the path; not found where it can be none."""
        value = str(self.request.path_params[parameter])
        if len(value) > ID_LIMIT or not value.isascii() or not value.isprintable():
            raise HTTPException(404)
        return value

    def row_number(self, parameter: str) -> int:
        """A row's number from the path; not found where it can be none."""
        value = str(self.request.path_params[parameter])
        if not (value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= LARGEST_ID):
            raise HTTPException(404)
        return int(value)

    def asked(self, parameter: str) -> str:
        """A text from the query, without control characters, cut to a bound; empty where it is not given."""
        return text(self.request.query_params.get(parameter, ""), QUERY_LIMIT)

    def count(self, parameter: str, default: int, most: int) -> int:
        """A whole number from the query, from 0 to `most`; HTTP 400 where it is none."""
        given = self.request.query_params.get(parameter)
        if given is None:
            return default
        if not (given.isascii() and given.isdigit() and len(given) < 10 and int(given) <= most):
            raise HTTPException(400, f"{parameter} is a whole number from 0 to {most}.")
        return int(given)

    def _menu(self) -> list[Item]:
        return [item for item in MORE if self.may(item.right) and (self.schools is None or not item.whole)]

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page. Pages of people who are signed in carry the token of the sign-out form."""
        given = {"leave_token": "", **self.site.ways.words, **values}
        if self.secret:
            given |= {"leave_token": forms.token(self.secret, "leave"), "menu": self._menu()}
            with self.reader() as connection:
                given["in_doubt"] = questions.open_count(connection, self.site.trust_id, self.schools)
        html = self.site.templates.get_template(template).render(now=self.now, **given)
        return HTMLResponse(html, status)


def json_answer(value: object, status: int = 200) -> Response:
    """JSON in ASCII: what a device says is escaped down to its last control character."""
    body = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
    return Response(body, status, media_type="application/json")
