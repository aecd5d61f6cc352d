"""Passwords and second factors: what is taken, what is refused, how often somebody may guess."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher, Type

from collector import access
from collector.access import Person, Scope, passwords
from collector.access.passwords import Said, Seal, SecondFactorMissing, Throttled
from collector.errors import CollectorError
from collector.store import Store, people, places

TRUST = "three-trees"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
GOOD = "correct horse battery"
SEAL = Seal(b"k" * 32)
AT = "192.0.2.7"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """argon2id as it is, with less to do."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


@pytest.fixture
def viewer(store: Store) -> str:
    school = store.write(lambda c: places.add_school(c, TRUST, "Elm", "", NOW))
    person = Person("Grace", Scope.SCHOOL_VIEWER, frozenset({school}))
    return store.write(lambda c: access.invite(c, TRUST, person, actor="x", now=NOW))


def give(store: Store, account_id: str, after: str = GOOD, before: str = "", now: datetime = NOW) -> None:
    passwords.set_password(
        store, TRUST, account_id, before, after, trust_name="Three Trees Trust", address=AT, now=now
    )  # fmt: skip


def factor(store: Store, account_id: str, password: str = GOOD, now: datetime = NOW) -> pyotp.TOTP:
    secret = passwords.new_factor()
    totp = pyotp.TOTP(secret)
    passwords.set_factor(
        store, TRUST, account_id, SEAL, secret=secret, code=totp.at(now), password=password, address=AT, now=now
    )  # fmt: skip
    return totp


def enter(store: Store, password: str = GOOD, code: str = "", name: str = "Grace", now: datetime = NOW,
          address: str = AT) -> str | None:  # fmt: skip
    return passwords.sign_in(store, TRUST, Said(name, password, code, address), SEAL, now)


def test_name_and_password_open_a_session(store: Store, viewer: str) -> None:
    give(store, viewer)
    session = enter(store, name=" GRACE ")
    assert session is not None
    visitor = access.session(store, TRUST, session, NOW)
    assert visitor is not None
    assert visitor.account_id == viewer
    with store.reader() as connection:
        kept = people.account(connection, TRUST, viewer)
    assert kept is not None
    assert kept.password.startswith("$argon2id$")
    assert GOOD not in repr(kept)


@pytest.mark.parametrize("password", ["", "x", "correct horse batter", f"{GOOD} ", "é" * 500, "\ud800" * 20, "\0"])
def test_another_password_opens_nothing(store: Store, viewer: str, password: str) -> None:
    give(store, viewer)
    assert enter(store, password) is None


def test_an_account_without_a_password_is_opened_by_none(store: Store, viewer: str) -> None:
    assert viewer
    assert enter(store, "") is None
    assert enter(store, GOOD) is None


@pytest.mark.parametrize(
    "password",
    ["", "short", "a" * 12, "ababababababab", "Three Trees Trust", "three-trees-trust1", "Grace grace Grace",
     "gracegracegrace!", "x" * 257, "stocktake-2026"],
)  # fmt: skip
def test_what_is_guessed_at_once_can_be_no_password(store: Store, viewer: str, password: str) -> None:
    with pytest.raises(CollectorError, match="three words"):
        give(store, viewer, password)


def test_a_password_is_changed_by_who_knows_it(store: Store, viewer: str) -> None:
    give(store, viewer)
    with pytest.raises(CollectorError, match="is another"):
        give(store, viewer, "another long password", before="wrong")
    give(store, viewer, "another long password", before=GOOD)
    assert enter(store) is None
    assert enter(store, "another long password") is not None


@pytest.mark.parametrize("name", ["Grace", "Nobody at all"])
def test_ten_guesses_are_taken_in_five_minutes_at_a_name_whoever_guesses(store: Store, viewer: str, name: str) -> None:
    give(store, viewer)
    for number in range(10):
        assert enter(store, "wrong", name=name, address=f"192.0.2.{number + 10}") is None
    with pytest.raises(Throttled):
        enter(store, GOOD, name=name, address="192.0.2.99")
    later = NOW + timedelta(minutes=5)
    assert (enter(store, GOOD, name=name, now=later) is not None) == (name == "Grace")


def test_ten_guesses_are_taken_from_an_address_whatever_the_name(store: Store, viewer: str) -> None:
    give(store, viewer)
    for number in range(10):
        assert enter(store, "wrong", name=f"guess {number}") is None
    with pytest.raises(Throttled):
        enter(store)
    assert enter(store, address="192.0.2.8") is not None


def test_signing_in_rightly_is_no_guess_and_a_restart_forgets_none(
    store: Store, viewer: str, migrated_url: str
) -> None:
    give(store, viewer)
    for _ in range(15):
        assert enter(store) is not None
    for _ in range(10):
        assert enter(store, "wrong") is None
    again = Store.open(migrated_url) if migrated_url.startswith("postgresql") else store
    with pytest.raises(Throttled):
        enter(again)
    if again is not store:
        again.close()


def test_a_hash_costs_a_thief_64_mib_and_three_passes() -> None:
    """RFC 9106, 4: the second recommended option."""
    hasher = passwords._HASHER.__class__()
    assert (hasher.type, hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (Type.ID, 65_536, 3, 4)
    assert (hasher.salt_len, hasher.hash_len) == (16, 32)


def test_a_name_that_is_not_there_takes_as_long_as_a_wrong_password(
    store: Store, viewer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16_384, parallelism=1))
    give(store, viewer)

    def seconds(name: str) -> float:
        before = time.perf_counter()
        enter(store, "wrong", name=name, address=f"{name}")
        return time.perf_counter() - before

    seconds("warm up")
    known, unknown = (min(seconds(name) for _ in range(3)) for name in ("Grace", "Nobody"))
    assert 0.4 < unknown / known < 2.5


# ------------------------------------------------------------------------------------------------ second factor


def test_a_code_opens_once_and_only_with_the_password(store: Store, viewer: str) -> None:
    give(store, viewer)
    totp = factor(store, viewer)
    assert enter(store) is None
    assert enter(store, code="000000") is None
    assert enter(store, code=totp.at(NOW)) is None  # used up by setting it up
    later = NOW + timedelta(seconds=30)
    assert enter(store, "wrong", totp.at(later), now=later) is None
    assert enter(store, code=f"{totp.at(later)[:3]} {totp.at(later)[3:]}", now=later) is not None
    assert enter(store, code=totp.at(later), now=later) is None
    old = NOW + timedelta(minutes=2)
    assert enter(store, code=totp.at(NOW + timedelta(seconds=45)), now=old) is None


def test_who_sees_more_than_one_school_needs_a_second_factor(store: Store) -> None:
    owner = access.make_owner(store, TRUST, "Ada", NOW)
    give(store, owner)
    with pytest.raises(SecondFactorMissing, match="second factor"):
        enter(store, name="Ada")
    assert enter(store, "wrong", name="Ada") is None
    totp, later = factor(store, owner), NOW + timedelta(minutes=1)
    assert enter(store, name="Ada", code=totp.at(later), now=later) is not None


def test_a_second_factor_is_set_up_by_who_knows_the_password_and_reads_the_code(store: Store, viewer: str) -> None:
    give(store, viewer)
    with pytest.raises(CollectorError, match="is another"):
        factor(store, viewer, "wrong")
    secret = passwords.new_factor()
    for wrong, code in ((secret, "123"), ("", "123456"), ("A" * 8, "123456"), ("!", "1")):
        with pytest.raises(CollectorError, match="not the code"):
            passwords.set_factor(
                store, TRUST, viewer, SEAL, secret=wrong, code=code, password=GOOD, address=AT, now=NOW
            )


def test_its_secret_rests_sealed_under_the_key_file_and_for_this_account(store: Store, viewer: str) -> None:
    give(store, viewer)
    totp = factor(store, viewer)
    with store.reader() as connection:
        kept = people.account(connection, TRUST, viewer)
    assert kept is not None
    assert kept.second_factor is not None
    assert totp.secret.encode() not in kept.second_factor
    assert SEAL.open(viewer, kept.second_factor) == totp.secret
    for seal, account_id in ((Seal(b"x" * 32), viewer), (SEAL, "somebody else")):
        with pytest.raises(CollectorError, match="another key file"):
            seal.open(account_id, kept.second_factor)


def test_the_owner_resets_what_somebody_lost_and_their_sessions_end(store: Store, viewer: str) -> None:
    give(store, viewer)
    factor(store, viewer)
    link = access.make_link(store, TRUST, viewer, NOW)
    session = access.redeem_link(store, TRUST, link, NOW)
    assert session is not None
    store.write(lambda c: passwords.reset(c, TRUST, viewer, actor="owner", now=NOW))
    assert access.session(store, TRUST, session, NOW) is None
    assert enter(store) is None
    give(store, viewer, "a wholly new password")
    assert enter(store, "a wholly new password", address="192.0.2.50") is not None


def test_who_is_removed_or_whose_time_is_over_comes_in_no_more(store: Store, viewer: str) -> None:
    give(store, viewer)
    with store.reader() as connection:
        schools = people.account(connection, TRUST, viewer)
    assert schools is not None
    person = Person("", Scope.AUDITOR, schools.schools or frozenset(), date(2026, 11, 22))
    store.write(lambda c: access.change(c, TRUST, viewer, person, actor="x", now=NOW))
    assert enter(store) is not None
    assert enter(store, now=NOW + timedelta(days=1)) is None
    store.write(lambda c: access.remove(c, TRUST, viewer, actor="x", now=NOW))
    assert enter(store) is None
