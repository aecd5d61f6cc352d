"""A device's replace-by dates, and which of them binds: the earliest. Pure; it knows no year, no budget, no decision.

Policy age: bought (else made) plus the life of its policy. End of support: of what ends first. Condition: since when
its worst state lasts, else today. DfE minimum: since when it fails one that only replacing mends, else today. Lease:
its last day. Of two on the same day, the one first in this list binds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from collector.refresh import wording
from collector.refresh.assume import Age
from collector.refresh.values import Due, Kit, Policy, Why
from collector.refresh.years import add_months

_ORDER = {why: place for place, why in enumerate(Why)}


@dataclass(frozen=True, slots=True)
class Dates:
    """The replace-by dates of a device, the one that binds first; `earliest`, `latest`: of the one that binds.

    `assumed`: the day that binds, or how early or late it may be, rests on an assumed age.
    """

    due: tuple[Due, ...]
    earliest: date
    latest: date
    assumed: bool

    @property
    def day(self) -> date:
        """The day that binds."""
        return self.due[0].day


def dates(kit: Kit, policy: Policy, age: Age, today: date) -> Dates:
    """The replace-by dates of a device of an age."""
    by_age = Due(Why.AGE, add_months(age.best, policy.life), _age_words(kit, policy, age), assumed=age.assumed)
    earliest, latest = add_months(age.earliest, policy.life), add_months(age.latest, policy.life)
    others = _others(kit, policy, today)
    if not others:
        return Dates((by_age,), earliest, latest, age.assumed)
    found = tuple(sorted((by_age, *others), key=_first))
    bound = min(one.day for one in others)
    earliest, latest = min(bound, earliest), min(bound, latest)
    return Dates(found, earliest, latest, age.assumed and (found[0] is by_age or earliest != latest))


def due(kit: Kit, policy: Policy, age: Age, today: date) -> tuple[Due, ...]:
    """The replace-by dates of a device, the one that binds first."""
    return dates(kit, policy, age, today).due


def because(found: tuple[Due, ...]) -> str:
    """Why the first date binds, without the full stop: the age, and what displaced it."""
    binding = found[0]
    if binding.why is Why.AGE:
        return binding.words
    by_age = next((one for one in found if one.why is Why.AGE), None)
    return f"{by_age.words}; but before that {binding.words}, which binds" if by_age else binding.words


def _first(one: Due) -> tuple[date, int]:
    return (one.day, _ORDER[one.why])


def _age_words(kit: Kit, policy: Policy, age: Age) -> str:
    until = wording.month_words(add_months(age.best, policy.life))
    return f"{age.words}; {wording.many(kit.device_class)} are kept {wording.length(policy.life)}, so {until}"


def _others(kit: Kit, policy: Policy, today: date) -> list[Due]:
    found: list[Due] = []
    if kit.support_ends is not None:
        found.append(Due(Why.SUPPORT, kit.support_ends, _support_words(kit, policy, kit.support_ends, today)))
    if kit.condition:
        since = kit.condition_since
        words = f"its condition asks for it{f' since {wording.day_words(since)}' if since else ''} ({kit.condition})"
        found.append(Due(Why.CONDITION, since or today, words))
    if kit.minimum:
        since = kit.minimum_since
        words = f"it fails a DfE minimum{f' since {wording.day_words(since)}' if since else ''} ({kit.minimum})"
        found.append(Due(Why.MINIMUM, since or today, words))
    if kit.lease_ends is not None:
        ended = "ended" if kit.lease_ends < today else "ends"
        found.append(Due(Why.LEASE, kit.lease_ends, f"its lease {ended} on {wording.day_words(kit.lease_ends)}"))
    return found


def _support_words(kit: Kit, policy: Policy, ends: date, today: date) -> str:
    what = f"its {kit.support_words}" if kit.support_words else "its maker's support"
    words = f"{what} {'ended' if ends < today else 'ends'} on {wording.day_words(ends)}"
    if kit.bought is not None and policy.minimum is not None and ends < add_months(kit.bought, policy.minimum):
        words += f", short of the {wording.length(policy.minimum)} of security support that DfE asks for"
    return words
