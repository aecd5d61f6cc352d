"""Coming and going: the one-time link, its button, and signing out.

The link shows a button and the button signs in, because programs that look at links in mails must not use them up.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import access
from collector.web import forms
from collector.web.door import COOKIE
from collector.web.visit import Visit

SECRET_LIMIT = 128  # characters


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
    if before := visit.request.cookies.get(COOKIE):
        access.end_session(store, trust_id, before, visit.now)
    answer = RedirectResponse("/", 303)
    life = int(access.SESSION_LIFE.total_seconds())
    answer.set_cookie(COOKIE, session, max_age=life, path="/", secure=True, httponly=True, samesite="lax")
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
