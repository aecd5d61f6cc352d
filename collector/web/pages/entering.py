"""Coming and going: the one-time link, name and password, the identity provider, and signing out.

The link shows a button and the button signs in, because programs that look at links in mails must not use them up.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import access
from collector.access import oidc, passwords
from collector.errors import CollectorError
from collector.web import forms
from collector.web.door import COOKIE
from collector.web.visit import Visit

SECRET_LIMIT = 128  # characters
AWAY_COOKIE = "__Host-stocktake-away"  # the state of who went to the identity provider


def link(visit: Visit) -> Response:
    """What a one-time link shows: the button, or that the link does not open any more."""
    secret = _secret(visit)
    if not access.link_opens(visit.site.store, visit.site.trust_id, secret, visit.now):
        return visit.page("sign_in.html", 404, spent=True)
    return visit.page("enter.html", secret=secret, enter_token=forms.token(secret, "enter"))


def enter(visit: Visit) -> Response:
    """Use up the link, end a session that was there before, begin a new one."""
    secret = _secret(visit)
    if not forms.holds(visit.form.get(forms.TOKEN_FIELD, ""), secret, "enter"):
        raise HTTPException(403, "This form is not of the page that it should come from. Open the link again.")
    store, trust_id = visit.site.store, visit.site.trust_id
    session = access.redeem_link(store, trust_id, secret, visit.now)
    if session is None:
        return visit.page("sign_in.html", 404, spent=True)
    return _come_in(visit, session)


def _come_in(visit: Visit, session: str) -> Response:
    """Begin a session in this browser; one that was there before ends."""
    if before := visit.request.cookies.get(COOKIE):
        access.end_session(visit.site.store, visit.site.trust_id, before, visit.now)
    answer = RedirectResponse("/", 303)
    life = int(access.SESSION_LIFE.total_seconds())
    answer.set_cookie(COOKIE, session, max_age=life, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def sign_in(visit: Visit) -> Response:
    """`GET /sign-in`: name, password and code; or the way to the identity provider."""
    return _sign_in(visit)


def with_password(visit: Visit) -> Response:
    """`POST /sign-in`. The door asked whether the form came from these pages."""
    if visit.site.ways.seal is None:
        raise HTTPException(404)
    name, password, code = (visit.form.get(field, "") for field in ("name", "password", "code"))
    said = passwords.Said(name, password, code, visit.address)
    try:
        session = passwords.sign_in(visit.site.store, visit.site.trust_id, said, visit.site.ways.seal, visit.now)
    except passwords.Throttled as error:
        return _sign_in(visit, error, 429)
    except CollectorError as error:
        return _sign_in(visit, error, 403)
    if session is None:
        return _sign_in(visit, CollectorError("name, password or code are not right"), 403)
    return _come_in(visit, session)


def _sign_in(visit: Visit, error: CollectorError | None = None, status: int = 200, subject: str = "") -> Response:
    sentence = f"{str(error)[:1].upper()}{str(error)[1:]}." if error else ""
    return visit.page(
        "sign_in.html", status, asked=True, problem=sentence, subject=subject, name=visit.form.get("name", "")[:64],
    )  # fmt: skip


def go(visit: Visit) -> Response:
    """`GET /oidc/go`: off to the identity provider; the browser keeps the state that it has to come back with."""
    if visit.site.ways.provider is None:
        raise HTTPException(404)
    try:
        address, state = visit.site.ways.provider.go(visit.site.store, visit.site.trust_id, visit.now)
    except CollectorError as error:
        return _sign_in(visit, error, 502)
    answer = RedirectResponse(address, 303)
    life = int(oidc.AWAY.total_seconds())
    answer.set_cookie(AWAY_COOKIE, state, max_age=life, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def back(visit: Visit) -> Response:
    """`GET /oidc/back`: whoever comes back from the provider; an unknown person reads what to tell the owner."""
    if visit.site.ways.provider is None:
        raise HTTPException(404)
    query = visit.request.query_params
    state, code = query.get("state", "")[:SECRET_LIMIT], query.get("code", "")[:2_048]
    kept = visit.request.cookies.get(AWAY_COOKIE, "")
    site, provider = visit.site, visit.site.ways.provider
    try:
        session = provider.come_back(site.store, site.trust_id, state, kept, code, visit.now)
        answer = _come_in(visit, session)
    except oidc.Unknown as error:
        answer = _sign_in(visit, error, 403, error.subject)
    except CollectorError as error:
        answer = _sign_in(visit, error, 403)
    answer.delete_cookie(AWAY_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def leave(visit: Visit) -> Response:
    """End the session."""
    if not forms.holds(visit.form.get(forms.TOKEN_FIELD, ""), visit.secret, "leave"):
        raise HTTPException(403, "This form is not of the page that it should come from.")
    access.end_session(visit.site.store, visit.site.trust_id, visit.secret, visit.now)
    # the visit goes on as nobody's: the page that is shown has no sign-out form
    gone = Visit(visit.site, visit.request, visit.now)
    answer = gone.page("sign_in.html", left=True)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def _secret(visit: Visit) -> str:
    secret = str(visit.request.path_params["secret"])
    if len(secret) > SECRET_LIMIT or not secret.isascii():
        raise HTTPException(404)
    return secret
