"""The chart of cover over time: lanes with the stretches that cover them, the gaps, the overlaps, and today. Pure.

It knows days and words, not contracts. `collector.web.charts` hands it on with the other charts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from collector.web import words as said
from collector.web.drawing import LETTER, NARROW, WIDE, Cell, Chart, Drawing, fitting, slug

_DAY = timedelta(days=1)
_SMALL = 6.0  # units that a letter on a stretch is wide
_SHORT = 800  # a window of fewer days has a line each quarter


@dataclass(frozen=True, slots=True)
class Stretch:
    """From its first to its last day, each None for open; `words` are written on it; `style`: of a provider, 0 to 7."""

    start: date | None
    end: date | None
    words: str
    link: str = ""
    style: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """What is covered. Gaps are told between `needed_from` and `needed_until`, None: as far as the window goes."""

    name: str
    stretches: tuple[Stretch, ...]
    link: str = ""
    needed_from: date | None = None
    needed_until: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are drawn, both ends included, and today."""

    start: date
    end: date
    today: date

    def clipped(self, stretch: Stretch) -> tuple[date, date] | None:
        """The days of a stretch that are in the window."""
        first, last = max(stretch.start or self.start, self.start), min(stretch.end or self.end, self.end)
        return (first, last) if first <= last else None


def gantt(title: str, lanes: Sequence[Lane], window: Window, key: str = "") -> Chart:
    """Support cover: a line or more a lane, what no stretch covers outlined as a gap, overlaps one below the other."""
    found = [(lane, gaps(lane, window), overlaps(lane, window)) for lane in lanes]
    told = (
        f"{said.plural(len(lanes), 'line')} from {said.day(window.start)} to {said.day(window.end)}: "
        f"{said.plural(sum(bool(each) for _, each, _ in found), 'line')} with gaps, "
        f"{sum(bool(each) for _, _, each in found):,} covered twice"
    )
    name = key or slug(title)
    drawings = tuple(_gantt(Drawing(name, width), lanes, window).done(title, told) for width in (WIDE, NARROW))
    rows = tuple(
        (Cell(lane.name, lane.link), Cell("; ".join(map(_covered, lane.stretches)) or "nothing"), Cell(_spans(without)),
         Cell(_spans(twice)))
        for lane, without, twice in found
    )  # fmt: skip
    return Chart(name, title, told, drawings, ("What", "Covered by", "By none", "By several"), rows, numbers=False)


def gaps(lane: Lane, window: Window) -> list[tuple[date, date]]:
    """The days of the window, first and last, on which a lane needs cover and has none."""
    first = max(lane.needed_from or window.start, window.start)
    last = min(lane.needed_until or window.end, window.end)
    found = []
    for start, end in sorted(filter(None, map(window.clipped, lane.stretches))):
        if first < start and first <= last:
            found.append((first, min(start - _DAY, last)))
        first = max(first, end + _DAY)
    return [*found, (first, last)] if first <= last else found


def overlaps(lane: Lane, window: Window) -> list[tuple[date, date]]:
    """The days of the window, first and last, on which two stretches or more cover a lane."""
    reached: date | None = None
    found: list[tuple[date, date]] = []
    for start, end in sorted(filter(None, map(window.clipped, lane.stretches))):
        if reached is not None and start <= reached:
            twice = (start, min(end, reached))
            joined = found and twice[0] <= found[-1][1] + _DAY
            found[-1:] = [(found[-1][0], max(found[-1][1], twice[1]))] if joined else [*found[-1:], twice]
        reached = end if reached is None else max(reached, end)
    return found


def _spans(found: Iterable[tuple[date, date]]) -> str:
    return "; ".join(f"{said.day(start)} to {said.day(end)}" for start, end in found) or "–"


def _covered(stretch: Stretch) -> str:
    ends = f" to {said.day(stretch.end)}" if stretch.end else ""
    return f"{stretch.words}{f' from {said.day(stretch.start)}' if stretch.start else ''}{ends}"


def _gantt(on: Drawing, lanes: Sequence[Lane], window: Window) -> Drawing:
    left = 0.0 if on.narrow else 250.0
    days = (window.end - window.start).days + 1

    def across(day: date) -> float:
        return left + (on.width - left) * min(max((day - window.start).days / days, 0.0), 1.0)

    y, names = 26.0, []
    written: list[tuple[float, float, str]] = []
    for lane in lanes:
        names.append((y + 12, lane.name))
        y = _lane(on, lane, window, across, (y + (17 if on.narrow else 0), written)) + 8
    on.height = y
    _calendar(on, window, across)
    style = "strong" if on.narrow else ""  # what is written lies over today's line
    for line, name in names:
        on.text(0, line, fitting(name, on.width if on.narrow else left - 10, style), f"over {style}".rstrip())
    for x, line, words in written:
        on.area(x - 2, line - 10.5, (len(words) * _SMALL + 6, 13), "paper")
        on.text(x, line, words, "on")
    return on


def _lane(
    on: Drawing,
    lane: Lane,
    window: Window,
    across: Callable[[date], float],
    at: tuple[float, list[tuple[float, float, str]]],
) -> float:
    """The stretches of a lane, each on the first line that is free; where the next lane begins.

    `at`: where it begins, and a list that takes what is to be written on it, with its places.
    """
    y, written = at
    free: list[date] = []
    placed = sorted((clipped, place) for place, s in enumerate(lane.stretches) if (clipped := window.clipped(s)))
    for (start, end), place in placed:
        stretch = lane.stretches[place]
        line = next((number for number, last in enumerate(free) if last < start), len(free))
        free[line : line + 1] = [end]
        x, wide = across(start), across(end + _DAY) - across(start)
        on.filled(x, y + line * 20, (wide, 17), stretch.style)
        if (words := fitting(stretch.words, wide - 8)) and len(words) > 1:
            written.append((x + 4, y + line * 20 + 12.5, words))
    for start, end in gaps(lane, window):
        x, wide = across(start), across(end + _DAY) - across(start)
        on.area(x, y, (wide, 17), "gap")
        if wide > 4 * LETTER:
            on.text(x + wide / 2, y + 12.5, "gap", "soft", "middle")
    return y + max(len(free), 1) * 20


def _calendar(on: Drawing, window: Window, across: Callable[[date], float]) -> None:
    """A line and a name at each year's beginning (or quarter's, of a short window), and one for today."""
    short = (window.end - window.start).days < _SHORT
    months = (1, 4, 7, 10) if short else (1,)
    days = [date(year, month, 1) for year in range(window.start.year, window.end.year + 1) for month in months]
    now = across(window.today) if window.start <= window.today <= window.end else None
    taken = -1e9
    if now is not None:
        on.line(now, 18, now, on.height, "today")
        anchor = "start" if now + 5 * LETTER < on.width else "end"
        on.text(now + (2 if anchor == "start" else -2), 14, "today", "strong", anchor)
    for day in (day for day in days if window.start <= day <= window.end):
        x, words = across(day), f"{day:%b %Y}" if short else f"{day:%Y}"
        on.line(x, 18, x, on.height, "grid")
        end = x + len(words) * LETTER + 8
        in_the_way = now is not None and x < now + 6 * LETTER and end > now - 2
        if x > taken and end < on.width and not in_the_way:
            on.text(x + 2, 14, words, "soft")
            taken = end
