"""The differences of a reconciled book as rows of a table: for a file that goes to whoever keeps the book. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from collector.records.fields import FIELDS, Value, shown
from collector.store.reconcile import Reconciled

HEADINGS = ("Row", "What it is", "In the book", "Device id", "School", "Field", "Book says", "Register says", "Why",
            "Rests on", "Settled")  # fmt: skip
Say = Callable[[str, Value], str]


def say(name: str, value: Value) -> str:
    """A value of a field in words."""
    return shown(FIELDS[name], value) if name in FIELDS else str(value)


def label(name: str) -> str:
    """What a field is called."""
    return FIELDS[name].label if name in FIELDS else name.capitalize()


def table(outcomes: Iterable[Reconciled], told: Say = say) -> Iterator[tuple[str, ...]]:
    """A line for each difference, and one for each row that is no match; matched rows are left out."""
    for one in outcomes:
        if one.kind == "matched":
            continue
        head = (str(one.row or ""), one.kind, one.title, one.device_id, one.school_name)
        why = "; ".join((*one.reasons, *one.remarks))
        tail = (why, ", ".join(one.basis), "yes" if one.settlement_id else "")
        for name, book_says, register_says in one.differences or (("", "", ""),):
            sides = (label(name), told(name, book_says), told(name, register_says)) if name else ("", "", "")
            yield (*head, *sides, *tail)


def guarded(cell: str) -> str:
    """A text that a spreadsheet leaves alone: a tab before it, which is trimmed where it is read again.

    With a digit it could be taken for a number or a day, with a sign before it for a formula; words are left as words.
    """
    harmed = cell[:1] in ("=", "+", "-", "@") or any(c.isdigit() for c in cell)
    return f"\t{cell}" if harmed else cell


def as_csv(outcomes: Iterable[Reconciled], told: Say = say) -> str:
    """The same as CSV that opens unharmed in a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([row[0], *map(guarded, row[1:])] for row in table(outcomes, told))
    return out.getvalue()
