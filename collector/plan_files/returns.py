"""CSV of the lines of the statutory returns by year: BFR for the academies together, CFR for each maintained school.

Pounds without VAT, each cell rounded to whole pounds by itself, as the forms take them; every line of a return that is
made is there, with 0 where nothing is planned. UTF-8 with a byte order mark, and texts guarded as a spreadsheet needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from collector.cells import guarded
from collector.plan_files import Content
from collector.plan_files.sums import codes
from collector.refresh import totals
from collector.refresh.years import label


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    heads = ("Return", "Of", "Code", "Line", "Kind", *(f"{label(year)} £" for year in content.years))
    out.write("\N{ZERO WIDTH NO-BREAK SPACE}".encode())
    out.write((",".join(heads) + "\r\n").encode())
    for (form, name, code, *texts), pence in _rows(content):
        numbers = (str((each + 50) // 100) for each in pence)  # and codes are ours: E20A, or a number that may be one
        out.write((",".join((form, guarded(name), code, *map(guarded, texts), *numbers)) + "\r\n").encode())


def _rows(content: Content) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """The texts and the pence of each line of each return."""
    rows, years = content.rows, content.years
    for maintained, name in _returns(content):
        own = [
            row for row in rows if (row.school_id == maintained if maintained else _is_academy(content, row.school_id))
        ]
        sums = totals.table(own, content.code, content.first, content.last)
        kind = "CFR" if maintained else "BFR"
        for code in codes():
            if code.code.startswith(kind):
                pence = [sums[code.code][year].cost if code.code in sums else 0 for year in years]
                yield (kind, name, code.code.removeprefix(f"{kind} "), code.name, code.kind), pence


def _returns(content: Content) -> Iterator[tuple[str, str]]:
    """The id of the maintained school that makes a return, "" for the trust, and the name of who makes it."""
    present = content.present()
    if any(_is_academy(content, school_id) for school_id in present):
        yield "", content.trust
    for school_id in present:
        if not _is_academy(content, school_id):
            yield school_id, content.school(school_id)


def _is_academy(content: Content, school_id: str) -> bool:
    return school_id not in content.maintained
