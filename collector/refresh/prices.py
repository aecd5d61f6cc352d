"""What a thing costs in a year to come: whole pence, compound inflation, rounded once. Pure integer arithmetic.

A price has the day that it is of. It rises once with each year of the school that begins after the year of that day,
so that everything of one year has one price: cost × (1 + inflation)^years, half a penny rounded up. A year before the
day of the price has the price itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from collector.refresh.values import Span
from collector.refresh.years import Years, half_up

WHOLE = 10_000  # hundredths of a percent

PriceOf = Callable[[int], int]


@lru_cache(maxsize=4_096)
def inflated(pence: int, inflation: int, years: int) -> int:
    """Pence after so many years of inflation, in hundredths of a percent a year."""
    return pence if years <= 0 else half_up(pence * (WHOLE + inflation) ** years, WHOLE**years)


def priced(pence: int, on: date, inflation: int, years: Years, year: int) -> int:
    """A price of a day in a year of a school."""
    return inflated(pence, inflation, year - years.of(on))


def span_of(price: PriceOf, span: Span, year: int | None, last: int) -> tuple[int, int, int]:
    """Low, expected and high of what is done in `year`, None for after the `last`, but may be done within a span.

    Low and high are the prices at both ends of the span. What is done after the plan is expected to cost it nothing;
    low is nothing where it may be done after it.
    """
    if span.earliest > last:
        return 0, 0, 0
    expected = 0 if year is None else price(year)
    if span.earliest == span.latest:
        return expected, expected, expected
    ends = (price(span.earliest), price(min(span.latest, last)))
    return (0 if span.latest > last else min(ends)), expected, max(ends)
