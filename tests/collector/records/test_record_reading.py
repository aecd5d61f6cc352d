"""Lists as they come: headings of other people, files spoilt by spreadsheets, files made to harm."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector.records import sheets
from collector.records.reading import Reading, guess, read
from collector.records.sheets import NoTable

HEADINGS = "Asset No,Serial No.,Make,Date of purchase,Cost (£),Location,Colour"
LIST = f'{HEADINGS}\nELM-1,CND1234,HP,01/09/2023,"£1,200.50",R12,red\n'


def workbook(rows: list[list[object]], *, second: bool = False) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if second:
        book.create_sheet("Other").append(["x"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def of(content: bytes | str, mapping: dict[str, str] | None = None) -> Reading:
    return read(sheets.read(content.encode() if isinstance(content, str) else content), mapping)


def test_columns_are_known_by_what_others_call_them_and_the_rest_is_named() -> None:
    found = of(LIST)
    assert dict(found.items[0].said) == {
        "asset_tag": "ELM-1", "serial": "CND1234", "maker": "HP", "purchased": "2023-09-01", "cost": 120050,
        "room": "R12",
    }  # fmt: skip
    assert found.notes == ("not taken: Colour",)
    assert [guess(said) for said in ("S/N", "MAC Address", "Warranty Expiry", "nonsense")] == [
        "serial", "mac", "warranty_ends", "",
    ]  # fmt: skip


def test_a_mapping_wins_and_one_that_names_nothing_is_refused() -> None:
    assert of(LIST, {"colour": "tags", "Location": ""}).items[0].said["tags"] == ["red"]
    assert "room" not in of(LIST, {"colour": "tags", "Location": ""}).items[0].said
    with pytest.raises(NoTable, match="there is no column “size”; there are: Asset No"):
        of(LIST, {"size": "tags"})
    with pytest.raises(NoTable, match="cannot be taken for 'hue'"):
        of(LIST, {"colour": "hue"})


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode("utf-8-sig"), LIST.encode("cp1252"), LIST.encode("utf-16"), LIST.replace("\n", "\r\n").encode(),
        ("sep=;\n" + LIST.replace("\"£1,200.50\"", "1200.50").replace(",", ";")).encode("cp1252"),
        LIST.replace("\"£1,200.50\"", "1200.50").replace(",", "\t").encode(),
        ("Register of Elm Primary\n\n" + LIST).encode(),
    ],
)  # fmt: skip
def test_marks_at_the_start_code_pages_delimiters_and_titles_above_are_taken_as_they_come(content: bytes) -> None:
    found = of(content)
    assert found.items[0].said["cost"] == 120050
    assert found.items[0].said["serial"] == "CND1234"
    assert not found.troubles


def test_a_list_that_is_not_unicode_is_read_and_said_to_be() -> None:
    assert "Windows-1252" in of(LIST.encode("cp1252")).notes[0]


def test_rows_keep_the_number_that_the_spreadsheet_shows() -> None:
    found = of('Title\n\nSerial,Room\n"CND1","two\nlines"\n\nCND2,R2\n')
    assert [item.row for item in found.items] == [4, 6]


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("Serial", "2E+123456", "a spreadsheet took it for a number"),
        ("Serial", "1.23457E+11", "a spreadsheet took it for a number"),
        ("Asset tag", "01-Mar", "a spreadsheet took it for a day"),
        ("Asset tag", "Mar-21", "a spreadsheet took it for a day"),
        ("Serial", "#REF!", "a formula that failed"), ("Purchased", "########", "too narrow"),
        ("Purchased", "04/25/2024", "no month 25"), ("Cost", "12,50", "comma before the pence"),
        ("MAC", "00:00:00:00:00:00", "is no MAC of a device"), ("Status", "lost", "it is one of: expected"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_taken_is_named_with_row_column_and_what_to_do(
    column: str, cell: str, sentence: str
) -> None:
    named = "Asset tag" if column != "Asset tag" else "Serial"
    (trouble,) = of(f'{named},{column}\nELM-77,"{cell}"\n').troubles
    assert (trouble.row, trouble.column) == (2, column)
    assert sentence in trouble.sentence


def test_cells_of_a_workbook_that_became_numbers_or_days_are_named() -> None:
    found = of(workbook([
        ["Asset tag", "Serial", "Purchased", "Room"], ["00123", "A1B2", date(2024, 9, 1), 12],
        ["456", "A1B3", 45536, "R1"], [date(2024, 3, 1), "A1B4", None, None],
        ["00125", 1234567890123456789, None, None],
        ["00126", 12345678, "n/a", "-"],
    ]))  # fmt: skip
    assert found.items[0].said == {
        "asset_tag": "00123", "serial": "A1B2", "purchased": "2024-09-01", "room": "12"
    }  # fmt: skip
    told = {(trouble.row, trouble.column): trouble for trouble in found.troubles}
    assert "may have lost its leading zeros: others in this column have 5 digits" in told[3, "Asset tag"].sentence
    assert "taken as 01/09/2024" in told[3, "Purchased"].sentence
    assert "took it for a day" in told[4, "Asset tag"].sentence
    assert "lost its last digits" in told[5, "Serial"].sentence
    assert [item.row for item in found.items] == [2, 3, 6]
    assert found.items[2].said["serial"] == "12345678"


def test_an_empty_cell_says_nothing_and_empty_in_words_empties() -> None:
    (item,) = of("Serial,Room,Supplier\nCND1,(empty),\n").items
    assert item.said == {"serial": "CND1", "room": None}


def test_only_the_first_sheet_is_read_and_that_is_said() -> None:
    assert of(workbook([["Serial"], ["CND1"]], second=True)).notes == ("only the first sheet, “Sheet”, was read",)


def test_what_is_no_list_is_answered_with_what_to_bring() -> None:
    for content, sentence in (
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "save it as .xlsx"), (b"%PDF-1.7", "no table"), (b"\0\1\2\3", "neither"),
        (b"", "no rows"), (b"a,b\n1,2\n", "no column is known"), (b"Serial\n", "no row below"), (b"PK\3\4junk", "read"),
        (b"x" * (sheets.SIZE_LIMIT + 1), "larger than 5 MB"), (b"Serial," + b"a," * 100 + b"z\n", "columns"),
        (b"Serial\n" + b"S" * 5000, "characters"), (b"Serial\n" + b"S\n" * 10_002, "10,000 rows"),
        (b'Serial\n"' + b"a" * 200_000, "CSV"),
    ):  # fmt: skip
        with pytest.raises(NoTable, match=sentence):
            of(content)


def remade(change: dict[str, bytes]) -> bytes:
    """A workbook with some parts put in place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["Serial"], ["CND1"]]))) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            if part.filename not in change:
                new.writestr(part.filename, old.read(part))
        for name, content in change.items():
            new.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read() -> None:
    bomb = remade({"xl/media/x.bin": b"\0" * (sheets.UNPACKED_LIMIT + 1)})
    assert len(bomb) < 200_000
    with pytest.raises(NoTable, match="unpacks to more"):
        of(bomb)
    with pytest.raises(NoTable, match="unpacks to more"):
        of(remade({f"x{n}": b"" for n in range(sheets.PARTS_LIMIT + 1)}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_xml_are_refused(encoding: str) -> None:
    declared = f'<!DOCTYPE x [<!ENTITY a "{"a" * 99}">]>{HEAD}<sheetData/></worksheet>'
    with pytest.raises(NoTable, match="XML entities"):
        of(remade({SHEET: declared.encode(encoding)}))


def test_rows_and_columns_far_out_cost_nothing() -> None:
    far = f'{HEAD}<dimension ref="A1:XFD1048576"/><sheetData>'
    far += '<row r="1"><c r="A1" t="inlineStr"><is><t>Serial</t></is></c></row>'
    far += '<row r="2"><c r="A2" t="inlineStr"><is><t>CND1</t></is></c><c r="XFD2"><v>1</v></c></row>'
    far += '<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    found = of(remade({SHEET: far.encode()}))
    assert [item.said for item in found.items] == [{"serial": "CND1"}]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 4000))
@example(b"<c r='A99999999999999999999'><v>1</v></c>", 300)
def test_a_broken_workbook_is_read_or_refused_in_words(junk: bytes, place: int) -> None:
    whole = workbook([["Serial", "Purchased"], ["CND1", date(2024, 9, 1)]])
    for content in (
        whole[:place] + junk + whole[place + len(junk) :],
        remade({SHEET: HEAD.encode() + b"<sheetData><row>" + junk + b"</row></sheetData></worksheet>"}),
    ):
        with contextlib.suppress(NoTable):
            of(content)


@given(st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), max_size=6))
def test_any_table_is_read_without_an_exception_and_troubles_name_their_rows(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["Serial", "Purchased", "Tags"], *rows])
    try:
        found = of(out.getvalue().encode("utf-8", "replace"))
    except NoTable:
        return
    stopped = {trouble.row for trouble in found.troubles if trouble.stops}
    assert not stopped & {item.row for item in found.items}
    assert len(found.items) + len(stopped) == found.rows
