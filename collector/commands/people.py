"""Commands about people: who has an account, what they may do, at which schools, until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from collector import access, schools
from collector.access import Person, Scope, passwords
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.store import Transaction

ACTOR = "console"


def invite(desk: Desk, name: str, role: str, at: list[str], until: str = "") -> str:
    """Make an account; prints the one-time link by which they come in, good for a day."""

    def work(connection: Transaction) -> str:
        person = _person(connection, desk, name, role, at, until)
        return access.invite(connection, desk.trust_id, person, actor=ACTOR, now=desk.clock())

    return f"{name} is {role}; they come in within a day by: {_link(desk, desk.store.write(work))}"


def change(desk: Desk, name: str, role: str, at: list[str], until: str = "") -> str:
    """Say otherwise what somebody may do, where and until when."""

    def work(connection: Transaction) -> str:
        known = access.find(connection, desk.trust_id, name)
        person = _person(connection, desk, known.name, role, at, until)
        access.change(connection, desk.trust_id, known.account_id, person, actor=ACTOR, now=desk.clock())
        return known.name

    return f"{desk.store.write(work)} is {role} now"


def remove(desk: Desk, name: str) -> str:
    """Somebody has no account any more: they are out at once."""

    def work(connection: Transaction) -> str:
        known = access.find(connection, desk.trust_id, name)
        ended = access.remove(connection, desk.trust_id, known.account_id, actor=ACTOR, now=desk.clock())
        return f"{known.name} is out; {ended} sessions, tokens and links of theirs ended"

    return desk.store.write(work)


def reset(desk: Desk, name: str) -> str:
    """Forget somebody's password and second factor, and print a new link."""

    def work(connection: Transaction) -> str:
        known = access.find(connection, desk.trust_id, name)
        passwords.reset(connection, desk.trust_id, known.account_id, actor=ACTOR, now=desk.clock())
        return known.account_id

    return f"{name} comes in within a day by: {_link(desk, desk.store.write(work))}"


def link_login(desk: Desk, name: str, subject: str) -> str:
    """Say whose a login at the identity provider is, by what they read when they sign in."""
    if not desk.config.sign_in_issuer:
        raise CollectorError("no identity provider is configured: see sign_in_with in the configuration")

    def work(connection: Transaction) -> str:
        known = access.find(connection, desk.trust_id, name)
        access.link_login(
            connection, desk.trust_id, known.account_id, desk.config.sign_in_issuer, subject, actor=ACTOR,
            now=desk.clock(),
        )  # fmt: skip
        return known.name

    return f"{desk.store.write(work)} comes in by this login"


def _person(connection: Transaction, desk: Desk, name: str, role: str, at: list[str], until: str) -> Person:
    found = frozenset(schools.named(connection, desk.trust_id, one).school_id for one in at)
    if found and Scope(role) not in access.OF_SCHOOLS:
        raise CollectorError(f"a {role} sees the whole trust: leave --at out")
    return Person(name, Scope(role), found, date.fromisoformat(until) if until else None)


def _link(desk: Desk, account_id: str) -> str:
    secret = access.make_link(
        desk.store, desk.trust_id, account_id, desk.clock(), actor=ACTOR, life=access.INVITATION_LIFE
    )
    return f"https://{desk.config.web_listen}/enter/{secret}"


COMMANDS: dict[str, Callable[..., str]] = {
    "people_invite": invite,
    "people_change": change,
    "people_remove": remove,
    "people_reset": reset,
    "people_login": link_login,
}
