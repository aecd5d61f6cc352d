"""PDF: the audit pack. What there is, what it stands for, what was not seen, what is not known, and lines to sign.

A summary to print and sign, of the same rows as the other forms; the rows themselves are in the workbook. It says
nothing of when it was made, so it has the same octets whenever it is made.
"""

from __future__ import annotations

from typing import IO, Any

from collector import paper
from collector.exports import Content, Form, Place, rules_sentence, unseen_sentence
from collector.records.money import pounds

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
    pdf = paper.new("Register of devices: audit pack", f"Register as known at {content.known()}", content.as_known)
    pdf.add_page()
    _title(pdf, content)
    _schools(pdf, content)
    _unknown(pdf, content)
    _signatures(pdf)
    out.write(bytes(pdf.output()))


def _title(pdf: Any, content: Content) -> None:
    paper.title(pdf, "Register of devices: audit pack", content.trust)
    total = content.tally.total
    paper.paragraph(pdf, f"As known at {content.known()}; the book at the end of {content.day:%d/%m/%Y}. What was "
               "learnt later is not in it.")  # fmt: skip
    paper.paragraph(pdf, f"Chosen: {content.chosen()}.")
    paper.paragraph(pdf, rules_sentence(content.rules))
    paper.paragraph(pdf, f"{content.tally.rows:,} devices; not seen: {unseen_sentence(total)}.")


def _schools(pdf: Any, content: Content) -> None:
    paper.heading(pdf, "What there is, and what it stands for")
    places = sorted(content.tally.schools.items())
    rows: list[tuple[str, ...]] = [("School", "Devices", "Capitalised", "Cost £", "Depreciation £", "Book value £")]
    rows += [(name or _MISSING, *_money(place)) for name, place in places]
    paper.table(pdf, (34, 12, 14, 20, 20, 20), [*rows, ("All", *_money(content.tally.total))])
    paper.paragraph(
        pdf, f"{content.tally.total.unpriced:,} devices have no cost in their record: sums of money leave them out."
    )
    paper.heading(pdf, "What was not seen")
    paper.table(
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
    paper.heading(pdf, "What is not known")
    rows = [("What a register must say", "Devices without it", "of")]
    rows += [
        (column.heading, f"{content.tally.empty[place]:,}", f"{content.tally.rows:,}")
        for place, column in enumerate(content.columns)
        if column.name in _ASKED
    ]
    paper.table(pdf, (70, 30, 20), rows)
    paper.heading(pdf, "Audit rules")
    paper.paragraph(
        pdf, "Findings of rule sets (DfE, Cyber Essentials, the trust’s own) are printed as packs of their own."
    )


def _signatures(pdf: Any) -> None:
    if pdf.will_page_break(20 + 18 * len(_SIGNERS)):
        pdf.add_page()
    paper.heading(pdf, "Signed")
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
