"""What is used up while devices stay: toner and drums by page counts, batteries of laptops and UPSs, by year. Pure.

Yields and prices are rows of `consumables.tsv`; makers state yields at 5 % coverage (ISO/IEC 19752, 19798). It knows no
store: page counts and batteries are plain values. It does not guess: a printer with a single reading asks for nothing.

1. Pages a day are those between the first and the last reading, at least `LEAST_DAYS` apart; a counter that fell
   was reset, and what it had counted stands. A year of readings has all holidays; fewer may mislead, and are marked.
2. Parts are counted from the day of the plan; of one whose level nobody tells, half is taken to be left.
3. A battery loses its capacity evenly from new; it is changed once, on the day on which it is worn, if its device is
   there then.
4. Batteries of UPSs are upgrades of the plan: they are told here, and their money is counted there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from collector.refresh import tables, wording
from collector.refresh.plan import Plan
from collector.refresh.prices import priced
from collector.refresh.values import Action, Row, Span, Terms
from collector.refresh.years import Years, years_of

LEAST_DAYS = 28  # between two readings
YEAR_DAYS = 365
COVERAGE = 500  # hundredths of a percent at which yields are stated
HALF = 50  # percent
TONER, DRUM, LAPTOP_BATTERY = "toner", "drum", "laptop battery"
PARTS = (TONER, DRUM, LAPTOP_BATTERY)  # what rows are of, in place of a class


@dataclass(frozen=True, slots=True)
class Count:
    """How many pages a printer had printed by a day."""

    day: date
    pages: int


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer by its counts. `coverage`: hundredths of a percent; `left`: part → percent; `goes`: when it does."""

    device_id: str
    name: str
    school_id: str
    model: str
    counts: tuple[Count, ...]
    colour: bool = False
    coverage: int = COVERAGE
    left: tuple[tuple[str, int], ...] = ()
    goes: date | None = None


@dataclass(frozen=True, slots=True)
class Battery:
    """The battery of a laptop. `since`: from when it is; `health`: percent of its design that it holds today."""

    device_id: str
    name: str
    school_id: str
    since: date
    health: float
    goes: date | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """What a device needs in a year. `cost`: pence without VAT of all of them; `in_plan`: counted there already."""

    device_id: str
    name: str
    school_id: str
    part: str
    year: int
    number: int
    cost: int
    sentence: str
    assumed: bool = False
    in_plan: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the table. `pages`: of a battery 0; `worn`: percent; `cost`: pence each."""

    kind: str
    model: str
    name: str
    pages: int
    number: int
    worn: int
    cost: int
    cost_on: date
    inflation: int
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class Window:
    """For when demand is told: from today through the planned years, each school by its own."""

    today: date
    first: int
    last: int
    terms: Mapping[str, Terms]

    def begins(self, years: Years) -> date:
        """The day from which demand counts."""
        return max(self.today, years.first_day(self.first))


@cache
def parts() -> tuple[Part, ...]:
    """Every row of consumables.tsv."""
    return tuple(map(_part, tables.rows("consumables")))


def parts_of(kind: str, model: str) -> tuple[Part, ...]:
    """The parts of a model: its own rows, all of them, else those of its kind."""
    named = f" {' '.join(model.casefold().split())} "
    rows = [part for part in parts() if part.kind == kind]
    own = [part for part in rows if part.model and f" {part.model}" in named]  # m402: m402dn
    longest = max((len(part.model) for part in own), default=0)
    return tuple(part for part in own or rows if len(part.model) == longest)


def pages_in(counts: Iterable[Count]) -> tuple[int, int] | None:
    """How many pages in how many days; None where the counts are too few, or too close, to tell."""
    ordered = sorted(counts, key=lambda count: (count.day, count.pages))
    if not ordered or (days := (ordered[-1].day - ordered[0].day).days) < LEAST_DAYS:
        return None
    # after a reset the counter began at nothing: what it shows was printed since
    steps = ((after.pages - before.pages, after.pages) for before, after in pairwise(ordered))
    return sum(step if step >= 0 else shown for step, shown in steps), days


def printing(printers: Iterable[Printer], window: Window) -> Iterator[Demand]:
    """The toner and drums of printers, year by year."""
    for printer in printers:
        pages = pages_in(printer.counts)
        if pages is None:
            continue
        for part in parts_of("colour" if printer.colour else "mono", printer.model):
            yield from _of_part(printer, part, pages, window)


def _of_part(printer: Printer, part: Part, pages: tuple[int, int], window: Window) -> Iterator[Demand]:
    years = years_of(window.terms, printer.school_id)
    left = dict(printer.left).get(part.name)
    changed = 0
    for year in range(window.first, window.last + 1):
        by_then = _changes(printer, part, pages, HALF if left is None else left, years, year, window)
        if by_then > changed:
            number = (by_then - changed) * part.number
            each = priced(part.cost, part.cost_on, part.inflation, years, year)
            sentence = _pages_words(part, pages, printer.coverage)
            assumed = left is None or pages[1] < YEAR_DAYS
            yield Demand(
                printer.device_id,
                printer.name,
                printer.school_id,
                part.name,
                year,
                number,
                number * each,
                sentence,
                assumed,
            )
        changed = by_then


def _changes(
    printer: Printer, part: Part, pages: tuple[int, int], left: int, years: Years, year: int, window: Window
) -> int:
    """How often a part is changed from the day of the plan to the end of a year; in whole numbers throughout."""
    end = years.last_day(year) + timedelta(days=1)
    if printer.goes is not None:
        end = min(end, printer.goes)
    days = max((end - window.begins(years)).days, 0)
    printed, observed = pages
    coverage = printer.coverage if part.name == "toner" else COVERAGE
    used = printed * days * coverage * 100 + part.pages * (100 - left) * observed * COVERAGE
    return used // (part.pages * observed * COVERAGE * 100)


def _pages_words(part: Part, pages: tuple[int, int], coverage: int) -> str:
    printed, days = pages
    covered = f", at {coverage / 100:g} % coverage" if part.name == "toner" else ""
    return (
        f"{printed * YEAR_DAYS // days:,} pages a year by its counts of {days} days{covered};"
        f" a {part.name} yields {part.pages:,} pages."
    )


def batteries(packs: Iterable[Battery], window: Window) -> Iterator[Demand]:
    """The batteries of laptops that wear out while the laptop stays."""
    part = parts_of("laptop", "")[0]
    for pack in packs:
        years = years_of(window.terms, pack.school_id)
        day = worn_on(pack, part.worn, window.today)
        if day is None or (pack.goes is not None and day >= pack.goes):
            continue
        year = max(years.of(day), window.first)
        if year > window.last:
            continue
        cost = priced(part.cost, part.cost_on, part.inflation, years, year)
        sentence = (
            f"Its battery holds {pack.health:.3g} % of its design since {wording.month_words(pack.since)};"
            f" {part.worn} % are reached in {wording.month_words(day)}."
        )
        yield Demand(pack.device_id, pack.name, pack.school_id, LAPTOP_BATTERY, year, 1, cost, sentence)


def worn_on(pack: Battery, worn: int, today: date) -> date | None:
    """The day on which a battery is worn, if it goes on as it did; None where it lost nothing yet."""
    if pack.health <= worn:
        return today
    lost = 100 - pack.health
    if lost <= 0 or pack.since >= today:
        return None
    days = round((today - pack.since).days * (100 - worn) / lost)
    return pack.since + timedelta(days=days) if days < 100 * YEAR_DAYS else None


def ups_batteries(plan: Plan) -> Iterator[Demand]:
    """The sets of batteries of UPSs that the plan has as upgrades: their money is counted there."""
    for row in plan.rows:
        if row.action is Action.UPGRADE and row.device_class == "ups" and row.year is not None:
            yield Demand(
                row.row_id, row.name, row.school_id, "ups batteries", row.year, row.number, row.cost, row.sentence,
                row.assumed, in_plan=True,
            )  # fmt: skip


def rows(demands: Iterable[Demand], line: str = "hardware") -> Iterator[Row]:
    """Demand as rows of a plan, each part a class of its own, revenue; not what is counted there already."""
    for one in demands:
        if one.in_plan:
            continue
        span = Span(one.year, one.year, one.year)
        yield Row(
            action=Action.SPEND,
            row_id=one.device_id,
            name=f"{one.name}: {one.part}",
            school_id=one.school_id,
            device_class=one.part,
            line=line,
            year=one.year,
            wanted=span,
            low=one.cost,
            cost=one.cost,
            high=one.cost,
            assumed=one.assumed,
            sentence=one.sentence,
            number=one.number,
            capital=False,
            span=span,
        )


def _part(row: dict[str, str]) -> Part:
    return Part(
        kind=row["kind"],
        model="" if row["model"] == tables.NOTHING else row["model"],
        name=row["part"],
        pages=tables.number(row["yield"]) or 0,
        number=int(row["number"]),
        worn=tables.number(row["worn"]) or 0,
        cost=tables.hundredths(row["cost"]),
        cost_on=date.fromisoformat(row["cost_on"]),
        inflation=tables.hundredths(row["inflation"]),
        source=row["source"],
        checked=row["checked"],
    )
