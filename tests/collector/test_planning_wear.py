"""What printers and batteries told becomes toner and batteries of the plan; what UPSs told moves their batteries."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert

import plan_estate
from collector.planning.gather import Gathered, gather
from collector.planning.making import make
from collector.planning.whatif import Changes, reckon
from collector.refresh.plan import Plan
from collector.refresh.values import Action
from collector.store import Store, Transaction, schema
from plan_estate import NOW

TODAY = NOW.date()
YEAR_AGO = TODAY - timedelta(days=365)


class Telling:
    """Puts readings and facts of devices into a store."""

    def __init__(self, connection: Transaction, trust_id: str) -> None:
        self.connection, self.trust_id, self.number = connection, trust_id, 0

    def claim(self, device_id: str) -> int:
        self.number += 1
        row = {
            "trust_id": self.trust_id, "claim_id": self.number, "lane_id": self.number, "slot": "", "site_id": "",
            "method": "SNMP_V2C", "told_of": False, "identifiers": "[]", "device_id": device_id,
            "first_observed": NOW, "last_observed": NOW, "settled_by_time": False, "recorded_from": NOW,
        }  # fmt: skip
        self.connection.execute(insert(schema.claims), row)
        return self.number

    def pages(self, claim_id: int, *counts: tuple[date, int]) -> None:
        for day, pages in counts:
            row = {"trust_id": self.trust_id, "claim_id": claim_id, "component": "", "name": "pages", "day": day,
                   "least": pages, "most": pages, "last": pages, "last_observed": NOW}  # fmt: skip
            self.connection.execute(insert(schema.reading_days), row)

    def reading(self, claim_id: int, component: str, name: str, value: float, observed: datetime = NOW) -> None:
        row = {"trust_id": self.trust_id, "claim_id": claim_id, "component": component, "name": name,
               "value": json.dumps(value), "unit": "percent", "observed": observed, "day": observed.date(), "rule": "",
               "group_name": "", "locator": "", "weight": 1}  # fmt: skip
        self.connection.execute(insert(schema.readings), row)

    def fact(self, device_id: str, component: str, name: str, value: str) -> None:
        self.number += 1
        row = {"trust_id": self.trust_id, "fact_id": self.number, "device_id": device_id, "lane_id": 1, "claim_id": 1,
               "component": component, "name": name, "value": json.dumps(value), "unit": "", "weight": 1,
               "chosen": True, "rule": "", "group_name": "", "locator": "", "observed_from": NOW, "observed_to": None,
               "recorded_from": NOW, "recorded_to": None}  # fmt: skip
        self.connection.execute(insert(schema.facts), row)


def made(store: Store, trust_id: str, years: int = 3) -> tuple[Gathered, Plan]:
    with store.reader() as connection:
        found = gather(connection, trust_id, NOW, years)
    return found, make(found)


def of(plan: Plan, kind: str) -> list[tuple[str, int | None, int, int]]:
    return [(row.row_id, row.year, row.number, row.cost) for row in plan.rows if row.device_class == kind]


@pytest.fixture
def told(store: Store) -> str:
    """Elm's printers count 12,000 pages a year; a laptop's battery holds 70 %, another's as good as nothing."""
    trust_id, _ = plan_estate.three(store)

    def tell(connection: Transaction) -> None:
        telling = Telling(connection, trust_id)
        first, other = telling.claim("elm-printer-0"), telling.claim("elm-printer-0")
        telling.pages(first, (YEAR_AGO, 50_000), (TODAY - timedelta(days=100), 58_000), (TODAY, 62_000))
        telling.pages(other, (TODAY - timedelta(days=30), 7), (TODAY, 90_000))  # it counts something else
        telling.reading(first, "supply/1.1", "level", 50)
        telling.fact("elm-printer-0", "supply/1.1", "type", "toner")
        telling.fact("elm-printer-0", "supply/1.1", "name", "Black Cartridge")
        alone = telling.claim("elm-printer-1")
        telling.pages(alone, (TODAY, 4_000))
        ink = telling.claim("oak-printer-0")
        telling.pages(ink, (YEAR_AGO, 0), (TODAY, 9_000))
        telling.fact("oak-printer-0", "supply/1.1", "type", "ink")
        # made in September 2024, kept to 2028
        telling.reading(telling.claim("elm-laptop-2"), "battery/BAT0", "health", 79)
        telling.reading(telling.claim("elm-laptop-5"), "battery/BAT0", "health", 0.5)
        telling.reading(telling.claim("elm-laptop-6"), "disk/0", "health", 3)

    store.write(tell)
    return trust_id


def test_printers_and_batteries_that_tell_ask_for_what_they_use_up(store: Store, told: str) -> None:
    gathered, plan = made(store, told)
    assert [one.device_id for one in gathered.wear.printers] == ["elm-printer-0", "elm-printer-1"]
    assert [one.device_id for one in gathered.wear.batteries] == ["elm-laptop-2", "elm-laptop-5"]
    toner = of(plan, "toner")
    # of 2026/27 283 days are left: 9,304 pages, and 1,500 are gone of the 3,000 of a cartridge
    assert toner[0] == ("elm-printer-0", 2026, 3, 3 * 70_00)
    assert [(year, number) for _, year, number, _ in toner] == [(2026, 3), (2027, 4), (2028, 4)]
    assert of(plan, "laptop battery")[0] == ("elm-laptop-5", 2026, 1, 60_00)
    rows = [row for row in plan.rows if row.device_class == "toner"]
    assert all(row.action is Action.SPEND and not row.capital and row.line == "hardware" for row in rows)
    assert "12,000 pages a year by its counts of 365 days" in rows[0].sentence
    assert list(plan.rows) == sorted(plan.rows, key=lambda row: row.year or 10_000)


def test_within_a_cap_what_is_used_up_is_paid_first_and_stays_as_it_is(store: Store, told: str) -> None:
    gathered, plan = made(store, told)
    result = reckon(gathered, Changes(level=150))
    assert result.within is not None, result.refused
    everything = sum(row.cost for row in plan.rows if row.year is not None)
    assert sum(result.plain.costs.values()) == everything
    assert all(row.action is not Action.SPEND for row in result.within.displaced)


def test_the_batteries_of_a_ups_come_again_from_the_day_that_it_tells(store: Store) -> None:
    trust_id, schools = plan_estate.three(store)

    def tell(connection: Transaction) -> None:
        cells = plan_estate.cells(schools["elm"], "ups", 1, 2023)
        plan_estate.add(connection, trust_id, "elm-ups", cells)
        Telling(connection, trust_id).fact("elm-ups", "battery/ups", "replaced", "2025-05-02")

    store.write(tell)
    gathered, plan = made(store, trust_id, 5)
    assert next(one for one in gathered.estate.kit if one.device_id == "elm-ups").battery_on == date(2025, 5, 2)
    upgrade = next(row for row in plan.rows if row.row_id == "elm-ups" and row.action is Action.UPGRADE)
    assert "Its battery is of May 2025" in upgrade.sentence
    assert not of(plan, "ups batteries")  # they are in the plan once


def test_an_estate_that_tells_nothing_asks_for_nothing_that_is_used_up(store: Store) -> None:
    trust_id, _ = plan_estate.three(store)
    gathered, plan = made(store, trust_id)
    assert not gathered.wear.printers
    assert not any(row.action is Action.SPEND for row in plan.rows)
