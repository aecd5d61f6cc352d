"""The tables beside this package: what is data and may be read, checked and changed without a programme. Pure.

Lines are separated by tabs; the first that is not a remark names the columns; "-" is nothing. It knows no table.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

NOTHING = "-"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table by column; the table is data of the package, read at first use."""
    lines = [line for line in _text(name).splitlines() if line and not line.startswith("#")]
    columns = lines[0].split("\t")
    return tuple(dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:])


def _text(name: str) -> str:
    return Path(__file__).with_name(f"{name}.tsv").read_text("utf-8")


def words(cell: str) -> tuple[str, ...]:
    """The parts of a cell that lists several, separated by commas."""
    return () if cell == NOTHING else tuple(part.strip() for part in cell.split(","))


def number(cell: str) -> int | None:
    """A whole number, or None for nothing."""
    return None if cell == NOTHING else int(cell)


def hundredths(cell: str) -> int:
    """Pence of pounds, hundredths of a percent of percents: 12.5 is 1250."""
    whole, _, rest = cell.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0")[:2] or 0)
