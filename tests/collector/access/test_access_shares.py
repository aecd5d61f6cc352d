"""Reports shared by a link: who may, for how long, and what ends them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from collector import access, journal
from collector.access import Person, Scope
from collector.errors import CollectorError
from collector.store import Store, people, places
from collector.store import journal as journal_rows

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)
HOUR = timedelta(hours=1)


class Trust:
    """A trust with a school, an owner and somebody who may share."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.trust_id = store.write(lambda c: places.add_trust(c, "Three Trees", NOW))
        self.elm = store.write(lambda c: places.add_school(c, self.trust_id, "Elm", "", NOW))
        self.owner = access.make_owner(store, self.trust_id, "Ada", NOW)
        self.lead = self.invite("Grace", Scope.IT_LEAD)

    def invite(self, name: str, role: Scope, *schools: str, until: date | None = None) -> str:
        person = Person(name, role, frozenset(schools), until)
        return self.store.write(lambda c: access.invite(c, self.trust_id, person, actor=self.owner, now=NOW))

    def share(self, account_id: str = "", school: str = "", days: int = 30) -> str:
        until = TODAY + timedelta(days=days)
        by = {"account_id": account_id or self.lead, "now": NOW}
        return access.make_share(self.store, self.trust_id, "governors", school, until, **by)  # type: ignore[arg-type]

    def opened(self, secret: str, now: datetime = NOW) -> access.Share | None:
        return access.open_share(self.store, self.trust_id, secret, now)

    def journalled(self) -> list[journal_rows.Entry]:
        with self.store.reader() as connection:
            assert journal.verify(connection, self.trust_id) == ""
            return list(journal_rows.entries(connection, self.trust_id))


@pytest.fixture
def trust(store: Store) -> Trust:
    return Trust(store)


def test_a_share_opens_what_was_shared_until_its_last_day_ends_in_london(trust: Trust) -> None:
    whole, one = trust.share(days=0), trust.share(school=trust.elm)
    assert (found := trust.opened(whole)) is not None
    assert (found.schools, found.name) == (None, "governors")
    assert (found := trust.opened(one)) is not None
    assert found.schools == {trust.elm}
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert trust.opened(whole, midnight - timedelta(seconds=1)) is not None
    assert trust.opened(whole, midnight) is None


@pytest.mark.parametrize("days", [-1, 91, 4000])
def test_a_report_is_shared_for_ninety_days_at_most(trust: Trust, days: int) -> None:
    with pytest.raises(CollectorError, match="90 days"):
        trust.share(days=days)
    assert trust.opened(trust.share(days=90), NOW + timedelta(days=90)) is not None


@pytest.mark.parametrize("role", [r for r in access.ROLES if r not in (Scope.OWNER, Scope.IT_LEAD)])
def test_who_may_not_share_cannot(trust: Trust, role: Scope) -> None:
    schools = (trust.elm,) if role in access.OF_SCHOOLS else ()
    somebody = trust.invite("Joan", role, *schools, until=date(2027, 3, 31))
    with pytest.raises(CollectorError, match="may do so"):
        trust.share(somebody, school=trust.elm)
    with pytest.raises(CollectorError, match="may do so"):
        trust.share("nobody")


def test_a_school_that_is_not_there_is_not_shared(trust: Trust) -> None:
    with pytest.raises(CollectorError, match="no school"):
        trust.share(school="elsewhere")


def test_a_share_ends_with_its_makers_account_last_day_or_right(trust: Trust) -> None:
    def change(role: Scope, until: date | None = None) -> None:
        person = Person("", role, frozenset(), until)
        trust.store.write(lambda c: access.change(c, trust.trust_id, trust.lead, person, actor="o", now=NOW))

    by_owner, first = trust.share(trust.owner), trust.share()
    change(Scope.FINANCE)
    assert trust.opened(first) is None
    change(Scope.IT_LEAD, TODAY)
    assert trust.opened(first) is None, "who gets the right back shares anew"
    second = trust.share()
    assert trust.opened(second, NOW + HOUR) is not None
    assert trust.opened(second, NOW + timedelta(days=1)) is None
    change(Scope.IT_LEAD)
    third = trust.share()
    trust.store.write(lambda c: access.remove(c, trust.trust_id, trust.lead, actor="o", now=NOW))
    assert trust.opened(third) is None
    assert trust.opened(by_owner) is not None


def test_a_share_is_never_wider_than_what_its_maker_sees_now(trust: Trust) -> None:
    whole, one = trust.share(), trust.share(school=trust.elm)
    oak = trust.store.write(lambda c: places.add_school(c, trust.trust_id, "Oak", "", NOW))
    role = {"role": Scope.TECHNICIAN, "schools": frozenset({oak})}
    trust.store.write(lambda c: people.change_account(c, trust.trust_id, trust.lead, **role))
    assert [trust.opened(secret) for secret in (whole, one)] == [None, None]


def test_a_share_is_revoked_once_and_shut_for_everybody(trust: Trust) -> None:
    secret = trust.share()
    with trust.store.reader() as connection:
        ((share, opens),) = access.shares(connection, trust.trust_id, NOW)
    assert opens
    revoke = lambda: trust.store.write(  # noqa: E731 - twice the same, in a line
        lambda c: access.revoke_share(c, trust.trust_id, share.share_id, actor=trust.owner, now=NOW)
    )
    revoke()
    assert trust.opened(secret) is None
    with pytest.raises(CollectorError, match="could be revoked"):
        revoke()


def test_making_opening_once_an_hour_and_revoking_are_journaled_without_the_secret(trust: Trust) -> None:
    secret = trust.share(school=trust.elm)
    for minutes in (0, 1, 59, 60, 61):
        assert trust.opened(secret, NOW + timedelta(minutes=minutes)) is not None
    assert trust.opened("x") is None
    with trust.store.reader() as connection:
        ((share, _),) = access.shares(connection, trust.trust_id, NOW)
    assert share.opened == NOW + HOUR
    trust.store.write(lambda c: access.revoke_share(c, trust.trust_id, share.share_id, actor=trust.owner, now=NOW))
    entries = trust.journalled()[2:]
    assert [e.action for e in entries] == ["share_made", "share_opened", "share_opened", "share_revoked"]
    assert [e.actor for e in entries] == [trust.lead, "shared link", "shared link", trust.owner]
    assert all(share.share_id in e.detail and secret not in e.detail for e in entries)


def test_the_secret_of_a_share_opens_nothing_else_and_rests_nowhere(trust: Trust) -> None:
    asked: list[int] = []

    def draw(octets: int) -> str:
        asked.append(octets)
        return "not-so-random"

    by = {"account_id": trust.lead, "now": NOW, "draw": draw}
    secret = access.make_share(trust.store, trust.trust_id, "governors", "", TODAY, **by)  # type: ignore[arg-type]
    assert asked == [32]
    assert access.session(trust.store, trust.trust_id, secret, NOW) is None
    assert access.check_token(trust.store, trust.trust_id, f"stk_{secret}", NOW) is None
    assert access.redeem_link(trust.store, trust.trust_id, secret, NOW) is None
    assert trust.opened(access.make_link(trust.store, trust.trust_id, trust.lead, NOW)) is None
    assert access.open_share(trust.store, "another-trust", secret, NOW) is None
    with trust.store.reader() as connection:
        assert "not-so-random" not in repr(connection.exec_driver_sql("SELECT * FROM pass").all())
