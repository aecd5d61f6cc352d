"""A serial rule that is put right re-dates the estate from kept evidence, without an agent, and lists what moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select
from trusts import DAY, START, Trust, entity, system

from collector import cli, reinterpret
from collector.age import About, serials
from collector.age.serials import Dated, SerialRule
from collector.store import Store
from collector.store import schema as t
from fresh_store import fresh_store

CATALYST = ("Cisco", "WS-C2960X-24TS-L")
ARUBA = ("HP", "J9773A")
LATER = START + DAY


def a_year_earlier(rule: SerialRule) -> SerialRule:
    """The same rule with another year zero, as it is when somebody gets it wrong."""

    def read(serial: str, about: About) -> Dated | str:
        answer = rule.read(serial, about)
        if isinstance(answer, str):
            return answer
        year = timedelta(days=365)
        spans = (replace(s, earliest=s.earliest - year, latest=s.latest - year, best=None) for s in answer.spans)
        return Dated(tuple(spans), f"{answer.words}, less one")

    return replace(rule, read=read)


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Until it is undone, Cisco's serial numbers are read a year too early."""
    table = tuple(a_year_earlier(rule) if rule.name == "cisco" else rule for rule in serials.rules())
    monkeypatch.setattr(serials, "rules", lambda: table)
    return monkeypatch


def three_devices(trust: Trust) -> None:
    """Two switches by Cisco, one by HP."""
    trust.say(START, system("one"), entity("FOC2016X0AB", *CATALYST))
    trust.say(START, system("two"), entity("FOC2110X0CD", *CATALYST), address="10.1.0.6", mac="00:1b:21:00:00:02")
    trust.say(START, system("three"), entity("CN77FP1234", *ARUBA), address="10.1.0.7", mac="00:1b:21:00:00:03")


def test_a_rule_put_right_re_dates_every_device_that_it_dates_and_no_other(
    store: Store, wrong: pytest.MonkeyPatch
) -> None:
    trust = Trust(store)
    three_devices(trust)
    before = {row.name: row.made_best for row in trust.devices()}
    wrong.undo()
    moved = reinterpret.reinterpret(store, trust.id, LATER)
    after = {row.name: row.made_best for row in trust.devices()}
    assert {name: (day.year, day.month) for name, day in before.items() if day and name != "three"} == {
        "one": (2015, 4), "two": (2016, 3),
    }  # fmt: skip
    assert {name: (day.year, day.month) for name, day in after.items() if day and name != "three"} == {
        "one": (2016, 4), "two": (2017, 3),
    }  # fmt: skip
    assert after["three"] == before["three"]
    names = {row.device_id: row.name for row in trust.devices()}
    best = {names[m.device_id]: (m.before, m.after) for m in moved if m.column == "made_best"}
    assert best == {name: (str(before[name]), str(after[name])) for name in ("one", "two")}
    assert {m.column for m in moved} == {"made_earliest", "made_latest", "made_best"}
    assert reinterpret.reinterpret(store, trust.id, LATER + DAY) == []


def test_no_evidence_comes_or_goes_and_what_was_believed_can_still_be_read(
    store: Store, wrong: pytest.MonkeyPatch
) -> None:
    trust = Trust(store)
    three_devices(trust)

    def count(table: Table) -> int:
        with store.reader() as connection:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    kept = [count(table) for table in (t.reports, t.evidence, t.contents, t.facts)]
    wrong.undo()
    reinterpret.reinterpret(store, trust.id, LATER)
    assert [count(table) for table in (t.reports, t.evidence, t.contents, t.facts)] == kept
    (one,) = (row for row in trust.devices() if row.name == "one")
    query = select(t.ages).where(t.ages.c.device_id == one.device_id, t.ages.c.component == "")
    with store.reader() as connection:
        old, new = connection.execute(query.order_by(t.ages.c.age_id)).all()
    assert ("less one" in old.assessed, old.recorded_to) == (True, LATER)
    assert ("less one" in new.assessed, new.recorded_from, new.recorded_to) == (False, LATER, None)


def test_an_operator_is_told_what_moved(
    tmp_path: Path, wrong: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = fresh_store(tmp_path / "stocktake.db")
    trust = Trust(store)
    trust.say(START, system("one"), entity("FOC2016X0AB", *CATALYST))
    (row,) = trust.devices()
    store.close()
    wrong.undo()
    (tmp_path / "collector.toml").touch()
    typed = ["--config", str(tmp_path / "collector.toml"), "--data", str(tmp_path), "--log-level", "error"]
    assert cli.main([*typed, "reinterpret"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert f"{row.device_id}  made_best: {row.made_best} → 2016-04-21" in said
    assert said[-1] == "3 cells of the register changed"
    assert cli.main([*typed, "device", row.device_id]) == 0
    assert "how old: April 2016" in capsys.readouterr().out
