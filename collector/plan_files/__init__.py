"""Files of a plan: a workbook that recomputes, a PDF for governors, JSON with everything, the lines of DfE's returns.

    Content       what a file is made of: a plan's rows, the estate and policies behind them, names, caps, remarks
    quotes        the price behind each row, so that a workbook can reckon with it
    forms         every form by name, with `write(out, content)`
    workbook      XLSX whose totals follow when a price is changed
    governors     PDF on A4: a page of summary in plain words, then charts and tables
    json_file     JSON, versioned
    returns       CSV of the lines of the statutory returns by year

They read no store. A file says when its plan was made and nothing of when it was written, so that the same plan has
the same octets. Money in them is without VAT.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from collector import london
from collector.refresh.lines import line_of
from collector.refresh.policies import Policies
from collector.refresh.values import Action, Estate, Row
from collector.refresh.years import label, years_of

TRUST = "the trust as a whole"


@dataclass(frozen=True, slots=True)
class Content:
    """What a file of a plan is made of.

    `rows`: of the plan, by the rule or within a budget. `schools`: names by id. `maintained`: ids of schools that make
    the CFR return; all others are academies, whose trust makes the BFR. `caps`: pence by school ("": of the trust) and
    year. `remarks`: what was not seen, did not enter or is not judged yet, in sentences. `gap`: of what was chosen
    within a budget, the share by which the risk that remains may be higher than the least possible; None: no budget.
    """

    trust: str
    title: str
    made: datetime
    estate: Estate
    policies: Policies
    rows: Sequence[Row]
    schools: Mapping[str, str]
    maintained: frozenset[str] = frozenset()
    caps: Mapping[tuple[str, int], int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    gap: float | None = None

    @property
    def first(self) -> int:
        """The first planned year."""
        return self.estate.first

    @property
    def last(self) -> int:
        """The last planned year."""
        return self.estate.first + self.estate.years - 1

    @property
    def years(self) -> range:
        """The planned years."""
        return range(self.first, self.last + 1)

    @property
    def span(self) -> str:
        """The planned years in words."""
        return label(self.first) if self.first == self.last else f"{label(self.first)} to {label(self.last)}"

    def school(self, school_id: str) -> str:
        """The name of a school; of what belongs to none, the trust."""
        return self.schools.get(school_id, school_id) if school_id else TRUST

    def present(self) -> list[str]:
        """The schools of its rows by name, what belongs to none last."""
        return sorted({row.school_id for row in self.rows}, key=lambda one: (not one, self.school(one), one))

    def code(self, row: Row) -> str:
        """The line of its return that a row's money is in: "BFR 624", "CFR E20E"."""
        line = line_of(row.line)
        return f"CFR {line.cfr}" if row.school_id in self.maintained else f"BFR {line.bfr(capital=row.capital)}"

    def cap(self, year: int) -> int | None:
        """What may be spent in a year by all: the trust's cap, else the sum of its schools', None without any."""
        if ("", year) in self.caps:
            return self.caps["", year]
        found = [pence for (_, of), pence in self.caps.items() if of == year]
        return sum(found) if found else None

    def day(self) -> str:
        """The day on which the plan was made, in words."""
        on = london.day_of(self.made)
        return f"{on.day} {on:%b %Y}"

    def basis(self) -> str:
        """How its years are counted, in words."""
        months = {years_of(self.estate.terms, school_id).start_month for school_id in self.present()}
        names = {4: "1 April", 9: "1 September"}
        begin = " or ".join(names.get(month, f"month {month}") for month in sorted(months)) or "1 September"
        own = ", by each school’s own year" if len(months) > 1 else ""
        return f"Years begin on {begin}{own}. Money is in pounds without VAT, at the prices of its year."

    def is_undone(self, row: Row) -> bool:
        """Whether its dates ask for it in the planned years and it is in none of them."""
        return row.year is None and row.action is not Action.RETIRE and row.span.best <= self.last

    def risk(self, row: Row) -> float:
        """What a row leaves: the planned years in which it is past its date, times its weight."""
        done = self.last + 1 if row.year is None else row.year
        return row.weight * max(0, done - max(row.wanted.best, self.first)) if row.again == 0 else 0.0

    def vat(self, school_id: str) -> int:
        """The VAT that a school adds, in hundredths of a percent."""
        terms = self.estate.terms
        found = terms.get(school_id) or terms.get("")
        return found.vat if found else 0

    def digest(self) -> str:
        """SHA-256 of the rows: the same plan has the same, in whatever form."""
        told = hashlib.sha256()
        for row in self.rows:
            sums = (row.year, row.low, row.cost, row.high, row.assumed, row.number, row.capital)
            about = (row.action.value, row.row_id, row.again, row.school_id, row.line, row.sentence)
            told.update(repr((about, sums)).encode())
        return told.hexdigest()
