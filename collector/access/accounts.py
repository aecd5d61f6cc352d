"""People: who has an account, what they may do, at which schools, until when. All of it is journaled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from collector import journal, london
from collector.access.passes import NAME_LIMIT, utc_now
from collector.access.rights import OF_SCHOOLS, RIGHTS, ROLES, UNTIL_A_DAY, Right, Scope
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Store, ids, people, school_lives
from collector.store.people import Transaction

#: what ends with an account
PASSES = ("link", "session", "token", "share")


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody may do: role, schools (of roles that see named ones alone), and the last day, if there is one."""

    name: str
    role: Scope
    school_ids: frozenset[str] = field(default_factory=frozenset)
    until: date | None = None


def make_owner(store: Store, trust_id: str, name: str, now: datetime | None = None) -> str:
    """The owner's account, made where there is none yet; returns its id."""
    made = people.Account(ids.new(), text(name, NAME_LIMIT) or "owner", Scope.OWNER, now or utc_now())

    def work(connection: Transaction) -> str:
        owners = _owners(connection, trust_id)
        if owners:
            return owners[0].account_id
        people.add_account(connection, trust_id, made)
        detail = {"account": made.account_id, "role": made.role}
        journal.append(connection, trust_id, actor="console", action="account_made", detail=detail, now=made.created)
        return made.account_id

    return store.write(work)


def owner(store: Store, trust_id: str) -> str:
    """The id of the owner's account; CollectorError where `init` has not made it."""
    with store.reader() as connection:
        found = next(iter(_owners(connection, trust_id)), None)
    if found is None:
        raise CollectorError("this collector has no owner yet: run `stocktake-collector init`")
    return found.account_id


def everybody(connection: Transaction, trust_id: str) -> list[people.Account]:
    """All who have an account, by name; who was removed is left out."""
    found = [known for known in people.all_accounts(connection, trust_id) if known.removed is None]
    return sorted(found, key=lambda known: (known.name.casefold(), known.account_id))


def find(connection: Transaction, trust_id: str, named: str) -> people.Account:
    """The person whom somebody means by id or name; CollectorError lists who there is."""
    known = everybody(connection, trust_id)
    fitting = [a for a in known if named == a.account_id or named.strip().casefold() == a.name.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(a.name for a in known) or "nobody"
    raise CollectorError(f"{text(named, NAME_LIMIT)!r} has no account here; known: {listed}")


# ------------------------------------------------------------------------------------------------ changes


def invite(connection: Transaction, trust_id: str, person: Person, *, actor: str, now: datetime) -> str:
    """An account for somebody, who then comes in by a link; its id. CollectorError for what cannot be."""
    name = text(person.name, NAME_LIMIT)
    if not name:
        raise CollectorError("say what the person is called")
    if any(known.name.casefold() == name.casefold() for known in everybody(connection, trust_id)):
        raise CollectorError(f"somebody is called {name} already: add something that tells them apart")
    may = _checked(connection, trust_id, person, now)
    made = people.Account(ids.new(), name, person.role, now, may["schools"], may["until"])
    people.add_account(connection, trust_id, made)
    _note(connection, trust_id, "account_made", made.account_id, actor, now, person)
    return made.account_id


def change(
    connection: Transaction, trust_id: str, account_id: str, person: Person, *, actor: str, now: datetime
) -> None:
    """Say otherwise what somebody may do, where, until when; it holds from their next request on. Names stay."""
    known = _known(connection, trust_id, account_id)
    if known.role == Scope.OWNER and (person.role is not Scope.OWNER or person.until is not None):
        _require_another_owner(connection, trust_id, account_id)
    people.change_account(connection, trust_id, account_id, role=person.role,
                          **_checked(connection, trust_id, person, now))  # fmt: skip
    if Right.SHARE_REPORTS not in RIGHTS[person.role]:
        people.revoke_all(connection, trust_id, account_id, now, ("share",))
    _note(connection, trust_id, "account_changed", account_id, actor, now, person)


def remove(connection: Transaction, trust_id: str, account_id: str, *, actor: str, now: datetime) -> int:
    """Somebody has no account any more: sessions, tokens, links and shares end now. How many still opened."""
    known = _known(connection, trust_id, account_id)
    if known.role == Scope.OWNER:
        _require_another_owner(connection, trust_id, account_id)
    gone: dict[str, Any] = {"removed": now, "password": "", "second_factor": None}
    people.change_account(connection, trust_id, account_id, **gone)
    people.unlink_logins(connection, trust_id, account_id)
    ended = people.revoke_all(connection, trust_id, account_id, now, PASSES)
    detail: dict[str, str | int] = {"account": account_id, "passes": ended}
    journal.append(connection, trust_id, actor=actor, action="account_removed", detail=detail, now=now)
    return ended


def link_login(
    connection: Transaction, trust_id: str, account_id: str, issuer: str, subject: str, *, actor: str, now: datetime
) -> None:
    """Say whose a login at the identity provider is; CollectorError where it is somebody's already."""
    _known(connection, trust_id, account_id)
    wanted = subject.strip()
    if not wanted or len(wanted) > 255 or not wanted.isascii() or not wanted.isprintable():
        raise CollectorError("this is no login: copy it from what the person was shown")
    if not people.link_login(connection, trust_id, issuer, wanted, account_id, now):
        raise CollectorError("this login belongs to somebody already")
    detail: dict[str, str | int] = {"account": account_id}
    journal.append(connection, trust_id, actor=actor, action="login_linked", detail=detail, now=now)


# ------------------------------------------------------------------------------------------------ shared


def _owners(connection: Transaction, trust_id: str) -> list[people.Account]:
    found = people.all_accounts(connection, trust_id)
    return [known for known in found if known.role == Scope.OWNER and known.removed is None]


def _known(connection: Transaction, trust_id: str, account_id: str) -> people.Account:
    found = people.account(connection, trust_id, account_id)
    if found is None or found.removed is not None:
        raise CollectorError(f"there is no account {text(account_id, NAME_LIMIT)}")
    return found


def _require_another_owner(connection: Transaction, trust_id: str, account_id: str) -> None:
    """Without an owner nobody could let anybody in."""
    others = [a for a in _owners(connection, trust_id) if a.account_id != account_id and a.until is None]
    if not others:
        raise CollectorError("this is the only owner: make somebody else an owner first")


def _checked(connection: Transaction, trust_id: str, person: Person, now: datetime) -> dict[str, Any]:
    """Schools and end of an account as they are kept."""
    if person.role not in ROLES:
        raise CollectorError(f"a person is {', '.join(ROLES)}")
    until = london.end_of(person.until) if person.until else None
    if until is None and person.role in UNTIL_A_DAY:
        raise CollectorError(f"a {person.role} has a last day: say which")
    if until is not None and until <= now:
        raise CollectorError(f"{person.until} has passed: name a day to come")
    if person.role not in OF_SCHOOLS:
        return {"schools": None, "until": until}
    if not person.school_ids:
        raise CollectorError(f"a {person.role} sees named schools alone: name at least one")
    _require_schools(connection, trust_id, person.school_ids)
    return {"schools": person.school_ids, "until": until}


def _require_schools(connection: Transaction, trust_id: str, school_ids: Collection[str]) -> None:
    known = {school.school_id for school in school_lives.schools(connection, trust_id)}
    if not set(school_ids) <= known:
        raise CollectorError("one of these is no school of the trust")


def _note(
    connection: Transaction, trust_id: str, action: str, account_id: str, actor: str, now: datetime, person: Person
) -> None:
    detail: dict[str, str | int] = {"account": account_id, "role": str(person.role)}
    if person.role in OF_SCHOOLS:
        detail["schools"] = " ".join(sorted(person.school_ids))
    if person.until:
        detail["until"] = person.until.isoformat()
    journal.append(connection, trust_id, actor=actor, action=action, detail=detail, now=now)
