"""The register of past days, through real evidence, words, corrections, records and rules: nothing past changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from trusts import DAY, Trust, asked, entity, system

from collector import corrections, history, identity, records, reinterpret, understand
from collector.history import Export, Hindsight
from collector.knowledge import system as rule
from collector.store import Store, Transaction

MAC_2, MAC_3 = "00:1b:21:00:00:02", "00:1b:21:00:00:03"
MAY, JUNE, AUGUST = date(2026, 5, 31), date(2026, 6, 30), date(2026, 8, 31)
BEGIN = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.fixture
def trust(store: Store) -> Trust:
    return Trust(store)


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def export(trust: Trust, day: date, now: datetime) -> Export:
    return history.export_csv(trust.store, trust.id, day, now, actor="auditor")


def known_otherwise(trust: Trust, day: date, now: datetime) -> Hindsight:
    return history.what_changed(trust.store, trust.id, day, now)


def summer(trust: Trust) -> dict[date, Export]:
    """Two switches and a printer are met, and the register is exported on three mornings."""
    for day in (BEGIN, on(5, 20)):
        trust.say(day, system("core"), entity("S1"))
        trust.say(day + timedelta(minutes=1), system("edge"), entity("S2"), address="10.1.0.6", mac=MAC_2)
    taken = {MAY: export(trust, MAY, on(6, 1))}
    trust.say(on(6, 10), system("core-2"), entity("S1"))
    taken[JUNE] = export(trust, JUNE, on(7, 1))
    trust.say(on(8, 1), system("edge"), entity("S2"), address="10.1.0.6", mac=MAC_2)
    taken[AUGUST] = export(trust, AUGUST, on(9, 1))
    return taken


def autumn(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late evidence, a record, a correction, a person's merge and a rule that reads names otherwise."""
    ids = {row.serial: row.device_id for row in trust.devices()}
    trust.keep(asked(system("lost"), entity("S3"), address="10.1.0.9", mac=MAC_3), on(6, 5))
    understand.understand_pending(trust.store, trust.id, on(9, 2))

    def people(connection: Transaction) -> None:
        said = records.read_said({"room": "Lab 2"})
        records.enter(connection, trust.id, ids["S1"], said, actor="owner", source="page", now=on(9, 3))
        corrections.correct(connection, trust.id, ids["S2"], {"model": "2530-8G"}, "label", actor="owner", now=on(9, 4))
        identity.say_one(connection, trust.id, ids["S1"], ids["S2"], "one chassis", "owner", on(9, 5))

    trust.store.write(people)
    monkeypatch.setattr(rule, "text", lambda raw: "renamed", raising=False)
    reinterpret.reinterpret(trust.store, trust.id, on(9, 6))


def test_exports_of_three_days_are_the_same_after_everything_that_came_later(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = summer(trust)
    assert [one.manifest.rows for one in taken.values()] == [2, 2, 2]
    assert len({one.manifest.sha256 for one in taken.values()}) == 3
    autumn(trust, monkeypatch)
    for day, before in taken.items():
        again = export(trust, day, on(9, 20))
        assert again.csv == before.csv
        assert again.manifest.sha256 == before.manifest.sha256


def test_what_is_known_otherwise_of_a_day_is_named_with_its_cause(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    summer(trust)
    assert known_otherwise(trust, AUGUST, on(9, 1) + timedelta(hours=1)).differences == ()
    autumn(trust, monkeypatch)
    found = known_otherwise(trust, AUGUST, on(9, 20))
    causes = {one.cause for one in found.differences}
    assert {"late", "merge"} <= causes
    assert all(one.when >= on(9, 2) - DAY for one in found.differences)
    of_may = known_otherwise(trust, MAY, on(9, 20))
    late = [one for one in of_may.differences if one.cause == "late"]
    assert not late  # what was first seen in June was not there in May
