"""Many clues, one estimate: bounds first, then candidates, the strongest first; nothing is ever averaged.

What is possible starts as all time. Each clue in turn, the strongest first, narrows it to the days that it allows;
a clue that allows none of the days left contradicts the stronger ones and is set aside, with the gap. So the order of
arrival means nothing, and more evidence narrows, unless it contradicts. Decades that all clues leave open stay open.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from collector.age import EARLIEST, LATEST, Clue, Grade, Says, Span

CONTRADICTION = 365  # days: a disagreement of more is flagged, and widens the estimate to hold both
NARROW = 183  # days that a high confidence may leave open
FAIR = 548  # days that a medium confidence may leave open
TELLING = 730  # days of bounds alone whose middle is worth telling: it is at most one year off


class Confidence(enum.Enum):
    """How far an estimate is to be believed."""

    TOLD = "told"  # a person corrected it
    HIGH = "high"  # within half a year, by a documented source, and nothing speaks against it
    MEDIUM = "medium"  # within a year and a half, and nothing contradicts it
    LOW = "low"  # dated, no more
    NONE = "none"  # not dated: bounds at most


class Verdict(enum.Enum):
    """What a clue did to the estimate."""

    STANDS = "stands"  # it narrowed what is possible
    AGREES = "agrees"  # it says the same, less precisely
    DIFFERS = "differs"  # it allows none of the days that the stronger ones leave, by a year at most
    CONTRADICTS = "contradicts"  # the same, by more than a year
    SILENT = "says nothing"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A clue, what became of it, and by how many days it disagrees."""

    clue: Clue
    verdict: Verdict
    gap_days: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """When something was made: at the earliest, at the latest, and best; `case` is all evidence, strongest first.

    `candidates` are the spans that remain: more than one where a decade is open, and then there is no best date.
    `earliest` and `latest` are None where nothing bounds them.
    """

    earliest: date | None
    latest: date | None
    best: date | None
    confidence: Confidence
    candidates: tuple[Span, ...]
    case: tuple[Weighed, ...]

    @property
    def contradicted(self) -> bool:
        """Whether evidence disagrees by more than a year."""
        return any(weighed.verdict is Verdict.CONTRADICTS for weighed in self.case)

    @property
    def decided_by(self) -> Clue | None:
        """The clue that the best date rests on, or None. A person's word comes before what only narrows it."""
        standing = [w.clue for w in self.case if w.verdict is Verdict.STANDS and w.clue.says is Says.MADE]
        said = [clue for clue in standing if clue.grade is Grade.PERSON]
        return min(said or standing, key=_width) if standing and self.best else None


def estimate(clues: Iterable[Clue]) -> Estimate:
    """Weigh clues against each other; the same clues give the same estimate in any order."""
    possible: tuple[Span, ...] = (Span(EARLIEST, LATEST),)
    case: list[Weighed] = []
    apart: list[Span] = []
    for clue in sorted(set(clues), key=lambda clue: clue.order):
        narrowed = _both(possible, clue.spans)
        if clue.says is Says.NOTHING:
            case.append(Weighed(clue, Verdict.SILENT))
        elif not narrowed:
            gap = min(span.gap(other) for span in possible for other in clue.spans)
            case.append(Weighed(clue, Verdict.CONTRADICTS if gap > CONTRADICTION else Verdict.DIFFERS, gap))
            apart += [span for span in clue.spans if gap > CONTRADICTION and clue.says is Says.MADE]
        else:
            same = _days(narrowed) == _days(possible)
            case.append(Weighed(clue, Verdict.AGREES if same else Verdict.STANDS))
            possible = narrowed
    return _told(possible, _allowed(apart, case), tuple(case))


def _both(possible: tuple[Span, ...], spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """What both allow, as spans that do not meet each other."""
    met = sorted(both for one in possible for other in spans if (both := one.meets(other)))
    merged: list[Span] = []
    for span in met:
        if merged and span.earliest <= merged[-1].latest:
            last = merged.pop()
            span = Span(last.earliest, max(last.latest, span.latest), last.best or span.best)  # noqa: PLW2901
        merged.append(span)
    return tuple(merged)


def _days(spans: tuple[Span, ...]) -> tuple[tuple[date, date], ...]:
    return tuple((span.earliest, span.latest) for span in spans)


def _allowed(apart: list[Span], case: list[Weighed]) -> list[Span]:
    """The spans that contradict, cut to what the bounds that stand allow: no estimate leaves its bounds."""
    bounds = [w.clue for w in case if w.clue.says in (Says.NOT_BEFORE, Says.NOT_AFTER) and w.gap_days == 0]
    for bound in bounds:
        apart = [both for span in apart if (both := span.meets(bound.spans[0]))]
    return apart


def _told(possible: tuple[Span, ...], apart: list[Span], case: tuple[Weighed, ...]) -> Estimate:
    best = _best(possible, case)
    all_spans = [*possible, *([] if _said(case) else apart)]  # what a person says is not widened by what contradicts it
    first, last = min(span.earliest for span in all_spans), max(span.latest for span in all_spans)
    return Estimate(
        earliest=None if first == EARLIEST else first,
        latest=None if last == LATEST else last,
        best=best,
        confidence=_confidence(best, possible, case),
        candidates=possible,
        case=case,
    )


def _best(possible: tuple[Span, ...], case: tuple[Weighed, ...]) -> date | None:
    """The likeliest day: none where a decade is open, or where bounds alone leave more than two years."""
    if len(possible) > 1:
        return None
    (span,) = possible
    told = [w.clue for w in case if w.clue.says is Says.MADE and w.verdict in (Verdict.STANDS, Verdict.AGREES)]
    return span.middle if told or span.days <= TELLING else None


def _confidence(best: date | None, possible: tuple[Span, ...], case: tuple[Weighed, ...]) -> Confidence:
    if best is None:
        return Confidence.NONE
    if _said(case):
        return Confidence.TOLD
    days = possible[0].days
    disagree = {w.verdict for w in case}
    documented = any(
        w.clue.grade <= Grade.TOLD and w.clue.says is Says.MADE and w.verdict in (Verdict.STANDS, Verdict.AGREES)
        for w in case
    )
    if Verdict.CONTRADICTS in disagree:
        return Confidence.LOW
    if days <= NARROW and documented and Verdict.DIFFERS not in disagree:
        return Confidence.HIGH
    return Confidence.MEDIUM if days <= FAIR else Confidence.LOW


def _said(case: tuple[Weighed, ...]) -> bool:
    return any(w.clue.grade is Grade.PERSON for w in case)


def _width(clue: Clue) -> tuple[int, tuple[object, ...]]:
    return sum(span.days for span in clue.spans), clue.order
