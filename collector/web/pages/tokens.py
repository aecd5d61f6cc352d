"""API tokens: who made which, what for, and when it was used last; making one, shown once; revoking one.

Who sees the whole trust sees every token; who sees some schools, their own alone.
"""

from __future__ import annotations

from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import access
from collector.access import RIGHTS, TOKEN_SCOPES, Scope, Token
from collector.errors import CollectorError
from collector.store import people, school_lives
from collector.web import forms, hands
from collector.web.visit import Visit

PURPOSE = "tokens"
MOST_DAYS = access.TOKEN_LIFE.days


def page(visit: Visit) -> Response:
    """`GET /tokens`."""
    return _page(visit)


def make(visit: Visit) -> Response:
    """`POST /tokens/make`: a token, shown this once."""
    hands.require_token(visit, PURPOSE)
    named = frozenset(name.removeprefix("school-") for name in visit.form if name.startswith("school-"))
    try:
        scope, days = _asked(visit)
        secret = access.make_token(
            visit.site.store, visit.site.trust_id, visit.form.get("name", ""), scope, account_id=visit.actor,
            life=timedelta(days=days), now=visit.now, schools=named or None,
        )  # fmt: skip
    except CollectorError as error:
        return _page(visit, problem=hands.sentence(error), status=400)
    return _page(visit, secret=secret)


def revoke(visit: Visit) -> Response:
    """`POST /tokens/revoke`: it opens nothing any more."""
    hands.require_token(visit, PURPOSE)
    token_id = visit.form.get("revoked", "")
    if token_id not in {token.token_id for token in _listed(visit)}:
        raise HTTPException(404)
    try:
        access.revoke(visit.site.store, visit.site.trust_id, token_id, account_id=visit.actor, now=visit.now)
    except CollectorError as error:
        raise HTTPException(400, hands.sentence(error)) from None
    return RedirectResponse("/tokens", 303)


def _listed(visit: Visit) -> list[Token]:
    found = access.tokens(visit.site.store, visit.site.trust_id)
    return [token for token in found if visit.schools is None or token.account_id == visit.actor]


def _page(visit: Visit, secret: str = "", problem: str = "", status: int = 200) -> Response:
    trust_id = visit.site.trust_id
    with visit.reader() as connection:
        schools = [one for one in school_lives.schools(connection, trust_id) if visit.sees(one.school_id)]
        makers = {one.account_id: one for one in people.all_accounts(connection, trust_id)}
    named = {one.school_id: one.name for one in schools}
    offered = [scope for scope in TOKEN_SCOPES if visit.visitor and RIGHTS[scope] <= RIGHTS[visit.visitor.role]]
    return visit.page(
        "tokens.html", status, tokens=_listed(visit), schools=schools, named=named, makers=makers, scopes=offered,
        secret=secret, problem=problem, form=visit.form, most_days=MOST_DAYS,
        form_token=forms.token(visit.secret, PURPOSE),
    )  # fmt: skip


def _asked(visit: Visit) -> tuple[Scope, int]:
    try:
        return Scope(visit.form.get("scope", "")), int(visit.form.get("days", "")[:9])
    except ValueError:
        raise CollectorError(f"choose what the token is for, and how many days of {MOST_DAYS} it is good") from None
