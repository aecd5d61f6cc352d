"""One's own account: what one may do and until when, password, second factor."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector.access import passwords
from collector.errors import CollectorError
from collector.store import people, school_lives
from collector.web import forms, hands
from collector.web.visit import Visit

PASSWORD, FACTOR = "account-password", "account-factor"  # purposes of forms


def page(visit: Visit) -> Response:
    """`GET /account`."""
    return _page(visit)


def set_password(visit: Visit) -> Response:
    """`POST /account/password`."""
    hands.require_token(visit, PASSWORD)
    if visit.form.get("after", "") != visit.form.get("again", ""):
        return _page(visit, "You typed two different passwords.")
    try:
        passwords.set_password(
            visit.site.store, visit.site.trust_id, visit.actor, visit.form.get("before", ""),
            visit.form.get("after", ""), trust_name=visit.site.settings.trust_name, address=visit.address,
            now=visit.now,
        )  # fmt: skip
    except CollectorError as error:
        return _page(visit, hands.sentence(error))
    return RedirectResponse("/account", 303)


def set_factor(visit: Visit) -> Response:
    """`POST /account/second-factor`."""
    hands.require_token(visit, FACTOR)
    if visit.site.ways.seal is None:
        raise HTTPException(404)
    try:
        passwords.set_factor(
            visit.site.store, visit.site.trust_id, visit.actor, visit.site.ways.seal,
            secret=visit.form.get("secret", ""), code=visit.form.get("code", ""),
            password=visit.form.get("before", ""), address=visit.address, now=visit.now,
        )  # fmt: skip
    except CollectorError as error:
        return _page(visit, hands.sentence(error))
    return RedirectResponse("/account", 303)


def _page(visit: Visit, problem: str = "") -> Response:
    account_id, trust_id = visit.actor, visit.site.trust_id
    with visit.reader() as connection:
        known = people.account(connection, trust_id, account_id)
        named = {school.school_id: school.name for school in school_lives.schools(connection, trust_id)}
    if known is None:
        raise HTTPException(404)
    schools = None if visit.schools is None else sorted(named[one] for one in visit.schools if one in named)
    secret = visit.form.get("secret", "") or passwords.new_factor()
    address = passwords.factor_address(secret, known.name, visit.site.settings.trust_name)
    return visit.page(
        "account.html", 400 if problem else 200, known=known, schools=schools, problem=problem, secret=secret,
        address=address, has_password=bool(known.password), has_factor=known.second_factor is not None,
        needs_factor=passwords.needs_second_factor(known), offers_factor=visit.site.ways.seal is not None,
        tokens={purpose: forms.token(visit.secret, purpose) for purpose in (PASSWORD, FACTOR)},
    )  # fmt: skip
