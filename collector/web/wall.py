"""The wall of an estate: for each school and aspect of health how many devices are how, and the way to them. Pure.

A condition that is acknowledged is counted apart. Every number leads to a list of exactly the devices that it counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from collector.health import ASPECTS, RANK, State
from collector.store.conditions import ConditionCount, Trouble
from collector.web.words import aspect_name, plural

CRITICAL, WARNING, UNKNOWN, OK = (state.value for state in (State.CRITICAL, State.WARNING, State.UNKNOWN, State.OK))
ACKNOWLEDGED = "acknowledged"
#: what is numbered, worst first; what is well is not
KINDS = (CRITICAL, WARNING, ACKNOWLEDGED, UNKNOWN)

Tally = Mapping[str, int]  # one of KINDS or ok -> devices


@dataclass(frozen=True, slots=True)
class Number:
    """So many devices are so: `path` lists them, `words` say it without colour or sign."""

    kind: str
    count: int
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One aspect at one school. `worst` is of KINDS, "ok", or "" where nothing there has the aspect."""

    aspect: str
    worst: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One school; `numbers` count its devices, each once, by the worst that nobody acknowledged."""

    school_id: str
    name: str
    worst: str
    numbers: tuple[Number, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Calm:
    """An aspect that has no column, as nothing is wrong with it anywhere. `unknown`: the number of what it hides."""

    aspect: str
    unknown: Number | None


@dataclass(frozen=True, slots=True)
class Wall:
    """The whole: the worst school first, and the aspects that have a column."""

    head: str
    more: str
    rows: tuple[Row, ...]
    aspects: tuple[str, ...]
    calm: tuple[Calm, ...]


def build(
    schools: Sequence[tuple[str, str]], counts: Iterable[ConditionCount], troubles: Sequence[Trouble], *,
    every: bool = False,
) -> Wall:  # fmt: skip
    """The wall of some schools (id and name). `every`: each aspect has a column."""
    names = dict(schools)
    found = tallies(names, counts, troubles)
    sums: dict[str, Counter[str]] = {aspect: Counter() for aspect in ASPECTS}
    for (_, aspect), tally in found.items():
        sums[aspect].update(tally)
    shown = tuple(aspect for aspect in ASPECTS if every or _is_wrong(sums[aspect]))
    calm = tuple(
        Calm(aspect, _number({"aspect": aspect}, UNKNOWN, sums[aspect][UNKNOWN], aspect_name(aspect)))
        for aspect in ASPECTS if aspect not in shown and sums[aspect]
    )  # fmt: skip
    devices = _devices(troubles)
    rows = [_row(school_id, name, found, devices.get(school_id, Counter()), shown) for school_id, name in schools]
    order = {row.school_id: _order(row, devices.get(row.school_id, Counter())) for row in rows}
    rows.sort(key=lambda row: order[row.school_id])
    return Wall(_head(rows), _more(rows), tuple(rows), shown, calm)


def tallies(
    names: Collection[str], counts: Iterable[ConditionCount], troubles: Iterable[Trouble]
) -> dict[tuple[str, str], Counter[str]]:
    """By school and aspect its tally; `names`: the ids of the schools that are counted."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for one in counts:
        if one.school_id in names and one.aspect in ASPECTS:
            found.setdefault((one.school_id, one.aspect), Counter())[one.state] += one.devices
    for trouble in troubles:
        tally = found.get((trouble.school_id, trouble.aspect))
        if trouble.acknowledged and tally is not None:
            tally[trouble.state] -= 1
            tally[ACKNOWLEDGED] += 1
    return found


def _devices(troubles: Iterable[Trouble]) -> dict[str, Counter[str]]:
    """By school how many of its devices have something critical, a warning, or only what people know of."""
    worst: dict[tuple[str, str], str] = {}
    for one in troubles:
        kind = ACKNOWLEDGED if one.acknowledged else one.state
        key = (one.school_id, one.device_id)
        if key not in worst or KINDS.index(kind) < KINDS.index(worst[key]):
            worst[key] = kind
    found: dict[str, Counter[str]] = {}
    for (school_id, _), kind in worst.items():
        found.setdefault(school_id, Counter())[kind] += 1
    return found


def _row(
    school_id: str, name: str, tallies: Mapping[tuple[str, str], Tally], devices: Tally, shown: Sequence[str]
) -> Row:
    cells = tuple(_cell(school_id, name, aspect, tallies.get((school_id, aspect), {})) for aspect in shown)
    numbers = _numbers({"school": school_id}, {kind: devices.get(kind, 0) for kind in (CRITICAL, WARNING)}, name)
    told = {kind for aspect in ASPECTS for kind, count in tallies.get((school_id, aspect), {}).items() if count}
    return Row(school_id, name, _worst(told - {UNKNOWN}) or _worst(told), numbers, cells)


def _cell(school_id: str, name: str, aspect: str, tally: Tally) -> Cell:
    numbers = _numbers({"school": school_id, "aspect": aspect}, tally, f"{aspect_name(aspect)}, {name}")
    return Cell(aspect, _worst({kind for kind, count in tally.items() if count}), numbers)


def _worst(kinds: Iterable[str]) -> str:
    ranked = (CRITICAL, WARNING, ACKNOWLEDGED, UNKNOWN, OK)
    return min(kinds, key=ranked.index, default="")


def _numbers(asked: Mapping[str, str], tally: Tally, where: str) -> tuple[Number, ...]:
    found = (_number(asked, kind, tally.get(kind, 0), where) for kind in KINDS)
    return tuple(number for number in found if number is not None)


def _number(asked: Mapping[str, str], kind: str, count: int, where: str) -> Number | None:
    """A number and its list; one of an aspect that is bad leaves out what is acknowledged."""
    if count <= 0:
        return None
    query = {**asked, "state": kind}
    if kind in (CRITICAL, WARNING) and "aspect" in asked:
        query["acknowledged"] = "no"
    return Number(kind, count, f"/devices?{urlencode(query)}", f"{plural(count, 'device')} {kind}: {where}")


def _is_wrong(tally: Tally) -> bool:
    return any(tally.get(kind, 0) > 0 for kind in (CRITICAL, WARNING, ACKNOWLEDGED))


def _order(row: Row, devices: Tally) -> tuple[object, ...]:
    """Worst first: most devices critical, then most with a warning; who told nothing stands before the well."""
    known = RANK[State.OK] if row.worst else RANK[State.UNKNOWN]
    return (-devices.get(CRITICAL, 0), -devices.get(WARNING, 0), -devices.get(ACKNOWLEDGED, 0), known, row.name)


def _head(rows: Sequence[Row]) -> str:
    """What to know first, in a sentence."""
    bad = sum(row.worst == CRITICAL for row in rows)
    if not rows:
        return "There is no school yet."
    if not bad:
        return f"None of {plural(len(rows), 'school')} has something critical."
    if bad == len(rows) == 1:
        return "The school has something critical."
    return f"{bad:,} of {plural(len(rows), 'school')} {'has' if bad == 1 else 'have'} something critical."


def _more(rows: Sequence[Row]) -> str:
    """How the other schools are."""
    kinds = Counter(row.worst for row in rows)
    words = {WARNING: "a warning at worst", ACKNOWLEDGED: "nothing wrong that nobody knows of", OK: "nothing wrong",
             UNKNOWN: "told nothing certain", "": "told nothing yet"}  # fmt: skip
    said = [f"{kinds[kind]:,} {'has' if kinds[kind] == 1 else 'have'} {words[kind]}" for kind in words if kinds[kind]]
    if not said:
        return ""
    return f"{'Of the others ' if kinds[CRITICAL] else ''}{', '.join(said)}."
