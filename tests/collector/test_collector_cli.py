"""The collector's command line: each command as an operator types it, and each mistake with its sentence."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector import cli, config, show, understand
from collector.store import places
from collector.store.register import DeviceRow
from fresh_store import fresh_store
from stocktake import savefile, wire
from stocktake.tokens import parse
from stocktake.values import (
    Binding,
    Examination,
    GroupResult,
    Method,
    Outcome,
    Report,
    SnmpBindings,
    Subject,
    SubjectKind,
)

WHEN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DEVICES = Path(__file__).parent.parent / "devices"

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
    return run


@pytest.fixture
def trust(typed: Type) -> Type:
    assert typed("init", "--trust", "Elm Trust", "--school", "Oak Lane", "--urn", "123456")[0] == 0
    return typed


def saved(path: Path, name: bytes) -> Path:
    """A file of evidence as `stocktake-agent scan --save` writes it."""
    bindings = (Binding("1.3.6.1.2.1.1.1.0", 4, b"a switch"), Binding("1.3.6.1.2.1.1.5.0", 4, name))
    group = GroupResult("system", Outcome.COMPLETE, SnmpBindings(bindings))
    subject = Subject(SubjectKind.ADDRESS, "10.1.0.5", "00:1b:21:00:00:01", "10.1.0.0/24")
    examination = Examination(subject, Method.SNMP_V2C, (group,))
    with path.open("wb") as file:
        savefile.Writer(file).write(wire.encode_report(Report(WHEN, 1.0, "boot", examination)))
    return path


def understood(folder: Path) -> None:
    """What a running collector does by itself."""
    store = fresh_store(folder / "data" / "stocktake.db")
    with store.reader() as connection:
        trust_id = places.trust_ids(connection)[0][0]
    understand.understand_pending(store, trust_id, WHEN)
    store.close()


def test_without_a_store_a_command_says_what_to_do_first(typed: Type) -> None:
    status, _, said = typed("devices")
    assert status == 2
    assert "run 'stocktake-collector init' first" in said


def test_before_init_a_command_that_writes_says_what_to_do_first(typed: Type) -> None:
    status, _, said = typed("token", "--school", "Oak Lane")
    assert (status, said) == (
        2,
        "stocktake-collector: this collector has no trust yet: run 'stocktake-collector init' first",
    )


def test_init_prints_a_link_and_does_nothing_twice(trust: Type) -> None:
    status, out, _ = trust("init", "--trust", "Another", "--school", "Other")
    assert status == 0
    assert out.startswith("already set up; sign in with: https://127.0.0.1:8444/enter/")


def test_a_token_carries_the_pin_of_the_ca(trust: Type, tmp_path: Path) -> None:
    _, out, _ = trust("token", "--school", "oak lane")
    assert len(parse(out).pin) == 32
    _, out, err = trust("token", "--school", "Nowhere")
    assert err == "stocktake-collector: 'Nowhere' is not a school here; known: Oak Lane/Main site"
    for file in (tmp_path / "data").rglob("*.key"):
        assert file.stat().st_mode & 0o077 == 0


def test_an_empty_register_says_how_to_fill_it(trust: Type) -> None:
    assert "stocktake-collector token --school NAME" in trust("devices")[1]
    assert "stocktake-collector token --school NAME" in trust("agents")[1]


def test_a_file_from_a_school_without_a_link_is_taken_in_once(trust: Type, tmp_path: Path) -> None:
    file = saved(tmp_path / "oak.stk", b"sw-1")
    assert "1 reports were new" in trust("import", str(file), "--school", "Oak Lane")[1]
    assert "nothing in" in trust("import", str(file), "--school", "Oak Lane")[1]
    understood(tmp_path)
    rows = json.loads(trust("devices", "--json")[1])
    assert [(row["name"], row["mac"], row["serial"]) for row in rows] == [("sw-1", "00:1b:21:00:00:01", None)]
    shown = trust("device", rows[0]["device_id"])[1]
    assert "→ name: sw-1" in shown
    assert "SNMP_V2C by imported files" in shown
    assert "1.3.6.1.2.1.1.5.0" in shown


def test_a_damaged_file_is_refused_with_its_place(trust: Type, tmp_path: Path) -> None:
    file = saved(tmp_path / "oak.stk", b"sw-1")
    file.write_bytes(file.read_bytes()[:-3])
    status, _, said = trust("import", str(file), "--school", "Oak Lane")
    assert status == 2
    assert "ends in the middle of a report" in said


def test_a_hostile_name_is_harmless_in_csv_and_on_the_terminal(trust: Type, tmp_path: Path) -> None:
    trust("import", str(saved(tmp_path / "oak.stk", b"=cmd|'/c calc'!A1\x1b[31m")), "--school", "Oak Lane")
    understood(tmp_path)
    row = next(csv.DictReader(io.StringIO(trust("devices", "--csv")[1])))
    assert row["name"].startswith("'=cmd")
    assert "\x1b" not in trust("devices")[1]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_csv_cell_begins_as_a_formula(start: str) -> None:
    row = DeviceRow(*(["x"] * 12), WHEN, WHEN, "a", f"{start}1+1")  # type: ignore[arg-type]  # texts, then times
    cells = next(csv.DictReader(io.StringIO(show.devices_csv([row]))))
    assert cells["last_method"] == f"'{start}1+1"


def test_an_unknown_device_is_refused_with_a_sentence(trust: Type) -> None:
    assert (
        trust("device", "nobody")[2]
        == "stocktake-collector: no device has the id nobody: see 'stocktake-collector devices'"
    )


def test_reading_again_lists_nothing_where_no_rule_changed(trust: Type, tmp_path: Path) -> None:
    trust("import", str(saved(tmp_path / "oak.stk", b"sw-1")), "--school", "Oak Lane")
    understood(tmp_path)
    assert trust("reinterpret")[1] == "0 cells of the register changed"


def test_the_journal_holds(trust: Type) -> None:
    assert trust("verify")[1].startswith("the journal holds")


def test_recorded_devices_are_read_without_a_store(typed: Type) -> None:
    walk = DEVICES / "hp-2530-24g" / "walk.snmprec"
    status, out, _ = typed("interpret", str(walk), "--jsonl")
    read = json.loads(out)
    assert (status, read["walk"], read["class"], read["maker"]) == (0, "walk", "switch", "HP")
    assert {"model", "serial", "firmware", "name", "facts"} <= read.keys()


def test_a_file_that_is_no_recording_is_named_and_the_others_are_read(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"\x00\x01\x02")
    walk = DEVICES / "hp-2530-24g" / "walk.snmprec"
    status, out, err = typed("interpret", str(tmp_path / "noise"), str(walk))
    assert status == 1
    assert out.startswith("walk: class switch")
    assert "noise" in err


def test_the_example_configuration_is_good_as_it_stands(typed: Type, tmp_path: Path) -> None:
    example = typed("check-config", "--example")[1]
    tomllib.loads(example)
    (tmp_path / "x.toml").write_text(example)
    assert config.load(tmp_path / "x.toml") == config.Config()


def test_a_mistake_in_the_configuration_is_named_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "collector.toml"
    file.write_text('data = "/tmp/x"\nweb_lisen = "127.0.0.1:1"\n')
    assert cli.main(["--config", str(file), "check-config"]) == 2
    assert 'collector.toml:2: there is no setting "web_lisen"; did you mean web_listen?' in capsys.readouterr().err


def test_a_credential_is_never_taken_from_the_command_line(trust: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\nshort\n"))
    assert "at least 8 characters" in trust("credential", "core", "--user", "u")[2]
    monkeypatch.setattr("sys.stdin", io.StringIO("auth-key-1\nprivacy-key-1\n"))
    assert "core is kept" in trust("credential", "core", "--user", "u")[1]
    assert "core is forgotten" in trust("forget-credential", "core")[1]
    assert "there is no credential" in trust("forget-credential", "core")[2]
