"""Who may do what: accounts, one-time sign-in links, sessions and tokens. It knows no page, cookie or header.

These hold (and tests/collector/test_access.py asks for each):

1. A secret has 256 random bits, is returned once and kept only as SHA-256. It is found by that hash, so no comparison
   can be timed.
2. A link opens once, within 15 minutes. Using it makes the session in the same transaction.
3. A session ends 30 minutes after it was last used, and 8 hours after sign-in whatever happens.
4. A token has one scope, ends after a year at most, and can be revoked.
5. A scope grants what `RIGHTS` says and nothing else. What is not granted is not there.
6. Sign-ins, links, and tokens made or revoked are in the journal, with ids and without secrets.
"""

from __future__ import annotations

import enum
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collector import journal
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Store, ids, people
from collector.store.people import Transaction

LINK_LIFE = timedelta(minutes=15)
SESSION_IDLE = timedelta(minutes=30)
SESSION_LIFE = timedelta(hours=8)
TOKEN_LIFE = timedelta(days=365)
TOUCH_EVERY = timedelta(minutes=1)  # how exactly the last use is known: a write per page would be waste
TOKEN_PREFIX = "stk_"  # noqa: S105 - what secret scanners look for, no secret
NAME_LIMIT = 64  # characters
SECRET_LIMIT = 128  # characters that are hashed at most

Draw = Callable[[int], str]  # octets of chance to URL-safe text


class Scope(enum.StrEnum):
    """What a session or token is for."""

    OWNER = "owner"  # a person who runs the collector
    READ = "read"  # sees everything but whom devices are assigned to, changes nothing
    WRITE = "write"  # that, and says things of devices in their records
    METRICS = "metrics"  # Prometheus


class Right(enum.Enum):
    """One thing that can be done."""

    SEE_REGISTER = enum.auto()
    SEE_METRICS = enum.auto()
    MANAGE_TOKENS = enum.auto()
    EDIT_PLACES = enum.auto()  # schools, sites, rooms, term dates
    ASK_AGENTS = enum.auto()  # a person's hand: have something done at a school now
    CORRECT = enum.auto()  # say what the register is to say, beside what the evidence says
    EDIT_RECORDS = enum.auto()  # say things of devices: records, lists, bulk edits, files
    SEE_ASSIGNEES = enum.auto()  # whom devices are assigned to
    DECIDE_IDENTITY = enum.auto()  # say which devices are one and which are two
    ERASE = enum.auto()  # have a value or a device erased everywhere, and see what was


#: the declared table of who may do what; what is not here is refused
RIGHTS: dict[Scope, frozenset[Right]] = {
    Scope.OWNER: frozenset(Right),
    Scope.READ: frozenset({Right.SEE_REGISTER, Right.SEE_METRICS}),
    Scope.WRITE: frozenset({Right.SEE_REGISTER, Right.SEE_METRICS, Right.EDIT_RECORDS}),
    Scope.METRICS: frozenset({Right.SEE_METRICS}),
}
TOKEN_SCOPES = (Scope.READ, Scope.WRITE, Scope.METRICS)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who proved who they are. `pass_id` names their session or token and is no secret."""

    account_id: str
    name: str
    scope: Scope
    pass_id: str

    def may(self, right: Right) -> bool:
        """Whether the scope grants a right."""
        return right in RIGHTS[self.scope]


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as it may be listed: never its secret."""

    token_id: str
    name: str
    scope: Scope
    created: datetime
    expires: datetime
    used: datetime | None
    revoked: datetime | None


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


# ------------------------------------------------------------------------------------------------ accounts


def make_owner(store: Store, trust_id: str, name: str, now: datetime | None = None) -> str:
    """The owner's account, made where there is none yet; returns its id."""
    made = people.Account(ids.new(), text(name, NAME_LIMIT) or "owner", Scope.OWNER, now or utc_now())

    def work(connection: Transaction) -> str:
        owners = [known for known in people.all_accounts(connection, trust_id) if known.role == Scope.OWNER]
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
        found = next((a for a in people.all_accounts(connection, trust_id) if a.role == Scope.OWNER), None)
    if found is None:
        raise CollectorError("this collector has no owner yet: run `stocktake-collector init`")
    return found.account_id


# ------------------------------------------------------------------------------------------------ links and sessions


def make_link(
    store: Store, trust_id: str, account_id: str, now: datetime | None = None, *, draw: Draw = secrets.token_urlsafe
) -> str:
    """The secret of a new one-time sign-in link, for the path `/enter/<secret>`; good for 15 minutes."""
    moment, secret = now or utc_now(), draw(32)

    def work(connection: Transaction) -> None:
        known = people.account(connection, trust_id, account_id)
        if known is None:
            raise CollectorError(f"there is no account {account_id}")
        link = people.Pass(_hash(secret), "link", account_id, "", known.role, moment, moment + LINK_LIFE)
        people.forget_passes(connection, trust_id, ("link", "session"), moment - timedelta(days=1))
        people.add_pass(connection, trust_id, link)
        detail = {"account": account_id, "link": _pass_id(link.pass_hash)}
        journal.append(connection, trust_id, actor="console", action="link_made", detail=detail, now=moment)

    store.write(work)
    return secret


def link_opens(store: Store, trust_id: str, secret: str, now: datetime | None = None) -> bool:
    """Whether a link would open now; it is not used up by asking."""
    with store.reader() as connection:
        link = people.find_pass(connection, trust_id, "link", _hash(secret))
    return link is not None and link.used is None and _stands(link, now or utc_now())


def redeem_link(
    store: Store, trust_id: str, secret: str, now: datetime | None = None, *, draw: Draw = secrets.token_urlsafe
) -> str | None:
    """Use up a link and return the secret of a new session; None where the link does not open (again)."""
    moment, session_secret = now or utc_now(), draw(32)
    link_hash = _hash(secret)

    def work(connection: Transaction) -> str | None:
        if not people.use_link(connection, trust_id, link_hash, moment):
            return None
        link = people.find_pass(connection, trust_id, "link", link_hash)
        if link is None or people.account(connection, trust_id, link.account_id) is None:
            return None
        made = people.Pass(
            _hash(session_secret), "session", link.account_id, "", link.scope, moment, moment + SESSION_LIFE
        )
        people.add_pass(connection, trust_id, made)
        detail = {"link": _pass_id(link_hash), "session": _pass_id(made.pass_hash)}
        journal.append(connection, trust_id, actor=link.account_id, action="signed_in", detail=detail, now=moment)
        return session_secret

    return store.write(work)


def session(store: Store, trust_id: str, secret: str, now: datetime | None = None) -> Visitor | None:
    """Who holds this session, or None where it ended. Being asked keeps it alive."""
    moment = now or utc_now()
    with store.reader() as connection:
        held = people.find_pass(connection, trust_id, "session", _hash(secret))
        known = people.account(connection, trust_id, held.account_id) if held else None
    if held is None or known is None or not _stands(held, moment):
        return None
    if moment - (held.used or held.created) >= SESSION_IDLE:
        return None
    _touch(store, trust_id, held, moment)
    return Visitor(known.account_id, known.name, Scope(held.scope), _pass_id(held.pass_hash))


def end_session(store: Store, trust_id: str, secret: str, now: datetime | None = None) -> None:
    """Sign out: the session ends for whoever holds it. An unknown secret is no error."""
    moment, pass_hash = now or utc_now(), _hash(secret)

    def work(connection: Transaction) -> None:
        held = people.find_pass(connection, trust_id, "session", pass_hash)
        if held is not None and people.revoke_pass(connection, trust_id, pass_hash, moment):
            detail = {"session": _pass_id(pass_hash)}
            journal.append(connection, trust_id, actor=held.account_id, action="signed_out", detail=detail, now=moment)

    store.write(work)


# ------------------------------------------------------------------------------------------------ tokens


def make_token(  # noqa: PLR0913 - what a token is, who makes it, and the world
    store: Store, trust_id: str, name: str, scope: Scope, *, account_id: str, life: timedelta = TOKEN_LIFE,
    now: datetime | None = None, draw: Draw = secrets.token_urlsafe,
) -> str:  # fmt: skip
    """A new API token, shown this once; CollectorError for another scope or a longer life than tokens may have."""
    moment, secret = now or utc_now(), TOKEN_PREFIX + draw(32)
    if scope not in TOKEN_SCOPES:
        raise CollectorError(f"a token has the scope {' or '.join(TOKEN_SCOPES)}, not {scope}")
    if not timedelta(0) < life <= TOKEN_LIFE:
        raise CollectorError(f"a token lives for 1 to {TOKEN_LIFE.days} days")

    def work(connection: Transaction) -> None:
        label = text(name, NAME_LIMIT)
        made = people.Pass(_hash(secret), "token", account_id, label, scope, moment, moment + life)
        people.add_pass(connection, trust_id, made)
        detail: dict[str, str | int] = {"token": _pass_id(made.pass_hash), "scope": str(scope), "days": life.days}
        journal.append(connection, trust_id, actor=account_id, action="token_made", detail=detail, now=moment)

    store.write(work)
    return secret


def check_token(store: Store, trust_id: str, secret: str, now: datetime | None = None) -> Visitor | None:
    """Who holds this API token, or None where it is unknown, revoked or expired."""
    moment = now or utc_now()
    if not secret.startswith(TOKEN_PREFIX):
        return None
    with store.reader() as connection:
        held = people.find_pass(connection, trust_id, "token", _hash(secret))
    if held is None or not _stands(held, moment):
        return None
    _touch(store, trust_id, held, moment)
    return Visitor(held.account_id, held.name, Scope(held.scope), _pass_id(held.pass_hash))


def tokens(store: Store, trust_id: str) -> list[Token]:
    """The API tokens that were made, newest first."""
    with store.reader() as connection:
        found = people.all_passes(connection, trust_id, "token")
    return [
        Token(_pass_id(p.pass_hash), p.name, Scope(p.scope), p.created, p.expires, p.used, p.revoked) for p in found
    ]


def revoke(store: Store, trust_id: str, token_id: str, *, account_id: str, now: datetime | None = None) -> None:
    """Shut a token for good; CollectorError where no token that opens has this id."""
    moment = now or utc_now()

    def work(connection: Transaction) -> None:
        known = people.all_passes(connection, trust_id, "token")
        match = next((p for p in known if _pass_id(p.pass_hash) == token_id), None)
        if match is None or not people.revoke_pass(connection, trust_id, match.pass_hash, moment):
            raise CollectorError(f"there is no token {text(token_id, NAME_LIMIT)} that could be revoked")
        journal.append(
            connection, trust_id, actor=account_id, action="token_revoked", detail={"token": token_id}, now=moment
        )

    store.write(work)


# ------------------------------------------------------------------------------------------------ shared


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret[:SECRET_LIMIT].encode("utf-8", "replace")).digest()


def _pass_id(pass_hash: bytes) -> str:
    """What a pass is called where people see it: 48 bits of the hash of 256 random bits tell nothing of them."""
    return pass_hash.hex()[:12]


def _stands(held: people.Pass, now: datetime) -> bool:
    return held.revoked is None and now < held.expires


def _touch(store: Store, trust_id: str, held: people.Pass, now: datetime) -> None:
    if held.used is None or now - held.used >= TOUCH_EVERY:
        store.write(lambda connection: people.touch(connection, trust_id, held.pass_hash, now))
