"""The daily pass: what became of every device, in the register and in its history, with the reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from past import DAY, Past
from sqlalchemy import insert, update

from collector import lives
from collector.store import Store, Transaction
from collector.store import schema as t

SEPTEMBER = datetime(2026, 9, 10, 9, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def past(store: Store) -> Past:
    return Past(store)


def heard(past: Past, when: datetime) -> None:
    """Every agent reports, and the network is swept."""

    def work(connection: Transaction) -> None:
        connection.execute(update(t.agents).values(last_report=when))
        row = {
            "trust_id": past.id, "lane_id": 3, "agent_id": "agent-1", "site_id": past.site, "kind": "NETWORK",
            "address": "", "mac": "", "network": "10.1.0.0/24", "source": "", "method": "ARP", "relayed": False,
            "first_observed": when, "last_observed": when,
        }  # fmt: skip
        connection.execute(insert(t.lanes).values(**row))

    past.store.write(work)


def states(past: Past, at: datetime) -> dict[str, str]:
    return {row.device_id: row.cells.get("life", "") for row in past.known(at)}


def test_a_device_goes_missing_by_days_alone_and_the_history_says_why(past: Past) -> None:
    past.device("gone", SEPTEMBER)
    there = past.device("there", SEPTEMBER)
    heard(past, NOVEMBER)
    assert lives.live(past.store, past.id, SEPTEMBER + DAY) == 2
    past.seen(NOVEMBER, NOVEMBER, there)
    assert lives.live(past.store, past.id, NOVEMBER) == 1
    assert lives.live(past.store, past.id, NOVEMBER) == 0
    assert states(past, SEPTEMBER + DAY) == {"gone": "in use", "there": "in use"}
    assert states(past, NOVEMBER) == {"gone": "missing", "there": "in use"}
    with past.store.reader() as connection:
        told = lives.explain(connection, past.id, "gone", NOVEMBER)
        assert lives.explain(connection, past.id, "nothing", NOVEMBER) is None
        assert [stay.site_id for stay in lives.stays(connection, past.id, "gone")] == [past.site]
    assert told is not None
    assert told.sentence.startswith("not seen on ")
    assert told.sentence.endswith("since 10 September 2026; 10.1.0.0/24 was swept on 20 November 2026")
    assert past.told(date(2026, 9, 30)) == set(), "that it is missing now says nothing of September"


def test_a_device_behind_a_silent_switch_is_not_reachable(past: Past) -> None:
    past.device("switch", SEPTEMBER, name="sw-1")
    past.device("pc", SEPTEMBER, mac="00:1b:21:00:00:01")
    heard(past, NOVEMBER)
    cable = {
        "trust_id": past.id, "site_id": past.site, "mac": "00:1b:21:00:00:01", "switch_id": "switch", "port": 1,
        "port_name": "1", "vlans": "[]", "how": "edge", "via": "", "reason": "", "since": SEPTEMBER,
    }  # fmt: skip
    past.store.write(lambda c: c.execute(insert(t.attachments).values(**cable)))
    lives.live(past.store, past.id, NOVEMBER)
    assert states(past, NOVEMBER) == {"pc": "not reachable", "switch": "missing"}


def test_a_device_of_a_school_without_reports_is_not_scanned(past: Past) -> None:
    past.device("pc", SEPTEMBER)
    lives.live(past.store, past.id, NOVEMBER)
    assert states(past, NOVEMBER) == {"pc": "not scanned"}


def test_a_device_that_was_disposed_of_is_so_by_its_record(past: Past) -> None:
    past.device("pc", SEPTEMBER)

    def say(connection: Any) -> None:
        row = {"trust_id": past.id, "record_id": "r", "device_id": "pc", "created": SEPTEMBER, "change_id": "c"}
        connection.execute(insert(t.records).values(**row))
        for number, (name, value) in enumerate((("status", '"disposed"'), ("disposed_on", '"2026-10-01"'))):
            field = {
                "trust_id": past.id, "row_id": number, "record_id": "r", "field": name, "value": value, "key": "",
                "actor": "", "source": "page", "change_id": "c", "observed_from": SEPTEMBER,
                "recorded_from": SEPTEMBER,
            }  # fmt: skip
            connection.execute(insert(t.record_fields).values(**field))

    past.store.write(say)
    lives.live(past.store, past.id, NOVEMBER)
    assert states(past, NOVEMBER) == {"pc": "disposed"}
    with past.store.reader() as connection:
        told = lives.explain(connection, past.id, "pc", NOVEMBER)
    assert told is not None
    assert told.sentence == "disposed on 1 October 2026, without certificate"
