"""CSV for programs: UTF-8 without a byte order mark, names of columns as in the API, values as they are kept.

Days are ISO 8601, money is whole pence. Nothing is put before values, so a spreadsheet may change or run them: people
open the form `csv` or `xlsx`.
"""

from __future__ import annotations

import csv
import io
from typing import IO

from collector.exports import Content, Form
from collector.register_rows import Value


def _cell(value: Value) -> str | int:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return "" if value is None else value if isinstance(value, int) else value.isoformat()


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    told = io.TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerow([column.name for column in content.columns])
    writer.writerows([_cell(value) for value in row] for row in content.rows())
    told.flush()
    told.detach()


FORM = Form(
    "plain", "CSV for programs", ".csv", "text/csv; charset=utf-8",
    "values as they are kept, money in pence; not to be opened in a spreadsheet", write,
)  # fmt: skip
