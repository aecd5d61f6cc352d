"""`stocktake-collector reconcile`: counts on the screen, differences in a file, nothing changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from trusts import Trust, entity, system

from collector import cli
from fresh_store import fresh_store


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    store = fresh_store(folder / "stocktake.db")
    Trust(store).say(datetime.now(UTC), system("core"), entity("CN12FP1234"))
    store.close()
    return folder


def run(data: Path, *arguments: object) -> int:
    return cli.main(["--data", str(data), "reconcile", *map(str, arguments)])


def test_the_counts_are_printed_and_the_differences_written(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book.csv"
    book.write_text("Asset no,Serial No,Room\nA-1,CN12FP1234,1\nA-2,GONE99999,=1+1\n", "utf-8")
    assert run(data, book, "--school", "Oak Lane") == 0
    told = capsys.readouterr().out
    assert "     1  matched\n" in told
    assert "     1  ghost\n" in told
    assert "nothing was changed" in told
    written = (tmp_path / "book-differences.csv").read_text("utf-8-sig")
    assert written.splitlines()[0].startswith("Row,What it is")
    assert "3,ghost,\tA-2," in written


def test_what_cannot_be_reconciled_is_said_in_a_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book.csv"
    assert run(data, book) == 2
    assert "cannot be read" in capsys.readouterr().err
    book.write_text("Serial No,Room\nX1234567,1\n", "utf-8")
    assert run(data, book, "--school", "Nowhere") == 2
    assert "is not a school here" in capsys.readouterr().err
    assert run(data, book, "--map", "Colour=serial") == 2
    assert "there is no column" in capsys.readouterr().err
