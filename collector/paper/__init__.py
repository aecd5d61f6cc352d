"""Paper: A4 pages as PDF, in a font that has every Latin letter, with a foot, headings, paragraphs and tables.

It knows nothing of what is printed. What is printed says nothing of when: the time of a file is given, so that the same
content has the same octets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collector.cells import printable

_FONTS = Path(__file__).parent


def new(title: str, foot: str, created: datetime) -> Any:
    """An empty document with its first page to come. `foot` stands on each page, beside its number."""
    from fpdf import FPDF  # noqa: PLC0415 - slow to load, and only here

    class Paper(FPDF):
        """Pages with a foot."""

        def footer(self) -> None:
            """Which document it is, and which page of how many."""
            self.set_y(-14)
            self.set_font("DejaVu", size=8)
            self.cell(0, 5, printable(foot), align="L")
            self.set_y(-14)
            self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    pdf = Paper(format="A4")
    pdf.add_font("DejaVu", "", _FONTS / "DejaVuSans.ttf")
    pdf.add_font("DejaVu", "B", _FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_creation_date(created.astimezone(UTC).replace(microsecond=0))
    pdf.set_title(printable(title))
    pdf.set_lang("en-GB")
    pdf.set_auto_page_break(auto=True, margin=20)
    return pdf


def title(pdf: Any, words: str, under: str) -> None:
    """What the document is, and whose."""
    pdf.set_font("DejaVu", "B", 18)
    pdf.multi_cell(0, 9, printable(words), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("DejaVu", size=11)
    pdf.multi_cell(0, 6, printable(under), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)


def heading(pdf: Any, words: str) -> None:
    """A heading of a part."""
    pdf.ln(5)
    pdf.set_font("DejaVu", "B", 12)
    pdf.multi_cell(0, 7, printable(words), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("DejaVu", size=9)


def paragraph(pdf: Any, words: str, size: float = 9) -> None:
    """Sentences across the page. `size`: points."""
    pdf.set_font("DejaVu", size=size)
    pdf.multi_cell(0, size * 5 / 9, printable(words), align="L", new_x="LMARGIN", new_y="NEXT")


def table(pdf: Any, widths: Sequence[int], rows: Iterable[Sequence[str]], texts: int = 1) -> None:
    """Rows under a heading that is repeated on each page; all but the first columns, `texts` of them, are numbers."""
    align = tuple("LEFT" if place < texts else "RIGHT" for place in range(len(widths)))
    with pdf.table(
        col_widths=tuple(widths), text_align=align, line_height=5, borders_layout="HORIZONTAL_LINES"
    ) as printed_table:
        for row in rows:
            printed = printed_table.row()
            for cell in row:
                printed.cell(printable(cell))
