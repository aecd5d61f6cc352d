"""An estimate as a drawing: one scale of years, and on it a bar for the estimate and for every piece of evidence. Pure.

Places are in units of the drawing's width, `WIDTH`, so that a template writes them into an SVG and counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from collector.age import LATEST, Grade, Says, Span, words
from collector.age.estimate import Estimate, Verdict, Weighed

WIDTH = 1000
MOST_YEARS, LEAST_YEARS = 30, 4
TICKS = 8  # about as many years are written above the scale
THIN = 6  # units that the narrowest bar is wide, so that a day can be seen
BOUNDS = (Says.NOT_BEFORE, Says.NOT_AFTER)


@dataclass(frozen=True, slots=True)
class Bar:
    """From `x` on, `width` wide; `best` is the place of the likeliest day, or None."""

    x: int
    width: int
    best: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of evidence: what it is, what it says, what became of it, and its bars; a bound is drawn as a line."""

    words: str
    raw: str
    says: str
    grade: str
    verdict: str
    mark: str  # the verdict as a word for the style
    bars: tuple[Bar, ...]
    bound: bool
    rule: str
    locator: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The whole drawing: the estimate in words and as bars, the years above it, and the evidence."""

    when: str
    reason: str
    confidence: str
    contradicted: bool
    bars: tuple[Bar, ...]
    reach: Bar | None
    ticks: tuple[tuple[int, int], ...]  # year, place
    lines: tuple[Line, ...]
    label: str


def draw(estimate: Estimate, today: date) -> TimeLine:
    """The drawing of an estimate."""
    scale = _Scale.over(estimate, today)
    bounded = estimate.earliest is not None and estimate.latest is not None
    reach = scale.bar(Span(estimate.earliest, estimate.latest)) if estimate.earliest and estimate.latest else None
    return TimeLine(
        when=words.told(estimate, today),
        reason=words.reason(estimate),
        confidence=estimate.confidence.value,
        contradicted=estimate.contradicted,
        bars=tuple(scale.bars(estimate.candidates, best=estimate.best)) if bounded else (),
        reach=reach,
        ticks=tuple((year, scale.place(date(year, 1, 1))) for year in scale.ticks()),
        lines=tuple(_line(weighed, scale) for weighed in estimate.case),
        label=f"Made {words.when(estimate)}; the scale goes from {scale.first.year} to {scale.last.year}",
    )


def _line(weighed: Weighed, scale: _Scale) -> Line:
    clue = weighed.clue
    bars = () if clue.says is Says.NOTHING else tuple(scale.bars(clue.spans))
    return Line(
        words=clue.words,
        raw=clue.raw,
        says=words.spans(clue),
        grade="" if weighed.verdict is Verdict.SILENT else words.GRADES[clue.grade],
        verdict=words.verdict(weighed),
        mark=weighed.verdict.name.lower(),
        bars=bars,
        bound=clue.says in BOUNDS,
        rule=clue.rule,
        locator=clue.told.locator if clue.told else "",
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    @classmethod
    def over(cls, estimate: Estimate, today: date) -> _Scale:
        """From a year before the earliest day that matters to the end of this year."""
        clues = [weighed.clue for weighed in estimate.case]
        days = [clue.spans[0].earliest for clue in clues if clue.says is Says.MADE and clue.grade < Grade.HINT]
        days += [clue.spans[0].earliest for clue in clues if clue.says is Says.NOT_BEFORE]
        earliest = min([day.year for day in days] or [today.year - LEAST_YEARS]) - 1
        first = min(max(earliest, today.year - MOST_YEARS), today.year - LEAST_YEARS)
        return cls(date(first, 1, 1), date(today.year + 1, 1, 1))

    def place(self, day: date) -> int:
        """Where a day is, inside the drawing."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(WIDTH * min(max(share, 0.0), 1.0))

    def bar(self, span: Span, best: date | None = None) -> Bar:
        """A span as a bar; open ends reach the edge."""
        x, end = self.place(span.earliest), self.place(min(span.latest, LATEST))
        x = min(x, WIDTH - THIN)
        return Bar(x, max(end - x, THIN), self.place(best) if best else None)

    def bars(self, spans: Iterable[Span], best: date | None = None) -> Iterable[Bar]:
        """The bars of spans that are on the scale at all."""
        return (self.bar(s, best) for s in spans if s.latest >= self.first and s.earliest <= self.last)

    def ticks(self) -> range:
        """The years to write."""
        years = self.last.year - self.first.year
        step = max(1, -(-years // TICKS))
        return range(self.first.year + step - 1 if step > 1 else self.first.year, self.last.year + 1, step)
