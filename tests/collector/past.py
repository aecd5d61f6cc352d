"""A register that tests change by hand, with the causes that really change it: devices, claims, and who holds them."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from trusts import make_trust

from collector import history as rules
from collector.store import Store, Transaction, cells, days, hindsight, history
from collector.store import schema as t

BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Past:
    """One trust in a store. Every act takes the time at which it becomes known."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.id, self.site = store.write(make_trust)
        self.school = store.write(
            lambda c: c.execute(t.sites.select().where(t.sites.c.trust_id == self.id)).one().school_id
        )
        self.numbers = itertools.count(1)
        self.store.write(self._lane)

    def _lane(self, connection: Transaction) -> None:
        for lane_id, method in ((1, "SNMP_V2C"), (2, "ARP")):
            row = {
                "trust_id": self.id, "lane_id": lane_id, "agent_id": f"agent-{lane_id}", "site_id": self.site,
                "kind": "ADDRESS", "address": "10.1.0.5", "mac": "", "network": "10.1.0.0/24", "source": "",
                "method": method, "relayed": False, "first_observed": BEGIN, "last_observed": BEGIN,
            }  # fmt: skip
            connection.execute(insert(t.lanes).values(**row))

    # ---------------------------------------------------------------------------------------- acts

    def device(self, device_id: str, now: datetime, cause: str = "evidence", **columns: Any) -> int:
        """A new device with one claim of its own; the claim's number."""
        row = {
            "trust_id": self.id, "device_id": device_id, "created": now, "school_id": self.school,
            "site_id": self.site, "first_seen": now, "last_seen": now, "last_agent": "agent-1",
            "last_method": "SNMP_V2C",
        } | columns  # fmt: skip
        self.store.write(lambda c: c.execute(insert(t.devices).values(**row)))
        claim_id = self.claim(device_id, now)
        self.keep([device_id], cause, now)
        return claim_id

    def claim(self, device_id: str, now: datetime, lane_id: int = 1, **columns: Any) -> int:
        """Something saw a device: a claim, and who holds it."""
        claim_id = next(self.numbers)
        method = {1: "SNMP_V2C", 2: "ARP"}[lane_id]
        row = {
            "trust_id": self.id, "claim_id": claim_id, "lane_id": lane_id, "slot": str(claim_id),
            "site_id": self.site, "method": method, "told_of": False, "identifiers": "[]", "device_id": device_id,
            "first_observed": now, "last_observed": now, "settled_by_time": False, "recorded_from": now,
        } | columns  # fmt: skip

        def work(connection: Transaction) -> None:
            connection.execute(insert(t.claims).values(**row))
            connection.execute(
                insert(t.holders).values(
                    trust_id=self.id, claim_id=claim_id, device_id=device_id,
                    recorded_from=history.moment(connection, self.id, now),
                )
            )  # fmt: skip

        self.store.write(work)
        return claim_id

    def give(self, claim_id: int, device_id: str, now: datetime) -> None:
        """A claim turns out to be of another device."""

        def work(connection: Transaction) -> None:
            when = history.moment(connection, self.id, now)
            mine = (t.holders.c.trust_id == self.id) & (t.holders.c.claim_id == claim_id)
            connection.execute(
                update(t.holders).where(mine, t.holders.c.recorded_to.is_(None)).values(recorded_to=when)
            )
            row = {"trust_id": self.id, "claim_id": claim_id, "device_id": device_id, "recorded_from": when}
            connection.execute(insert(t.holders).values(**row))
            claim = (t.claims.c.trust_id == self.id) & (t.claims.c.claim_id == claim_id)
            connection.execute(update(t.claims).where(claim).values(device_id=device_id))

        self.store.write(work)

    def change(self, device_id: str, cause: str, now: datetime, since: datetime | None = None, **columns: Any) -> int:
        """Columns of a device's row become others; how many rows of the register changed."""
        mine = (t.devices.c.trust_id == self.id) & (t.devices.c.device_id == device_id)
        self.store.write(lambda c: c.execute(update(t.devices).where(mine).values(**columns)))
        return self.keep([device_id], cause, now, since)

    def merge(self, survivor: str, other: str, claim_ids: list[int], now: datetime, **columns: Any) -> None:
        for claim_id in claim_ids:
            self.give(claim_id, survivor, now)
        self.change(other, "merge", now, alias_of=survivor)
        if columns:
            self.change(survivor, "merge", now, **columns)

    def split(self, other: str, claim_ids: list[int], now: datetime) -> None:
        for claim_id in claim_ids:
            self.give(claim_id, other, now)
        self.change(other, "split", now, alias_of=None)

    def keep(self, ids: list[str], cause: str, now: datetime, since: datetime | None = None) -> int:
        return self.store.write(lambda c: history.keep(c, self.id, ids, cause, now, since))

    def seen(self, observed: datetime, now: datetime, *claim_ids: int) -> None:
        """Claims were observed, and that becomes known."""

        def work(connection: Transaction) -> None:
            when = history.moment(connection, self.id, now)
            days.note(connection, self.id, dict.fromkeys(claim_ids, observed), when)

        self.store.write(work)

    # ---------------------------------------------------------------------------------------- questions

    def known(self, at: datetime, school_id: str = "") -> list[cells.RegisterRow]:
        with self.store.reader() as connection:
            return list(history.as_known(connection, self.id, at, school_id))

    def export(self, when: datetime | date, now: datetime) -> rules.Export:
        return rules.export_csv(self.store, self.id, when, now, actor="auditor")

    def now_known(self, day: date) -> dict[str, cells.RegisterRow]:
        with self.store.reader() as connection:
            return {row.device_id: row for row in hindsight.as_now_known(connection, self.id, day)}

    def differences(self, day: date) -> list[hindsight.Difference]:
        with self.store.reader() as connection:
            return list(hindsight.differences(connection, self.id, day))

    def told(self, day: date) -> set[tuple[str, str, str, str, str]]:
        """The differences without their time."""
        return {(d.device_id, d.cell, d.before, d.after, d.cause) for d in self.differences(day)}
