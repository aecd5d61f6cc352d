"""The age that is assumed of a device of which nothing tells one. Pure: it says what it assumed, and from what.

In this order: the median of the devices of its class in its school, that of the trust, and, where nobody of the class
has an age, half of what the policy keeps it. The range is the middle half of those devices (their quartiles); where
fewer than `FEW` tell, it is at least a quarter of the policy's life to each side; where none does, the whole life. An
age is never after the day of the plan. It knows no replace-by date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from collector.refresh import wording
from collector.refresh.values import Kit, Made, Policy
from collector.refresh.years import add_months

FEW = 4  # so few ages have no quartiles worth the name


@dataclass(frozen=True, slots=True)
class Age:
    """When a device was made or bought. `words`: how that is known, the beginning of its sentence."""

    earliest: date
    best: date
    latest: date
    words: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Middle:
    """Median and quartiles of when the devices of a class were made or bought."""

    count: int
    low: date
    median: date
    high: date


def middle(days: Iterable[date]) -> Middle:
    """The median (of an even number, half way between the two, to the day before) and the quartiles, outwards."""
    sorted_days = sorted(day.toordinal() for day in days)
    last = len(sorted_days) - 1
    median = (sorted_days[last // 2] + sorted_days[(last + 1) // 2]) // 2
    low, high = sorted_days[last // 4], sorted_days[-(last // 4) - 1]
    return Middle(last + 1, date.fromordinal(low), date.fromordinal(median), date.fromordinal(high))


class Ages:
    """The ages of an estate, and what is assumed where there is none."""

    def __init__(self, kit: Iterable[Kit], today: date) -> None:
        self._today = today
        by_school: dict[tuple[str, str], list[date]] = {}
        by_class: dict[str, list[date]] = {}
        for one in kit:
            day = known(one)
            if day is not None:
                by_school.setdefault((one.school_id, one.device_class), []).append(day)
                by_class.setdefault(one.device_class, []).append(day)
        self._by_school = {key: middle(days) for key, days in by_school.items()}
        self._by_class = {key: middle(days) for key, days in by_class.items()}
        self._assumed: dict[tuple[str, str, int], Age] = {}

    def of(self, kit: Kit, policy: Policy) -> Age:
        """The age of a device: as it is known, else as it is assumed."""
        if kit.bought is not None:
            return Age(kit.bought, kit.bought, kit.bought, f"Bought {wording.month_words(kit.bought)}")
        if kit.made is not None:
            return _told(kit.made)
        key = (kit.school_id, kit.device_class, policy.life)
        age = self._assumed.get(key)
        if age is None:
            age = self._assumed[key] = self._assume(kit, policy)
        return age

    def _assume(self, kit: Kit, policy: Policy) -> Age:
        school = self._by_school.get((kit.school_id, kit.device_class))
        found = school or self._by_class.get(kit.device_class)
        if found is None:
            return self._half_life(kit, policy)
        low, high = found.low, found.high
        if found.count < FEW:
            low = min(low, add_months(found.median, -(policy.life // 4)))
            high = max(high, add_months(found.median, policy.life // 4))
        high = max(found.median, min(high, self._today))
        of = wording.many(kit.device_class) if found.count != 1 else kit.device_class
        words = (
            f"Its age is not known: assumed {wording.month_words(found.median)}, the median of {found.count} {of}"
            f" of {'its school' if school else 'the trust'} (from {wording.month_words(low)}"
            f" to {wording.month_words(high)})"
        )
        return Age(low, found.median, high, words, assumed=True)

    def _half_life(self, kit: Kit, policy: Policy) -> Age:
        oldest, half = (add_months(self._today, -months) for months in (policy.life, policy.life // 2))
        words = (
            f"Its age is not known, nor that of any of the {wording.many(kit.device_class)} of the trust: assumed half"
            f" of its life old (made between {wording.month_words(oldest)} and now)"
        )
        return Age(oldest, half, self._today, words, assumed=True)


def known(kit: Kit) -> date | None:
    """The day from which its age counts, where anything tells one: bought stands before made."""
    if kit.bought is not None:
        return kit.bought
    return kit.made.best if kit.made is not None else None


def _told(made: Made) -> Age:
    best = wording.month_words(made.best)
    if made.exact or made.earliest == made.latest:
        return Age(made.earliest, made.best, made.latest, f"Made {best}")
    low, high = wording.month_words(made.earliest), wording.month_words(made.latest)
    return Age(made.earliest, made.best, made.latest, f"Made about {best} (from {low} to {high})")
