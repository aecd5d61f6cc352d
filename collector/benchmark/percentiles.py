"""Where a number stands among others: those of schools, or quartiles that other trusts gave. Pure.

Fewer than five others are too few to say. It does not know whether more is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
_QUARTER = 25.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What percentage of `of` schools (of so many `groups`) has less; it lies between `low` and `high`."""

    percent: float
    of: int
    low: float
    high: float
    groups: int = 0


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The quartiles of the schools of one group."""

    schools: int
    quarter: float
    half: float
    three_quarters: float


def among(value: float, others: Sequence[float]) -> Standing | None:
    """Where a number stands among others; of those that are the same, half count as less. None: they are too few."""
    if len(others) < LEAST:
        return None
    less, same = sum(one < value for one in others), sum(one == value for one in others)
    percent = 100 * (less + same / 2) / len(others)
    return Standing(percent, len(others), percent, percent)


def between(value: float, groups: Sequence[Quartiles]) -> Standing | None:
    """Where a number stands among the schools of groups of which only quartiles are known, each weighing its schools.

    Within a quarter it is interpolated; in the outer ones, whose ends nobody tells, it is taken as the middle.
    """
    of = sum(group.schools for group in groups)
    if of < LEAST:
        return None
    placed = [(group.schools, _place(value, group)) for group in groups]
    percent, low, high = (sum(n * place[i] for n, place in placed) / of for i in range(3))
    return Standing(percent, of, low, high, len(groups))


def words(standing: Standing | None) -> str:
    """Where something stands, in words, with of how many."""
    if standing is None:
        return "too few to say"
    said = f"percentile {standing.percent:.0f} among {standing.of} schools"
    return said if standing.low == standing.high else f"about {said} ({standing.low:.0f} to {standing.high:.0f})"


def _place(value: float, group: Quartiles) -> tuple[float, float, float]:
    """The percentage that has less, at a guess, at least and at most."""
    marks = (group.quarter, group.half, group.three_quarters)
    if value in marks:  # on a mark, or on several that are the same
        first, last = marks.index(value) + 1, 3 - marks[::-1].index(value)
        low = _QUARTER * (first - 1) if first < last else _QUARTER * first
        high = _QUARTER * (last + 1) if first < last else _QUARTER * last
        return _QUARTER * (first + last) / 2, low, high
    over = sum(value > mark for mark in marks)
    low, high = _QUARTER * over, _QUARTER * (over + 1)
    if over in (0, 3):
        return (low + high) / 2, low, high
    lower, upper = marks[over - 1], marks[over]
    return low + _QUARTER * (value - lower) / (upper - lower), low, high


def quartiles(values: Sequence[float]) -> Quartiles:
    """The quartiles of some values, by linear interpolation between the two that are nearest."""
    ordered = sorted(values)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return Quartiles(len(ordered), at(0.25), at(0.5), at(0.75))
