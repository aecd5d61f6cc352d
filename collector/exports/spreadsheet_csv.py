"""CSV that opens unharmed in a spreadsheet: UTF-8 with a byte order mark, so that ŵ and ŷ survive (RFC 4180 else).

A spreadsheet takes what looks like a number for one: a serial 00012345 loses its zeros, 2E12 becomes 2000000000000,
MAR-2 a day, =1+1 a formula. Quotes do not stop it, and an apostrophe becomes part of the text. So a text that it would
change begins with a tab: LibreOffice and Excel keep it as text, nobody sees it, and whatever trims cells (this import
too) gets back what was there. Days are ISO 8601 and money pounds with two decimals: these may become what they are.
Programs read the form `plain` or JSON, where nothing is put before anything.
"""

from __future__ import annotations

import io
import itertools
import operator
from collections.abc import Callable
from datetime import date
from typing import IO, Any

from collector.cells import guarded
from collector.exports import Content, Form, Sayings
from collector.register_rows import Kind

_ROWS_AT_ONCE = 200


def _money(pence: Any) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02}"


_CELLS: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: guarded, Kind.MARK: guarded, Kind.DAY: date.isoformat, Kind.MONEY: _money, Kind.NUMBER: str,
}  # fmt: skip


def write(out: IO[bytes], content: Content) -> None:
    """Write it. Texts repeat, so each is quoted once and kept: `csv.writer` would take as long as all else together."""
    told = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
    told.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    kinds = {kind: Sayings(say) for kind, say in _CELLS.items()}
    said = [kinds[column.kind] for column in content.columns]
    told.write(",".join(guarded(column.heading) for column in content.columns) + "\r\n")
    rows = content.rows()
    while some := list(itertools.islice(rows, _ROWS_AT_ONCE)):
        told.write("".join([",".join(map(operator.getitem, said, row)) + "\r\n" for row in some]))
    told.flush()
    told.detach()


FORM = Form(
    "csv", "CSV for spreadsheets", ".csv", "text/csv; charset=utf-8",
    "opens in Excel and LibreOffice as it is; texts that look like numbers begin with a tab", write,
)  # fmt: skip
