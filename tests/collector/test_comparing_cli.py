"""`stocktake-collector benchmark`: brings GIAS, shows, consents, exports, imports and leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector import cli
from compared_trusts import Compared, gias_file
from fresh_store import fresh_store


def made(folder: Path, name: str, first: int) -> Path:
    store = fresh_store(folder / "stocktake.db")
    trust = Compared(store, name, first, 6)
    gias_file(folder / "gias.csv", trust.rows())
    store.close()
    return folder


@pytest.fixture
def elm(tmp_path: Path) -> Path:
    return made(tmp_path / "elm", "Elm", 100100)


@pytest.fixture
def oak(tmp_path: Path) -> Path:
    return made(tmp_path / "oak", "Oak", 200100)


def run(data: Path, *arguments: object) -> int:
    return cli.main(["--data", str(data), "benchmark", *map(str, arguments)])


def test_two_trusts_compare_themselves_by_files_from_the_command_line(
    elm: Path, oak: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for data in (elm, oak):
        assert run(data, "gias", data / "gias.csv") == 0
        assert run(data, "consent", "--name", f"{data.name} trust", "--note", "Buy in spring.") == 0
        assert run(data, "export", "--out", tmp_path / f"{data.name}.json") == 0
    assert "6 of them are ours" in capsys.readouterr().out
    assert run(elm, "import", tmp_path / "oak.json", "--called", "Neighbours") == 0
    assert run(elm, "show") == 0
    told = capsys.readouterr().out
    assert "Elm 00  primary  1.0 years" in told
    assert "among 1 other trusts" in told
    assert "percentile 50 among 6" in told
    assert run(oak, "leave", "--out", tmp_path / "bye.json") == 0
    assert run(elm, "import", tmp_path / "bye.json") == 0
    assert "Neighbours left: its file and its numbers are deleted" in capsys.readouterr().out
    assert "secret" in json.loads((tmp_path / "bye.json").read_text())
    assert run(elm, "show", "models:switch") == 0
    assert "among" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("gias", "/nowhere/x.csv"), "cannot be read"), (("import", "/nowhere/x.json"), "cannot be read"),
        (("show", "colour"), "there is no measure 'colour'"), (("export",), "did not consent"),
        (("leave",), "never consented"), (("leave", "Nobody"), "no file of such a trust"),
        (("import", __file__), "is not as its form has it"),
        (("consent", "--note", "see host-100101-1"), "names a device"),
    ],
)  # fmt: skip
def test_mistakes_are_answered_with_a_sentence(
    elm: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert run(elm, *arguments) == 2
    assert sentence in capsys.readouterr().err
