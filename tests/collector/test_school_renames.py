"""A school that is called something else: a past day names it as it was called then, today as it is called now."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from trusts import START, Trust, entity, system

from collector import history, ledger, lives, london, schools
from collector.store import Store, school_lives

DAY = timedelta(days=1)
THEN, RENAMED, NOW = START + 5 * DAY, START + 10 * DAY, START + 20 * DAY


@pytest.fixture
def trust(store: Store) -> Trust:
    """Oak Lane with a switch, renamed ten days later; the daily round over all devices went by since."""
    made = Trust(store)
    made.say(START, system("sw-1"), entity("CN12FP0001"), address="10.1.0.5", mac="00:1b:21:00:00:01")
    with store.reader() as connection:
        (school,) = school_lives.schools(connection, made.id)
    assert school.name == "Oak Lane"
    store.write(lambda c: schools.rename(c, made.id, school.school_id, "Elm Park", actor="a", now=RENAMED))
    lives.live(store, made.id, RENAMED + DAY)
    return made


def named(trust: Trust, at: datetime) -> set[str]:
    rows = history.register_as_known(trust.store, trust.id, at, NOW)
    return {row.value("school") for row in rows}


def test_the_register_of_a_past_day_names_the_school_as_it_was_called_then(trust: Trust) -> None:
    assert named(trust, THEN) == {"Oak Lane"}
    assert named(trust, NOW - DAY) == {"Elm Park"}
    ids = frozenset(row.device_id for row in trust.devices())
    with trust.store.reader() as connection:
        entries = ledger.named(connection, trust.id, THEN, ids)
    assert {entry.cells["school"] for entry in entries.values()} == {"Oak Lane"}


def test_the_file_of_a_past_day_names_it_so_too_and_a_new_name_is_no_difference(trust: Trust) -> None:
    export = history.export_csv(trust.store, trust.id, THEN, NOW, actor="a")
    assert "Oak Lane" in export.csv
    assert "Elm Park" not in export.csv
    changed = history.what_changed(trust.store, trust.id, london.day_of(THEN), NOW)
    assert [one for one in changed.differences if one.cell == "school"] == []


def test_a_new_name_moves_nothing_between_two_days(trust: Trust) -> None:
    span = ledger.Span(THEN, NOW - DAY)
    with trust.store.reader() as connection:
        found = [(one.group, one.step) for one in ledger.movements(connection, trust.id, span)]
    assert {group for group, _ in found} == {"Elm Park"}
    assert len(found) == 2  # it was there, and it is there
