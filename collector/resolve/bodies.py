"""Bodies: claims that are taken for one device so far, and what keeps two of them from being one.

It knows claims alone, one pair of bodies at a time; which pairs are compared, and in which order, is `partition`'s.

1. Two serial numbers of one maker are two devices, whatever weaker identifiers say.
2. Two SMBIOS UUIDs are two machines, except where a machine with that serial went silent before the other appeared: its
   mainboard was replaced.
3. Machines that list their own interfaces by the same method, have none in common and are both about, are two.
4. A logical stack is none of its members. Stacks are one where most members are.
5. What a person called two stays two.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import timedelta

from collector.facts import Identifier, IdentifierKind
from collector.resolve.claims import ANY_MAKER, Claim, Span, is_stack

#: for how long a machine must have been silent, while its successor was seen, to have been succeeded
QUIET = timedelta(hours=20)
#: beginnings of methods by which a machine lists its own interfaces: all of them, or those of one management card
LISTING = (HOST, SNMP) = ("HOST", "SNMP")
#: identifiers that are enough to call machines one though their interfaces differ, if one succeeded the other
STRONG = (IdentifierKind.SERIAL, IdentifierKind.UUID)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two bodies may be one. `against` says why not, or is empty; `by_time`: only because one succeeded."""

    against: str = ""
    by_time: bool = False
    ask: bool = False


YES, YES_IN_TIME = Verdict(), Verdict(by_time=True)


@dataclass(slots=True)
class Body:
    """What is known of some claims together; `spent` values are left out of it."""

    claims: list[Claim]
    first: Span
    serials: dict[str, set[str]] = field(default_factory=dict)  # maker → serials
    uuids: dict[str, Span] = field(default_factory=dict)
    stacks: set[str] = field(default_factory=set)
    lanes: set[int] = field(default_factory=set)
    macs: dict[str, set[str]] = field(default_factory=dict)  # method → interfaces that it listed itself
    listed: dict[str, Span] = field(default_factory=dict)  # method → when it did
    sides: set[tuple[int, bool]] = field(default_factory=set)  # of what people called two

    def absorb(self, other: Body) -> None:
        """Take in another body."""
        self.claims += other.claims
        self.first = self.first.union(other.first)
        for maker, serials in other.serials.items():
            self.serials.setdefault(maker, set()).update(serials)
        for uuid, span in other.uuids.items():
            _widen(self.uuids, uuid, span)
        self.stacks |= other.stacks
        self.lanes |= other.lanes
        for method, macs in other.macs.items():
            self.macs.setdefault(method, set()).update(macs)
        for method, span in other.listed.items():
            _widen(self.listed, method, span)
        self.sides |= other.sides

    def copy(self) -> Body:
        """A body that can grow without this one."""
        return Body(
            list(self.claims), self.first, {maker: set(said) for maker, said in self.serials.items()},
            dict(self.uuids), set(self.stacks), set(self.lanes),
            {method: set(macs) for method, macs in self.macs.items()}, dict(self.listed), set(self.sides),
        )  # fmt: skip


def body(claim: Claim, spent: Set[Identifier], sides: Iterable[tuple[int, bool]] = ()) -> Body:
    """The body of one claim."""
    made = Body([claim], claim.span, lanes={claim.lane} if claim.lane else set(), sides=set(sides))
    listed = set()
    for item in claim.identifiers - spent if spent else claim.identifiers:
        kind, value = item
        if kind is IdentifierKind.MAC:
            listed.add(value)
        elif kind is IdentifierKind.UUID:
            made.uuids[value] = claim.span
        elif kind is IdentifierKind.SERIAL and not value.startswith(ANY_MAKER):
            if is_stack(item):
                made.stacks.add(value)
            else:
                made.serials[value.partition(":")[0]] = {*made.serials.get(value.partition(":")[0], ()), value}
    if listed and not claim.told_of and claim.method.startswith(LISTING):
        made.macs[claim.method] = listed
        made.listed[claim.method] = claim.span
    return made


def compare(x: Body, y: Body, kind: IdentifierKind, *, strictly: bool = False) -> Verdict:
    """Whether two bodies that share an identifier of this kind may be one device.

    `strictly`: what they list by SNMP counts, too. A server answers at its own card and at that of its controller, and
    a printer lists the one interface that it was asked at, so two such lists may well be of one device.
    """
    if any((number, not side) in y.sides for number, side in x.sides):
        return Verdict("a person said that these are two")
    for maker, serials in x.serials.items():
        others = y.serials.get(maker)
        if others and not serials & others:
            against = f"one has serial {min(serials)}, the other {min(others)}"
            return Verdict(against, ask=kind is IdentifierKind.TAG)
    if x.stacks or y.stacks:
        return _compare_stacks(x, y, kind)
    by_time = False
    for verdict in (_compare_uuids(x, y, kind), *_compare_macs(x, y, kind, strictly=strictly)):
        if verdict.against:
            return verdict
        by_time = by_time or verdict.by_time
    return YES_IN_TIME if by_time else YES


def succeeded(x: Span, y: Span) -> bool:
    """Whether one was silent for good before the other appeared."""
    earlier, later = (x, y) if x <= y else (y, x)
    return earlier.last <= later.first and later.last - earlier.last >= QUIET


def alternate(x: Span, y: Span) -> bool:
    """Whether each was seen after the other had appeared."""
    return x.first < y.last and y.first < x.last


def _compare_uuids(x: Body, y: Body, kind: IdentifierKind) -> Verdict:
    if not x.uuids or not y.uuids or x.uuids.keys() & y.uuids.keys():
        return YES
    against = f"one has SMBIOS UUID {min(x.uuids)}, the other {min(y.uuids)}"
    in_time = succeeded(_whole(x.uuids.values()), _whole(y.uuids.values()))
    if kind is IdentifierKind.SERIAL and in_time:
        return YES_IN_TIME
    return Verdict(against, ask=kind is IdentifierKind.SERIAL or (kind is IdentifierKind.AGENT and in_time))


def _compare_macs(x: Body, y: Body, kind: IdentifierKind, *, strictly: bool) -> Iterable[Verdict]:
    if not x.macs or not y.macs:
        return
    partial = kind <= IdentifierKind.MAC and not strictly
    for method, macs in x.macs.items():
        others = y.macs.get(method)
        if not others or (partial and method != HOST):
            continue
        common, fewest = len(macs & others), min(len(macs), len(others))
        if common * 2 > fewest or (common and kind in STRONG):
            continue
        may_succeed = kind in STRONG or common * 2 == fewest
        if may_succeed and succeeded(x.listed[method], y.listed[method]):
            yield YES_IN_TIME
            continue
        yield Verdict(f"they list other interfaces: {min(macs - others)}, and {min(others - macs)}", ask=kind in STRONG)


def _compare_stacks(x: Body, y: Body, kind: IdentifierKind) -> Verdict:
    if not x.stacks or not y.stacks:
        only = x if y.stacks else y
        return Verdict("one is a stack, the other a device") if only.serials or only.macs else YES
    common = len(x.stacks & y.stacks)
    if common * 2 > min(len(x.stacks), len(y.stacks)) or (common and x.lanes & y.lanes):
        return YES
    if common and kind is IdentifierKind.MAC:
        return YES
    return Verdict("they are stacks of other members")


def _widen(spans: dict[str, Span], key: str, span: Span) -> None:
    known = spans.get(key)
    spans[key] = known.union(span) if known else span


def _whole(spans: Iterable[Span]) -> Span:
    found = list(spans)
    return Span(min(span.first for span in found), max(span.last for span in found))
