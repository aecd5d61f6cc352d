"""The lines in which DfE collects what schools spend on ICT: seven categories, each with its codes. Pure.

CFR codes are of maintained schools (E20A to E20G), BFR lines of academy trusts: revenue 336 to 342, capital 621 to 625.
It does not know which class is in which category: a policy says so, and a trust may say otherwise.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cache

from collector.refresh import tables


class Category(enum.StrEnum):
    """DfE's categories of ICT spending."""

    CONNECTIVITY = "connectivity"
    SERVERS = "servers"
    LEARNING = "learning"
    ADMINISTRATION = "administration"
    DEVICES = "devices"
    HARDWARE = "hardware"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Line:
    """A category with its codes. `capital`: its BFR capital line, "" where DfE takes it as revenue only."""

    category: Category
    name: str
    cfr: str
    revenue: str
    capital: str
    source: str
    checked: str

    def bfr(self, *, capital: bool) -> str:
        """The BFR line of money: its revenue line where it has none for capital."""
        return self.capital if capital and self.capital else self.revenue


@cache
def lines() -> dict[Category, Line]:
    """Every category with its codes, in DfE's order."""
    return {line.category: line for line in map(_line, tables.rows("lines"))}


def line_of(name: str) -> Line:
    """The line that a policy or a spending names; other hardware where the name is none of DfE's."""
    return lines()[Category(name) if name in _NAMES else Category.HARDWARE]


_NAMES = frozenset(Category)


def _line(row: dict[str, str]) -> Line:
    capital = "" if row["bfr_capital"] == tables.NOTHING else row["bfr_capital"]
    category = Category(row["category"])
    return Line(category, row["name"], row["cfr"], row["bfr_revenue"], capital, row["source"], row["checked"])
