"""Exports of the register: what every form says, that it opens unharmed, and that a past day keeps its hash."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from past import BEGIN, DAY, Past

from collector import exports, journal, ledger, records
from collector.book import USUAL, Life, Rules
from collector.errors import CollectorError
from collector.ledger import Asked
from collector.store import Store
from collector.store.book import Made

NOW = datetime(2026, 9, 20, 9, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 31, 23, 0, tzinfo=UTC)  # midnight in London
#: what spreadsheets spoil, or run
SERIALS = ("2E12", "00012345", "1234567890123456789", "MAR-2", "=1+1", "+44", "1/2", "TRUE", "2E123456", "ŵŷ ✓")


@pytest.fixture
def past(store: Store) -> Past:
    """Ten laptops bought together, a switch with a person's name on it, and a printer of which nothing is known."""
    made = Past(store)
    bought = {"purchased": "2024-09-01", "cost": 450_00, "supplier": "Ŵyn Ltd", "model": "ProBook", "funding": "PTA"}
    for number, serial in enumerate(SERIALS):
        told = {"class": "laptop", "name": f"l-{number}", "os": "Windows 11", "serial": serial}
        made.device(f"l{number}", BEGIN, **told)
        _say(made, f"l{number}", bought, BEGIN)
        made.change(f"l{number}", "evidence", BEGIN, **told)  # what a record says restates a device from its facts
    told = {"class": "switch", "name": "<b>core</b>", "maker": "HP"}
    claim = made.device("sw", BEGIN, **told)
    _say(made, "sw", {"cost": 1850_00, "purchased": "2025-01-10", "assignee": "Ada Pŵll", "asset_tag": "ELM-1"}, BEGIN)
    made.change("sw", "evidence", BEGIN, **told)
    made.seen(BEGIN, BEGIN, claim)
    made.device("zz", BEGIN, **{"class": "printer"})
    return made


def _say(past: Past, device_id: str, said: dict[str, Any], now: datetime) -> None:
    past.store.write(
        lambda c: records.enter(c, past.id, device_id, dict(said), actor="ada", source="page", now=now)
    )  # fmt: skip


def make(past: Past, word: str, at: datetime = AUGUST, now: datetime = NOW, **asked: object) -> tuple[bytes, Made]:
    out = io.BytesIO()
    chosen = Asked(at, **asked)  # type: ignore[arg-type]
    made = exports.make(
        past.store, past.id, exports.form(word), chosen, out, trust="Ymddiriedolaeth Tŷ", actor="ada", now=now
    )  # fmt: skip
    return out.getvalue(), made


def test_every_file_of_a_past_day_is_the_same_whenever_it_is_made(past: Past) -> None:
    first = {word: make(past, word, now=AUGUST, assignees=True) for word in exports.forms()}
    _say(past, "sw", {"assignee": "Somebody else", "cost": 1_00}, NOW)
    past.change("sw", "reinterpretation", NOW, model="2930F")
    past.seen(BEGIN, NOW, 11)
    rules = Rules(1, grouped=False, lives={"other": Life(12)}, portable=frozenset())
    past.store.write(lambda c: ledger.set_rules(c, past.id, rules, actor="ada", now=NOW))
    for word, (content, made) in first.items():
        again, anew = make(past, word, now=NOW + DAY, assignees=True)
        assert again == content, word
        assert anew.sha256 == made.sha256 == hashlib.sha256(content).hexdigest()
        assert make(past, word, at=NOW + DAY, now=NOW + DAY, assignees=True)[0] != content, word


def test_what_is_entered_before_an_export_but_written_after_it_is_not_in_its_past(past: Past) -> None:
    moment = NOW + DAY
    content, _ = make(past, "plain", at=moment, now=moment, assignees=True)
    _say(past, "sw", {"assignee": "Late"}, moment - DAY / 24)
    assert make(past, "plain", at=moment, now=moment + DAY, assignees=True)[0] == content


def test_rows_say_what_they_are_worth_and_why_a_cell_is_empty(past: Past) -> None:
    content, _ = make(past, "json")
    told = json.loads(content)
    rows = {row["device_id"]: row for row in told["devices"]}
    # ten at £450 bought together count as £4,500; £9.38 a month over 48: 24 months to 31 August 2026
    assert (rows["l0"]["bought_together"], rows["l0"]["book"]) == (4_500_00, "capitalised")
    assert (rows["l0"]["written_off"], rows["l0"]["book_value"]) == (225_00, 225_00)
    # £1,850 over 60 months, 20 of them: 616.67
    assert (rows["sw"]["written_off"], rows["sw"]["book_value"]) == (616_67, 1_233_33)
    assert (rows["zz"]["book"], rows["zz"].get("cost"), rows["zz"].get("purchased")) == ("not known", None, None)
    assert "purchased: no record says it" in rows["zz"]["not_known"]
    assert "book value: what it cost is not known" in rows["zz"]["not_known"]
    assert rows["sw"]["last_seen"] == "2026-01-05"
    assert {column["name"] for column in told["columns"]} >= rows["sw"].keys()


def test_whom_devices_are_assigned_to_is_said_only_to_those_who_may_see_it(past: Past) -> None:
    for word in exports.forms():
        content, made = make(past, word)
        assert not made.assignees
        assert "Ada Pŵll".encode() not in content, word
        if word == "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(content))
            assert all("Ada" not in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert b"Ada P\\u0175ll" in make(past, "json", assignees=True)[0]


def test_views_and_filters_choose_the_rows(past: Past) -> None:
    def ids(**asked: object) -> list[str]:
        return [row["device_id"] for row in json.loads(make(past, "json", **asked)[0])["devices"]]

    assert ids(view="capitalised") == [*(f"l{n}" for n in range(10)), "sw"]
    assert ids(view="portable") == []
    assert ids(device_class="switch") == ["sw"]
    assert ids(search="elm-1") == ["sw"]
    assert ids(search="device_class") == ids(search="made_confidence") == []
    assert ids(school_id="elsewhere") == ids(schools=frozenset()) == []
    with pytest.raises(CollectorError, match="no view"):
        make(past, "json", view="all")
    with pytest.raises(CollectorError, match="there are: csv, glpi"):
        exports.form("doc")


def test_the_manifest_and_the_journal_say_who_exported_what_but_no_value(past: Past) -> None:
    content, made = make(past, "csv", search="2E12", device_class="laptop")
    told = exports.manifest(made)
    assert told["filters"] == {"class": "laptop", "search": "yes"}
    assert (told["rows"], told["sha256"], told["size_bytes"]) == (2, hashlib.sha256(content).hexdigest(), len(content))
    with past.store.reader() as connection:
        end = journal.checkpoint(connection, past.id)
        witnesses = journal.witnesses(json.dumps(told))
        assert journal.verify(connection, past.id, witnesses) == ""
    assert end is not None
    assert told["journal"] == {"position": end.position, "hash": end.hash.hex(), "signature": ""}
    assert "2E12" not in json.dumps(told)


def test_a_workbook_is_typed_frozen_filtered_and_explains_itself(past: Past) -> None:
    book = openpyxl.load_workbook(io.BytesIO(make(past, "xlsx")[0]))
    sheet, about = book["Register"], book["About"]
    headings = [cell.value for cell in sheet[1]]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", f"A1:{sheet.cell(13, len(headings)).coordinate}")
    rows = [dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [row["Serial number"] for row in rows[:10]] == list(SERIALS)
    assert all(cell.data_type == "s" for (cell,) in sheet.iter_rows(2, 11, headings.index("Serial number") + 1,
                                                                    headings.index("Serial number") + 1))  # fmt: skip
    assert rows[0]["Purchased"] == datetime(2024, 9, 1)  # noqa: DTZ001 - spreadsheets know no zone
    assert (rows[0]["Cost"], rows[0]["Supplier"]) == (450, "Ŵyn Ltd")
    assert rows[10]["What"] == "<b>core</b>"
    words = [str(cell.value) for row in about.iter_rows() for cell in row if cell.value]
    assert {"Asset tag", "a person, in the device's record"} <= set(words)
    assert any("Capitalised from £1,000.00" in said for said in words)


@pytest.mark.needs("soffice")
@pytest.mark.parametrize("word", ["csv", "xlsx"])
def test_libreoffice_opens_csv_and_xlsx_unharmed(past: Past, tmp_path: Path, word: str) -> None:
    path = tmp_path / f"register.{word}"
    path.write_bytes(make(past, word)[0])
    # what the import dialogue proposes for a file with a byte order mark: commas, double quotes, UTF-8, detect nothing
    reads = ["--infilter=CSV:44,34,76,1"] if word == "csv" else []
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", *reads, "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=90)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "register.xlsx").worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    rows = [dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [str(row["Serial number"]).lstrip("\t") for row in rows[:10]] == list(SERIALS)
    assert all(isinstance(row["Serial number"], str) for row in rows[:10])
    assert rows[0]["Supplier"] == "Ŵyn Ltd"
    assert (rows[0]["Cost"], rows[0]["Purchased"].date()) == (450, date(2024, 9, 1))


def test_csv_for_programs_and_the_import_here_read_back_what_was_there(past: Past) -> None:
    plain = list(csv.DictReader(io.StringIO(make(past, "plain")[0].decode())))
    assert [row["serial"] for row in plain[:10]] == list(SERIALS)
    spread = list(csv.DictReader(io.StringIO(make(past, "csv")[0].decode("utf-8-sig"))))
    assert [row["Serial number"].lstrip("\t") for row in spread[:10]] == list(SERIALS)
    assert [row["Serial number"].startswith("\t") for row in spread[:10]] == [True] * 8 + [True, False]


def test_other_inventories_get_their_own_columns(past: Past) -> None:
    def first(word: str, delimiter: str = ",") -> dict[str, str]:
        return next(iter(csv.DictReader(io.StringIO(make(past, word)[0].decode()), delimiter=delimiter)))

    snipe, netbox, glpi = first("snipe-it"), first("netbox"), first("glpi", ";")
    assert (snipe["Serial number"], snipe["Purchase Cost"], snipe["Status"]) == ("2E12", "450.00", "Ready to Deploy")
    assert (netbox["role"], netbox["manufacturer"], netbox["status"], netbox["site"]) == (
        "laptop", "Unknown", "active", "Oak Lane",
    )  # fmt: skip
    assert (glpi["Item type"], glpi["Serial number"]) == ("Computer", "2E12")


def test_the_audit_pack_is_a_paged_pdf_with_welsh_letters(past: Past) -> None:
    content, made = make(past, "pdf")
    assert content.startswith(b"%PDF-1.")
    assert b"/Lang (en-GB)" in content
    assert made.rows == 12


def test_usual_rules_are_said_in_a_sentence() -> None:
    assert exports.rules_sentence(USUAL) == (
        "Capitalised from £1,000.00, like devices bought together counted as one. Written off straight line from the "
        "month of purchase, over months: desktop 60, hypervisor 48, laptop 48, server 48, tablet 48, all else 60."
    )
