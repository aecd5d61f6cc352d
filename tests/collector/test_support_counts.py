"""How many devices are beyond support, by class: counted where they are kept, in both stores."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from collector.store import Store, Transaction, ages, schema
from collector.store.ages import SupportCount

NOW = datetime(2026, 11, 22, 9, 31, tzinfo=UTC)
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def test_what_ended_what_is_paid_for_and_what_nobody_knows_are_told_apart(store: Store) -> None:
    # known, ends, extended: the last day of support is a day with support
    told = [
        (True, TODAY - DAY, None), (True, TODAY - DAY, TODAY - DAY), (True, TODAY - DAY, TODAY), (True, TODAY, None),
        (True, None, None), (False, None, None),
    ]  # fmt: skip
    base = {
        "trust_id": "t", "created": NOW, "school_id": "elm", "site_id": "main", "class": "desktop", "maker": "",
        "model": "", "serial": "", "firmware": "", "name": "", "address": "", "mac": "", "os": "", "first_seen": NOW,
        "last_seen": NOW, "last_agent": "a", "last_method": "HOST",
    }  # fmt: skip
    names = ("support_known", "support_ends", "support_extended")
    rows = [base | {"device_id": str(n)} | dict(zip(names, each, strict=True)) for n, each in enumerate(told)]
    elsewhere = base | {"device_id": "x", "school_id": "oak"} | dict(zip(names, told[0], strict=True))

    def write(connection: Transaction) -> None:
        connection.execute(schema.devices.insert(), [*rows, elsewhere])

    store.write(write)
    with store.reader() as connection:
        mine = ages.support_counts(connection, "t", TODAY, frozenset({"elm"}))
        whole = ages.support_counts(connection, "t", TODAY)
    assert mine == {"desktop": SupportCount(devices=6, ended=2, extended=1, unknown=1)}
    assert whole == {"desktop": SupportCount(devices=7, ended=3, extended=1, unknown=1)}
