"""The workbook of a plan: it says what the plan says, LibreOffice reckons the same, and a price moves all of it."""

from __future__ import annotations

import io
import subprocess
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import planned
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.plan_files import Content, workbook
from collector.plan_files.quotes import Quote
from collector.plan_files.sums import Sums
from collector.refresh.values import Action


def _written(content: Content) -> bytes:
    out = io.BytesIO()
    workbook.write(out, content)
    return out.getvalue()


def _book(octets: bytes, *, values: bool = True) -> Any:
    return openpyxl.load_workbook(io.BytesIO(octets), data_only=values)


def _cells(book: Any) -> dict[tuple[str, str], object]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book for line in sheet.iter_rows() for cell in line if cell.value not in (None, "")
    }  # fmt: skip


def _recomputed(folder: Path, books: dict[str, Any]) -> dict[str, dict[tuple[str, str], object]]:
    """What LibreOffice reckons of books: they are saved without values, so it has nothing else to show."""
    for name, book in books.items():
        book.save(folder / f"{name}.xlsx")
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"),
               *(str(folder / f"{name}.xlsx") for name in books)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    return {name: _cells(openpyxl.load_workbook(folder / "out" / f"{name}.xlsx", data_only=True)) for name in books}


def _same(found: dict[tuple[str, str], object], expected: dict[tuple[str, str], object]) -> None:
    for at, value in expected.items():
        other = found.get(at, 0 if isinstance(value, int | float) else None)
        assert other == (pytest.approx(value, abs=1e-6) if isinstance(value, int | float) else value), at


def _priced(octets: bytes, what: str, pounds: float, *, from_pounds: float) -> Any:
    """The book with one price changed on its sheet."""
    book = _book(octets, values=False)
    rows = [row for row in book["Prices"].iter_rows(min_row=6) if row[0].value == what and row[2].value == from_pounds]
    assert len(rows) == 1
    rows[0][2].value = pounds
    return book


@pytest.mark.needs("soffice")
def test_libreoffice_reckons_what_the_plan_does_before_and_after_a_price_changes(tmp_path: Path) -> None:
    plain = planned.content()
    squeezed = planned.squeezed(plain)
    octets = {"plain": _written(plain), "squeezed": _written(squeezed)}
    books = {name: _book(told, values=False) for name, told in octets.items()}
    books["dearer"] = _priced(octets["plain"], "laptop", 612.49, from_pounds=525)
    found = _recomputed(tmp_path, books)
    for name, told in octets.items():
        _same(found[name], _cells(_book(told)))
    dearer = planned.content(said=planned.policies(laptop=61_249))
    _same(_without(found["dearer"]), _without(_cells(_book(_written(dearer)))))
    before, after = Sums(plain), Sums(dearer)
    assert all(after.years[year].cost > before.years[year].cost for year in plain.years)


def _without(cells: dict[tuple[str, str], object]) -> dict[tuple[str, str], object]:
    """All but what tells the price in words: sentences, digests, and where prices are from."""
    words = {at: value for at, value in cells.items() if at[0] not in ("Explanations", "Prices") and at[1][0] != "W"}
    return {at: value for at, value in words.items() if at != ("Rows", "X1")}


def test_every_total_of_the_workbook_is_one_of_the_plan() -> None:
    content = planned.squeezed(planned.content())
    sums, cells = Sums(content), _cells(_book(_written(content)))
    for at, year in enumerate(content.years, 5):
        total = sums.years[year]
        told = [cells.get(("Years", f"{column}{at}"), 0) for column in "CDEF"]
        assert told == [pence / 100 for pence in (total.low, total.cost, total.high, total.assumed)]
        assert cells.get(("Years", f"H{at}")) == (40_000 if year < content.last else None)
    whole = [cells["Years", f"{column}10"] for column in "CDEF"]
    assert whole == [p / 100 for p in (sums.whole.low, sums.whole.cost, sums.whole.high, sums.whole.assumed)]
    assert cells["Years", "D11"] == sums.left_undone.pence / 100 > 0
    costs = [value for (sheet, at), value in cells.items() if sheet == "Lines" and at[0] == "I" and at != "I4"]
    assert sum(costs) == pytest.approx(sums.whole.cost / 100)  # type: ignore[arg-type]  # numbers


def test_nearly_every_row_reckons_from_its_price_and_none_says_another_sum_than_the_plan() -> None:
    for content in (planned.content(), planned.squeezed(planned.content())):
        octets = _written(content)
        values = _book(octets)["Rows"].iter_rows(min_row=2)
        formulas = _book(octets, values=False)["Rows"].iter_rows(min_row=2)
        for row, told, made in zip(content.rows, values, formulas, strict=True):
            assert [round((cell.value or 0) * 100) for cell in told[17:20]] == [row.cost, row.low, row.high]
            if row.cost:
                assert str(made[17].value) == f"=M{made[0].row}*Q{made[0].row}", row
        explained = {row[0].value: row[1].value for row in _book(octets)["Explanations"].iter_rows()}
        assert explained["Numbers"].startswith("0 rows")


def test_no_text_of_a_person_or_device_becomes_a_formula_or_a_criterion() -> None:
    book = _book(_written(planned.content()), values=False)
    names = [row[1] for row in book["Rows"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in names if cell.value == planned.HOSTILE] == ["s"]
    assert not any(cell.hyperlink for cell in names)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or not any(said in cell.value for said in ("HYPERLINK", "Cedar", "=1+1"))


def test_the_same_plan_has_the_same_octets() -> None:
    assert _written(planned.content()) == _written(planned.content())


def test_a_plan_of_nothing_is_a_workbook() -> None:
    nothing = replace(planned.estate(0), needs=(), spending=(), decisions=())
    cells = _cells(_book(_written(planned.content(nothing))))
    assert cells["Years", "D5"] == 0


def test_memory_does_not_grow_with_the_rows() -> None:
    few, many = planned.content(planned.estate(100)), planned.content(planned.estate(600))
    _peak(few)  # with what is loaded once
    assert _peak(many) - _peak(few) < 3 * 2**19


def _peak(content: Content) -> int:
    """Octets at most while a workbook is written."""
    tracemalloc.start()
    workbook.write(io.BytesIO(), content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@given(st.integers(0, 2_000_000), st.integers(-2_000, 5_000), st.integers(0, 9), st.integers(0, 12))
def test_a_price_is_rounded_as_the_sheet_rounds_it(pence: int, inflation: int, years: int, months: int) -> None:
    quote = Quote("x", "", pence, inflation, 2026, months=(months,) * 10)
    sheet = round((pence / 100) * 100 * (1 + inflation / 10_000) ** years * months / 12, 6)
    assert quote.of(2026 + years, 2026) == int(sheet + 0.5)


def test_an_action_without_money_has_none() -> None:
    rows = planned.content().rows
    assert not any(row.cost for row in rows if row.action is Action.RETIRE)
