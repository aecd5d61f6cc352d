"""Corrections as an operator types them: made, listed, undone, and exported as a test case that can be dropped in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import test_interpret as recorded_devices
from trusts import ENTITIES, START, Trust, entity, group, system

from collector import cli
from fresh_store import fresh_store
from stocktake.values import Binding, SnmpBindings

Type = Callable[..., tuple[int, str, str]]
MAC = bytes.fromhex("001b21aabbcc")
CATALYST = ("Cisco", "WS-C2960X-24TS-L")


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command on a collector that knows two switches of a model; returns status, stdout, stderr."""
    store = fresh_store(tmp_path / "stocktake.db")
    trust = Trust(store)
    ports = SnmpBindings((
        Binding("1.3.6.1.2.1.2.2.1.6.1", 4, MAC),
        Binding("1.3.6.1.2.1.31.1.1.1.18.1", 4, b"to Oak Lane hall"),
        Binding(f"1.3.6.1.2.1.17.4.3.1.2.{'.'.join(map(str, MAC))}", 2, b"\x01"),
    ))  # fmt: skip
    description = "Cisco IOS Software, C2960X Software, Version 15.2(7)E4"
    trust.say(START, system("oak-core", description=description), entity("FOC2016X0AB", *CATALYST),
              group("interfaces", ports))  # fmt: skip
    trust.say(
        START,
        system("oak-hall", description=description),
        entity("FOC2016X0CD", *CATALYST),
        address="10.1.0.6",
        mac="00:1b:21:00:00:02",
    )
    store.close()
    (tmp_path / "collector.toml").touch()

    def run(*words: str) -> tuple[int, str, str]:
        typed = ["--config", str(tmp_path / "collector.toml"), "--data", str(tmp_path), "--log-level", "error", *words]
        status = cli.main(typed)
        out, err = capsys.readouterr()
        return status, out.strip(), err.strip()

    return run


def rows(typed: Type) -> dict[str, dict[str, object]]:
    return {row["serial"]: row for row in json.loads(typed("devices", "--json")[1])}


def test_a_correction_is_made_shown_listed_and_undone(typed: Type) -> None:
    before = rows(typed)["FOC2016X0AB"]
    device, read = str(before["device_id"]), before["device_class"]
    status, said, _ = typed(
        "correct", device, "--class", "router", "--made", "2012-09", "--reason", "as its label says"
    )
    assert status == 0
    first, second, last = said.splitlines()
    assert (first.partition(" (")[0], second.partition(" (")[0], last) == (
        "class is router now", "made is 2012-09 now", "of 1 device",
    )  # fmt: skip
    now = rows(typed)["FOC2016X0AB"]
    assert (now["device_class"], now["made_best"], now["made_confidence"]) == ("router", "2012-09-15", "told")
    assert now["corrected"] == ["class", "made"]
    shown = typed("device", device)[1]
    assert f"corrected: class router (the evidence says {read}): as its label says" in shown
    assert "how old: September 2012" in shown
    assert 'class,"made"' not in typed("devices", "--csv")[1]
    assert f'"class, made",class: {read}' in typed("devices", "--csv")[1]
    listed = typed("corrections")[1]
    assert len(listed.splitlines()) == 3
    number = re.findall(r"correction (\w+)", said)[0]
    assert typed("correction", "undo", number)[1] == f"correction {number} is undone; of 1 device"
    assert rows(typed)["FOC2016X0AB"]["corrected"] == ["made"]
    assert number in typed("corrections", "--ended")[1]
    assert typed("verify")[1].startswith("the journal holds: 3 entries")


def test_all_alike_are_corrected_at_once(typed: Type) -> None:
    device = str(rows(typed)["FOC2016X0AB"]["device_id"])
    assert typed("correct", device, "--alike", "--model", "2960-X", "--reason", "r")[1].endswith("of 2 devices")
    assert {row["model"] for row in rows(typed).values()} == {"2960-X"}
    assert "Cisco WS-C2960X-24TS-L" in typed("corrections")[1]


def test_mistakes_are_answered_with_a_sentence(typed: Type, tmp_path: Path) -> None:
    device = str(rows(typed)["FOC2016X0AB"]["device_id"])
    for words, sentence in (
        (("correct", "nobody", "--model", "x", "--reason", "r"), "no device has the id 'nobody'"),
        (("correct", device, "--reason", "r"), "say what is to be corrected"),
        (("correct", device, "--model", "x y", "--reason", " "), "say why"),
        (("correction", "undo", "nothing"), "there is no correction 'nothing'"),
        (("correction", "export", "nobody", str(tmp_path)), "no device has the id nobody"),
    ):
        status, _, said = typed(*words)
        assert (status, sentence in said) == (2, True), said
    assert typed("corrections")[1] == "nothing is corrected"


def test_an_export_is_a_test_case_that_fails_only_in_the_corrected_cell(typed: Type, tmp_path: Path) -> None:
    device = str(rows(typed)["FOC2016X0AB"]["device_id"])
    typed("correct", device, "--model", "Catalyst 2960-X 24", "--reason", "as its label says")
    out = tmp_path / "cases"
    status, said, _ = typed("correction", "export", device, str(out))
    walk = out / "cisco-catalyst-2960-x-24" / "walk.snmprec"
    assert (status, said.partition(":")[0]) == (0, str(walk.parent))
    expected = json.loads(walk.with_name("expect.json").read_text())
    with pytest.raises(AssertionError):
        recorded_devices.test_a_recorded_device_is_read_as_expected(walk, expected)
    recorded_devices.test_a_recorded_device_is_read_as_expected(walk, expected | {"model": CATALYST[1]})
    recorded_devices.test_a_recorded_device_shows_its_identifiers_and_components(walk, expected)
    recorded_devices.test_every_fact_points_to_the_binding_it_was_read_from(walk)
    assert typed("correction", "export", device, str(out))[2].endswith("name another folder, or move it away")


def test_an_export_tells_nothing_of_whose_it_is(typed: Type, tmp_path: Path) -> None:
    device = str(rows(typed)["FOC2016X0AB"]["device_id"])
    typed("correct", device, "--name", "Oak Lane hall switch", "--reason", "r")
    typed("correction", "export", device, str(tmp_path / "cases"))
    for file in (tmp_path / "cases").rglob("*.*"):
        written = file.read_text().lower()
        for real in ("oak", "FOC2016X0AB", "aabbcc", "170.187.204", "10.1.0.5", "hall", "00:1b:21:aa:bb:cc"):
            assert real.lower() not in written, f"{real} in {file.name}"
    walk = (tmp_path / "cases" / "cisco-ws-c2960x-24ts-l" / "walk.snmprec").read_text()
    assert f"{ENTITIES}.13.1|4|WS-C2960X-24TS-L" in walk
    assert "1.3.6.1.2.1.17.4.3.1.2.0.27.33." in walk


def test_of_what_was_never_asked_there_is_no_test_case(typed: Type, tmp_path: Path) -> None:
    store = fresh_store(tmp_path / "stocktake.db")
    store.write(lambda c: c.exec_driver_sql("UPDATE lane SET method = 'ARP'") and None)
    store.close()
    device = str(rows(typed)["FOC2016X0AB"]["device_id"])
    assert "itself answered to SNMP is kept" in typed("correction", "export", device, str(tmp_path))[2]
