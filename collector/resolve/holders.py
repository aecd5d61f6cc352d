"""Gives groups of claims to devices, so that an id, once shown, lives for ever.

1. A device stays with the group that has the first of its claims; those that it had from another come last.
2. Where a group keeps several devices they are one: the oldest survives, the others become aliases of it.
3. A group that keeps none is a device again that it once was, where one of its claims was held by what is an alias now,
   or else a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from collector.resolve.claims import Claim, Group, Partition, named

Rank = tuple[datetime, str]  # when a device was made, and its id: the smaller is the older


@dataclass(frozen=True, slots=True)
class Change:
    """Claims that get another device: `became` is the id, "" for a new one. `verdict`: new, merge or split."""

    verdict: str
    claims: tuple[int, ...]
    before: str
    became: str
    reason: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """Whose every group is, and what changed. A group whose device is "" gets a new one."""

    devices: tuple[tuple[Group, str], ...]
    changes: tuple[Change, ...] = ()


def assign(
    found: Partition, claims: Iterable[Claim], ranks: Mapping[str, Rank], formerly: Mapping[int, Iterable[str]]
) -> Settlement:
    """Whose the groups are. `formerly`: devices that are aliases now, by the claims that they held."""
    known = {claim.claim_id: claim for claim in claims}
    of_group = {claim_id: number for number, group in enumerate(found.groups) for claim_id in group.claims}
    kept = _kept(known.values(), of_group, len(found.groups), formerly)
    taken: set[str] = set()
    settled: list[tuple[Group, str]] = []
    for number, group in enumerate(found.groups):
        survivor = min(kept[number], key=lambda device_id: ranks[device_id], default="")
        settled.append((group, survivor or _revived(group, ranks, formerly, taken)))
        taken.add(settled[-1][1])
    changes = [change for group, device_id in settled for change in _changes(group, device_id, known, found)]
    return Settlement(tuple(settled), tuple(changes))


def _kept(
    claims: Iterable[Claim], of_group: Mapping[int, int], count: int, formerly: Mapping[int, Iterable[str]]
) -> list[list[str]]:
    """For each group the devices whose first claim is in it: the first of those that it did not have from another."""
    first: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda one: (bool(formerly.get(one.claim_id)), one.first, one.claim_id)):
        if claim.device_id:
            first.setdefault(claim.device_id, claim)
    kept: list[list[str]] = [[] for _ in range(count)]
    for device_id in sorted(first):
        kept[of_group[first[device_id].claim_id]].append(device_id)
    return kept


def _revived(
    group: Group, ranks: Mapping[str, Rank], formerly: Mapping[int, Iterable[str]], taken: Iterable[str]
) -> str:
    once = {device_id for claim_id in group.claims for device_id in formerly.get(claim_id, ())} - set(taken)
    return min(once, key=lambda device_id: ranks[device_id], default="")


def _changes(group: Group, device_id: str, known: Mapping[int, Claim], found: Partition) -> Iterable[Change]:
    by_holder: dict[str, list[int]] = {}
    for claim_id in group.claims:
        by_holder.setdefault(known[claim_id].device_id, []).append(claim_id)
    why = "; ".join(group.reasons)
    fresh = by_holder.pop("", [])
    if fresh and (not device_id or not by_holder):
        yield Change("new", tuple(fresh), "", device_id, why or _unheard_of(fresh, known))
    for holder, moved in sorted(by_holder.items()):
        if holder == device_id:
            continue
        if _whole(holder, moved, known):
            yield Change("merge", tuple(moved), holder, device_id, why)
        else:
            yield Change("split", tuple(moved), holder, device_id, _apart(moved, known, found))


def _unheard_of(fresh: list[int], known: Mapping[int, Claim]) -> str:
    marks = sorted({named(item) for claim_id in fresh for item in known[claim_id].identifiers})
    return "nobody claims " + ", ".join(marks[:8]) if marks else "nothing identifies it"


def _whole(holder: str, moved: list[int], known: Mapping[int, Claim]) -> bool:
    return all(claim.claim_id in moved for claim in known.values() if claim.device_id == holder)


def _apart(moved: list[int], known: Mapping[int, Claim], found: Partition) -> str:
    """Why claims no longer hold together with those that they were with."""
    marks = {item for claim_id in moved for item in known[claim_id].identifiers}
    spent = [why for item, why in (found.spent or {}).items() if item in marks]
    asked = [q.reason for q in found.questions if set(moved) & {*q.side_a, *q.side_b}]
    return "; ".join([*spent[:4], *asked[:4]]) or "what they have in common does not make them one"
