"""How old is it: what counts as evidence of age, and the values that carry it from a device's facts to an estimate.

`assess` reads as a table of contents: facts → clues → estimate. A clue is one piece of evidence of age: when something
was made, or a day that it cannot be older or younger than. All of this is pure: no store, no clock. It does not know
where facts come from, nor what an age means for the budget.

1. A clue says what its source says, in spans that its precision allows; where a year may be one of several decades,
   it says all of them.
2. Which rule reads a serial number is decided by maker and product class, never by the shape of the string.
3. *Unknown* comes with its reason.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from collector.facts import Value

EARLIEST, LATEST = date(1985, 1, 1), date.max  # no machine in a school is older


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from `earliest` to `latest`, both included; `best` is the likeliest of them where the source tells one."""

    earliest: date
    latest: date
    best: date | None = None

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise ValueError(f"a span from {self.earliest} to {self.latest}")

    @property
    def days(self) -> int:
        """How many days it leaves open: 0 for one day."""
        return (self.latest - self.earliest).days

    @property
    def middle(self) -> date:
        """The likeliest day, else the one in the middle."""
        return self.best or self.earliest + timedelta(days=self.days // 2)

    def meets(self, other: Span) -> Span | None:
        """The days of both, or None. The narrower tells the likeliest day."""
        first, last = max(self.earliest, other.earliest), min(self.latest, other.latest)
        if first > last:
            return None
        best = (self if self.days <= other.days else other).best or self.best or other.best
        return Span(first, last, min(max(best, first), last) if best else None)

    def gap(self, other: Span) -> int:
        """Days between the two, 0 where they meet."""
        return max((self.earliest - other.latest).days, (other.earliest - self.latest).days, 0)


class Says(enum.Enum):
    """What a clue is about."""

    MADE = "made"  # in one of its spans
    NOT_BEFORE = "not before"
    NOT_AFTER = "not after"
    NOTHING = "nothing"  # it could have told and does not: the reason stands in its words


class Grade(enum.IntEnum):
    """How far a clue is believed, the strongest first. The order is that of facts weighed by auditors."""

    PERSON = -1  # a person who corrected the age: it stands, whatever else is said
    SEEN = 0  # the first sighting, by an agent's corrected clock
    RECORD = 1  # a person's word with a paper: purchase, warranty start
    LAUNCH = 2  # nothing is made (long) before its model or its processor is sold
    IN_SERVICE = 3  # the device tells when it was first used or installed
    DOCUMENTED = 4  # a serial rule that the maker documents, or that recorded dates confirm
    TOLD = 5  # the device tells its date of manufacture
    OBSERVED = 6  # a serial rule that samples show and no document does
    PART = 7  # a part that came with the device: battery, memory, panel
    INFERRED = 8  # a serial rule from a handful of samples
    HINT = 9  # end of sale, BIOS date, install date of the system: true as far as they go, and that is not far


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as age sees it: value, where in the evidence it was read, and since when the device says so."""

    name: str
    value: Value
    rule: str = ""
    group: str = ""
    locator: str = ""
    component: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """What people say; empty where nobody has said anything.

    `made` is a corrected date of manufacture, as `written_span` reads it, and `made_by` the id of that correction.
    """

    purchased: date | None = None
    warranty_start: date | None = None
    made: str = ""
    made_by: str = ""


NO_RECORDS = Records()


@dataclass(frozen=True, slots=True)
class About:
    """One device or one component: what it is, what it tells, and when it was first seen.

    `kind` is the class of a device (`switch`), the first word of a component's path (`battery` of `battery/0`).
    A component's `maker` is the device's where it tells none. `told` maps a fact's name to everything that was said,
    the statement that stands first; of `bios_date` also what was said in the past.
    """

    kind: str
    maker: str = ""
    model: str = ""
    serial: str = ""
    component: str = ""
    told: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)
    first_seen: date | None = None
    records: Records = NO_RECORDS

    def first(self, name: str) -> Told | None:
        """The statement that stands for a name, or None."""
        return next(iter(self.told.get(name, ())), None)

    def text(self, name: str) -> str:
        """Its value as text, or ""."""
        found = self.first(name)
        return str(found.value) if found else ""


@dataclass(frozen=True, slots=True)
class Clue:
    """One piece of evidence of age.

    `spans`: one for a bound, one or more for `MADE` (decades that the source leaves open), none for `NOTHING`.
    `raw` is the value as it came, `words` what it was read as, in a sentence without its maker's name at the front.
    """

    says: Says
    spans: tuple[Span, ...]
    grade: Grade
    rule: str
    raw: str
    words: str
    told: Told | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Strongest first, of equals the more precise; the rest makes the order of arrival meaningless."""
        spans = tuple((span.earliest, span.latest, span.middle) for span in self.spans)
        place = (self.told.group, self.told.locator, self.told.rule) if self.told else ()
        width = sum(span.days for span in self.spans)
        return self.grade, width, self.rule, self.raw, self.words, self.says.value, spans, place


# ------------------------------------------------------------------------------------------------ spans of sources


def around(first: date, last: date, *, before: int = 0, after: int = 0) -> Span:
    """A span widened by the days that a source is known to be off; the likeliest day is the narrow one's middle."""
    best = first + timedelta(days=(last - first).days // 2)
    return Span(first - timedelta(days=before), last + timedelta(days=after), best)


def of_day(day: date, *, before: int = 0, after: int = 0) -> Span:
    """One day."""
    return around(day, day, before=before, after=after)


def of_week(year: int, week: int, *, before: int = 0, after: int = 0) -> Span:
    """A week of a year, 1 to 53, counted from the year's first day or by ISO 8601: makers do not tell which.

    Raises ValueError for a week that no year has.
    """
    if not 1 <= week <= 53:
        raise ValueError(f"week {week}")
    monday = date(year, 1, 4) - timedelta(days=date(year, 1, 4).weekday()) + timedelta(weeks=week - 1)
    return around(monday, monday + timedelta(days=6), before=before, after=after)


def of_month(year: int, month: int, *, before: int = 0, after: int = 0) -> Span:
    """A month; raises ValueError outside 1 to 12."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return around(first, following - timedelta(days=1), before=before, after=after)


def of_year(year: int, *, before: int = 0, after: int = 0) -> Span:
    """A whole year."""
    return around(date(year, 1, 1), date(year, 12, 31), before=before, after=after)


def written_span(written: str) -> Span:
    """The days of a date that a person wrote: `2016`, `2016-09` or `2016-09-14`; ValueError where it is none."""
    parts = written.strip().split("-")
    if [len(part) for part in parts] != [4, 2, 2][: len(parts)] or not (
        written.isascii() and all(map(str.isdecimal, parts))
    ):
        raise ValueError(f"{written[:20]!r} is no date: write it as 2016, 2016-09 or 2016-09-14")
    numbers = [int(part) for part in parts]
    try:
        return (of_year, of_month, lambda *day: of_day(date(*day)))[len(parts) - 1](*numbers)
    except ValueError:
        raise ValueError(f"{written[:20]!r} is not in the calendar") from None


def decades(digit: int, since: int, until: int = 2039) -> Iterator[int]:
    """The years that end in a digit: the decades that a serial number leaves open."""
    return (year for year in range(since, until + 1) if year % 10 == digit)


# ------------------------------------------------------------------------------------------------ kinds of clues


def made(spans: Iterable[Span], grade: Grade, rule: str, raw: str, words: str, told: Told | None = None) -> Clue:
    """It was made in one of these spans."""
    return Clue(Says.MADE, tuple(sorted(spans)), grade, rule, raw, words, told)


def not_before(day: date, grade: Grade, rule: str, raw: str, words: str, told: Told | None = None) -> Clue:
    """It cannot have been made before a day."""
    return Clue(Says.NOT_BEFORE, (Span(day, LATEST),), grade, rule, raw, words, told)


def not_after(day: date, grade: Grade, rule: str, raw: str, words: str, told: Told | None = None) -> Clue:
    """It cannot have been made after a day."""
    return Clue(Says.NOT_AFTER, (Span(EARLIEST, max(day, EARLIEST)),), grade, rule, raw, words, told)


def nothing(rule: str, raw: str, words: str, told: Told | None = None) -> Clue:
    """It could have told, and does not: why."""
    return Clue(Says.NOTHING, (), Grade.HINT, rule, raw, words, told)
