"""PDF: the audit pack. What there is, what it stands for, what was not seen, what is not known, and lines to sign.

A summary to print and sign, of the same rows as the other forms; the rows themselves are in the workbook. It says
nothing of when it was made, so it has the same octets whenever it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from pathlib import Path
from typing import IO, Any

from collector.exports import Content, Form, Place, printable, rules_sentence, unseen_sentence
from collector.records.money import pounds

_FONTS = Path(__file__).parent
_SIGNERS = (
    "Keeper of the register",
    "Second person, who checked it against the shelves",
    "Digital lead (SLT)",
    "Auditor",
)
_ASKED = (
    "asset_tag", "serial", "room", "purchased", "made_best", "review_due", "os", "support_ends", "firmware", "cost",
    "funding", "warranty_ends",
)  # fmt: skip
_MISSING = "in no school"


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    for values in content.rows():
        content.note_empty(values)
    pdf = _paper(content)
    pdf.add_page()
    _title(pdf, content)
    _schools(pdf, content)
    _unknown(pdf, content)
    _signatures(pdf)
    out.write(bytes(pdf.output()))


def _paper(content: Content) -> Any:
    from fpdf import FPDF  # noqa: PLC0415 - slow to load, and only here

    known = content.known()

    class Paper(FPDF):
        """Pages with a foot."""

        def footer(self) -> None:
            """Which register it is, and which page of how many."""
            self.set_y(-14)
            self.set_font("DejaVu", size=8)
            self.cell(0, 5, f"Register as known at {known}", align="L")
            self.set_y(-14)
            self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    pdf = Paper(format="A4")
    pdf.add_font("DejaVu", "", _FONTS / "DejaVuSans.ttf")
    pdf.add_font("DejaVu", "B", _FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_creation_date(content.as_known.astimezone(UTC).replace(microsecond=0))
    pdf.set_title("Register of devices: audit pack")
    pdf.set_lang("en-GB")
    pdf.set_auto_page_break(auto=True, margin=20)
    return pdf


def _heading(pdf: Any, words: str) -> None:
    pdf.ln(5)
    pdf.set_font("DejaVu", "B", 12)
    pdf.multi_cell(0, 7, printable(words), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("DejaVu", size=9)


def _paragraph(pdf: Any, words: str) -> None:
    pdf.set_font("DejaVu", size=9)
    pdf.multi_cell(0, 5, printable(words), new_x="LMARGIN", new_y="NEXT")


def _table(pdf: Any, widths: Sequence[int], rows: Iterable[Sequence[str]]) -> None:
    """Rows under a heading that is repeated on each page; all but the first column are numbers."""
    align = ("LEFT", *("RIGHT" for _ in widths[1:]))
    with pdf.table(
        col_widths=tuple(widths), text_align=align, line_height=5, borders_layout="HORIZONTAL_LINES"
    ) as table:
        for row in rows:
            printed = table.row()
            for cell in row:
                printed.cell(printable(cell))


def _title(pdf: Any, content: Content) -> None:
    pdf.set_font("DejaVu", "B", 18)
    pdf.multi_cell(0, 9, "Register of devices: audit pack", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("DejaVu", size=11)
    pdf.multi_cell(0, 6, printable(content.trust), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)
    total = content.tally.total
    _paragraph(pdf, f"As known at {content.known()}; the book at the end of {content.day:%d/%m/%Y}. What was learnt "
               "later is not in it.")  # fmt: skip
    _paragraph(pdf, f"Chosen: {content.chosen()}.")
    _paragraph(pdf, rules_sentence(content.rules))
    _paragraph(pdf, f"{content.tally.rows:,} devices; not seen: {unseen_sentence(total)}.")


def _schools(pdf: Any, content: Content) -> None:
    _heading(pdf, "What there is, and what it stands for")
    places = sorted(content.tally.schools.items())
    rows: list[tuple[str, ...]] = [("School", "Devices", "Capitalised", "Cost £", "Depreciation £", "Book value £")]
    rows += [(name or _MISSING, *_money(place)) for name, place in places]
    _table(pdf, (34, 12, 14, 20, 20, 20), [*rows, ("All", *_money(content.tally.total))])
    _paragraph(
        pdf, f"{content.tally.total.unpriced:,} devices have no cost in their record: sums of money leave them out."
    )
    _heading(pdf, "What was not seen")
    _table(
        pdf, (60, 60), [("School", "Not seen"), *((name or _MISSING, unseen_sentence(place)) for name, place in places)]
    )  # fmt: skip


def _money(place: Place) -> tuple[str, ...]:
    value = place.cost - place.written_off
    return (
        f"{place.devices:,}",
        f"{place.capitalised:,}",
        pounds(place.cost),
        pounds(place.written_off),
        pounds(value),
    )


def _unknown(pdf: Any, content: Content) -> None:
    _heading(pdf, "What is not known")
    rows = [("What a register must say", "Devices without it", "of")]
    rows += [
        (column.heading, f"{content.tally.empty[place]:,}", f"{content.tally.rows:,}")
        for place, column in enumerate(content.columns)
        if column.name in _ASKED
    ]
    _table(pdf, (70, 30, 20), rows)
    _heading(pdf, "Audit rules")
    _paragraph(pdf, "Findings of rule sets (DfE, Cyber Essentials, the trust’s own) are printed as packs of their own.")


def _signatures(pdf: Any) -> None:
    if pdf.will_page_break(20 + 18 * len(_SIGNERS)):
        pdf.add_page()
    _heading(pdf, "Signed")
    for who in _SIGNERS:
        pdf.ln(9)
        y = pdf.get_y()
        pdf.line(pdf.l_margin, y, pdf.l_margin + 110, y)
        pdf.line(pdf.l_margin + 120, y, pdf.w - pdf.r_margin, y)
        pdf.set_font("DejaVu", size=8)
        pdf.cell(120, 5, f"{who}: name and signature")
        pdf.cell(0, 5, "Date", new_x="LMARGIN", new_y="NEXT")


FORM = Form(
    "pdf", "Audit pack (PDF)", ".pdf", "application/pdf",
    "totals, what was not seen, what is not known, and lines to sign", write,
)  # fmt: skip
