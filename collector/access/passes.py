"""What lets somebody in: one-time links, sessions and tokens. The rules of their lives stand in the package."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collector import journal
from collector.access.rights import OF_SCHOOLS, RIGHTS, TOKEN_SCOPES, Scope, Visitor
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Store, people, school_lives
from collector.store.people import Transaction

LINK_LIFE = timedelta(minutes=15)
INVITATION_LIFE = timedelta(days=1)
SESSION_IDLE = timedelta(minutes=30)
SESSION_LIFE = timedelta(hours=8)
TOKEN_LIFE = timedelta(days=365)
TOUCH_EVERY = timedelta(minutes=1)  # how exactly the last use is known: a write per page would be waste
TOKEN_PREFIX = "stk_"  # noqa: S105 - what secret scanners look for, no secret
NAME_LIMIT = 64  # characters
SECRET_LIMIT = 128  # characters that are hashed at most

Draw = Callable[[int], str]  # octets of chance to URL-safe text


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as it may be listed: never its secret. `schools`: None for all that its maker sees."""

    token_id: str
    name: str
    scope: Scope
    created: datetime
    expires: datetime
    used: datetime | None
    revoked: datetime | None
    account_id: str = ""
    schools: frozenset[str] | None = None


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def is_here(known: people.Account | None, now: datetime) -> bool:
    """Whether somebody has an account that was not removed and whose last day has not passed."""
    return known is not None and known.removed is None and (known.until is None or now < known.until)


def seen_by(known: people.Account) -> frozenset[str] | None:
    """The schools that a person sees; None: the whole trust. A role of named schools without any sees none."""
    return (known.schools or frozenset()) if known.role in OF_SCHOOLS else None


# ------------------------------------------------------------------------------------------------ links and sessions


def make_link(
    store: Store, trust_id: str, account_id: str, now: datetime | None = None, *, draw: Draw = secrets.token_urlsafe,
    actor: str = "console", life: timedelta = LINK_LIFE,
) -> str:  # fmt: skip
    """The secret of a new one-time sign-in link, for the path `/enter/<secret>`."""
    moment, secret = now or utc_now(), draw(32)

    def work(connection: Transaction) -> None:
        known = people.account(connection, trust_id, account_id)
        if known is None or not is_here(known, moment):
            raise CollectorError(f"there is no account {account_id}, or it has ended")
        link = people.Pass(secret_hash(secret), "link", account_id, "", known.role, moment, moment + life)
        people.forget_passes(connection, trust_id, ("link", "session"), moment - timedelta(days=1))
        people.add_pass(connection, trust_id, link)
        detail = {"account": account_id, "link": pass_id(link.pass_hash)}
        journal.append(connection, trust_id, actor=actor, action="link_made", detail=detail, now=moment)

    store.write(work)
    return secret


def link_opens(store: Store, trust_id: str, secret: str, now: datetime | None = None) -> bool:
    """Whether a link would open now; it is not used up by asking."""
    with store.reader() as connection:
        link = people.find_pass(connection, trust_id, "link", secret_hash(secret))
    return link is not None and link.used is None and stands(link, now or utc_now())


def redeem_link(
    store: Store, trust_id: str, secret: str, now: datetime | None = None, *, draw: Draw = secrets.token_urlsafe
) -> str | None:
    """Use up a link and return the secret of a new session; None where the link does not open (again)."""
    moment, session_secret = now or utc_now(), draw(32)
    link_hash = secret_hash(secret)

    def work(connection: Transaction) -> str | None:
        if not people.use_link(connection, trust_id, link_hash, moment):
            return None
        link = people.find_pass(connection, trust_id, "link", link_hash)
        known = people.account(connection, trust_id, link.account_id) if link else None
        if known is None or not is_here(known, moment):
            return None
        begin_session(connection, trust_id, known, session_secret, {"link": pass_id(link_hash)}, moment)
        return session_secret

    return store.write(work)


def begin_session(
    connection: Transaction, trust_id: str, known: people.Account, secret: str, by: dict[str, str], now: datetime
) -> None:
    """A session for a person who proved who they are, with a secret of 256 random bits. `by`: how, for the journal."""
    made = people.Pass(secret_hash(secret), "session", known.account_id, "", known.role, now, now + SESSION_LIFE)
    people.forget_passes(connection, trust_id, ("link", "session"), now - timedelta(days=1))
    people.add_pass(connection, trust_id, made)
    detail = by | {"session": pass_id(made.pass_hash)}
    journal.append(connection, trust_id, actor=known.account_id, action="signed_in", detail=detail, now=now)


def session(store: Store, trust_id: str, secret: str, now: datetime | None = None) -> Visitor | None:
    """Who holds this session, or None where it ended. Being asked keeps it alive."""
    moment = now or utc_now()
    with store.reader() as connection:
        held = people.find_pass(connection, trust_id, "session", secret_hash(secret))
        known = people.account(connection, trust_id, held.account_id) if held else None
    if held is None or known is None or not (stands(held, moment) and is_here(known, moment)):
        return None
    if moment - (held.used or held.created) >= SESSION_IDLE:
        return None
    _touch(store, trust_id, held, moment)
    role = Scope(known.role)
    return Visitor(known.account_id, known.name, role, pass_id(held.pass_hash), role, seen_by(known))


def end_session(store: Store, trust_id: str, secret: str, now: datetime | None = None) -> None:
    """Sign out: the session ends for whoever holds it. An unknown secret is no error."""
    moment, pass_hash = now or utc_now(), secret_hash(secret)

    def work(connection: Transaction) -> None:
        held = people.find_pass(connection, trust_id, "session", pass_hash)
        if held is not None and people.revoke_pass(connection, trust_id, pass_hash, moment):
            detail = {"session": pass_id(pass_hash)}
            journal.append(connection, trust_id, actor=held.account_id, action="signed_out", detail=detail, now=moment)

    store.write(work)


# ------------------------------------------------------------------------------------------------ tokens


def make_token(  # noqa: PLR0913 - what a token is, who makes it, and the world
    store: Store, trust_id: str, name: str, scope: Scope, *, account_id: str, life: timedelta = TOKEN_LIFE,
    now: datetime | None = None, draw: Draw = secrets.token_urlsafe, schools: frozenset[str] | None = None,
) -> str:  # fmt: skip
    """A new API token, shown this once; CollectorError for what no token, or no token of this person, can be.

    `schools`: narrower than what its maker sees; None: all of that.
    """
    moment, secret = now or utc_now(), TOKEN_PREFIX + draw(32)
    if scope not in TOKEN_SCOPES:
        raise CollectorError(f"a token has the scope {' or '.join(TOKEN_SCOPES)}, not {scope}")
    if not timedelta(0) < life <= TOKEN_LIFE:
        raise CollectorError(f"a token lives for 1 to {TOKEN_LIFE.days} days")
    if not text(name, NAME_LIMIT):
        raise CollectorError("say who will use the token")

    def work(connection: Transaction) -> None:
        _require_more(people.account(connection, trust_id, account_id), scope, schools, moment)
        if not (schools or frozenset()) <= {one.school_id for one in school_lives.schools(connection, trust_id)}:
            raise CollectorError("one of these is no school of the trust")
        made = people.Pass(
            secret_hash(secret), "token", account_id, text(name, NAME_LIMIT), scope, moment, moment + life,
            schools=schools,
        )  # fmt: skip
        people.add_pass(connection, trust_id, made)
        detail: dict[str, str | int] = {"token": pass_id(made.pass_hash), "scope": str(scope), "days": life.days}
        if schools is not None:
            detail["schools"] = " ".join(sorted(schools))
        journal.append(connection, trust_id, actor=account_id, action="token_made", detail=detail, now=moment)

    store.write(work)
    return secret


def _require_more(maker: people.Account | None, scope: Scope, schools: frozenset[str] | None, now: datetime) -> None:
    """A token does at most what its maker does."""
    if maker is None or not is_here(maker, now):
        raise CollectorError("whoever makes a token has an account")
    if not RIGHTS[scope] <= RIGHTS[Scope(maker.role)]:
        raise CollectorError(f"a token of a {maker.role} cannot have the scope {scope}: it would do more than they may")
    mine = seen_by(maker)
    if schools is not None and (not schools or (mine is not None and not schools <= mine)):
        raise CollectorError("a token sees at least one school, and none that its maker does not see")


def check_token(store: Store, trust_id: str, secret: str, now: datetime | None = None) -> Visitor | None:
    """Who holds this API token, or None where it is unknown, revoked or expired."""
    moment = now or utc_now()
    if not secret.startswith(TOKEN_PREFIX):
        return None
    with store.reader() as connection:
        held = people.find_pass(connection, trust_id, "token", secret_hash(secret))
        maker = people.account(connection, trust_id, held.account_id) if held else None
    if held is None or maker is None or not (stands(held, moment) and is_here(maker, moment)):
        return None
    _touch(store, trust_id, held, moment)
    role, schools = Scope(maker.role), narrowed(seen_by(maker), held.schools)
    return Visitor(held.account_id, held.name, Scope(held.scope), pass_id(held.pass_hash), role, schools)


def narrowed(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    """The schools that are in both; None stands for all."""
    if first is None or second is None:
        return second if first is None else first
    return first & second


def tokens(store: Store, trust_id: str) -> list[Token]:
    """The API tokens that were made, newest first."""
    with store.reader() as connection:
        found = people.all_passes(connection, trust_id, "token")
    return [
        Token(
            pass_id(p.pass_hash), p.name, Scope(p.scope), p.created, p.expires, p.used, p.revoked, p.account_id,
            p.schools,
        )
        for p in found
    ]  # fmt: skip


def revoke(store: Store, trust_id: str, token_id: str, *, account_id: str, now: datetime | None = None) -> None:
    """Shut a token for good; CollectorError where no token that opens has this id."""
    moment = now or utc_now()

    def work(connection: Transaction) -> None:
        known = people.all_passes(connection, trust_id, "token")
        match = next((p for p in known if pass_id(p.pass_hash) == token_id), None)
        if match is None or not people.revoke_pass(connection, trust_id, match.pass_hash, moment):
            raise CollectorError(f"there is no token {text(token_id, NAME_LIMIT)} that could be revoked")
        journal.append(
            connection, trust_id, actor=account_id, action="token_revoked", detail={"token": token_id}, now=moment
        )

    store.write(work)


# ------------------------------------------------------------------------------------------------ shared


def secret_hash(secret: str) -> bytes:
    """What of a secret is kept."""
    return hashlib.sha256(secret[:SECRET_LIMIT].encode("utf-8", "replace")).digest()


def pass_id(pass_hash: bytes) -> str:
    """What a pass is called where people see it: 48 bits of the hash of 256 random bits tell nothing of them."""
    return pass_hash.hex()[:12]


def stands(held: people.Pass, now: datetime) -> bool:
    """Whether a pass was not revoked and has not ended."""
    return held.revoked is None and now < held.expires


def _touch(store: Store, trust_id: str, held: people.Pass, now: datetime) -> None:
    if held.used is None or now - held.used >= TOUCH_EVERY:
        store.write(lambda connection: people.touch(connection, trust_id, held.pass_hash, now))
