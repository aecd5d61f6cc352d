"""A small table as a CSV file that opens unharmed in a spreadsheet. It knows no table of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.responses import Response

from collector.cells import guarded


def csv_answer(name: str, headings: Sequence[str], lines: Iterable[Sequence[str | float | None]]) -> Response:
    """The file. Texts are guarded, as exports are; numbers are numbers, and None is an empty cell."""
    told = [",".join(guarded(heading) for heading in headings)]
    told += [",".join(_cell(cell) for cell in line) for line in lines]
    content = "\r\n".join(told) + "\r\n"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(cell: str | float | None) -> str:
    if isinstance(cell, str):
        return guarded(cell)
    return "" if cell is None else f"{cell:.12g}"
