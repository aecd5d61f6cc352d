"""The register of the past at the command line: tables, the file with its hash, and what is known otherwise now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from past import DAY, Past

from collector import cli
from fresh_store import fresh_store

Type = Callable[..., tuple[int, str, str]]
THEN = datetime.now(UTC) - 30 * DAY
DAY_AFTER = (THEN + 2 * DAY).date().isoformat()


@pytest.fixture
def typed(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Type:
    """Types a command on a collector that has known a device for a month; returns status, stdout, stderr."""
    folder = tmp_path / "data"
    folder.mkdir()
    empty = tmp_path / "collector.toml"
    empty.touch()
    store = fresh_store(folder / "stocktake.db")
    past = Past(store)
    past.device("pc", THEN, name="pc-1", model="OptiPlex")
    past.change("pc", "correction", THEN + 10 * DAY, model="OptiPlex 7010")
    store.close()

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.main(["--config", str(empty), "--data", str(folder), "--log-level", "error", *words])
        out, err = capsysbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


def test_the_register_of_a_day_is_printed_as_it_was_known(typed: Type) -> None:
    status, out, _ = typed("devices", "--as-known", DAY_AFTER)
    assert status == 0
    assert "OptiPlex  " in out
    assert "7010" not in out
    assert "7010" in typed("devices", "--as-known", (datetime.now(UTC) - timedelta(days=1)).isoformat())[1]


def test_a_file_of_a_day_comes_with_its_hash_and_is_the_same_again(typed: Type) -> None:
    _, first, said = typed("devices", "--as-known", DAY_AFTER, "--csv")
    _, again, _ = typed("devices", "--as-known", DAY_AFTER, "--csv", "--school", "Oak Lane")
    assert again == first
    manifest = json.loads(said)
    assert manifest["sha256"] == hashlib.sha256(first.encode()).hexdigest()
    assert (manifest["rows"], manifest["form"]) == (1, 1)


def test_what_is_known_otherwise_now_is_printed_with_its_cause(typed: Type) -> None:
    status, out, _ = typed("history", DAY_AFTER)
    assert status == 0
    assert "1 cells are known otherwise today: correction 1" in out
    assert out.splitlines()[-1].split()[:6] == ["pc", "model", "OptiPlex", "OptiPlex", "7010", "correction"]
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    assert "all stands today" in typed("history", yesterday)[1]


def test_a_day_to_come_is_refused_with_a_sentence(typed: Type) -> None:
    status, _, said = typed("devices", "--as-known", "2999-01-01")
    assert status == 2
    assert "not known as at 2999-01-01, which is not over in London yet" in said
