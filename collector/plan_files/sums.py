"""What the files of a plan say in sums, so that every form says the same. Pure, whole pence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collector.plan_files import Content
from collector.plan_files.quotes import Quote, Quotes
from collector.refresh import totals
from collector.refresh.lines import line_of, lines
from collector.refresh.totals import Total
from collector.refresh.values import Action, Row
from collector.refresh.years import half_up

ASKED = (Action.ADD, Action.SPEND)


@dataclass(frozen=True, slots=True)
class Code:
    """A line of a return: "BFR 624", the category's name, capital or revenue; `pence` by year."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What the money leaves of a school: things, pence at the prices of the year they fell due, and risk."""

    number: int = 0
    pence: int = 0
    risk: float = 0.0


class Sums:
    """The sums of one plan. `schools` and `aims` have numbers, from 1, by which a spreadsheet adds them up."""

    def __init__(self, content: Content) -> None:
        rows, first, last = content.rows, content.first, content.last
        self.content = content
        self.quotes = Quotes(content)
        self.years = totals.by_year(rows, first, last)
        self.whole = totals.total(rows, first, last)
        self.schools = content.present()
        self.numbers = {school_id: number for number, school_id in enumerate(self.schools, 1)}
        self.by_school = totals.table(rows, lambda row: row.school_id, first, last)
        self.by_code = totals.table(rows, content.code, first, last)
        self.by_line = totals.table(rows, lambda row: line_of(row.line).name, first, last)
        aims = sorted({row.aim for row in rows if row.action in ASKED})
        self.aims = {aim: number for number, aim in enumerate(aims, 1)}
        self.by_aim = dict.fromkeys(self.aims.values(), (0, 0))
        self.undone: dict[str, Undone] = {}
        for row in rows:
            self._take(row)

    def _take(self, row: Row) -> None:
        left = self.left(row)
        if row.action in ASKED:
            planned, undone = self.by_aim[self.aims[row.aim]]
            self.by_aim[self.aims[row.aim]] = (planned + row.cost * (row.year is not None), undone + left)
        if self.content.is_undone(row):
            had = self.undone.get(row.school_id, Undone())
            risk = had.risk + self.content.risk(row)
            self.undone[row.school_id] = Undone(had.number + row.number, had.pence + left, risk)

    @property
    def left_undone(self) -> Undone:
        """What is left undone in all schools."""
        each = self.undone.values()
        return Undone(sum(u.number for u in each), sum(u.pence for u in each), sum(u.risk for u in each))

    def left(self, row: Row) -> int:
        """Pence of what is left undone, at the price of the year in which it fell due; 0 of what is done."""
        if not self.content.is_undone(row):
            return 0
        quote = self.quotes.of(row)
        year = max(row.span.best, self.content.first)
        return row.number * quote.of(year, self.content.first) if quote else row.high

    def priced(self) -> list[Quote]:
        """The prices behind all rows."""
        for row in self.content.rows:
            self.quotes.of(row)
        return self.quotes.all()

    def cost(self, sums: dict[str, dict[int, Total]], key: str, year: int) -> int:
        """What something costs in a year; 0 where it is in no row."""
        return sums[key][year].cost if key in sums else 0

    def aim_number(self, row: Row) -> int | None:
        """The number of the aim of a need or a line; None of a device."""
        return self.aims[row.aim] if row.action in ASKED else None

    def with_vat(self, school_id: str) -> int:
        """What a school pays in all planned years with the VAT that it adds, half a penny up."""
        whole = sum(total.cost for total in self.by_school[school_id].values())
        return half_up(whole * (10_000 + self.content.vat(school_id)), 10_000)


def codes() -> Iterator[Code]:
    """Every line of the returns: BFR revenue, BFR capital, CFR."""
    for line in lines().values():
        yield Code(f"BFR {line.revenue}", line.name, "revenue")
    for line in lines().values():
        if line.capital:
            yield Code(f"BFR {line.capital}", line.name, "capital")
    for line in sorted(lines().values(), key=lambda one: one.cfr):
        yield Code(f"CFR {line.cfr}", line.name, "")
