"""Resolve on made estates whose truth is known: right, whatever the order, and as people say."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from collector.facts import IdentifierKind
from collector.resolve import Claim, Mark, Partition, Verdict, Word, partition
from estate_maker import BEGIN, END, Estate, Labelled, Maker, School, labelled
from estate_networks import STACKS, Stack
from labelled_estates import Judgement, estate, judge, shape


@pytest.fixture(scope="module")
def small() -> Estate:
    return estate(3, schools=4, scale=0.12)


@pytest.fixture(scope="module")
def claims(small: Estate) -> list[Labelled]:
    return labelled(small.seen)


@pytest.fixture(scope="module")
def found(claims: list[Labelled]) -> Partition:
    return partition([item.claim for item in claims])


@pytest.fixture(scope="module")
def judgement(small: Estate, claims: list[Labelled], found: Partition) -> Judgement:
    return judge(small, claims, [group.claims for group in found.groups])


def worst(judgement: Judgement) -> str:
    lines = sorted((min(s.precision, s.recall), trouble, s) for trouble, s in judgement.troubles.items())[:6]
    return "; ".join(f"{trouble}: precision {s.precision:.3f} recall {s.recall:.3f}" for _, trouble, s in lines)


# ------------------------------------------------------------------------------------------------ the estate itself


def test_an_estate_is_a_function_of_its_seed() -> None:
    first, second, other = (estate(seed, schools=2, scale=0.05) for seed in (3, 3, 4))
    assert first.seen == second.seen
    assert first.seen != other.seen


def test_an_estate_has_devices_of_all_kinds_and_what_goes_wrong_with_them(small: Estate) -> None:
    troubles = {item.trouble for item in small.seen}
    assert small.devices >= 500
    assert len(troubles) >= 30
    assert {item.method for item in small.seen} >= {"HOST", "ARP", "SNMP_V2C", "RECORD"}
    assert any(item.arrived - item.when > timedelta(days=1) for item in small.seen)
    assert not any(item.when > item.arrived for item in small.seen)


def test_denylisted_values_never_become_identifiers(small: Estate) -> None:
    values = {value.value.partition(":")[2].lower() for item in small.seen for value in item.identifiers}
    assert values.isdisjoint({"default string", "to be filled by o.e.m.", "system serial number", "00000000"})
    assert not any(
        value.value.startswith(("00:00:5e:00:01", "00:00:0c:07:ac"))
        for item in small.seen
        for value in item.identifiers
    )


def test_a_perfect_partition_has_a_perfect_score(small: Estate, claims: list[Labelled]) -> None:
    apart: dict[str, list[int]] = {}
    for item in claims:
        apart.setdefault(next(iter(item.truths))[0], []).append(item.claim.claim_id)
    perfect = judge(small, claims, apart.values())
    assert perfect.whole.precision > 0.99  # one lane may have met two devices by one value: that claim is of both
    assert perfect.whole.recall > 0.99
    assert not perfect.on_junk


def test_one_heap_of_everything_and_dust_are_both_bad(small: Estate, claims: list[Labelled]) -> None:
    every = [item.claim.claim_id for item in claims]
    assert judge(small, claims, [every]).whole.precision < 0.1
    assert judge(small, claims, [[one] for one in every]).whole.recall < 0.5


# ------------------------------------------------------------------------------------------------ how right


def test_what_is_joined_is_one_device(judgement: Judgement) -> None:
    assert judgement.whole.precision >= 0.999, worst(judgement)


def test_what_is_one_device_is_joined(judgement: Judgement) -> None:
    assert judgement.whole.recall >= 0.98, worst(judgement)


def test_nothing_is_joined_by_junk_or_by_an_address(judgement: Judgement) -> None:
    assert judgement.on_junk == []


@pytest.mark.parametrize(
    "trouble",
    ["", "renamed", "reimaged", "new interface", "new board, serial kept", "denylisted junk", "cloned agent",
     "several interfaces", "8 SVIs", "firewall with two addresses", "printer with two interfaces", "moved school",
     "hypervisor", "guest", "server with a controller", "virtual MACs of routers", "successor at one address"],
)  # fmt: skip
def test_everyday_troubles_do_no_harm(judgement: Judgement, trouble: str) -> None:
    score = judgement.troubles[trouble]
    assert score.could > 0, "the estate has none"
    assert (score.precision, score.recall) == (1.0, 1.0)


def test_every_group_of_several_says_why(found: Partition) -> None:
    assert all(group.reasons for group in found.groups if len(group.claims) > 1)


# ------------------------------------------------------------------------------------------------ whatever the order


@pytest.mark.parametrize("seed", range(3))
def test_any_order_with_replays_gives_the_same_partition(
    small: Estate, claims: list[Labelled], found: Partition, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a made-up order, no secret
    told = [*small.seen, *chance.sample(small.seen, 200)]
    chance.shuffle(told)
    again = labelled(told)
    groups = partition([item.claim for item in again]).groups
    assert shape(again, [group.claims for group in groups]) == shape(claims, [group.claims for group in found.groups])


# ------------------------------------------------------------------------------------------------ stacks


def stack_of(kind: str, members: int = 3) -> tuple[Maker, Stack]:
    maker = Maker(11)
    return maker, Stack(maker, School(0, "site-0", 1, (maker.fresh_uuid(), maker.fresh_uuid())), kind, members)


def devices_of(maker: Maker) -> tuple[list[set[str]], dict[str, int]]:
    """Who is in each group, and in how many groups each device is."""
    claims = labelled(maker.estate().seen)
    by_id = {item.claim.claim_id: item for item in claims}
    groups = [
        {device for claim_id in group.claims for device, _ in by_id[claim_id].truths}
        for group in partition([item.claim for item in claims]).groups
    ]
    return groups, Counter(device for group in groups for device in group)


@pytest.mark.parametrize("kind", sorted(STACKS))
@pytest.mark.parametrize("master", [0, 1])
def test_members_and_the_stack_are_devices_and_a_fail_over_changes_nothing(kind: str, master: int) -> None:
    maker, stack = stack_of(kind)
    stack.walk(stack.members, BEGIN, BEGIN + timedelta(days=300))
    stack.walk(stack.members, BEGIN + timedelta(days=300), END, master=master)
    groups, _ = devices_of(maker)
    assert sorted(map(sorted, groups)) == sorted(
        [stack.name] if n < 0 else [stack.members[n].name] for n in range(-1, 3)
    )


@pytest.mark.parametrize("kind", sorted(STACKS))
def test_a_lost_member_and_its_successor_leave_the_stack_what_it_was(kind: str) -> None:
    maker, stack = stack_of(kind)
    lost, successor = stack.members[2], stack.member()
    stack.walk(stack.members, BEGIN, BEGIN + timedelta(days=300))
    stack.walk(stack.members[:2], BEGIN + timedelta(days=300), BEGIN + timedelta(days=330))
    stack.walk([*stack.members[:2], successor], BEGIN + timedelta(days=331), END)
    groups, count = devices_of(maker)
    assert {lost.name} in groups
    assert {successor.name} in groups
    assert {stack.name} in groups
    assert set(count.values()) == {1}


# ------------------------------------------------------------------------------------------------ what people say


def host(claims: list[Labelled], trouble: str) -> list[Claim]:
    return [item.claim for item in claims if item.claim.method == "HOST" and any(t == trouble for _, t in item.truths)]


def holds(found: Partition, *asked: Claim) -> bool:
    """Whether these claims are one device."""
    wanted = {claim.claim_id for claim in asked}
    return any(wanted <= set(group.claims) for group in found.groups)


def sides(one: Claim, other: Claim) -> tuple[frozenset[Mark], frozenset[Mark]]:
    return (one.identifiers | {one.lane}) - other.identifiers, (other.identifiers | {other.lane}) - one.identifiers


def test_two_and_then_one_is_what_it_was(claims: list[Labelled], found: Partition) -> None:
    first = next(claim for claim in host(claims, "") if any(i.kind is IdentifierKind.MAC for i in claim.identifiers))
    macs = {item for item in first.identifiers if item.kind is IdentifierKind.MAC}
    met = next(item.claim for item in claims if item.claim.method == "ARP" and item.claim.identifiers <= macs)
    every = [item.claim for item in claims]
    two = Word(Verdict.TWO, frozenset({first.lane}), frozenset({met.lane}))
    assert holds(found, first, met)
    apart = partition(every, [two])
    assert not holds(apart, first, met)
    assert holds(partition(every, []), first, met)


def test_one_binds_whatever_evidence_says_and_leaves_when_it_is_taken_back(
    claims: list[Labelled], found: Partition
) -> None:
    one, other = host(claims, "")[:2]
    word = Word(Verdict.ONE, *sides(one, other))
    every = [item.claim for item in claims]
    assert not holds(found, one, other)
    assert holds(partition(every, [word]), one, other)
    assert partition(every, []).groups == found.groups
