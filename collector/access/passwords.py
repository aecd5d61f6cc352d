"""Passwords and second factors of local accounts: how they are set, and how somebody comes in by them.

1. A password is kept as argon2id, has 12 characters or more, and is no name of here or one character again and again.
2. Within five minutes ten guesses are taken at one name and from one address, whether there is such a name or not; they
   are counted in the store, before they are checked, so neither a restart nor haste gives more.
3. A name that is not there takes as long as a wrong password.
4. A code of the second factor (TOTP, RFC 6238) opens once. Who sees more than one school needs one.
5. The secret of a second factor rests under a key that comes from the key file, bound to its account.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from collector import journal
from collector.access.accounts import everybody
from collector.access.passes import NAME_LIMIT, Draw, begin_session, is_here, seen_by
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Store, people
from collector.store.people import Transaction

SHORTEST, LONGEST = 12, 256  # characters of a password
GUESSES, GUESS_TIME = 10, timedelta(minutes=5)  # Cyber Essentials
STEP_SECONDS = 30  # for which a code stands; that before and that after are taken, too: clocks differ
_NONCE = 12  # octets
_HASHER = PasswordHasher()  # argon2id, 64 MiB and three passes: RFC 9106, 4


class Throttled(CollectorError):
    """Too many guesses: the right password would be refused now, too."""


class SecondFactorMissing(CollectorError):
    """The password is right, and opens only together with a second factor, which is not set up."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Keeps the secrets of second factors. `key`: 32 octets from the key file."""

    key: bytes = field(repr=False)

    def close(self, account_id: str, secret: str) -> bytes:
        """A secret as it may lie in the database."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, secret.encode(), account_id.encode())

    def open(self, account_id: str, sealed: bytes) -> str:
        """The secret; CollectorError where it was sealed under another key file, or for another account."""
        try:
            return AESGCM(self.key).decrypt(sealed[:_NONCE], sealed[_NONCE:], account_id.encode()).decode()
        except (InvalidTag, ValueError):
            raise CollectorError("the second factor was set up under another key file: the owner resets it") from None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody typed to come in, and the address that it came from."""

    name: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    address: str = ""


# ------------------------------------------------------------------------------------------------ coming in


def sign_in(
    store: Store, trust_id: str, said: Said, seal: Seal, now: datetime, *, draw: Draw = secrets.token_urlsafe
) -> str | None:
    """The secret of a new session; None where name, password or code are wrong. Throttled, SecondFactorMissing."""
    aimed = _aims(said)
    store.write(lambda connection: _take_guess(connection, trust_id, aimed, now))
    with store.reader() as connection:
        known = _named(connection, trust_id, said.name)
    if not _is_password(known.password if known and is_here(known, now) else "", said.password) or known is None:
        return None
    if known.second_factor is None and needs_second_factor(known):
        raise SecondFactorMissing("this password opens with a second factor only: come in by a link and set one up")
    number = _code_number(seal, known, said.code, now)
    secret = draw(32)

    def work(connection: Transaction) -> str | None:
        fresh = people.account(connection, trust_id, known.account_id)
        if fresh is None or not is_here(fresh, now) or fresh.password != known.password:
            return None
        if known.second_factor is not None and not (
            number and people.use_code(connection, trust_id, known.account_id, number)
        ):
            return None
        people.forget_guesses_at(connection, trust_id, aimed, now)
        begin_session(connection, trust_id, fresh, secret, {"by": "password"}, now)
        return secret

    return store.write(work)


def needs_second_factor(known: people.Account) -> bool:
    """Whether a password alone does not open: somebody sees more than one school."""
    mine = seen_by(known)
    return mine is None or len(mine) > 1


def _take_guess(connection: Transaction, trust_id: str, aimed: tuple[bytes, ...], now: datetime) -> None:
    people.forget_guesses(connection, trust_id, now - GUESS_TIME)
    if any(people.guesses_since(connection, trust_id, one, now - GUESS_TIME) >= GUESSES for one in aimed):
        raise Throttled("too many tries: wait five minutes, or come in by a link")
    for one in aimed:
        people.note_guess(connection, trust_id, one, now)


def _aims(said: Said) -> tuple[bytes, ...]:
    """What is guessed at: a name, and from an address; as hashes, which tell neither."""
    name = f"name:{text(said.name, NAME_LIMIT).casefold()}"
    return tuple(hashlib.sha256(one.encode()).digest() for one in (name, f"address:{said.address}"))


def _named(connection: Transaction, trust_id: str, name: str) -> people.Account | None:
    wanted = text(name, NAME_LIMIT).casefold()
    return next((a for a in everybody(connection, trust_id) if a.name.casefold() == wanted), None)


@cache
def _nobody() -> str:
    """The hash of a password that nobody has: what is checked where there is no name, so that it takes as long."""
    return _HASHER.hash(secrets.token_urlsafe(32))


def _is_password(kept: str, said: str) -> bool:
    try:
        _HASHER.verify(kept or _nobody(), said[:LONGEST].encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def _code_number(seal: Seal, known: people.Account, code: str, now: datetime) -> int:
    """The number of the code, 0 where it is none that stands."""
    if known.second_factor is None:
        return 0
    return _number_of(seal.open(known.account_id, known.second_factor), code, now)


def _number_of(secret: str, code: str, now: datetime) -> int:
    typed = "".join(code.split()).encode("utf-8", "replace")
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    fitting = [n for n in range(current - 1, current + 2) if hmac.compare_digest(totp.generate_otp(n).encode(), typed)]
    return max(fitting, default=0)


# ------------------------------------------------------------------------------------------------ setting


def set_password(  # noqa: PLR0913 - whose, before and after, and the world
    store: Store, trust_id: str, account_id: str, before: str, after: str, *, trust_name: str, address: str,
    now: datetime,
) -> None:  # fmt: skip
    """Give an account a password; `before`: the one that it had. CollectorError for what cannot be one."""
    known = _proved(store, trust_id, account_id, before, address, now)
    if reason := problem(after, (known.name, trust_name, "stocktake")):
        raise CollectorError(reason)
    kept = _HASHER.hash(after.encode("utf-8", "replace"))

    def work(connection: Transaction) -> None:
        people.change_account(connection, trust_id, account_id, password=kept)
        _note(connection, trust_id, "password_set", account_id, account_id, now)

    store.write(work)


def problem(password: str, names: tuple[str, ...]) -> str:
    """Why something can be no password; "" where it can."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"a password has {SHORTEST} to {LONGEST} characters: three words that nobody expects together will do"
    plain = "".join(filter(str.isalnum, password.casefold()))
    if len(set(password)) < 5 or any(_turns(plain, "".join(filter(str.isalnum, n.casefold()))) for n in names):
        return "this is guessed at once: take three words that nobody expects together"
    return ""


def _turns(password: str, name: str) -> bool:
    """Whether a password is a name again and again, or little more than it."""
    rest = password.replace(name, "") if name else password
    return bool(name) and name in password and len(rest) < 6


def new_factor() -> str:
    """The secret of a second factor that somebody may set up, in base 32."""
    return pyotp.random_base32()


def factor_address(secret: str, name: str, trust_name: str) -> str:
    """What an authenticator reads (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=f"Stocktake {trust_name}".strip())


def set_factor(  # noqa: PLR0913 - whose, the proofs, and the world
    store: Store, trust_id: str, account_id: str, seal: Seal, *, secret: str, code: str, password: str, address: str,
    now: datetime,
) -> None:  # fmt: skip
    """Give an account a second factor, once a code of it was typed. CollectorError where that is wrong."""
    _proved(store, trust_id, account_id, password, address, now)
    try:
        good = len(base64.b32decode(secret)) >= 20  # octets, RFC 4226
    except ValueError:
        good = False
    number = _number_of(secret, code, now) if good else 0
    if not number:
        raise CollectorError("this is not the code that stands now: look again, and check the clock of your device")
    sealed = seal.close(account_id, secret)

    def work(connection: Transaction) -> None:
        people.change_account(connection, trust_id, account_id, second_factor=sealed, last_code=number)
        _note(connection, trust_id, "second_factor_set", account_id, account_id, now)

    store.write(work)


def reset(connection: Transaction, trust_id: str, account_id: str, *, actor: str, now: datetime) -> None:
    """Forget somebody's password and second factor and end their sessions: they come in by a new link."""
    people.change_account(connection, trust_id, account_id, password="", second_factor=None, last_code=0)
    people.revoke_all(connection, trust_id, account_id, now, ("session", "link"))
    _note(connection, trust_id, "account_reset", account_id, actor, now)


def _proved(store: Store, trust_id: str, account_id: str, password: str, address: str, now: datetime) -> people.Account:
    """The account of who typed its password, or has none yet. A wrong one counts as a guess."""
    with store.reader() as connection:
        known = people.account(connection, trust_id, account_id)
    if known is None or not is_here(known, now):
        raise CollectorError("there is no such account any more")
    if known.password:
        aimed = _aims(Said(known.name, "", address=address))
        store.write(lambda connection: _take_guess(connection, trust_id, aimed, now))
        if not _is_password(known.password, password):
            raise CollectorError("the password that you have now is another")
        store.write(lambda connection: people.forget_guesses_at(connection, trust_id, aimed, now))
    return known


def _note(connection: Transaction, trust_id: str, action: str, account_id: str, actor: str, now: datetime) -> None:
    journal.append(connection, trust_id, actor=actor, action=action, detail={"account": account_id}, now=now)
