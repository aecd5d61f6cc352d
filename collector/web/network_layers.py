"""Where each box of a network's map has its place: layers by distance from the core, and few crossings. Pure.

Rules
1. What hangs together is a block; blocks stand one under the other, the largest first, and below them what has no link.
2. The core of a block is the box with most neighbours, and others that have nearly as many and share them.
3. Routers and firewalls beside the core stand above it; the rest stands by its distance from the core.
4. Boxes of a layer are ordered by the mean of the places of those that they are wired to (barycentre), both ways in
   turns; of all orders that were met, the one with the fewest crossings stays.
5. A layer that is too wide is broken into rows, column by column, so that wires between layers find gutters.

It knows nothing of what is drawn.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

COLUMNS = 7  # boxes beside each other at most
SWEEPS = 8  # down and up again
ABOVE = frozenset({"router", "firewall"})
NEARLY = 0.6  # of the neighbours of the first core; who has so many is core as well
LEAST_CORE = 3  # neighbours that a second core has

Order = list[list[str]]  # the layers of a block, from the top, each from left to right
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A box to place: its key, what it is called, and its class."""

    key: str
    name: str
    device_class: str = "switch"


class Seat(NamedTuple):
    """Where a box is: rows count over the whole drawing, so do layers."""

    layer: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Every box with its seat. `breaks`: rows in front of which a block begins; `loose`: the first row of no links."""

    seats: Mapping[str, Seat]
    columns: int
    rows: int
    breaks: frozenset[int]
    loose: int | None


def plan(nodes: Iterable[Node], pairs: Iterable[Pair], most: int = COLUMNS) -> Plan:
    """The places of all boxes; the same for the same boxes and wires, in whatever order they come.

    `most`: boxes beside each other.
    """
    known = {node.key: node for node in sorted(nodes, key=lambda node: (natural(node.name), node.key))}
    beside = _beside(known, pairs)
    blocks = [order(block, known, beside) for block in _blocks(known, beside)]
    loose = [key for key in known if not beside[key]]
    columns = max([1, *(_width(len(layer), most) for block in blocks for layer in block), min(len(loose), most)])
    seats: dict[str, Seat] = {}
    breaks, row, layer = set(), 0, 0
    for block in blocks:
        breaks.add(row)
        for keys in block:
            row = _seat(keys, seats, Seat(layer, row, columns), most, beside)
            layer += 1
    first_loose = row if loose else None
    for index, key in enumerate(loose):
        seats[key] = Seat(layer, row + index // columns, index % columns)
    row += -(-len(loose) // columns)
    return Plan(
        seats, columns, row, frozenset(breaks | ({first_loose} if first_loose is not None else set())), first_loose
    )


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts switch 9 before switch 10."""
    pieces = re.findall(r"[0-9]{1,18}|[^0-9]+", name.casefold())
    return tuple((0, int(piece), "") if piece[0] in "0123456789" else (1, 0, piece) for piece in pieces)


def crossings(upper: Sequence[str], lower: Sequence[str], beside: Mapping[str, Iterable[str]]) -> int:
    """How often wires between two neighbouring layers cross, if both are single rows."""
    place = {key: index for index, key in enumerate(lower)}
    met: list[int] = []
    count = 0
    for key in upper:
        ends = sorted(place[other] for other in beside[key] if other in place)
        count += sum(len(met) - bisect_right(met, end) for end in ends)
        for end in ends:
            insort(met, end)
    return count


# ------------------------------------------------------------------------------------------------ layers


def _beside(known: Mapping[str, Node], pairs: Iterable[Pair]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {key: set() for key in known}
    for a, b in pairs:
        if a != b and a in found and b in found:
            found[a].add(b)
            found[b].add(a)
    places = {key: index for index, key in enumerate(known)}
    return {key: sorted(others, key=places.__getitem__) for key, others in found.items()}


def _blocks(known: Mapping[str, Node], beside: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """What hangs together, the largest first; without what hangs alone."""
    blocks, done = [], set[str]()
    for key in known:
        if beside[key] and key not in done:
            block = list(_distances([key], beside))
            done.update(block)
            blocks.append([other for other in known if other in set(block)])
    return sorted(blocks, key=len, reverse=True)


def _distances(starts: Sequence[str], beside: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found = dict.fromkeys(starts, 0)
    front = list(starts)
    for key in front:
        for other in beside[key]:
            if other not in found:
                found[other] = found[key] + 1
                front.append(other)
    return found


def core(block: Sequence[str], known: Mapping[str, Node], beside: Mapping[str, Sequence[str]]) -> list[str]:
    """The core of a block: never empty. Of as many neighbours, a switch of two is no core where a router is there."""
    first = max(block, key=lambda key: (len(beside[key]), known[key].device_class in ABOVE))
    near = set(beside[first])
    enough = max(LEAST_CORE, NEARLY * len(near))
    return [first] + [
        key for key in block
        if key != first and len(beside[key]) >= enough
        and (key in near or len(near & set(beside[key])) >= NEARLY * len(near))
    ]  # fmt: skip


def order(block: Sequence[str], known: Mapping[str, Node], beside: Mapping[str, Sequence[str]]) -> Order:
    """The layers of a block, each in the order with the fewest crossings that was met."""
    distances = _distances(core(block, known, beside), beside)
    ranks = {key: -1 if rank == 1 and known[key].device_class in ABOVE else rank for key, rank in distances.items()}
    found = [[key for key in block if ranks[key] == rank] for rank in sorted(set(ranks.values()))]
    best, fewest = found, _all_crossings(found, beside)
    for sweep in range(SWEEPS):
        found = _swept(found, beside, down=sweep % 2 == 0)
        count = _all_crossings(found, beside)
        if count < fewest:
            best, fewest = found, count
    return best


def _all_crossings(layers: Order, beside: Mapping[str, Sequence[str]]) -> int:
    return sum(crossings(upper, lower, beside) for upper, lower in pairwise(layers))


def _swept(layers: Order, beside: Mapping[str, Sequence[str]], *, down: bool) -> Order:
    """Each layer ordered by the one before it, from the top or from the bottom."""
    going = layers if down else layers[::-1]
    done = [going[0]]
    for layer in going[1:]:
        spread = {key: (index + 0.5) / len(done[-1]) for index, key in enumerate(done[-1])}
        here = {key: (index + 0.5) / len(layer) for index, key in enumerate(layer)}
        done.append(sorted(layer, key=lambda key: (_mean(key, spread, beside, here[key]), here[key])))
    return done if down else done[::-1]


def _mean(key: str, places: Mapping[str, float], beside: Mapping[str, Sequence[str]], otherwise: float) -> float:
    found = [places[other] for other in beside[key] if other in places]
    return sum(found) / len(found) if found else otherwise


# ------------------------------------------------------------------------------------------------ seats


def _width(count: int, most: int) -> int:
    """How many columns a layer of so many boxes takes."""
    return -(-count // -(-count // most))


def _seat(
    keys: Sequence[str], seats: dict[str, Seat], start: Seat, most: int, beside: Mapping[str, Sequence[str]]
) -> int:
    """Seat a layer from `start` on, whose column is the number of columns; the row after it.

    In a column, boxes that something hangs under come last: they are near to it.
    """
    layer, row, columns = start
    rows = -(-len(keys) // most)
    chunks = _even(keys, _width(len(keys), most))
    above = {key: float(seat.column) for key, seat in seats.items() if seat.layer == layer - 1}
    step = min(2.0, columns / len(chunks))
    wanted = []
    for index, chunk in enumerate(chunks):
        middle = (columns - 1) / 2 + (index - (len(chunks) - 1) / 2) * step
        means = [_mean(key, above, beside, middle) for key in chunk]
        wanted.append(sum(means) / len(means))
    here = set(keys)
    for column, chunk in zip(_columns(wanted, columns), chunks, strict=True):
        chunk.sort(key=lambda key: any(other not in seats and other not in here for other in beside[key]))
        for index, key in enumerate(chunk):
            seats[key] = Seat(layer, row + index, column)
    return row + rows


def _even(keys: Sequence[str], count: int) -> list[list[str]]:
    """The same keys in so many lists that differ in length by one at most."""
    ends = [len(keys) * index // count for index in range(count + 1)]
    return [list(keys[start:end]) for start, end in pairwise(ends)]


def _columns(wanted: Sequence[float], columns: int) -> list[int]:
    """Columns from left to right, none twice, as near to what is wanted as that allows (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []  # mean, size
    for index, want in enumerate(wanted):
        mean, size = want - index, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        pools.append((mean, size))
    most = columns - len(wanted)
    means = [mean for mean, size in pools for _ in range(size)]
    return [min(max(int(mean + 0.5), 0), most) + index for index, mean in enumerate(means)]
