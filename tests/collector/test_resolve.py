"""Resolve: the right device for the right reasons, in whatever order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.facts import Identifier, IdentifierKind
from collector.resolve import Claim, Partition, Verdict, Word, partition
from collector.resolve.claims import RECORD
from collector.resolve.holders import Settlement, assign

AGENT, SERIAL, UUID, MAC = IdentifierKind.AGENT, IdentifierKind.SERIAL, IdentifierKind.UUID, IdentifierKind.MAC
START = datetime(2026, 9, 1, tzinfo=UTC)

Said = tuple[IdentifierKind, str]
SaidBy = tuple[frozenset[Said], tuple[int, int], bool, str]


def claim(number: int, *said: Said, days: tuple[float, float] = (0, 100), lane: int = 0, told: bool = False,
          method: str = "SNMP_V2C", device: str = "") -> Claim:  # fmt: skip
    marks = frozenset(Identifier(kind, value) for kind, value in said)
    first, last = (START + timedelta(days=day) for day in days)
    return Claim(number, lane or number, "site", method, told, marks, first, last, device)


def groups(*claims: Claim, words: tuple[Word, ...] = ()) -> set[tuple[int, ...]]:
    return {group.claims for group in partition(claims, words).groups}


def serial(value: str) -> Said:
    return SERIAL, value


def test_what_is_shared_makes_one_and_says_so() -> None:
    found = partition([claim(1, serial("hp:CN1"), (MAC, "m1")), claim(2, (MAC, "m1"), told=True)])
    assert [(group.claims, group.reasons) for group in found.groups] == [((1, 2), ("both have MAC m1",))]


def test_the_same_serial_of_two_makers_is_no_match() -> None:
    assert groups(claim(1, serial("hp:12345")), claim(2, serial("canon:12345"))) == {(1,), (2,)}


def test_a_claim_that_says_nothing_is_a_device_of_its_own() -> None:
    assert groups(claim(1), claim(2)) == {(1,), (2,)}


# ------------------------------------------------------------------------------------------------ what wanders


def test_a_dock_used_in_turn_does_not_make_one_laptop_of_two_and_is_a_device_by_itself() -> None:
    dock = (MAC, "dock")
    one, other = claim(1, serial("dell:A"), dock, days=(0, 90)), claim(2, serial("dell:B"), dock, days=(10, 100))
    found = partition([one, other, claim(3, dock, told=True), claim(4, dock, told=True, days=(3, 5))])
    assert {group.claims for group in found.groups} == {(1,), (2,), (3, 4)}
    assert found.spent == {Identifier(MAC, "dock"): "several devices have MAC dock in turn"}


def test_a_dock_does_not_join_a_laptop_without_a_serial_to_one_with() -> None:
    dock = (MAC, "dock")
    laptops = [claim(n, serial(f"dell:{n}"), dock, (MAC, f"m{n}"), days=(n, 90 + n)) for n in range(1, 4)]
    assert groups(*laptops, claim(9, dock, (MAC, "m9"), days=(4, 80))) == {(1,), (2,), (3,), (9,)}


def test_an_interface_that_moved_is_of_the_machine_that_has_it_at_the_time() -> None:
    card = (MAC, "card")
    before, after = claim(1, serial("dell:A"), card, days=(0, 10)), claim(2, serial("dell:B"), card, days=(20, 90))
    seen = [claim(3, card, told=True, days=(2, 5)), claim(4, card, told=True, days=(30, 50))]
    assert groups(before, after, *seen) == {(1, 3), (2, 4)}


# ------------------------------------------------------------------------------------------------ what factories do


@pytest.mark.parametrize("kind", [SERIAL, UUID])
def test_a_value_that_three_machines_bear_loses_its_strength_by_itself(kind: IdentifierKind) -> None:
    shared = (kind, "maker:0001") if kind is SERIAL else (kind, "u")
    machines = [claim(n, shared, (MAC, f"m{n}"), method="HOST") for n in range(7)]
    found = partition(machines)
    assert len(found.groups) == 7
    assert not found.questions
    assert list(found.spent or {}) == [Identifier(*shared)]


def test_two_that_share_a_serial_and_are_both_about_are_asked_of_people() -> None:
    found = partition([claim(n, serial("dell:X"), (MAC, f"m{n}"), method="HOST") for n in (1, 2)])
    assert {group.claims for group in found.groups} == {(1,), (2,)}
    (question,) = found.questions
    assert (question.side_a, question.side_b) == ((1,), (2,))
    assert question.reason == "both have serial dell:X, but they list other interfaces: m1, and m2"


def test_a_mainboard_that_was_replaced_is_in_the_same_machine() -> None:
    before = claim(1, serial("dell:X"), (UUID, "u1"), (MAC, "m1"), days=(0, 10), method="HOST")
    after = claim(2, serial("dell:X"), (UUID, "u2"), (MAC, "m2"), days=(12, 50), method="HOST")
    found = partition([before, after])
    assert [(group.claims, group.by_time) for group in found.groups] == [((1, 2), True)]
    still_about = claim(3, serial("dell:X"), (UUID, "u1"), (MAC, "m1"), days=(0, 30), method="HOST")
    assert len(partition([before, after, still_about]).groups) == 2


def test_a_clone_of_an_agent_is_another_machine() -> None:
    agent = (AGENT, "agent-1")
    assert groups(claim(1, agent, serial("hp:CN1")), claim(2, agent, serial("hp:CN2"))) == {(1,), (2,)}


def test_an_agent_that_was_installed_anew_is_on_the_same_machine() -> None:
    board = (UUID, "u1")
    assert groups(claim(1, (AGENT, "a"), board, days=(0, 9)), claim(2, (AGENT, "b"), board, days=(9, 20))) == {(1, 2)}


# ------------------------------------------------------------------------------------------------ stacks


def stack(number: int, *members: str, days: tuple[float, float] = (0, 100), lane: int = 5) -> Claim:
    said = (*(serial(f"cisco:stack-of-{m}") for m in members), (MAC, f"base-{members[0]}"))
    return claim(number, *said, days=days, lane=lane)


def test_a_stack_stays_one_through_fail_over_and_exchange_and_is_none_of_its_members() -> None:
    members = [claim(n, serial(f"cisco:{m}"), lane=5) for n, m in enumerate("abcd", 10)]
    stacks = [stack(1, "a", "b", "c", days=(0, 9)), stack(2, "b", "c", days=(9, 20)), stack(3, "b", "d", days=(20, 40))]
    assert groups(*stacks, *members) == {(1, 2, 3), (10,), (11,), (12,), (13,)}


def test_a_member_that_moved_to_another_stack_does_not_join_the_two() -> None:
    first, rest = stack(1, "a", "b", "c", days=(0, 9)), stack(2, "a", "b", days=(9, 20))
    assert groups(first, rest, stack(3, "c", "d", days=(10, 20), lane=6)) == {(1, 2), (3,)}


# ------------------------------------------------------------------------------------------------ records and people


def test_a_record_without_a_maker_is_of_the_one_device_with_that_serial() -> None:
    record = claim(1, serial("?:S1"), method=RECORD, days=(0, 0))
    assert groups(record, claim(2, serial("hp:S1"))) == {(1, 2)}
    found = partition([record, claim(2, serial("hp:S1")), claim(3, serial("canon:S1"))])
    assert len(found.groups) == 3
    assert {question.kind for question in found.questions} == {"whose record"}


def marks(*said: Said) -> frozenset[Identifier | int]:
    return frozenset(Identifier(kind, value) for kind, value in said)


def test_what_a_person_said_comes_before_what_the_evidence_says() -> None:
    one, other = claim(1, serial("hp:A"), (MAC, "m")), claim(2, serial("hp:B"))
    said = Word(Verdict.ONE, marks(serial("hp:A")), marks(serial("hp:B")))
    assert groups(one, other, words=(said,)) == {(1, 2)}
    alike = [claim(1, (MAC, "m"), lane=7), claim(2, (MAC, "m"), lane=8)]
    assert groups(*alike) == {(1, 2)}
    apart = Word(Verdict.TWO, frozenset({7}), frozenset({8}))
    assert groups(*alike, words=(apart,)) == {(1,), (2,)}


# ------------------------------------------------------------------------------------------------ ids


def settled(*claims: Claim, formerly: dict[int, list[str]] | None = None, words: tuple[Word, ...] = ()) -> Settlement:
    ranks = {name: (START + timedelta(days=n), name) for n, name in enumerate(("oldest", "older", "young"))}
    return assign(partition(claims, words), claims, ranks, formerly or {})


def test_the_older_survives_a_merge() -> None:
    found = settled(claim(1, (MAC, "m"), device="older"), claim(2, serial("hp:A"), device="oldest"),
                    claim(3, (MAC, "m"), serial("hp:A")))  # fmt: skip
    assert [device for _, device in found.devices] == ["oldest"]
    assert [(c.verdict, c.before, c.claims) for c in found.changes] == [("merge", "older", (1,))]
    assert "both have MAC m" in found.changes[0].reason


def test_a_device_that_is_split_keeps_its_id_where_its_first_claim_is_and_an_alias_comes_back() -> None:
    said = Word(Verdict.TWO, marks(serial("hp:A")), marks((MAC, "x")))
    claims = [claim(1, serial("hp:A"), (MAC, "m"), device="oldest"),
              claim(2, (MAC, "x"), (MAC, "m"), days=(3, 4), device="oldest")]  # fmt: skip
    found = settled(*claims, words=(said,), formerly={2: ["young"]})
    assert {group.claims: device for group, device in found.devices} == {(1,): "oldest", (2,): "young"}
    assert [(c.verdict, c.before, c.became) for c in found.changes] == [("split", "oldest", "young")]


# ------------------------------------------------------------------------------------------------ whatever the order

values = st.sampled_from([(SERIAL, "hp:1"), (SERIAL, "hp:2"), (SERIAL, "dell:1"), (UUID, "u1"), (UUID, "u2"),
                          (MAC, "m1"), (MAC, "m2"), (MAC, "m3"), (AGENT, "a"), (SERIAL, "hp:stack-of-1")])  # fmt: skip
spans = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda pair: (min(pair), max(pair)))
said_by = st.tuples(st.frozensets(values, max_size=4), spans, st.booleans(), st.sampled_from(["HOST", "SNMP_V2C"]))


def by_what_they_say(found: Partition, claims: list[Claim]) -> set[frozenset[int]]:
    lane = {one.claim_id: one.lane for one in claims}
    return {frozenset(lane[number] for number in group.claims) for group in found.groups}


@given(said=st.lists(said_by, max_size=9), data=st.data())
def test_neither_the_order_nor_the_numbers_of_claims_matter(said: list[SaidBy], data: st.DataObject) -> None:
    rows = list(enumerate(dict.fromkeys(said), 1))
    claims = [claim(n, *s, days=d, told=t, method=m, lane=n) for n, (s, d, t, m) in rows]
    shuffled = data.draw(st.permutations(rows))
    renumbered = [claim(100 + i, *s, days=d, told=t, method=m, lane=n) for i, (n, (s, d, t, m)) in enumerate(shuffled)]
    assert by_what_they_say(partition(claims), claims) == by_what_they_say(partition(renumbered), renumbered)


@given(said=st.lists(said_by, max_size=9))
def test_two_serials_of_one_maker_are_never_one_unless_too_many_bear_them(said: list[SaidBy]) -> None:
    claims = [claim(n, *s, days=d, told=t, method=m) for n, (s, d, t, m) in enumerate(said, 1)]
    found = partition(claims)
    of = {one.claim_id: one for one in claims}
    lone = {one.claim_id for one in claims if len({i.value for i in one.identifiers if i.value.startswith("hp:")}) < 2}
    for group in found.groups:
        serials = {
            item.value for number in group.claims for item in of[number].identifiers
            if item.value in ("hp:1", "hp:2") and item not in (found.spent or {})
        }  # fmt: skip
        assert len(serials) < 2 or not lone.issuperset(group.claims)


def test_claims_that_a_device_had_from_another_do_not_decide_where_its_id_stays() -> None:
    said = Word(Verdict.TWO, marks(serial("hp:A")), marks(serial("hp:B")))
    claims = [claim(1, serial("hp:B"), device="oldest"), claim(2, serial("hp:A"), device="oldest")]
    found = settled(*claims, words=(said,), formerly={1: ["young"]})
    assert {group.claims: device for group, device in found.devices} == {(1,): "young", (2,): "oldest"}
