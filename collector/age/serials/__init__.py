"""What serial numbers tell of the date: one file per maker, found by being here, independent of each other.

A file has `RULES`. Which rule reads a serial number is decided by maker and product class (and by the model, where a
maker used two rules for one class), never by the shape of the string: `CZ162913BZ` reads as a plausible switch of
June 2021 and is a server of July 2016. A maker whose serial numbers carry no date has a rule too: it says so.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from collector.age import About, Clue, Grade, Span, Told, around, decades, made, nothing, of_month, of_week
from collector.facts import maker_key

Read = Callable[[str, About], "Dated | str"]
ANY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dated:
    """What a serial number says: the spans that are possible, and how it was read (`year 5 of a decade, October`)."""

    spans: tuple[Span, ...]
    words: str


@dataclass(frozen=True, slots=True)
class SerialRule:
    """How serial numbers of one maker and some kinds of product are read.

    `makers` are keys as `facts.maker_key` gives them (`hp` stands for HP, HPE, Aruba, ProCurve and 3Com). `kinds` are
    classes of devices and first words of components; empty for all. `read` gets the serial number (upper case, no
    blanks) and what it belongs to; it answers `Dated`, or a sentence that says why there is no date. `fits` decides by
    the model, where maker and class do not. `dates` is false where its answer is always silence. `source` is where the
    rule is written, or the data that shows it.
    """

    name: str
    makers: frozenset[str]
    grade: Grade
    source: str
    read: Read
    kinds: frozenset[str] = ANY
    fits: Callable[[About], bool] = lambda _about: True
    dates: bool = True

    def applies(self, about: About) -> bool:
        """Whether this is the rule for a thing."""
        return (
            maker_key(about.maker) in self.makers and (not self.kinds or about.kind in self.kinds) and self.fits(about)
        )


@cache
def rules() -> tuple[SerialRule, ...]:
    """Every rule of every file, those for certain kinds of product before those for all."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = [rule for name in names for rule in importlib.import_module(f"{__name__}.{name}").RULES]
    return tuple(sorted(found, key=lambda rule: (not rule.kinds, rule.name)))


def clues(about: About, known: Iterable[SerialRule] | None = None) -> Iterable[Clue]:
    """The clue of the one rule that applies; none where the maker has no rule or there is no serial number."""
    serial = "".join(about.serial.split()).upper()
    if not serial:
        return ()
    for rule in rules() if known is None else known:
        if rule.applies(about):
            return (_clue(rule, serial, about),)
    return ()


def _clue(rule: SerialRule, serial: str, about: About) -> Clue:
    told: Told | None = about.first("serial")
    try:
        answer = rule.read(serial, about)
    except ValueError as error:  # a month 13, a week 54: the number was not made by this rule
        answer = f"{error} in a serial number that should tell the date"
    if isinstance(answer, Dated) and answer.spans:
        return made(answer.spans, rule.grade, f"serial.{rule.name}", serial, answer.words, told)
    words = answer if isinstance(answer, str) else "no date of this rule is possible"
    return nothing(f"serial.{rule.name}", serial, words, told)


# ------------------------------------------------------------------------------------------------ kinds of product

WIRELESS = frozenset({"access point", "wireless controller", "wireless bridge"})
DEVICES = WIRELESS | {"switch", "router", "firewall", "load balancer", "voice gateway", "media converter", "modem"}
SCREENS = frozenset({"monitor", "display", "projector"})
COMPUTERS = frozenset({
    "desktop", "laptop", "tablet", "thin client", "computer", "server", "hypervisor", "management controller",
})  # fmt: skip
PRINTERS = frozenset({"printer", "label printer"})
POWER = frozenset({"ups", "pdu", "transfer switch", "rectifier", "sensor", "air conditioner"})
STORAGE = frozenset({"storage", "nas"})
CAMERAS = frozenset({"camera", "video recorder"})
TELEPHONY = frozenset({"phone", "video conference", "pbx", "voice gateway"})
#: parts that carry the serial number of the maker of their device
BOARDS = frozenset({"chassis", "stack member", "member", "module", "node", "controller"})
PARTS = BOARDS | {"power supply", "fan", "transceiver"}


def told_maker(about: About) -> bool:
    """Whether the thing itself tells its maker: a transceiver that does not may be anybody's."""
    return bool(about.text("maker"))


# ------------------------------------------------------------------------------------------------ ways to read

LAST_YEAR = 2039
MONTHS = "123456789ABC"  # as most makers write them
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
#: the form of Avaya's and Nortel's switches, many of which are Extreme's now
WEEKDAY_FORM = "YYSSWWDxxxxx"
WEEKDAY = r"(?P<year>\d\d)[A-Z]{2}(?P<week>\d\d)(?P<day>[1-7])[0-9A-Z]{5}"
#: one character six times (seven noughts: a sequence may start with five), or digits counted up
MASKED = re.compile(r"([1-9A-WYZ])\1{5}|0{7}|123456")

Found = Callable[[re.Match[str], About], "Dated | str"]


def reader(*forms: tuple[str, str, Found]) -> Read:
    """Reads serial numbers of the first form that fits: name, pattern, what it means. Of all others it says why not."""
    compiled = [(re.compile(pattern), found) for _, pattern, found in forms]
    names = " or ".join(name for name, _, _ in forms)

    def read(serial: str, about: About) -> Dated | str:
        if MASKED.search(serial):
            return "a masked or made-up serial number"
        for pattern, found in compiled:
            if match := pattern.fullmatch(serial):
                return found(match, about)
        return f"not of the form {names} that carries a date"

    return read


def silent(
    name: str,
    makers: Iterable[str],
    reason: str,
    *,
    source: str,
    kinds: frozenset[str] = ANY,
    fits: Callable[[About], bool] = lambda _about: True,
) -> SerialRule:
    """A rule that says why there is no date."""
    return SerialRule(
        name, frozenset(makers), Grade.INFERRED, source, lambda _serial, _about: reason, kinds, fits, dates=False
    )


def week(year: int, number: int, *, since: int, before: int, after: int) -> Span:
    """A week, widened by days; raises ValueError for a week that no year has, or a year without such products."""
    if not since <= year <= LAST_YEAR:
        raise ValueError(f"year {year}")
    return of_week(year, number, before=before, after=after)


def one_week(year: int, number: int, *, since: int, before: int, after: int) -> Dated:
    """The answer of a rule that tells year and week."""
    span = week(year, number, since=since, before=before, after=after)
    return Dated((span,), f"week {number} of {year}")


def weekday(match: re.Match[str], _about: About) -> Dated:
    """The day that the groups year, week and day of a match tell; day 1 is Sunday, which opens or closes its week."""
    year, number, day = 2000 + int(match["year"]), int(match["week"]), int(match["day"])
    first = week(year, number, since=2000, before=0, after=0).earliest + timedelta(days=day - 2)
    last = first + timedelta(days=7 if day == 1 else 0)
    return Dated((around(first, last, before=8, after=4),), f"{WEEKDAYS[day - 1]} of week {number} of {year}")


def month_of(code: str, codes: str = MONTHS) -> int:
    """The month, 1 to 12, that a character stands for; raises ValueError for others."""
    if code not in codes:
        raise ValueError(f"month {code}")
    return codes.index(code) + 1


def full_year(two_digits: str, *, since: int = 1985, until: int = 2039) -> int:
    """The year of two digits; raises ValueError where it is none of the years that a rule is for."""
    number = int(two_digits)
    year = next((century + number for century in (2000, 1900) if since <= century + number <= until), None)
    if year is None:
        raise ValueError(f"year {two_digits}")
    return year


def in_months(years: Iterable[int], month: int, *, before: int, after: int, told: str = "") -> Dated:
    """One month of one year, or of several that are possible; `told` is how the year was written."""
    years = tuple(years)
    year = told or str(*years)
    return Dated(
        tuple(of_month(one, month, before=before, after=after) for one in years), f"{MONTH_NAMES[month - 1]} {year}"
    )


def year_and_month(*, since: int, before: int, after: int) -> Found:
    """The month that the groups year (two digits) and month of a match tell."""

    def found(match: re.Match[str], _about: About) -> Dated:
        year = full_year(match["year"], since=since)
        return in_months([year], month_of(match["month"]), before=before, after=after)

    return found


def in_weeks(digit: str, week: int, *, since: int, until: int = 2039, before: int, after: int) -> Dated:
    """One week of the years that end in a digit; raises ValueError for a week that no year has."""
    spans: tuple[Span, ...] = tuple(
        of_week(year, week, before=before, after=after) for year in decades(int(digit), since, until)
    )
    return Dated(spans, f"week {week} of a year that ends in {digit}")
