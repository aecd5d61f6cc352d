"""Rows of people and of what lets them in: accounts and passes. Who may do what is `collector.access`.

Only the SHA-256 of a pass's secret is ever here, and it is the key by which a pass is found: no comparison of secrets
happens, so none can be timed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from collector.store.schema import accounts, passes

#: what the layers above hand through to functions such as these, without knowing SQL
Transaction = Connection


@dataclass(frozen=True, slots=True)
class Account:
    """A person, with the scope that their sessions have."""

    account_id: str
    name: str
    role: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Pass:
    """What lets somebody in: a one-time link, a session or a token. `used`: once for a link, lately for the others."""

    pass_hash: bytes
    kind: str
    account_id: str
    name: str
    scope: str
    created: datetime
    expires: datetime
    used: datetime | None = None
    revoked: datetime | None = None


def add_account(connection: Connection, trust_id: str, account: Account) -> None:
    """Keep a new account."""
    connection.execute(
        insert(accounts).values(
            trust_id=trust_id, account_id=account.account_id, name=account.name, role=account.role,
            created=account.created,
        )
    )  # fmt: skip


def all_accounts(connection: Connection, trust_id: str) -> list[Account]:
    """Every account of the trust, oldest first."""
    query = select(accounts).where(accounts.c.trust_id == trust_id).order_by(accounts.c.created, accounts.c.account_id)
    return [Account(row.account_id, row.name, row.role, row.created) for row in connection.execute(query)]


def account(connection: Connection, trust_id: str, account_id: str) -> Account | None:
    """One account, or None."""
    query = select(accounts).where(accounts.c.trust_id == trust_id, accounts.c.account_id == account_id)
    row = connection.execute(query).first()
    return Account(row.account_id, row.name, row.role, row.created) if row else None


def add_pass(connection: Connection, trust_id: str, new: Pass) -> None:
    """Keep a new pass."""
    connection.execute(
        insert(passes).values(
            trust_id=trust_id, pass_hash=new.pass_hash, kind=new.kind, account_id=new.account_id, name=new.name,
            scope=new.scope, created=new.created, expires=new.expires,
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


def forget_passes(connection: Connection, trust_id: str, kinds: tuple[str, ...], before: datetime) -> int:
    """Delete passes of some kinds that expired before a time; returns how many. The journal keeps what they did."""
    where = (passes.c.trust_id == trust_id) & passes.c.kind.in_(kinds) & (passes.c.expires < before)
    return connection.execute(delete(passes).where(where)).rowcount


def _pass(row: Row[Any]) -> Pass:
    return Pass(
        row.pass_hash, row.kind, row.account_id, row.name, row.scope, row.created, row.expires, row.used, row.revoked
    )
