"""What may leave the trust: quartiles of groups of schools, of which no two exports tell fewer than five apart. Pure.

A cell is one measure of one phase group; its roster, the schools whose numbers it is made of.

1. The partition is fixed: a school is in one phase group, no cell is a sum of others, and nothing is told of a cell
   that is not there. So no cell can be taken from another.
2. A roster has at least five schools.
3. Schools that have been in the same rosters of a cell, of all that ever left, are one atom. A roster leaves only if
   every atom has at least five schools afterwards: whatever is added to and taken from each other of all exports is of
   five schools or more.
4. Where today's schools may not leave as a roster, the latest earlier roster all of whose schools are still there may,
   with today's numbers. Where there is none either, what left last is said again as it was, for at most `KEPT_DAYS`.
5. Every number is rounded to the step of its measure, and neither least nor greatest leaves.

It does not hide that a trust has schools of a phase, nor how many tell a measure; nor can it know what somebody learnt
elsewhere of all but one school of a roster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from collector.benchmark.measures import BY_KEY
from collector.benchmark.percentiles import quartiles

LEAST = 5  # schools
KEPT_DAYS = 400
UNKNOWN_STEP = 5  # hundredths
LARGEST = 10_000_000  # hundredths

Key = tuple[str, str]  # phase group, measure
Roster = frozenset[str]  # school ids


@dataclass(frozen=True, slots=True)
class Told:
    """A school's number, and the share of its devices that do not tell."""

    value: float
    unknown: float


@dataclass(frozen=True, slots=True)
class Sums:
    """A cell as it leaves; all in whole hundredths of the measure's unit, `unknown` of devices. `as_of`: whose day."""

    schools: int
    quarter: int
    half: int
    three_quarters: int
    unknown: int
    as_of: date


@dataclass(frozen=True, slots=True)
class Left:
    """A cell that left, and its roster, which never does."""

    sums: Sums
    roster: Roster


def release(now: Mapping[Key, Mapping[str, Told]], past: Sequence[Mapping[Key, Left]], today: date) -> dict[Key, Left]:
    """What may leave now; `past`: all that left before, the oldest first."""
    found = {}
    for key in sorted({*now, *(past[-1] if past else ())}):
        earlier = [export[key] for export in past if key in export]
        cell = _cell(key, now.get(key, {}), earlier, today)
        if cell is not None:
            found[key] = cell
    return found


def _cell(key: Key, told: Mapping[str, Told], earlier: Sequence[Left], today: date) -> Left | None:
    roster = admissible(frozenset(told), [left.roster for left in earlier])
    if roster is not None:
        return Left(_sums(key, [told[school] for school in sorted(roster)], today), roster)
    if earlier and (today - earlier[-1].sums.as_of).days <= KEPT_DAYS:
        return earlier[-1]
    return None


def admissible(now: Roster, earlier: Sequence[Roster]) -> Roster | None:
    """The roster that may leave: today's, else the latest earlier one whose schools are all there, else None."""
    candidates = (now, *(roster for roster in reversed(earlier) if roster <= now))
    apart = (roster for roster in candidates if len(roster) >= LEAST and least_apart([*earlier, roster]) >= LEAST)
    return next(apart, None)


def least_apart(rosters: Iterable[Roster]) -> int:
    """How many schools the smallest atom of some rosters has; 0 where there is none."""
    listed = list(dict.fromkeys(rosters))
    patterns = Counter(tuple(school in roster for roster in listed) for school in frozenset().union(*listed))
    return min(patterns.values(), default=0)


def _sums(key: Key, told: Sequence[Told], today: date) -> Sums:
    step = BY_KEY[key[1]].step
    quarters, unknown = quartiles([one.value for one in told]), quartiles([one.unknown for one in told])
    return Sums(
        len(told), rounded(quarters.quarter, step), rounded(quarters.half, step),
        rounded(quarters.three_quarters, step), rounded(unknown.half, UNKNOWN_STEP), today,
    )  # fmt: skip


def rounded(value: float, step: int) -> int:
    """A number in whole hundredths, to the nearest step; what is beyond all measure is cut."""
    return min(round(value * 100 / step) * step, LARGEST)
