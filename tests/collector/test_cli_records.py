"""Records at the command line: a list tried, imported, taken back; fields set; mistakes answered with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collector import cli

Type = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command on a collector in a folder of its own; returns status, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.main(["--config", str(empty), "--data", str(tmp_path / "data"), "--log-level", "error", *words])
        out, err = capsys.readouterr()
        return status, out.strip(), err.strip()

    empty = tmp_path / "collector.toml"
    empty.touch()
    assert run("init", "--trust", "Elm Trust", "--school", "Oak Lane")[0] == 0
    return run


def test_a_list_is_tried_imported_and_taken_back(typed: Type, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("Serial,Ort,Cost\nCND1234,R1,100\nCND1235,R2,1e\n", "utf-8")
    command = ("records", "import", str(listed), "--school", "Oak Lane", "--map", "Ort=room")
    tried = typed(*command, "--dry-run")
    assert tried[0] == 0
    assert tried[1].splitlines() == [
        "row 3, Cost: “1e” is no sum in pounds: write it as 1249.99",
        "row 2, expected CND1234: Status nothing → expected; Serial number nothing → CND1234; Room nothing → R1; "
        "Cost nothing → £100.00",
        "2 rows: 0 devices change, 1 newly expected, 0 as they are, 1 not taken",
        "nothing was changed",
    ]
    done = typed(*command)[1].splitlines()[-1]
    assert done.startswith("done; to take it back: stocktake-collector records undo ")
    assert "0 devices change, 0 newly expected, 1 as they are" in typed(*command)[1]
    assert typed("records", "undo", done.split()[-1])[1] == "4 values are again what they were"
    assert "taken back already" in typed("records", "undo", done.split()[-1])[2]


def test_fields_of_one_device_are_set_and_emptied(typed: Type, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("Serial,School\nCND1234,Oak Lane\n", "utf-8")
    typed("records", "import", str(listed))
    device = typed("devices", "--json")[1].partition('"device_id": "')[2][:12]
    assert typed("records", "set", device, "room=R1", "cost=12.50")[1].startswith("done: room, cost; to take it back")
    assert typed("records", "set", device, "room=R1")[1] == "this is on record already"
    assert typed("records", "set", device, "room=")[0] == 0
    for words, sentence in (
        ((device, "room"), "is no field=value"), ((device, "colour=red"), "there is no field 'colour'"),
        ((device, "cost=1e"), "Cost: “1e” is no sum"), (("none", "room=R1"), "there is no device none"),
    ):  # fmt: skip
        status, _, said = typed("records", "set", *words)
        assert (status, sentence in said) == (2, True), said


def test_a_file_that_is_no_list_is_answered_with_a_sentence(typed: Type, tmp_path: Path) -> None:
    assert "cannot be read" in typed("records", "import", str(tmp_path / "none.csv"))[2]
    (tmp_path / "x.csv").write_bytes(b"\0\1\2")
    assert "save the list as one of them" in typed("records", "import", str(tmp_path / "x.csv"))[2]
