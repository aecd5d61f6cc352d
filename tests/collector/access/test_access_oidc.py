"""Coming in by an identity provider: a real issuer on the loopback, which tells the truth, and then lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from issuer import CLIENT, OBJECT, REDIRECT, SECRET, TENANT, Issuer, key

from collector import access
from collector.access import Person, Scope, oidc
from collector.access.oidc import Provider, Refused, Unknown
from collector.errors import CollectorError
from collector.store import Store, Transaction, people

TRUST = "three-trees"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SUBJECT = f"{TENANT}/{OBJECT}"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer(int(NOW.timestamp()))
    yield made
    made.close()


@pytest.fixture
def provider(issuer: Issuer) -> Provider:
    return made(issuer)


def made(at: Issuer, **other: Any) -> Provider:
    said = {"kind": oidc.ENTRA, "issuer": at.address, "client_id": CLIENT, "secret": SECRET, "allowed": (TENANT,),
            "redirect": REDIRECT}  # fmt: skip
    return Provider(oidc.Settings(**said | other))


@pytest.fixture
def head(store: Store, issuer: Issuer) -> str:
    """Somebody with an account to which the owner linked their login."""

    def work(connection: Transaction) -> str:
        person = Person("Head", Scope.IT_LEAD)
        account_id = access.invite(connection, TRUST, person, actor="owner", now=NOW)
        access.link_login(connection, TRUST, account_id, issuer.address, SUBJECT, actor="owner", now=NOW)
        return account_id

    return store.write(work)


def come_in(store: Store, issuer: Issuer, provider: Provider, now: datetime = NOW) -> str:
    address, kept = provider.go(store, TRUST, now)
    code, state = issuer.visit(address)
    return provider.come_back(store, TRUST, state, kept, code, now)


def test_who_is_linked_comes_in(store: Store, issuer: Issuer, provider: Provider, head: str) -> None:
    visitor = access.session(store, TRUST, come_in(store, issuer, provider), NOW)
    assert visitor is not None
    assert (visitor.account_id, visitor.scope) == (head, Scope.IT_LEAD)


def test_an_unknown_person_reads_what_to_tell_the_owner(store: Store, issuer: Issuer, provider: Provider) -> None:
    with pytest.raises(Unknown) as found:
        come_in(store, issuer, provider)
    assert found.value.subject == SUBJECT


def test_an_e_mail_address_names_nobody(store: Store, issuer: Issuer, provider: Provider, head: str) -> None:
    assert head
    issuer.lie = {"oid": "another-object", "email": "head@elm.example"}
    with pytest.raises(Unknown):
        come_in(store, issuer, provider)


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"tid": "another-tenant"}, "another organisation"),
        ({"tid": None}, "another organisation"),
        ({"tid": ["9d0c0f4e-0001-4000-8000-000000000001"]}, "another organisation"),
        ({"oid": None}, "who you are"),
        ({"oid": "a/b"}, "who you are"),
        ({"exp": int(NOW.timestamp()) - 61}, "exp"),
        ({"exp": None}, "exp"),
        ({"iat": int(NOW.timestamp()) + 600}, "iat"),
        ({"aud": "another-client"}, "aud"),
        ({"aud": [CLIENT, "another"]}, "for others"),
        ({"iss": "https://issuer.example"}, "iss"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(
    store: Store, issuer: Issuer, provider: Provider, head: str, lie: dict[str, Any], why: str
) -> None:
    assert head
    issuer.lie = lie
    with pytest.raises(Refused, match=why):
        come_in(store, issuer, provider)


@pytest.mark.parametrize("how", ["unsigned", "symmetric", "foreign_key"])
def test_a_token_that_the_issuer_did_not_sign_lets_nobody_in(
    store: Store, issuer: Issuer, provider: Provider, head: str, how: str
) -> None:
    assert head
    setattr(issuer, how, True)
    with pytest.raises(Refused, match="not signed"):
        come_in(store, issuer, provider)


def test_a_code_and_a_state_are_taken_once(store: Store, issuer: Issuer, provider: Provider, head: str) -> None:
    assert head
    address, kept = provider.go(store, TRUST, NOW)
    code, state = issuer.visit(address)
    assert provider.come_back(store, TRUST, state, kept, code, NOW)
    with pytest.raises(Refused, match="finished before"):
        provider.come_back(store, TRUST, state, kept, code, NOW)
    again, other = provider.go(store, TRUST, NOW)
    assert again
    with pytest.raises(Refused, match="refuses"):
        provider.come_back(store, TRUST, other, other, code, NOW)


def test_a_code_of_another_sign_in_does_not_fit_its_verifier(
    store: Store, issuer: Issuer, provider: Provider, head: str
) -> None:
    assert head
    stolen, _ = issuer.visit(provider.go(store, TRUST, NOW)[0])
    _, state = provider.go(store, TRUST, NOW)
    with pytest.raises(Refused, match="refuses"):
        provider.come_back(store, TRUST, state, state, stolen, NOW)


def test_who_comes_back_in_another_browser_or_too_late_is_refused(
    store: Store, issuer: Issuer, provider: Provider, head: str
) -> None:
    assert head
    address, kept = provider.go(store, TRUST, NOW)
    code, state = issuer.visit(address)
    for brought in ("", "another"):
        with pytest.raises(Refused, match="this browser"):
            provider.come_back(store, TRUST, state, brought, code, NOW)
    with pytest.raises(Refused, match="this browser"):
        provider.come_back(store, TRUST, "", "", code, NOW)
    with pytest.raises(Refused, match="took too long"):
        provider.come_back(store, TRUST, state, kept, code, NOW + timedelta(minutes=10))


def test_new_keys_of_the_issuer_are_fetched_when_they_are_needed(
    store: Store, issuer: Issuer, provider: Provider, head: str
) -> None:
    assert head
    assert come_in(store, issuer, provider)
    issuer.key = key(2)
    assert come_in(store, issuer, provider)


def test_google_is_known_by_domain_and_sub(store: Store, issuer: Issuer) -> None:
    google = made(issuer, kind=oidc.GOOGLE, allowed=("elm.example",))
    with pytest.raises(Unknown) as found:
        come_in(store, issuer, google)
    assert found.value.subject == "elm.example/pairwise"
    for lie in ({"hd": None}, {"hd": "gmail.example"}):
        issuer.lie = lie
        with pytest.raises(Refused, match="another organisation"):
            come_in(store, issuer, google)


def test_a_login_belongs_to_one_account_and_goes_with_it(
    store: Store, issuer: Issuer, provider: Provider, head: str
) -> None:
    other = store.write(lambda c: access.invite(c, TRUST, Person("B", Scope.IT_LEAD), actor="o", now=NOW))
    with pytest.raises(CollectorError, match="somebody already"):
        store.write(lambda c: access.link_login(c, TRUST, other, issuer.address, SUBJECT, actor="o", now=NOW))
    store.write(lambda c: access.remove(c, TRUST, head, actor="o", now=NOW))
    with pytest.raises(Unknown):
        come_in(store, issuer, provider)


@pytest.mark.parametrize("address", ["http://issuer.example", "ftp://127.0.0.1", "issuer.example"])
def test_an_issuer_is_reached_by_https_alone(address: str) -> None:
    with pytest.raises(Refused, match="https"):
        Provider(oidc.Settings(oidc.ENTRA, address, CLIENT, SECRET, (TENANT,), REDIRECT))


def test_an_issuer_that_does_not_answer_or_is_another_is_no_way_in(store: Store, issuer: Issuer) -> None:
    with pytest.raises(Refused, match="otherwise"):
        made(issuer, issuer=issuer.address.replace("127.0.0.1", "localhost")).go(store, TRUST, NOW)
    issuer.close()
    with pytest.raises(Refused, match="does not answer"):
        made(issuer).go(store, TRUST, NOW)


def test_what_waits_is_kept_without_the_state_that_opens_it(store: Store, provider: Provider) -> None:
    _, state = provider.go(store, TRUST, NOW)
    with store.reader() as connection:
        assert people.awaited(connection, TRUST, NOW) == 1
        rows = connection.exec_driver_sql("SELECT * FROM departure").all()
    assert state not in repr(rows)
    assert SECRET not in repr(provider.settings)
