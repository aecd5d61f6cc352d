"""Who may come in, for how long, and what they may do then."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector import access, journal
from collector.access import Right, Scope
from collector.errors import CollectorError
from collector.store import Store
from collector.store import journal as journal_rows
from fresh_store import fresh_store

TRUST = "elm-trust"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = fresh_store(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def owner(store: Store) -> str:
    return access.make_owner(store, TRUST, "Ada", NOW)


def journalled(store: Store) -> list[journal_rows.Entry]:
    with store.reader() as connection:
        assert journal.verify(connection, TRUST) == ""
        return list(journal_rows.entries(connection, TRUST))


def signed_in(store: Store, owner: str) -> str:
    session = access.redeem_link(store, TRUST, access.make_link(store, TRUST, owner, NOW), NOW)
    assert session is not None
    return session


def test_there_is_one_owner_however_often_init_runs(store: Store, owner: str) -> None:
    assert access.make_owner(store, TRUST, "Somebody else", NOW) == owner == access.owner(store, TRUST)


def test_a_collector_without_an_owner_says_what_to_do(store: Store) -> None:
    with pytest.raises(CollectorError, match="stocktake-collector init"):
        access.owner(store, TRUST)


def test_a_link_opens_a_session_once(store: Store, owner: str) -> None:
    link = access.make_link(store, TRUST, owner, NOW)
    session = access.redeem_link(store, TRUST, link, NOW + MINUTE)
    assert session is not None
    visitor = access.session(store, TRUST, session, NOW + MINUTE)
    assert visitor is not None
    assert (visitor.account_id, visitor.name, visitor.scope) == (owner, "Ada", Scope.OWNER)
    assert access.redeem_link(store, TRUST, link, NOW + MINUTE) is None


def test_asking_whether_a_link_opens_does_not_use_it_up(store: Store, owner: str) -> None:
    link = access.make_link(store, TRUST, owner, NOW)
    assert access.link_opens(store, TRUST, link, NOW)
    assert access.link_opens(store, TRUST, link, NOW)
    assert access.redeem_link(store, TRUST, link, NOW) is not None
    assert not access.link_opens(store, TRUST, link, NOW)


def test_of_many_who_use_a_link_at_once_one_gets_in(store: Store, owner: str) -> None:
    link = access.make_link(store, TRUST, owner, NOW)
    sessions: list[str | None] = []
    callers = [
        threading.Thread(target=lambda: sessions.append(access.redeem_link(store, TRUST, link, NOW))) for _ in range(8)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len([session for session in sessions if session]) == 1


def test_a_link_is_no_link_after_fifteen_minutes(store: Store, owner: str) -> None:
    link = access.make_link(store, TRUST, owner, NOW)
    late = NOW + timedelta(minutes=15)
    assert not access.link_opens(store, TRUST, link, late)
    assert access.redeem_link(store, TRUST, link, late) is None


def test_no_link_for_an_account_that_is_not_there(store: Store) -> None:
    with pytest.raises(CollectorError, match="no account"):
        access.make_link(store, TRUST, "nobody", NOW)


def test_a_session_ends_half_an_hour_after_its_last_use(store: Store, owner: str) -> None:
    session = signed_in(store, owner)
    assert access.session(store, TRUST, session, NOW + 29 * MINUTE) is not None
    assert access.session(store, TRUST, session, NOW + 58 * MINUTE) is not None
    assert access.session(store, TRUST, session, NOW + 88 * MINUTE) is None


def test_a_session_ends_after_eight_hours_however_busy(store: Store, owner: str) -> None:
    session = signed_in(store, owner)
    for minutes in range(20, 480, 20):
        assert access.session(store, TRUST, session, NOW + minutes * MINUTE) is not None
    assert access.session(store, TRUST, session, NOW + timedelta(hours=8)) is None


def test_signing_out_ends_the_session_for_every_holder(store: Store, owner: str) -> None:
    session = signed_in(store, owner)
    access.end_session(store, TRUST, session, NOW)
    access.end_session(store, TRUST, session, NOW)
    assert access.session(store, TRUST, session, NOW) is None


@pytest.mark.parametrize("guess", ["", "x", "stk_", "stk_x", "é" * 4000, "\ud800", "' or 1=1 --"])
def test_a_guess_opens_nothing(store: Store, owner: str, guess: str) -> None:
    signed_in(store, owner)
    assert access.session(store, TRUST, guess, NOW) is None
    assert access.check_token(store, TRUST, guess, NOW) is None
    assert access.redeem_link(store, TRUST, guess, NOW) is None
    access.end_session(store, TRUST, guess, NOW)


def test_a_secret_of_one_kind_opens_nothing_of_another(store: Store, owner: str) -> None:
    link = access.make_link(store, TRUST, owner, NOW)
    session = signed_in(store, owner)
    token = access.make_token(store, TRUST, "scripts", Scope.READ, account_id=owner, now=NOW)
    assert access.session(store, TRUST, link, NOW) is None
    assert access.session(store, TRUST, token, NOW) is None
    assert access.check_token(store, TRUST, session, NOW) is None
    assert access.redeem_link(store, TRUST, session, NOW) is None
    assert access.redeem_link(store, TRUST, token, NOW) is None


def test_a_pass_of_one_trust_opens_nothing_in_another(store: Store, owner: str) -> None:
    session = signed_in(store, owner)
    token = access.make_token(store, TRUST, "scripts", Scope.READ, account_id=owner, now=NOW)
    assert access.session(store, "oak-trust", session, NOW) is None
    assert access.check_token(store, "oak-trust", token, NOW) is None


def test_a_token_has_its_scope_and_nothing_more(store: Store, owner: str) -> None:
    metrics = access.check_token(
        store, TRUST, access.make_token(store, TRUST, "prometheus", Scope.METRICS, account_id=owner, now=NOW), NOW
    )
    read = access.check_token(
        store, TRUST, access.make_token(store, TRUST, "scripts", Scope.READ, account_id=owner, now=NOW), NOW
    )
    assert metrics is not None
    assert read is not None
    assert [right for right in Right if metrics.may(right)] == [Right.SEE_METRICS]
    assert [right for right in Right if read.may(right)] == [Right.SEE_REGISTER, Right.SEE_METRICS]


def test_a_token_ends_when_it_expires_and_when_it_is_revoked(store: Store, owner: str) -> None:
    secret = access.make_token(
        store, TRUST, "a", Scope.READ, account_id=owner, life=timedelta(days=2), now=NOW
    )  # fmt: skip
    assert access.check_token(store, TRUST, secret, NOW + timedelta(days=1)) is not None
    assert access.check_token(store, TRUST, secret, NOW + timedelta(days=2)) is None
    other = access.make_token(store, TRUST, "b", Scope.READ, account_id=owner, now=NOW + MINUTE)
    token = access.tokens(store, TRUST)[0]
    assert token.name == "b"
    access.revoke(store, TRUST, token.token_id, account_id=owner, now=NOW + MINUTE)
    assert access.check_token(store, TRUST, other, NOW + MINUTE) is None
    with pytest.raises(CollectorError, match="no token"):
        access.revoke(store, TRUST, token.token_id, account_id=owner, now=NOW + MINUTE)


@pytest.mark.parametrize("life", [timedelta(days=366), timedelta(0), timedelta(days=-1)])
def test_a_token_lives_for_a_year_at_most(store: Store, owner: str, life: timedelta) -> None:
    with pytest.raises(CollectorError, match="365 days"):
        access.make_token(store, TRUST, "a", Scope.READ, account_id=owner, life=life, now=NOW)


def test_no_token_is_an_owner(store: Store, owner: str) -> None:
    with pytest.raises(CollectorError, match="read or write or metrics"):
        access.make_token(store, TRUST, "a", Scope.OWNER, account_id=owner, now=NOW)


def test_the_list_of_tokens_shows_use_and_no_secret(store: Store, owner: str) -> None:
    secret = access.make_token(store, TRUST, "prometheus", Scope.METRICS, account_id=owner, now=NOW)
    access.check_token(store, TRUST, secret, NOW + MINUTE)
    (token,) = access.tokens(store, TRUST)
    assert (token.used, token.expires) == (NOW + MINUTE, NOW + timedelta(days=365))
    assert secret.removeprefix("stk_") not in repr(token)


def test_secrets_have_256_bits_and_rest_in_no_file(store: Store, owner: str, tmp_path: Path) -> None:
    asked: list[int] = []

    def draw(octets: int) -> str:
        asked.append(octets)
        return f"not-so-random-{len(asked)}"

    link = access.make_link(store, TRUST, owner, NOW, draw=draw)
    session = access.redeem_link(store, TRUST, link, NOW, draw=draw)
    token = access.make_token(store, TRUST, "a", Scope.READ, account_id=owner, now=NOW, draw=draw)
    assert asked == [32, 32, 32]
    assert [link, session, token] == ["not-so-random-1", "not-so-random-2", "stk_not-so-random-3"]
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert files
    assert not [path for path in files if b"not-so-random" in path.read_bytes()]


def test_the_journal_tells_who_came_in_and_which_tokens_were_made_or_revoked(store: Store, owner: str) -> None:
    session = signed_in(store, owner)
    token = access.make_token(store, TRUST, "a", Scope.METRICS, account_id=owner, now=NOW)
    access.revoke(store, TRUST, access.tokens(store, TRUST)[0].token_id, account_id=owner, now=NOW)
    access.end_session(store, TRUST, session, NOW)
    entries = journalled(store)
    assert [entry.action for entry in entries] == [
        "account_made", "link_made", "signed_in", "token_made", "token_revoked", "signed_out",
    ]  # fmt: skip
    assert [entry.actor for entry in entries] == ["console", "console", *[owner] * 4]
    text = " ".join(entry.detail for entry in entries)
    assert session not in text
    assert token.removeprefix("stk_") not in text


def test_old_links_and_sessions_are_forgotten_and_tokens_are_kept(store: Store, owner: str) -> None:
    session = signed_in(store, owner)
    access.make_token(store, TRUST, "a", Scope.READ, account_id=owner, life=timedelta(days=1), now=NOW)
    access.make_link(store, TRUST, owner, NOW + timedelta(days=9))
    assert access.session(store, TRUST, session, NOW) is None
    assert len(access.tokens(store, TRUST)) == 1
