"""A number over some days as a small drawing, with the same in words and as a table. Pure.

Places are in units of the drawing, `WIDTH` by `HEIGHT`. A day of which nothing was told is a gap, never a line across.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from collector.store.readings import DayRow
from collector.web.words import day as day_name
from collector.web.words import plural, stated

WIDTH, HEIGHT, MARGIN = 160, 32, 3
DAYS = 30
FLAT = 0.5  # where a number is drawn that never changes: in the middle


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row: `line` through the last of each, `band` around least and most, both as points of SVG."""

    line: str
    band: str


@dataclass(frozen=True, slots=True)
class Day:
    """What a number was on a day, in words."""

    day: date
    least: str
    most: str
    last: str


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The drawing. `words` say what it shows; `end` is the place of the last day's dot; `days`: the latest first."""

    words: str
    stretches: tuple[Stretch, ...]
    end: tuple[float, float]
    days: tuple[Day, ...]


def draw(rows: Iterable[DayRow], today: date, unit: str = "", about: str = "") -> Sparkline | None:
    """The drawing of the days up to today, None where there are none; `unit` and `about` as for `words.stated`."""
    first = today - timedelta(days=DAYS - 1)
    found = sorted((row for row in rows if first <= row.day <= today), key=lambda row: row.day)
    if not found:
        return None
    scale = _Scale(first, min(row.least for row in found), max(row.most for row in found))
    stretches = tuple(scale.stretch(part) for part in _in_a_row(found))

    def say(value: float) -> str:
        return stated(round(value, 2), unit, about)

    days = tuple(Day(row.day, say(row.least), say(row.most), say(row.last)) for row in reversed(found))
    return Sparkline(_words(found, say(scale.least), say(scale.most), days[0].last), stretches,
                     scale.place(found[-1].day, found[-1].last), days)  # fmt: skip


def _words(found: Sequence[DayRow], least: str, most: str, last: str) -> str:
    told = f"{plural(len(found), 'day')} told of the last {DAYS}"
    if least == most:
        return f"{told}: always {last}"
    lowest, highest = min(found, key=lambda row: row.least), max(found, key=lambda row: row.most)
    return (
        f"{told}: lowest {least} on {day_name(lowest.day)}, highest {most} on {day_name(highest.day)}, last {last}"
    )  # fmt: skip


def _in_a_row(rows: Sequence[DayRow]) -> list[list[DayRow]]:
    """The rows in stretches without a gap."""
    parts: list[list[DayRow]] = []
    for row in rows:
        if parts and row.day - parts[-1][-1].day == timedelta(days=1):
            parts[-1].append(row)
        else:
            parts.append([row])
    return parts


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    least: float
    most: float

    def place(self, day: date, value: float) -> tuple[float, float]:
        """Where a number of a day is drawn."""
        across = (day - self.first).days / (DAYS - 1)
        up = (value - self.least) / (self.most - self.least) if self.most > self.least else FLAT
        x, y = MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)
        return round(x, 1), round(y, 1)

    def stretch(self, rows: Sequence[DayRow]) -> Stretch:
        """The line and band of days in a row."""
        line = [self.place(row.day, row.last) for row in rows]
        top = [self.place(row.day, row.most) for row in rows]
        bottom = [self.place(row.day, row.least) for row in reversed(rows)]
        return Stretch(_points(line), _points([*top, *bottom]))


def _points(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)
