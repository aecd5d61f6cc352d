"""Who has an account, what they may do, where, until when; and that who is removed is out at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from collector import access, journal
from collector.access import OF_SCHOOLS, RIGHTS, ROLES, TOKEN_SCOPES, Person, Right, Scope
from collector.errors import CollectorError
from collector.store import Store, people, places
from collector.store import journal as journal_rows

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


class Trust:
    """A trust with two schools and an owner."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.trust_id = store.write(lambda c: places.add_trust(c, "Three Trees", NOW))
        self.elm, self.oak = (
            store.write(lambda c, name=name: places.add_school(c, self.trust_id, name, "", NOW))
            for name in ("Elm", "Oak")
        )
        self.owner = access.make_owner(store, self.trust_id, "Ada", NOW)

    def invite(self, role: Scope, *schools: str, name: str = "Grace", until: date | None = None) -> str:
        person = Person(name, role, frozenset(schools), until)
        return self.store.write(lambda c: access.invite(c, self.trust_id, person, actor=self.owner, now=NOW))

    def change(self, account_id: str, role: Scope, *schools: str, until: date | None = None) -> None:
        person = Person("", role, frozenset(schools), until)
        self.store.write(lambda c: access.change(c, self.trust_id, account_id, person, actor=self.owner, now=NOW))

    def remove(self, account_id: str) -> int:
        return self.store.write(lambda c: access.remove(c, self.trust_id, account_id, actor=self.owner, now=NOW))

    def enter(self, account_id: str) -> str:
        session = access.redeem_link(
            self.store, self.trust_id, access.make_link(self.store, self.trust_id, account_id, NOW), NOW
        )
        assert session is not None
        return session

    def visitor(self, session: str, now: datetime = NOW) -> access.Visitor | None:
        return access.session(self.store, self.trust_id, session, now)


@pytest.fixture
def trust(store: Store) -> Trust:
    return Trust(store)


def test_the_table_names_every_role_and_scope_and_nobody_else() -> None:
    assert set(RIGHTS) == {*ROLES, *TOKEN_SCOPES} == set(Scope)
    assert RIGHTS[Scope.OWNER] == frozenset(Right)
    assert all(Right.OWN_ACCOUNT in RIGHTS[role] for role in ROLES)
    assert [role for role in ROLES if Right.MANAGE_PEOPLE in RIGHTS[role]] == [Scope.OWNER]
    assert RIGHTS[Scope.SCHOOL_VIEWER] == {Right.SEE_REGISTER, Right.SEE_SUMS, Right.OWN_ACCOUNT, Right.MARK}
    of_auditor = {Right.SEE_ASSIGNEES, Right.CHECK_SHELVES}
    assert RIGHTS[Scope.AUDITOR] ^ RIGHTS[Scope.SCHOOL_VIEWER] == of_auditor | {Right.MARK}
    assert [role for role in ROLES if Right.SHARE_REPORTS in RIGHTS[role]] == [Scope.OWNER, Scope.IT_LEAD]
    assert RIGHTS[Scope.BENCHMARK_VIEWER] == {Right.SEE_SUMS, Right.OWN_ACCOUNT}
    of_finance = {Right.EDIT_MONEY, Right.EDIT_PLAN, Right.EDIT_COVER}
    assert RIGHTS[Scope.FINANCE] ^ RIGHTS[Scope.SCHOOL_VIEWER] == of_finance | {Right.MARK}
    assert [role for role in ROLES if Right.EXCHANGE in RIGHTS[role]] == [Scope.OWNER]


def test_somebody_sees_the_schools_that_were_named_and_what_is_said_later_holds_at_once(trust: Trust) -> None:
    grace = trust.invite(Scope.TECHNICIAN, trust.elm)
    session = trust.enter(grace)
    first = trust.visitor(session)
    assert first is not None
    assert (first.schools, first.role) == (frozenset({trust.elm}), Scope.TECHNICIAN)
    trust.change(grace, Scope.SCHOOL_VIEWER, trust.oak)
    then = trust.visitor(session)
    assert then is not None
    assert (then.schools, then.role) == (frozenset({trust.oak}), Scope.SCHOOL_VIEWER)
    assert not then.may(Right.CORRECT)
    trust.change(grace, Scope.IT_LEAD)
    assert (now := trust.visitor(session)) is not None
    assert now.schools is None


@pytest.mark.parametrize(
    ("role", "at", "until", "why"),
    [
        (Scope.TECHNICIAN, (), None, "at least one"),
        (Scope.AUDITOR, ("elm",), None, "last day"),
        (Scope.PROVIDER, ("elm",), None, "last day"),
        (Scope.AUDITOR, ("elm",), date(2026, 11, 21), "has passed"),
        (Scope.SCHOOL_VIEWER, ("nowhere",), None, "no school"),
        (Scope.READ, (), None, "a person is"),
    ],
)
def test_what_cannot_be_is_refused_with_words(
    trust: Trust, role: Scope, at: tuple[str, ...], until: date | None, why: str
) -> None:
    schools = [getattr(trust, key, key) for key in at]
    with pytest.raises(CollectorError, match=why):
        trust.invite(role, *schools, until=until)


def test_two_people_are_not_called_the_same(trust: Trust) -> None:
    trust.invite(Scope.IT_LEAD, name="Grace")
    with pytest.raises(CollectorError, match="already"):
        trust.invite(Scope.IT_LEAD, name=" grace ")


def test_an_account_ends_at_midnight_in_london_after_its_last_day(trust: Trust) -> None:
    auditor = trust.invite(Scope.AUDITOR, trust.elm, until=date(2026, 11, 22))
    session = trust.enter(auditor)
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert trust.visitor(session, NOW + timedelta(minutes=1)) is not None
    late = access.make_link(trust.store, trust.trust_id, auditor, midnight - timedelta(minutes=10))
    kept = access.redeem_link(trust.store, trust.trust_id, late, midnight - timedelta(minutes=1))
    assert kept is not None
    assert trust.visitor(kept, midnight - timedelta(seconds=1)) is not None
    assert trust.visitor(kept, midnight) is None
    with pytest.raises(CollectorError, match="has ended"):
        access.make_link(trust.store, trust.trust_id, auditor, midnight)


def test_who_is_removed_is_out_at_once_with_everything_they_made(trust: Trust) -> None:
    grace = trust.invite(Scope.TECHNICIAN, trust.elm)
    session, link = trust.enter(grace), access.make_link(trust.store, trust.trust_id, grace, NOW)
    token = access.make_token(trust.store, trust.trust_id, "t", Scope.READ, account_id=grace, now=NOW)
    assert access.check_token(trust.store, trust.trust_id, token, NOW) is not None
    assert trust.remove(grace) >= 3
    assert trust.visitor(session) is None
    assert access.check_token(trust.store, trust.trust_id, token, NOW) is None
    assert access.redeem_link(trust.store, trust.trust_id, link, NOW) is None
    with pytest.raises(CollectorError, match="no account"):
        trust.remove(grace)
    with trust.store.reader() as connection:
        assert "Grace" in {known.name for known in people.all_accounts(connection, trust.trust_id)}
        assert "Grace" not in {known.name for known in access.everybody(connection, trust.trust_id)}


def test_the_last_owner_stays_an_owner(trust: Trust) -> None:
    for act in (lambda: trust.remove(trust.owner), lambda: trust.change(trust.owner, Scope.FINANCE),
                lambda: trust.change(trust.owner, Scope.OWNER, until=date(2027, 1, 1))):  # fmt: skip
        with pytest.raises(CollectorError, match="only owner"):
            act()
    trust.invite(Scope.OWNER)
    trust.remove(trust.owner)


def test_a_token_never_does_or_sees_more_than_who_made_it(trust: Trust) -> None:
    grace = trust.invite(Scope.TECHNICIAN, trust.elm, trust.oak)
    make = lambda scope, schools=None: access.make_token(  # noqa: E731 - what differs, in a line
        trust.store, trust.trust_id, "t", scope, account_id=grace, now=NOW, schools=schools
    )
    both, one = make(Scope.WRITE), make(Scope.WRITE, frozenset({trust.oak}))
    check = lambda secret: access.check_token(trust.store, trust.trust_id, secret, NOW)  # noqa: E731
    assert check(both).schools == {trust.elm, trust.oak}
    assert check(one).schools == {trust.oak}
    trust.change(grace, Scope.SCHOOL_VIEWER, trust.elm)
    assert (check(both).schools, check(one).schools) == ({trust.elm}, frozenset())
    assert [right for right in Right if check(both).may(right)] == [Right.SEE_REGISTER]
    for scope, schools, why in (
        (Scope.WRITE, None, "more than they may"), (Scope.METRICS, None, "more than they may"),
    ):  # fmt: skip
        with pytest.raises(CollectorError, match=why):
            make(scope, schools)
    trust.change(grace, Scope.TECHNICIAN, trust.elm)
    for schools in (frozenset({trust.oak}), frozenset()):
        with pytest.raises(CollectorError, match="sees at least one"):
            make(Scope.READ, schools)


def test_a_role_of_named_schools_without_any_sees_none(trust: Trust) -> None:
    grace = trust.invite(Scope.IT_LEAD)
    session = trust.enter(grace)
    for role in OF_SCHOOLS:
        trust.store.write(lambda c, role=role: people.change_account(c, trust.trust_id, grace, role=role, schools=None))
        assert (found := trust.visitor(session)) is not None
        assert found.schools == frozenset()


def test_the_journal_tells_who_was_let_in_changed_and_removed_with_ids_alone(trust: Trust) -> None:
    grace = trust.invite(Scope.TECHNICIAN, trust.elm, name="Grace Hopper")
    trust.change(grace, Scope.AUDITOR, trust.oak, until=date(2027, 3, 31))
    trust.remove(grace)
    with trust.store.reader() as connection:
        assert journal.verify(connection, trust.trust_id) == ""
        entries = list(journal_rows.entries(connection, trust.trust_id))
    assert [e.action for e in entries] == ["account_made", "account_made", "account_changed", "account_removed"]
    said = " ".join(e.detail for e in entries)
    assert "Hopper" not in said
    assert '"until":"2027-03-31"' in said
    assert trust.oak in said
