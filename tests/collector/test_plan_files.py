"""The other files of a plan: the PDF for governors, JSON, and the lines of the returns say what the plan says."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import planned
import pytest

from collector.plan_files import Content
from collector.plan_files.forms import FORMS
from collector.plan_files.sums import Sums
from collector.records.money import pounds
from collector.refresh.values import Action


def _written(content: Content, form: str) -> bytes:
    out = io.BytesIO()
    FORMS[form].write(out, content)
    return out.getvalue()


def _whole() -> Content:
    return planned.squeezed(planned.content())


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_same_plan_has_the_same_octets_in_every_form(form: str) -> None:
    first, second = (hashlib.sha256(_written(_whole(), form)).hexdigest() for _ in range(2))
    assert first == second


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_plan_of_nothing_can_be_written_in_every_form(form: str) -> None:
    nothing = replace(planned.estate(0), needs=(), spending=(), decisions=())
    assert _written(planned.content(nothing), form)


def test_json_has_every_row_the_totals_and_the_digest() -> None:
    content = _whole()
    told, sums = json.loads(_written(content, "json")), Sums(content)
    assert (told["format"], told["version"], told["digest"]) == ("stocktake-plan", 1, content.digest())
    assert [row["sentence"] for row in told["rows"]] == [row.sentence for row in content.rows]
    whole = told["totals"]["whole"]
    assert whole["cost"] == sum(row["cost"] for row in told["rows"]) == sums.whole.cost
    assert whole["assumed"] == sum(row["cost"] for row in told["rows"] if row["assumed"])
    for kind in ("schools", "returns", "lines"):
        assert sum(one["cost"] for years in told["totals"][kind].values() for one in years.values()) == whole["cost"]
    assert sum(row["undone"] for row in told["rows"]) == sum(one["pence"] for one in told["undone"]) > 0
    assert told["schools"][0] == {"id": "s3", "name": ">0 *Cedar?", "start_month": 9, "vat": 0, "return": "BFR"}
    assert tuple(told["remarks"]) == content.remarks


def test_the_lines_of_the_returns_are_of_academies_together_and_of_each_maintained_school() -> None:
    content = _whole()
    rows = list(csv.reader(io.StringIO(_written(content, "returns").decode("utf-8-sig"))))
    years = [f"{year}/{year % 100 + 1} £" for year in content.years]
    assert rows[0] == ["Return", "Of", "Code", "Line", "Kind", *years]
    academies = {row[2]: row for row in rows if row[0] == "BFR"}
    assert sorted(academies) == [*map(str, range(336, 343)), *map(str, range(621, 626))]
    maintained = {row[2]: row for row in rows if row[0] == "CFR"}
    assert sorted(maintained) == [f"E20{letter}" for letter in "ABCDEFG"]
    assert {row[1] for row in rows if row[0] == "CFR"} == {"Ysgol Tŷ Gwyn"}
    support = academies["341"][5:]  # capital that DfE takes as revenue only
    assert support == ["9000"] * 5
    told = sum(int(cell) for row in rows[1:] for cell in row[5:])
    assert told == pytest.approx(Sums(content).whole.cost / 100, abs=len(rows) * 5)


def test_no_text_of_the_returns_is_a_formula() -> None:
    hostile = replace(_whole(), trust=planned.HOSTILE, schools=dict.fromkeys(planned.SCHOOLS, "@SUM(A1)"))
    rows = csv.reader(io.StringIO(_written(hostile, "returns").decode("utf-8-sig")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_what_a_budget_leaves_undone_costs_nothing_and_is_told_with_its_risk() -> None:
    plain, content = planned.content(), _whole()
    sums, undone = Sums(content), [row for row in content.rows if content.is_undone(row)]
    assert undone
    assert not any(row.cost or row.low or row.high for row in undone)
    assert sums.left_undone.number == len(undone)
    assert sums.left_undone.risk == pytest.approx(
        sum(row.weight * (content.last + 1 - max(row.wanted.best, content.first)) for row in undone)
    )
    assert Sums(plain).left_undone.number == 0
    assert sums.whole.low <= sums.whole.cost <= sums.whole.high
    retired = [row for row in plain.rows if row.action is Action.RETIRE]
    assert not any(map(plain.is_undone, retired))


def _texts(octets: bytes, folder: Path) -> str:
    path = folder / "plan.pdf"
    path.write_bytes(octets)
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, timeout=30)
    return re.sub(r"\s+", " ", run.stdout.decode())


@pytest.mark.needs("pdftotext")
def test_governors_read_in_plain_words_what_is_asked_how_sure_it_is_and_what_is_left(tmp_path: Path) -> None:
    content = _whole()
    sums, told = Sums(content), _texts(_written(content, "pdf"), tmp_path)
    assert f"asks for £{pounds(sums.whole.cost)} over 2026/27 to 2030/31" in told
    assert f"as little as £{pounds(sums.whole.low)} or as much as £{pounds(sums.whole.high)}" in told
    assert (
        f"{100 * sums.whole.share:.0f} % of the money (£{pounds(sums.whole.assumed)}) rests on an assumed age" in told
    )
    assert f"Left undone: {sums.left_undone.number} things" in told
    assert "Ysgol Tŷ Gwyn" in told
    assert "What is past its date today" in told
    assert all(remark in told for remark in content.remarks)
    assert "BFR 624" in told
    assert "CFR E20E" in told


@pytest.mark.needs("pdftotext")
def test_a_plan_above_its_caps_does_not_tell_governors_that_it_is_within_them(tmp_path: Path) -> None:
    content = planned.content()
    caps = {("", year): 1 for year in content.years}
    told = _texts(_written(replace(content, caps=caps, gap=None), "pdf"), tmp_path)
    assert "More is asked for than the cap allows in" in told
    assert "Within the caps everything" not in told
    assert "Nothing that falls due in these years is left undone" not in told
    assert "is told by a what-if" in told


@pytest.mark.needs("pdftoppm")
def test_the_first_page_for_governors_has_its_chart_on_a4(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(_written(_whole(), "pdf"))
    command = ["pdftoppm", "-r", "30", "-gray", "-f", "1", "-l", "1", str(path), str(tmp_path / "page")]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    (picture,) = tmp_path.glob("page*.pgm")
    _, size, _, pixels = _netpbm(picture.read_bytes())
    assert (size[0] / size[1]) == pytest.approx(210 / 297, abs=0.01)
    lower = pixels[len(pixels) // 2 : len(pixels) * 8 // 10]
    assert sum(pixel < 128 for pixel in lower) > len(lower) * 0.005  # columns, not an empty page


def _netpbm(octets: bytes) -> tuple[bytes, tuple[int, int], int, Any]:
    kind, width, height, most, pixels = octets.split(maxsplit=4)
    return kind, (int(width), int(height)), int(most), pixels
