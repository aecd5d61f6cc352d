"""Rows of people and of what lets them in: accounts, passes, logins, guesses. Who may do what is `collector.access`.

Only the SHA-256 of a pass's secret is ever here, and it is the key by which a pass is found: no comparison of secrets
happens, so none can be timed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from collector.store import ids
from collector.store.schema import accounts, departures, guesses, logins, passes

#: what the layers above hand through to functions such as these, without knowing SQL
Transaction = Connection


Schools = frozenset[str] | None  # None: the whole trust


@dataclass(frozen=True, slots=True)
class Account:
    """A person: what they may do (`role`), at which schools, until when. `last_code`: of the second factor."""

    account_id: str
    name: str
    role: str
    created: datetime
    schools: Schools = None
    until: datetime | None = None
    removed: datetime | None = None
    password: str = field(default="", repr=False)
    second_factor: bytes | None = field(default=None, repr=False)
    last_code: int = 0


@dataclass(frozen=True, slots=True)
class Pass:
    """What lets somebody in: a one-time link, a session, a token or a shared report.

    `used`: once for a link, lately for the others.

    `schools`: at most those.
    """

    pass_hash: bytes
    kind: str
    account_id: str
    name: str
    scope: str
    created: datetime
    expires: datetime
    used: datetime | None = None
    revoked: datetime | None = None
    schools: Schools = None


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody who went to an identity provider: what their return has to bring."""

    nonce: str
    verifier: str = field(repr=False)
    expires: datetime


# ------------------------------------------------------------------------------------------------ accounts


def add_account(connection: Connection, trust_id: str, account: Account) -> None:
    """Keep a new account."""
    connection.execute(
        insert(accounts).values(
            trust_id=trust_id, account_id=account.account_id, name=account.name, role=account.role,
            created=account.created, schools=_packed(account.schools), until=account.until,
        )
    )  # fmt: skip


def all_accounts(connection: Connection, trust_id: str) -> list[Account]:
    """Every account of the trust, oldest first; those that were removed, too: what they did keeps their name."""
    query = select(accounts).where(accounts.c.trust_id == trust_id).order_by(accounts.c.created, accounts.c.account_id)
    return [_account(row) for row in connection.execute(query)]


def account(connection: Connection, trust_id: str, account_id: str) -> Account | None:
    """One account, removed or not, or None."""
    query = select(accounts).where(accounts.c.trust_id == trust_id, accounts.c.account_id == account_id)
    row = connection.execute(query).first()
    return _account(row) if row else None


def change_account(connection: Connection, trust_id: str, account_id: str, **values: Any) -> None:
    """Change columns of an account; `schools` as in `Account`."""
    if "schools" in values:
        values["schools"] = _packed(values["schools"])
    where = (accounts.c.trust_id == trust_id) & (accounts.c.account_id == account_id)
    connection.execute(update(accounts).where(where).values(**values))


def use_code(connection: Connection, trust_id: str, account_id: str, number: int) -> bool:
    """Use up a code of the second factor by its number. False: it, or a later one, was used before."""
    mine = (accounts.c.trust_id == trust_id) & (accounts.c.account_id == account_id) & (accounts.c.last_code < number)
    return connection.execute(update(accounts).where(mine).values(last_code=number)).rowcount == 1


def _account(row: Row[Any]) -> Account:
    return Account(
        row.account_id, row.name, row.role, row.created, _unpacked(row.schools), row.until, row.removed, row.password,
        row.second_factor, row.last_code,
    )  # fmt: skip


def _packed(schools: Schools) -> str | None:
    return None if schools is None else json.dumps(sorted(schools))


def _unpacked(schools: str | None) -> Schools:
    return None if schools is None else frozenset(json.loads(schools))


# ------------------------------------------------------------------------------------------------ passes


def add_pass(connection: Connection, trust_id: str, new: Pass) -> None:
    """Keep a new pass."""
    connection.execute(
        insert(passes).values(
            trust_id=trust_id, pass_hash=new.pass_hash, kind=new.kind, account_id=new.account_id, name=new.name,
            scope=new.scope, created=new.created, expires=new.expires, schools=_packed(new.schools),
        )
    )  # fmt: skip


def find_pass(connection: Connection, trust_id: str, kind: str, pass_hash: bytes) -> Pass | None:
    """The pass of a kind with this hash, whether it still opens or not; None where there is none."""
    query = select(passes).where(
        passes.c.trust_id == trust_id, passes.c.pass_hash == pass_hash, passes.c.kind == kind
    )  # fmt: skip
    row = connection.execute(query).first()
    return _pass(row) if row else None


def all_passes(connection: Connection, trust_id: str, kind: str) -> list[Pass]:
    """Every pass of a kind, newest first."""
    query = select(passes).where(passes.c.trust_id == trust_id, passes.c.kind == kind)
    return [_pass(row) for row in connection.execute(query.order_by(passes.c.created.desc(), passes.c.pass_hash))]


def use_link(connection: Connection, trust_id: str, pass_hash: bytes, now: datetime) -> bool:
    """Use up a link. True for the one caller who does; False where it is used, revoked, expired or unknown."""
    opens = (
        (passes.c.trust_id == trust_id)
        & (passes.c.pass_hash == pass_hash)
        & (passes.c.kind == "link")
        & passes.c.used.is_(None)
        & passes.c.revoked.is_(None)
        & (passes.c.expires > now)
    )
    return connection.execute(update(passes).where(opens).values(used=now)).rowcount == 1


def touch(connection: Connection, trust_id: str, pass_hash: bytes, now: datetime) -> None:
    """Note that a session or token is in use."""
    where = (passes.c.trust_id == trust_id) & (passes.c.pass_hash == pass_hash)
    connection.execute(update(passes).where(where).values(used=now))


def revoke_pass(connection: Connection, trust_id: str, pass_hash: bytes, now: datetime) -> bool:
    """Shut a pass. False: there is none, or it was shut before."""
    where = (passes.c.trust_id == trust_id) & (passes.c.pass_hash == pass_hash) & passes.c.revoked.is_(None)
    return connection.execute(update(passes).where(where).values(revoked=now)).rowcount == 1


def revoke_all(connection: Connection, trust_id: str, account_id: str, now: datetime, kinds: tuple[str, ...]) -> int:
    """Shut every pass of some kinds that a person has or made; returns how many still opened."""
    where = (passes.c.trust_id == trust_id) & (passes.c.account_id == account_id) & passes.c.revoked.is_(None)
    mine = where & passes.c.kind.in_(kinds) & (passes.c.expires > now)
    return connection.execute(update(passes).where(mine).values(revoked=now)).rowcount


def forget_passes(connection: Connection, trust_id: str, kinds: tuple[str, ...], before: datetime) -> int:
    """Delete passes of some kinds that expired before a time; returns how many. The journal keeps what they did."""
    where = (passes.c.trust_id == trust_id) & passes.c.kind.in_(kinds) & (passes.c.expires < before)
    return connection.execute(delete(passes).where(where)).rowcount


def _pass(row: Row[Any]) -> Pass:
    return Pass(
        row.pass_hash, row.kind, row.account_id, row.name, row.scope, row.created, row.expires, row.used, row.revoked,
        _unpacked(row.schools),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ logins elsewhere


def link_login(
    connection: Connection, trust_id: str, issuer: str, subject: str, account_id: str, now: datetime
) -> bool:
    """Note whose a login is. False: it is somebody's already."""
    if account_of(connection, trust_id, issuer, subject) is not None:
        return False
    values = {"trust_id": trust_id, "issuer": issuer, "subject": subject, "account_id": account_id, "linked": now}
    connection.execute(insert(logins).values(values))
    return True


def account_of(connection: Connection, trust_id: str, issuer: str, subject: str) -> str | None:
    """Whose a login is, or None."""
    where = (logins.c.trust_id == trust_id) & (logins.c.issuer == issuer) & (logins.c.subject == subject)
    found = connection.execute(select(logins.c.account_id).where(where)).scalar()
    return None if found is None else str(found)


def logins_of(connection: Connection, trust_id: str) -> dict[str, list[tuple[str, str]]]:
    """Issuer and subject of every login, by account."""
    rows = connection.execute(select(logins).where(logins.c.trust_id == trust_id).order_by(logins.c.linked))
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append((row.issuer, row.subject))
    return found


def unlink_logins(connection: Connection, trust_id: str, account_id: str) -> int:
    """Forget the logins of an account; how many there were."""
    where = (logins.c.trust_id == trust_id) & (logins.c.account_id == account_id)
    return connection.execute(delete(logins).where(where)).rowcount


def depart(connection: Connection, trust_id: str, state_hash: bytes, new: Departure, now: datetime) -> None:
    """Await somebody's return from the identity provider; forget those who did not come."""
    connection.execute(delete(departures).where(departures.c.trust_id == trust_id, departures.c.expires < now))
    values = {"nonce": new.nonce, "verifier": new.verifier, "expires": new.expires}
    connection.execute(insert(departures).values(trust_id=trust_id, state_hash=state_hash, **values))


def awaited(connection: Connection, trust_id: str, now: datetime) -> int:
    """How many are awaited back."""
    where = (departures.c.trust_id == trust_id) & (departures.c.expires >= now)
    return int(connection.execute(select(func.count()).select_from(departures).where(where)).scalar_one())


def come_back(connection: Connection, trust_id: str, state_hash: bytes, now: datetime) -> Departure | None:
    """Whoever is awaited under a state, once; None where nobody is (any more)."""
    where = (departures.c.trust_id == trust_id) & (departures.c.state_hash == state_hash)
    row = connection.execute(select(departures).where(where)).first()
    if row is None or connection.execute(delete(departures).where(where)).rowcount != 1 or row.expires <= now:
        return None
    return Departure(row.nonce, row.verifier, row.expires)


# ------------------------------------------------------------------------------------------------ guesses


def note_guess(connection: Connection, trust_id: str, aimed_at: bytes, now: datetime) -> None:
    """Note a guess."""
    values = {"trust_id": trust_id, "guess_id": ids.new(), "aimed_at": aimed_at, "made": now}
    connection.execute(insert(guesses).values(values))


def guesses_since(connection: Connection, trust_id: str, aimed_at: bytes, since: datetime) -> int:
    """How many guesses were made at something after a time."""
    where = (guesses.c.trust_id == trust_id) & (guesses.c.aimed_at == aimed_at) & (guesses.c.made > since)
    return int(connection.execute(select(func.count()).select_from(guesses).where(where)).scalar_one())


def forget_guesses_at(connection: Connection, trust_id: str, aimed_at: tuple[bytes, ...], made: datetime) -> None:
    """Forget the guesses of one time at some things: they were right."""
    mine = (guesses.c.trust_id == trust_id) & guesses.c.aimed_at.in_(aimed_at) & (guesses.c.made == made)
    connection.execute(delete(guesses).where(mine))


def forget_guesses(connection: Connection, trust_id: str, before: datetime) -> None:
    """Forget guesses that were made before a time."""
    connection.execute(delete(guesses).where(guesses.c.trust_id == trust_id, guesses.c.made <= before))
