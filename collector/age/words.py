"""Estimates in words, for pages and for the terminal: when it was made, and why that is believed."""

from __future__ import annotations

from datetime import date

from collector.age import LATEST, Clue, Grade, Says, Span
from collector.age.estimate import Confidence, Estimate, Verdict, Weighed

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
TO_THE_DAY, TO_THE_MONTH, TO_THE_YEAR = 12, 120, 420  # days that are left open
DAYS_A_YEAR = 365.25
MOST_LISTED = 3  # years that are named one by one
WEEKS = 21  # days of a disagreement that are told in days

#: what kind of evidence a grade is
GRADES = {
    Grade.PERSON: "correction",
    Grade.SEEN: "sighting", Grade.RECORD: "record", Grade.LAUNCH: "launch", Grade.IN_SERVICE: "told by the device",
    Grade.DOCUMENTED: "documented rule", Grade.TOLD: "told by the device", Grade.OBSERVED: "rule seen in samples",
    Grade.PART: "a part of it", Grade.INFERRED: "rule from few samples", Grade.HINT: "hint",
}  # fmt: skip


def day(value: date) -> str:
    """A day as people in the United Kingdom write it."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """A month."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def when(estimate: Estimate) -> str:
    """When it was made, no more precisely than is known; "unknown" where nothing bounds it from below."""
    if len(estimate.candidates) > 1:
        years = dict.fromkeys(str(span.middle.year) for span in estimate.candidates)
        listed = " or ".join(years)
        return listed if len(years) <= MOST_LISTED else f"one of {len(years)} years since {next(iter(years))}"
    if estimate.best and estimate.contradicted and estimate.confidence is not Confidence.TOLD:
        return f"{month(estimate.best)} (contradicted)"
    if estimate.best:
        return _precise(estimate.best, estimate.candidates[0].days)
    if estimate.earliest and estimate.latest:
        return _between(estimate.earliest, estimate.latest)
    return "unknown"


def _precise(best: date, days: int) -> str:
    if days <= TO_THE_DAY:
        return day(best)
    if days <= TO_THE_MONTH:
        return month(best)
    return str(best.year) if days <= TO_THE_YEAR else f"about {best.year}"


def _between(first: date, last: date) -> str:
    return f"between {first.year} and {last.year}" if first.year < last.year else f"in {first.year}"


def spans(clue: Clue) -> str:
    """What a clue allows."""
    if clue.says is Says.NOTHING or not clue.spans:
        return "no date"
    if clue.says is Says.NOT_BEFORE:
        return f"not before {day(clue.spans[0].earliest)}"
    if clue.says is Says.NOT_AFTER:
        return f"not after {day(clue.spans[0].latest)}"
    return " or ".join(_span(span) for span in clue.spans)


def _span(span: Span) -> str:
    if span.latest == LATEST:
        return f"since {day(span.earliest)}"
    return _precise(span.middle, span.days) if span.days <= TO_THE_YEAR else _between(span.earliest, span.latest)


def verdict(weighed: Weighed) -> str:
    """What became of a clue, with the size of a disagreement."""
    if weighed.verdict not in (Verdict.DIFFERS, Verdict.CONTRADICTS):
        return str(weighed.verdict.value)
    months = weighed.gap_days / DAYS_A_YEAR * 12
    by = f"{weighed.gap_days} days" if weighed.gap_days <= WEEKS else f"{months:.0f} months"
    return f"{weighed.verdict.value}: {by} off"


def reason(estimate: Estimate) -> str:
    """One sentence: why the best date, or why there is none."""
    clue = estimate.decided_by
    if clue:
        others = sum(w.verdict in (Verdict.DIFFERS, Verdict.CONTRADICTS) for w in estimate.case)
        against = f"; {others} of {len(estimate.case)} pieces of evidence disagree" if others else ""
        source = "its serial number tells " if clue.rule.startswith("serial.") else ""
        return f"{source}{clue.words} ({GRADES[clue.grade]}, {clue.raw}){against}"
    silent = [w.clue.words for w in estimate.case if w.verdict is Verdict.SILENT]
    if len(estimate.candidates) > 1:
        return "the evidence leaves the decade open: no launch, sighting or record settles it"
    if estimate.best:
        return "no evidence tells a date; launch and sightings leave less than two years"
    return silent[0] if silent else "nothing that it tells has a date"


def years(estimate: Estimate, today: date) -> float | None:
    """Years since the best date, or None."""
    return (today - estimate.best).days / DAYS_A_YEAR if estimate.best else None


def told(estimate: Estimate, today: date) -> str:
    """Date and age in one phrase: `October 2015, 11.1 years old`."""
    old = years(estimate, today)
    return when(estimate) if old is None else f"{when(estimate)}, {old:.1f} years old"
