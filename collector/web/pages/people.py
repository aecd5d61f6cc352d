"""People: who has an account, what they may do, at which schools, until when; for owners."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.responses import RedirectResponse, Response

from collector import access, london
from collector.access import ROLES, Person, Scope, passwords
from collector.errors import CollectorError
from collector.store import Transaction, people, school_lives
from collector.web import forms, hands
from collector.web.visit import Visit

PURPOSE = "people"  # one token for all forms of these pages


def page(visit: Visit) -> Response:
    """`GET /people`."""
    return _page(visit)


def invite(visit: Visit) -> Response:
    """`POST /people/invite`: an account, and the link by which they come in, shown this once."""

    def work(connection: Transaction) -> str:
        return access.invite(connection, visit.site.trust_id, _person(visit), actor=visit.actor, now=visit.now)

    return _linked(visit, hands.carry_out(visit, PURPOSE, work))


def change(visit: Visit) -> Response:
    """`POST /people/change`: role, schools and last day."""

    def work(connection: Transaction) -> None:
        account_id = visit.form.get("account", "")
        access.change(
            connection, visit.site.trust_id, account_id, _person(visit), actor=visit.actor, now=visit.now
        )  # fmt: skip

    hands.carry_out(visit, PURPOSE, work)
    return RedirectResponse("/people", 303)


def remove(visit: Visit) -> Response:
    """`POST /people/remove`: out at once."""

    def work(connection: Transaction) -> int:
        return access.remove(
            connection, visit.site.trust_id, visit.form.get("account", ""), actor=visit.actor, now=visit.now
        )  # fmt: skip

    hands.carry_out(visit, PURPOSE, work)
    return RedirectResponse("/people", 303)


def reset(visit: Visit) -> Response:
    """`POST /people/reset`: forget password and second factor, end sessions, and give a new link."""

    def work(connection: Transaction) -> str:
        known = access.find(connection, visit.site.trust_id, visit.form.get("account", ""))
        passwords.reset(connection, visit.site.trust_id, known.account_id, actor=visit.actor, now=visit.now)
        return known.account_id

    return _linked(visit, hands.carry_out(visit, PURPOSE, work))


def link_login(visit: Visit) -> Response:
    """`POST /people/login`: whose a login at the identity provider is."""

    def work(connection: Transaction) -> None:
        if visit.site.ways.provider is None:
            raise CollectorError("no identity provider is configured")
        access.link_login(
            connection, visit.site.trust_id, visit.form.get("account", ""), visit.site.ways.provider.settings.issuer,
            visit.form.get("subject", ""), actor=visit.actor, now=visit.now,
        )  # fmt: skip

    hands.carry_out(visit, PURPOSE, work)
    return RedirectResponse("/people", 303)


def _linked(visit: Visit, account_id: str) -> Response:
    secret = access.make_link(
        visit.site.store, visit.site.trust_id, account_id, visit.now, actor=visit.actor, life=access.INVITATION_LIFE
    )
    host = visit.request.headers.get("host", "")
    return _page(visit, link=f"https://{host}/enter/{secret}")


def _page(visit: Visit, link: str = "") -> Response:
    with visit.reader() as connection:
        known = access.everybody(connection, visit.site.trust_id)
        schools = school_lives.schools(connection, visit.site.trust_id)
        logins = people.logins_of(connection, visit.site.trust_id)
    named = {school.school_id: school.name for school in schools}
    return visit.page(
        "people.html", people=[_shown(visit, one, named) for one in known], schools=schools, roles=ROLES, link=link,
        logins=logins, provider=visit.site.ways.provider, form_token=forms.token(visit.secret, PURPOSE),
        of_schools=access.OF_SCHOOLS, until_a_day=access.UNTIL_A_DAY,
    )  # fmt: skip


def _shown(visit: Visit, known: people.Account, named: dict[str, str]) -> dict[str, Any]:
    """An account as the list shows it; `last`: the last day, which ends at midnight."""
    return {
        "account": known,
        "schools": sorted(named.get(one, one) for one in known.schools) if known.schools is not None else None,
        "last": london.last_day(known.until) if known.until else None,
        "ended": known.until is not None and known.until <= visit.now,
        "factor": known.second_factor is not None,
        "password": bool(known.password),
    }


def _person(visit: Visit) -> Person:
    said = visit.form
    try:
        role = Scope(said.get("role", ""))
        until = date.fromisoformat(said["until"]) if said.get("until") else None
    except ValueError:
        raise CollectorError("choose a role, and say the last day as 2026-08-31") from None
    schools = frozenset(name.removeprefix("school-") for name in said if name.startswith("school-"))
    return Person(said.get("name", ""), role, schools if role in access.OF_SCHOOLS else frozenset(), until)
