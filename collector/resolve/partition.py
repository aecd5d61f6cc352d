"""Which claims are of one device. Pure: the same claims and words give the same partition, whatever order they come in.

1. An address is never looked at: it is a locator. Two schools with the same private addresses cannot meet here.
2. Kinds of identifiers are looked at in the order of their strength (`IdentifierKind`), values in the order of their
   first time. Whoever bears a value is one, unless `bodies.compare` says that they cannot be.
3. A value loses its strength by itself: a serial or UUID that three bodies claim which cannot be one, a MAC that bodies
   claim in turn (a dock), anything that more than `MOST` claims bear. Denylists only spare the work.
4. Two bodies that share a serial or UUID and yet cannot be one stay apart, and people are asked.
5. An interface that moved from one machine to another is, by itself, of the machine that has it at the time.
6. What a person said comes before everything.
7. Every union says why, in a sentence.

Claims are ordered by what they say and when it was observed, never by their numbers, which are given on arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from collector.facts import Identifier, IdentifierKind
from collector.resolve.bodies import Body, alternate, body, compare
from collector.resolve.claims import (
    ANY_MAKER,
    RECORD,
    Claim,
    Group,
    Mark,
    Partition,
    Question,
    Span,
    Verdict,
    Word,
    is_stack,
    named,
)

MOST = 500  # claims that may bear a value: no device is seen by so many lanes
TOO_MANY = 3  # bodies that bear one serial or UUID and cannot be one: it is the factory's, not theirs
REASONS_MOST = 20
FEW = 8  # bodies that are compared each with each
#: kinds whose values one device alone bears; others may wander from one to another
UNIQUE = (IdentifierKind.SERIAL, IdentifierKind.UUID)


def partition(claims: Iterable[Claim], words: Iterable[Word] = (), hubs: Iterable[Identifier] = ()) -> Partition:
    """Every claim in one group, with reasons; what cannot be decided, as questions.

    `hubs`: values that more than `MOST` claims bear, of which not all are here.
    """
    ordered = sorted(claims, key=_order)
    said = list(words)
    work = _Work(ordered, _sides(ordered, said), hubs)
    for kind in IdentifierKind:
        if kind is IdentifierKind.ENGINE:
            work.place_records()  # a serial tells more than an engine, an agent or a tag
        work.unite_by(kind)
    for word in said:
        if word.verdict is Verdict.ONE:
            work.unite_as_said(word)
    return work.result()


def _order(claim: Claim) -> tuple[Any, ...]:
    marks = sorted((item.kind, item.value) for item in claim.identifiers)
    return (claim.first, marks, claim.last, claim.site, claim.method, claim.told_of, claim.claim_id)


@dataclass(slots=True)
class _Node:
    """A body, and what is to be said of how it came to be."""

    body: Body
    place: int  # of its first claim in the order of claims
    reasons: list[str] = field(default_factory=list)
    by_time: bool = False


class _Work:
    """Bodies that grow together."""

    def __init__(
        self, claims: Sequence[Claim], sides: Sequence[set[tuple[int, bool]]], hubs: Iterable[Identifier]
    ) -> None:
        self.spent = {item: _crowded(item) for item in hubs}
        self.questions: list[Question] = []
        self._claims = claims
        self._sides = sides
        self._bearers: dict[Identifier, list[int]] = {}
        self._by_serial: dict[str, list[Identifier]] = {}  # serial without its maker → serials
        for place, claim in enumerate(claims):
            for item in claim.identifiers:
                self._bearers.setdefault(item, []).append(place)
        for item, places in self._bearers.items():
            if len(places) > MOST:
                self.spent[item] = _crowded(item)
        self._place = {id(claim): place for place, claim in enumerate(claims)}
        self._of = [_Node(self._body(place), place) for place in range(len(claims))]

    def _body(self, place: int) -> Body:
        return body(self._claims[place], self.spent.keys(), self._sides[place])

    # -------------------------------------------------------------------------------------------- by identifiers

    def unite_by(self, kind: IdentifierKind) -> None:
        """Unite who bears the same value of a kind, as far as they can be one."""
        shared = sorted(
            (places[0], item.value, item)
            for item, places in self._bearers.items()
            if item.kind is kind and len(places) > 1 and item not in self.spent and not _is_bare(item)
        )
        if kind in UNIQUE:
            self._spend(item for _, _, item in shared if not is_stack(item))
        for _, _, item in shared:
            if item not in self.spent:
                self._unite(item)

    def _spend(self, items: Iterable[Identifier]) -> None:
        """Take their strength from values that too many claim; bodies are made anew without them."""
        found = {item: bodies for item in items if (bodies := len(self._bodies(item, strictly=True))) >= TOO_MANY}
        bare = {_bare(item): count for item, count in found.items() if item.kind is IdentifierKind.SERIAL}
        found |= {item: count for item, count in bare.items() if item in self._bearers}
        for item, count in found.items():
            self.spent[item] = f"{count} devices that cannot be one have {named(item)}"
        for node in {id(self._of[p]): self._of[p] for item in found for p in self._bearers[item]}.values():
            fresh = [body(claim, self.spent.keys()) for claim in node.body.claims]
            fresh[0].sides |= node.body.sides
            for other in fresh[1:]:
                fresh[0].absorb(other)
            node.body = fresh[0]

    def _nodes(self, item: Identifier) -> list[_Node]:
        found = {id(self._of[place]): self._of[place] for place in self._bearers[item]}
        return sorted(found.values(), key=lambda node: node.place)

    def _bodies(self, item: Identifier, *, strictly: bool = False) -> list[list[_Node]]:
        """Who bears a value, in lists that may each be one; the first of the claims begin."""
        nodes = self._nodes(item)
        if len(nodes) == 1 or _all_agree(nodes, item.kind, strictly=strictly):
            return [nodes]
        lists: list[tuple[Body, list[_Node]]] = []
        for node in sorted(nodes, key=lambda node: (not _tells(node.body, item), node.place)):
            fitting = next(
                (
                    place for place, (grown, _) in enumerate(lists)
                    if not compare(grown, node.body, item.kind, strictly=strictly).against
                ), -1,
            )  # fmt: skip
            if fitting < 0:
                lists.append((node.body.copy(), [node]))
            else:
                lists[fitting][0].absorb(node.body.copy())
                lists[fitting][1].append(node)
        return [members for _, members in lists]

    def _unite(self, item: Identifier) -> None:
        bodies = self._bodies(item)
        if len(bodies) == 1:
            self._join(bodies[0], item)
        elif item.kind in UNIQUE and not is_stack(item):
            for members in bodies:
                self._join([node for node in members if not self._has_nothing_but(node, item)], item)
            self._ask(item, bodies)
        else:
            self._share(item, bodies)

    def _join(self, nodes: Sequence[_Node], item: Identifier) -> None:
        if len(nodes) < 2:
            return
        first, *others = nodes
        reason = f"both have {named(item)}"
        for other in others:
            verdict = compare(first.body, other.body, item.kind)
            if not verdict.against:  # what was true of each list may have changed since
                first = self._merge(first, other, reason, by_time=verdict.by_time)

    def _merge(self, one: _Node, other: _Node, reason: str, *, by_time: bool = False) -> _Node:
        if one is other:
            return one
        first, second = (one, other) if len(one.body.claims) >= len(other.body.claims) else (other, one)
        moved = [self._place[id(claim)] for claim in second.body.claims]
        first.body.absorb(second.body)
        first.place = min(first.place, second.place)
        first.reasons = [*first.reasons, *second.reasons, reason]
        first.by_time = first.by_time or second.by_time or by_time
        for place in moved:
            self._of[place] = first
        return first

    def _ask(self, item: Identifier, bodies: Sequence[Sequence[_Node]]) -> None:
        one, other = bodies[0][0].body, bodies[1][0].body
        verdict = compare(one, other, item.kind)
        for members in bodies:
            for node in members:
                node.by_time = True
        if verdict.ask:
            reason = f"both have {named(item)}, but {verdict.against}"
            self.questions.append(Question(f"same {item.kind.name.lower()}", _ids(one), _ids(other), reason))

    # -------------------------------------------------------------------------------------------- what wanders

    def _share(self, item: Identifier, bodies: Sequence[Sequence[_Node]]) -> None:
        """A value that several devices bear: docks in turn, an interface card one after the other."""
        self._ask(item, bodies)
        alone = [node for members in bodies for node in members if self._has_nothing_but(node, item)]
        bearing = [[node for node in members if node not in alone] for members in bodies]
        telling = [nodes for nodes in bearing if any(_tells(node.body, item) for node in nodes)]
        cores = sorted(
            ((_span_of(nodes, item), nodes) for nodes in telling), key=lambda core: (core[0], core[1][0].place)
        )
        if len(cores) != 2 or alternate(cores[0][0], cores[1][0]):
            self.spent[item] = f"several devices have {named(item)} in turn"
            self._together(alone, item)
            return
        (before, former), (after, latter) = cores
        for nodes in (former, latter):
            self._join(nodes, item)
        for node in alone:
            seen = node.body.first
            if seen.first >= before.last or seen.last <= after.first:  # else both had it while it was seen
                keeper = latter if seen.last >= after.first else former
                self._merge(self._now(keeper[0]), node, f"it had {named(item)} then", by_time=True)

    def _together(self, nodes: Sequence[_Node], item: Identifier) -> None:
        """Who has nothing but a value that is spent: one by itself, at each site."""
        reason = f"both have {named(item)}, which several devices have in turn"
        apart: list[_Node] = []
        for node in nodes:
            fitting = next((one for one in apart if _at_one_site(one.body, node.body, item.kind)), None)
            if fitting is None:
                apart.append(node)
            else:
                apart[apart.index(fitting)] = self._merge(fitting, node, reason, by_time=True)

    def _now(self, node: _Node) -> _Node:
        """What has become of a node."""
        return self._of[self._place[id(node.body.claims[0])]]

    def _has_nothing_but(self, node: _Node, item: Identifier) -> bool:
        return all(claim.identifiers - self.spent.keys() <= {item} for claim in node.body.claims)

    # -------------------------------------------------------------------------------------------- records and words

    def place_records(self) -> None:
        """Give records that name a serial but no maker to the one device that has it."""
        for item in sorted((item for item in self._bearers if _is_bare(item)), key=lambda item: item.value):
            if item in self.spent:
                continue
            serial = item.value.removeprefix(ANY_MAKER)
            for record in self._nodes(item):
                self._place_record(self._now(record), serial)

    def _place_record(self, record: _Node, serial: str) -> None:
        bearing = self._bearing(serial)
        if record in bearing or not bearing:
            return
        if len(bearing) == 1 and not compare(bearing[0].body, record.body, IdentifierKind.SERIAL).against:
            self._merge(bearing[0], record, f"both have serial {serial}")
            return
        several = f"several devices have serial {serial}, and the record does not name the maker"
        reason = several if len(bearing) > 1 else f"a record has serial {serial}, and speaks of another device beside"
        for node in bearing:
            self.questions.append(Question("whose record", _ids(record.body), _ids(node.body), reason))

    def _bearing(self, serial: str) -> list[_Node]:
        """Who has a serial of any maker."""
        if not self._by_serial:
            for item in self._bearers:
                if item.kind is IdentifierKind.SERIAL and not is_stack(item) and not _is_bare(item):
                    self._by_serial.setdefault(item.value.partition(":")[2], []).append(item)
        items = [item for item in self._by_serial.get(serial, ()) if item not in self.spent]
        nodes = {id(node): node for item in items for node in self._nodes(item)}
        return sorted(nodes.values(), key=lambda node: node.place)

    def unite_as_said(self, word: Word) -> None:
        """Unite what a person called one: the bodies that bear most of the marks of each side."""
        one, other = self._bearing_most(word.side_a), self._bearing_most(word.side_b)
        if one and other:
            self._merge(one, other, "a person said that these are one")

    def _bearing_most(self, marks: frozenset[Mark]) -> _Node | None:
        counts: dict[int, int] = {}
        nodes: dict[int, _Node] = {}
        for place, claim in enumerate(self._claims):
            borne = _borne(claim, marks)
            if borne:
                node = self._of[place]
                nodes[id(node)] = node
                counts[id(node)] = max(counts.get(id(node), 0), borne)
        return min(nodes.values(), key=lambda node: (-counts[id(node)], node.place), default=None)

    # -------------------------------------------------------------------------------------------- the result

    def result(self) -> Partition:
        """The groups, in the order of their first claims."""
        nodes = {id(node): node for node in self._of}
        groups = [
            Group(_ids(node.body), tuple(dict.fromkeys(node.reasons))[:REASONS_MOST], node.by_time)
            for node in sorted(nodes.values(), key=lambda node: node.place)
        ]
        return Partition(tuple(groups), tuple(self._open_questions()), dict(self.spent))

    def _open_questions(self) -> Iterator[Question]:
        """Questions whose sides are still apart."""
        of = {claim.claim_id: id(node) for claim, node in zip(self._claims, self._of, strict=True)}
        for question in self.questions:
            if of[question.side_a[0]] != of[question.side_b[0]]:
                yield question


def _all_agree(nodes: Sequence[_Node], kind: IdentifierKind, *, strictly: bool) -> bool:
    """Whether every two of a few bodies may be one: the common case, and the cheap one."""
    if len(nodes) > FEW:
        return False
    pairs = ((x.body, y.body) for place, x in enumerate(nodes) for y in nodes[place + 1 :])
    return not any(compare(x, y, kind, strictly=strictly).against for x, y in pairs)


def _crowded(item: Identifier) -> str:
    return f"over {MOST} claims have {named(item)}"


def _sides(claims: Sequence[Claim], words: Sequence[Word]) -> list[set[tuple[int, bool]]]:
    """For each claim the sides of words of two that it is on: (number of the word, whether it is side a)."""
    sides: list[set[tuple[int, bool]]] = [set() for _ in claims]
    for number, word in enumerate(words):
        if word.verdict is not Verdict.TWO:
            continue
        for place, claim in enumerate(claims):
            a, b = (_borne(claim, marks) for marks in (word.side_a, word.side_b))
            if a != b:
                sides[place].add((number, a > b))
    return sides


def _borne(claim: Claim, marks: frozenset[Mark]) -> int:
    return len(claim.identifiers & marks) * 2 + (claim.lane in marks)


def _ids(body: Body) -> tuple[int, ...]:
    return tuple(sorted(claim.claim_id for claim in body.claims))


def _tells(body: Body, item: Identifier) -> bool:
    """Whether a machine of this body bears the value itself, beside others."""
    return any(
        not claim.told_of and claim.method != RECORD and len(claim.identifiers) > 1
        for claim in body.claims
        if item in claim.identifiers
    )


def _at_one_site(one: Body, other: Body, kind: IdentifierKind) -> bool:
    return one.claims[0].site == other.claims[0].site and not compare(one, other, kind).against


def _is_bare(item: Identifier) -> bool:
    """Whether it is a serial that people entered without a maker."""
    return item.kind is IdentifierKind.SERIAL and item.value.startswith(ANY_MAKER)


def _bare(item: Identifier) -> Identifier:
    return Identifier(IdentifierKind.SERIAL, ANY_MAKER + item.value.partition(":")[2])


def _span_of(nodes: Iterable[_Node], item: Identifier) -> Span:
    spans = [
        claim.span for node in nodes for claim in node.body.claims
        if item in claim.identifiers and not claim.told_of
    ] or [claim.span for node in nodes for claim in node.body.claims]  # fmt: skip
    return Span(min(span.first for span in spans), max(span.last for span in spans))
