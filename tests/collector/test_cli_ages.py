"""Ages on the command line: of recorded walks without a store, in the list of devices, and of one device."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from trusts import START, Trust, entity, system

from collector import cli
from fresh_store import fresh_store

SWITCH = Path(__file__).parent.parent / "devices" / "hp-2530-24g" / "walk.snmprec"  # made in October 2020
CATALYST = ("Cisco", "WS-C2960X-24TS-L")
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def typed(tmp_path: Path) -> list[str]:
    """What every command begins with, on a collector in a folder of its own that knows two switches."""
    store = fresh_store(tmp_path / "stocktake.db")
    trust = Trust(store)
    trust.say(START, system("dated"), entity("FOC2016X0AB", *CATALYST))
    trust.say(START, system("undated"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    store.close()
    (tmp_path / "collector.toml").touch()
    return ["--config", str(tmp_path / "collector.toml"), "--data", str(tmp_path), "--log-level", "error"]


def test_a_recorded_walk_says_when_its_device_was_made(capsys: Printed) -> None:
    assert cli.main(["interpret", "--seen", "2026-11-22", str(SWITCH)]) == 0
    assert ", made October 2020 (" in capsys.readouterr().out
    assert cli.main(["interpret", "--seen", "2026-11-22", "--jsonl", str(SWITCH)]) == 0
    made = json.loads(capsys.readouterr().out)["made"]
    assert made == {
        "earliest": "2020-09-24", "latest": "2020-11-14", "best": "2020-10-16", "confidence": "high",
        "contradicted": False, "candidates": [],
        "because": "its serial number tells year 0 of a decade since 2010, October (documented rule, CN00FP0042)",
    }  # fmt: skip


def test_nothing_was_made_after_it_was_seen(capsys: Printed) -> None:
    assert cli.main(["interpret", "--seen", "2020-10-01", "--jsonl", str(SWITCH)]) == 0
    assert json.loads(capsys.readouterr().out)["made"]["latest"] == "2020-10-01"
    assert cli.main(["interpret", "--seen", "2032-01-01", "--jsonl", str(SWITCH)]) == 0
    made = json.loads(capsys.readouterr().out)["made"]
    assert (made["best"], made["confidence"]) == (None, "none")
    assert [first[:4] for first, _ in made["candidates"]] == ["2020", "2030"]


def test_a_day_that_is_none_is_refused_with_an_example(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["interpret", "--seen", "yesterday", str(SWITCH)])
    assert ended.value.code == 2
    assert "'yesterday' is no day: write it as 2026-08-31" in capsys.readouterr().err


def test_the_list_of_devices_tells_when_they_were_made(typed: list[str], capsys: Printed) -> None:
    assert cli.main([*typed, "devices"]) == 0
    heading, *lines = capsys.readouterr().out.splitlines()
    column = heading.index("MADE BEST")
    assert {line[column:].split()[0] for line in lines} == {"2016-04-21", "unknown"}
    assert cli.main([*typed, "devices", "--csv"]) == 0
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert (rows["dated"]["made_best"], rows["dated"]["made_confidence"]) == ("2016-04-21", "high")
    assert (rows["undated"]["made_best"], rows["undated"]["made_confidence"]) == ("", "none")
    assert cli.main([*typed, "devices", "--json"]) == 0
    told = {row["name"]: row["made_best"] for row in json.loads(capsys.readouterr().out)}
    assert told == {"dated": "2016-04-21", "undated": None}


def test_one_device_tells_its_age_and_the_case_for_it(typed: list[str], capsys: Printed) -> None:
    cli.main([*typed, "devices", "--json"])
    ids = {row["name"]: row["device_id"] for row in json.loads(capsys.readouterr().out)}
    assert cli.main([*typed, "device", ids["dated"]]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("how old: April 2016, "))
    assert lines[at].endswith(" years old (high confidence)")
    assert lines[at + 1] == "  because its serial number tells week 16 of 2016 (documented rule, FOC2016X0AB)"
    assert "  stands        April 2016: week 16 of 2016 [FOC2016X0AB; rule serial.cisco]" in lines
    assert any(line.startswith("  stands        not after 1 September 2026: an agent saw it") for line in lines)
    assert any(line.startswith("  chassis/1: April 2016, ") for line in lines)
    assert any(line.startswith("supported: Catalyst 2960-X") for line in lines)
    assert cli.main([*typed, "device", ids["undated"]]) == 0
    assert "\nhow old: unknown" in capsys.readouterr().out
