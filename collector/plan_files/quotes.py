"""The price behind each row of a plan, so that a file can reckon with it: rows of the same price share one. Pure.

It finds again what the plan took: the policy of a device, a need's own price, a line's. Where the plan made something
else of a row, whoever compares sees it. `within`: the rows of a plan as a choice within a budget leaves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from collector.plan_files import Content
from collector.refresh.asked import months_in
from collector.refresh.course import Horizon
from collector.refresh.prices import WHOLE
from collector.refresh.values import Action, Row, Span, Spending
from collector.refresh.years import MONTHS, half_up, years_of

OWN = "said by a person for it"


@dataclass(frozen=True, slots=True)
class Quote:
    """A price of a day, whose year is `base`, and how it rises, in hundredths of a percent a year.

    `such`: a thing that has it. `months`: of a line without a device, how many of twelve are paid in each planned year.
    """

    what: str
    such: str
    pence: int
    inflation: int
    base: int
    source: str = ""
    months: tuple[int, ...] = ()

    def paid(self, place: int) -> int:
        """The months that are paid in the year at a place of the plan."""
        return self.months[place] if self.months else MONTHS

    def of(self, year: int, first: int) -> int:
        """Pence in a planned year: rounded once, half a penny up."""
        over = max(0, year - self.base)
        return half_up(self.pence * self.paid(year - first) * (WHOLE + self.inflation) ** over, MONTHS * WHOLE**over)


class Quotes:
    """Finds the quotes of the rows of one plan."""

    def __init__(self, content: Content) -> None:
        estate = content.estate
        self._content = content
        self._kit = {kit.device_id: kit for kit in estate.kit}
        self._needs = {need.need_id: need for need in estate.needs}
        self._lines = {line.line_id: line for line in estate.spending}
        self._found: dict[tuple[object, ...], Quote] = {}

    def of(self, row: Row) -> Quote | None:
        """The price of one of what a row is about; None where nothing is bought, or it is not known here."""
        if row.action is Action.SPEND:
            return self._of_line(row)
        if row.action is Action.ADD:
            return self._of_need(row)
        return None if row.action is Action.RETIRE else self._of_device(row)

    def all(self) -> list[Quote]:
        """Every quote that was found, by what it is of."""
        return sorted(self._found.values(), key=lambda one: (bool(one.months), one.what, one.such, one.pence))

    def _of_device(self, row: Row) -> Quote | None:
        kit = self._kit.get(row.row_id)
        if kit is None:
            return None
        policy = self._content.policies.of(kit)
        upgrade = row.action is Action.UPGRADE
        what = f"{kit.device_class}, upgrade" if upgrade else kit.device_class
        base = self._base(row.school_id, policy.cost_on)
        pence = policy.upgrade_cost if upgrade else policy.cost
        key = (what, pence, policy.inflation, base)
        return self._found.get(key) or self._keep(
            key, Quote(what, f"{kit.maker} {kit.model}".strip(), pence, policy.inflation, base, policy.source)
        )

    def _of_need(self, row: Row) -> Quote | None:
        need = self._needs.get(row.row_id)
        if need is None:
            return None
        policy = self._content.policies.find(need.school_id, need.device_class, model=need.what).policy
        pence, on, source = policy.cost, policy.cost_on, policy.source
        if need.cost is not None:
            pence, on, source = need.cost, self._content.estate.today, OWN
        base = self._base(need.school_id, on)
        key = (need.device_class, pence, policy.inflation, base)
        return self._found.get(key) or self._keep(
            key, Quote(need.device_class, need.what, pence, policy.inflation, base, source)
        )

    def _of_line(self, row: Row) -> Quote | None:
        line = self._lines.get(row.row_id)
        if line is None:
            return None
        key = (line.line_id,)
        found = self._found.get(key)
        if found is None:
            base = self._base(line.school_id, max(line.starts, self._content.estate.today))
            quote = Quote(line.what, "", line.cost, line.inflation, base, OWN, self._months(line))
            found = self._keep(key, quote)
        return found

    def _months(self, line: Spending) -> tuple[int, ...]:
        content = self._content
        years = years_of(content.estate.terms, line.school_id)
        if not line.yearly:
            return tuple(MONTHS * (years.of(line.starts) == year) for year in content.years)
        horizon = Horizon(years, content.first, content.last)
        return tuple(months_in(line, horizon, year) for year in content.years)

    def _base(self, school_id: str, day: date) -> int:
        return years_of(self._content.estate.terms, school_id).of(day)

    def _keep(self, key: tuple[object, ...], quote: Quote) -> Quote:
        self._found[key] = quote
        return quote


def within(content: Content, chosen: Mapping[str, tuple[int | None, str]]) -> tuple[Row, ...]:
    """The rows with the years that were chosen within a budget, and why, by the id of a device or need.

    What is moved is done in that year, whatever its age: it has one price, no range. What is done in no year costs
    nothing in any. What comes after it (`again`), its upgrades, and all that is not chosen of stand as they were.
    """
    quotes = Quotes(content)
    return tuple(_settled(content, quotes, row, chosen) for row in content.rows)


def _settled(content: Content, quotes: Quotes, row: Row, chosen: Mapping[str, tuple[int | None, str]]) -> Row:
    movable = row.action in (Action.REPLACE, Action.EXTEND, Action.ADD) and not row.again
    if not movable or row.row_id not in chosen:
        return row
    year, sentence = chosen[row.row_id]
    if year == row.year:
        return row
    sentence = sentence or row.sentence
    if year is None:
        return replace(row, year=None, low=0, cost=0, high=0, sentence=sentence)
    quote = quotes.of(row)
    cost = row.number * quote.of(year, content.first) if quote else row.cost
    return replace(row, year=year, low=cost, cost=cost, high=cost, sentence=sentence, span=Span(year, year, year))
