"""A labelled estate from a seed, and how well a partition of its claims tells devices apart.

Truth is of observations. What a device is, its label says; what could be known of it is less: two observations can be
joined only where values of the device itself connect them. Recall asks for those; precision asks that no two devices
are one. It knows nothing of how partitions are made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from collector.facts import Identifier, IdentifierKind
from collector.resolve import Claim
from estate_maker import Estate, Labelled, Maker, School, labelled
from estate_networks import network_troubles
from estate_troubles import troubles
from estate_views import ordinary

SECONDARIES = 4  # of ten schools; the others are primaries
PRIMARY = 0.33  # of what a secondary has


def estate(seed: int = 1, schools: int = 10, scale: float = 1.0) -> Estate:
    """An estate of a trust over three years; at scale 1 ten schools have more than 5,000 devices."""
    maker = Maker(seed)
    places = [
        School(number, f"site-{number}", scale * (1.0 if number < SECONDARIES else PRIMARY), _sweepers(maker, number))
        for number in range(schools)
    ]
    for school in places:
        ordinary(maker, school)
    troubles(maker, places)
    network_troubles(maker, places)
    return maker.estate()


def _sweepers(maker: Maker, number: int) -> tuple[str, ...]:
    return tuple(maker.fresh_uuid() for _ in range(3 if number < SECONDARIES else 2))


# ------------------------------------------------------------------------------------------------ scores


@dataclass(slots=True)
class Score:
    """Pairs of observations: joined, rightly joined, and such as could be joined."""

    joined: int = 0
    right: int = 0
    could: int = 0
    found: int = 0  # of those that could

    @property
    def precision(self) -> float:
        """The share of joined pairs that are of one device."""
        return self.right / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        """The share of pairs that could be joined that are."""
        return self.found / self.could if self.could else 1.0


@dataclass(slots=True)
class Judgement:
    """How good a partition is: over all, by trouble, and the groups that should not be."""

    whole: Score = field(default_factory=Score)
    troubles: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    devices: int = 0
    exact: int = 0  # devices that are one group of their own
    mixed: int = 0  # pairs of two devices in one claim: no partition of claims can part them
    on_junk: list[tuple[str, str, frozenset[Identifier]]] = field(default_factory=list)


def judge(estate_: Estate, claims: Sequence[Labelled], groups: Iterable[Sequence[int]]) -> Judgement:
    """Hold a partition (claim ids by group) against the truth."""
    by_id = {item.claim.claim_id: item for item in claims}
    part = linkable(estate_, claims)
    held = [[by_id[claim_id] for claim_id in group] for group in groups]
    made = Judgement()
    pieces: dict[tuple[str, int], list[int]] = defaultdict(list)
    trouble_of = {name: trouble for item in claims for name, trouble in item.truths}
    made.mixed = sum(_mixed(item) for item in claims)
    for group in held:
        _judge_group(made, group, part, pieces, trouble_of)
        made.on_junk += _on_junk(estate_, group)
    for (device, _), counts in pieces.items():
        _add(made, trouble_of[device], could=_pairs(sum(counts)), found=sum(map(_pairs, counts)))
    _count_exact(made, held, part)
    return made


def _judge_group(
    made: Judgement,
    group: Sequence[Labelled],
    part: dict[tuple[int, str], int],
    pieces: dict[tuple[str, int], list[int]],
    trouble_of: dict[str, str],
) -> None:
    """Each device answers for its pairs with others: with half of the joined pairs that are wrong."""
    counts: dict[str, int] = defaultdict(int)
    linked: dict[tuple[str, int], int] = defaultdict(int)
    for item in group:
        for (device, _), count in item.truths.items():
            counts[device] += count
            linked[device, part[item.claim.claim_id, device]] += count
    total = sum(counts.values())
    made.whole.joined += _pairs(total)
    made.whole.right += sum(map(_pairs, counts.values()))
    for device, count in counts.items():
        score = made.troubles[trouble_of[device]]
        score.right += _pairs(count)
        score.joined += _pairs(count) + count * (total - count)
    for key, count in linked.items():
        pieces[key].append(count)


def _add(made: Judgement, trouble: str, could: int, found: int) -> None:
    for score in (made.whole, made.troubles[trouble]):
        score.could += could
        score.found += found


def _count_exact(made: Judgement, held: Sequence[Sequence[Labelled]], part: dict[tuple[int, str], int]) -> None:
    groups: dict[tuple[str, int], set[int]] = defaultdict(set)
    members: list[set[str]] = []
    for number, group in enumerate(held):
        members.append({device for item in group for device, _ in item.truths})
        for item in group:
            for device, _ in item.truths:
                groups[device, part[item.claim.claim_id, device]].add(number)
    made.devices = len(groups)
    made.exact = sum(len(found) == 1 and len(members[min(found)]) == 1 for found in groups.values())


def _mixed(item: Labelled) -> int:
    return _pairs(sum(item.truths.values())) - sum(map(_pairs, item.truths.values()))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _on_junk(estate_: Estate, group: Sequence[Labelled]) -> Iterator[tuple[str, str, frozenset[Identifier]]]:
    """Devices of one group that share nothing, or only values that many have: they were joined by those.

    A claim that several devices made (one lane met one value for all of them) joins nothing by itself.
    """
    values: dict[str, set[Identifier]] = defaultdict(set)
    for item in group:
        if len(item.truths) == 1:
            values[next(iter(item.truths))[0]] |= item.claim.identifiers
    names = sorted(values)
    if len(names) < 2:
        return
    common = {
        name: {value for other in names if other != name for value in values[name] & values[other]} for name in names
    }
    for name in names:
        if not common[name] - estate_.shared:
            yield name, next(other for other in names if other != name), frozenset(common[name])


def linkable(estate_: Estate, claims: Sequence[Labelled]) -> dict[tuple[int, str], int]:
    """For each (claim, device) which part of the device it is of: values of the device itself connect its parts."""
    above: dict[object, object] = {}

    def top(node: object) -> object:
        while above.setdefault(node, node) is not node:
            above[node] = node = above[above[node]]
        return node

    for item in claims:
        for device, _ in item.truths:
            node = ("claim", item.claim.claim_id, device)
            for value in item.claim.identifiers:
                if _tells(estate_, device, value, item.claim):
                    above[top(node)] = top((device, _bare(value)))
    numbers: dict[object, int] = {}
    return {
        (item.claim.claim_id, device): numbers.setdefault(top(("claim", item.claim.claim_id, device)), len(numbers))
        for item in claims
        for device, _ in item.truths
    }


def _tells(estate_: Estate, device: str, value: Identifier, claim: Claim) -> bool:
    """Whether a value says which device it is: a dock's MAC does where nothing else is said."""
    return (device, value) in estate_.owned and (value not in estate_.shared or len(claim.identifiers) == 1)


def _bare(value: Identifier) -> Identifier:
    """A serial without its maker: records may not name him."""
    if value.kind is not IdentifierKind.SERIAL:
        return value
    return Identifier(value.kind, value.value.partition(":")[2])


def shape(claims: Iterable[Labelled], groups: Iterable[Sequence[int]]) -> frozenset[frozenset[object]]:
    """A partition told by what claims say and not by their numbers, so that partitions of any order compare."""
    said = {item.claim.claim_id: _said(item) for item in claims}
    return frozenset(frozenset(said[claim_id] for claim_id in group) for group in groups)


def _said(item: Labelled) -> object:
    claim = item.claim
    whose = "" if claim.lane else next(iter(item.truths))[0]
    return (claim.lane, claim.site, claim.method, claim.told_of, claim.identifiers, whose)


__all__ = ["Estate", "Judgement", "Labelled", "Score", "estate", "judge", "labelled", "linkable", "shape"]
