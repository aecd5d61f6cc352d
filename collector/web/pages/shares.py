"""Reports that are shared by a link: what was shared, sharing and revoking, and what whoever holds a link is shown."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import access, london
from collector.errors import CollectorError
from collector.store import Transaction, people, school_lives
from collector.web import forms, hands, shared
from collector.web.visit import Visit

PURPOSE = "shares"
SUGGESTED = timedelta(days=30)
SECRET_LIMIT = 128  # characters


def page(visit: Visit) -> Response:
    """`GET /shares`."""
    return _page(visit)


def make(visit: Visit) -> Response:
    """`POST /shares/make`: a link, shown this once."""
    hands.require_token(visit, PURPOSE)
    try:
        until = _day(visit.form.get("until", ""))
        secret = access.make_share(
            visit.site.store, visit.site.trust_id, visit.form.get("name", ""), visit.form.get("school", ""), until,
            account_id=visit.actor, now=visit.now,
        )  # fmt: skip
    except CollectorError as error:
        return _page(visit, problem=hands.sentence(error), status=400)
    return _page(visit, link=f"https://{visit.request.headers.get('host', '')}/shared/{secret}")


def revoke(visit: Visit) -> Response:
    """`POST /shares/revoke`: the link opens nothing any more."""

    def work(connection: Transaction) -> None:
        share_id = visit.form.get("share", "")
        access.revoke_share(connection, visit.site.trust_id, share_id, actor=visit.actor, now=visit.now)

    hands.carry_out(visit, PURPOSE, work)
    return RedirectResponse("/shares", 303)


def show(visit: Visit) -> Response:
    """`GET /shared/{secret}`: the report, to whoever holds the link; nothing says whether another one ever opened."""
    secret, site = str(visit.request.path_params["secret"]), visit.site
    if len(secret) > SECRET_LIMIT or not secret.isascii():
        raise HTTPException(404)
    share = access.open_share(site.store, site.trust_id, secret, visit.now)
    if share is None:
        raise HTTPException(404, "This link shows nothing, or nothing any more.")
    with visit.reader() as connection:
        report = shared.report(connection, site.trust_id, share.schools, visit.now)
        named = {one.school_id: one.name for one in school_lives.schools(connection, site.trust_id)}
    answer = visit.page(
        "shared.html", share=share, report=report, bands=shared.BANDS, states=shared.STATES,
        of=named.get(share.school_id, ""), until=london.last_day(share.expires),
    )  # fmt: skip
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _page(visit: Visit, link: str = "", problem: str = "", status: int = 200) -> Response:
    trust_id, today = visit.site.trust_id, london.day_of(visit.now)
    with visit.reader() as connection:
        found = access.shares(connection, trust_id, visit.now)
        schools = school_lives.schools(connection, trust_id)
        names = {one.account_id: one.name for one in people.all_accounts(connection, trust_id)}
    listed = [(share, opens, london.last_day(share.expires)) for share, opens in found]
    return visit.page(
        "shares.html", status, shares=listed, schools=schools,
        named={one.school_id: one.name for one in schools}, names=names, link=link, problem=problem, today=today,
        suggested=today + SUGGESTED, latest=today + timedelta(days=access.SHARE_DAYS), form=visit.form,
        form_token=forms.token(visit.secret, PURPOSE),
    )  # fmt: skip


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise CollectorError("say the last day as 2026-08-31") from None
