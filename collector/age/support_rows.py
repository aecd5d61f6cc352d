"""Until when releases are supported, as rows of a table: `support.tsv` beside this file, and what an operator imports.

A row belongs to a product (named as endoflife.date names it), an edition group and a version. Every row says where it
was read and when that was checked. It does not know devices: `support` matches them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

ENDED = "ended"  # in the column `ends`: it has ended by the day it was checked, and no source tells the day
HEADER = "# product\tedition group\tversion or build\trelease\tends\textended ends\textended name\tsource\tchecked"
COLUMNS = 9
#: the edition groups of Windows that rows speak of; "" stands for every edition
HOME, HOME_AND_PRO, ENTERPRISE = "Home", "Home and Pro", "Enterprise and Education"
LTSC, IOT_LTSC, IOT, SEMI_ANNUAL = "LTSC", "IoT LTSC", "IoT Core", "semi-annual channel"


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One release. `version` holds the versions or builds it stands for, separated by blanks ("" for any).

    `ends` is the last day with security updates; None where it is supported and no end is told, or, with `ended`,
    where it has ended and no day is told. `extended` is the last day of what can be bought or is done by others.
    """

    product: str
    edition: str
    version: str
    release: str
    ends: date | None
    ended: bool
    extended: date | None
    extended_name: str
    source: str
    checked: date

    @property
    def key(self) -> tuple[str, str, str]:
        """What a row is about: of one key there is one row."""
        return self.product, self.edition, self.version

    @property
    def title(self) -> str:
        """The release and its editions, as people say it."""
        return f"{self.release} ({self.edition})" if self.edition else self.release


Rows = tuple[Row, ...]


@cache
def shipped() -> Rows:
    """The rows that come with Stocktake."""
    return parse(Path(__file__).with_name("support.tsv").read_text("utf-8"))


def parse(text: str) -> Rows:
    """The rows of a table; ValueError with the line's number where one cannot be read."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#")]
    return tuple(_row(number, line) for number, line in lines)


def to_text(rows: Iterable[Row]) -> str:
    """The table of some rows, as `parse` reads it."""
    return "\n".join((HEADER, *(_line(row) for row in rows))) + "\n"


def merged(*tables: Rows) -> Rows:
    """Of each key the row that was checked last; of two checked on one day that of the later table."""
    best: dict[tuple[str, str, str], Row] = {}
    for row in (row for table in tables for row in table):
        if row.key not in best or row.checked >= best[row.key].checked:
            best[row.key] = row
    return tuple(best.values())


def _row(number: int, line: str) -> Row:
    cells = line.split("\t")
    try:
        product, edition, version, release, ends, extended, name, source, checked = cells
        last = None if ends in ("", ENDED) else date.fromisoformat(ends)
        bought = date.fromisoformat(extended) if extended else None
        read = date.fromisoformat(checked)
    except ValueError as error:
        raise ValueError(f"line {number}: {COLUMNS} columns are needed, dates as 2026-10-13 ({error})") from None
    return Row(product, edition, version, release, last, ends == ENDED, bought, name, source, read)


def _line(row: Row) -> str:
    ends = ENDED if row.ended else row.ends.isoformat() if row.ends else ""
    extended = row.extended.isoformat() if row.extended else ""
    words = (row.product, row.edition, row.version, row.release, ends, extended, row.extended_name, row.source)
    return "\t".join((*words, row.checked.isoformat()))
