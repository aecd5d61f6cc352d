"""A trust whose devices are in the register with ages, rooms and classes: what a plan is made of, put in directly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from collector.store import Store, Transaction, ids, places, schema
from collector.store.cells import booked, packed

NOW = datetime(2026, 11, 22, 9, 31, tzinfo=UTC)
#: by class how many, and the years in which they were made, in turn; 0: not known
KIT: Mapping[str, tuple[int, tuple[int, ...]]] = {
    "laptop": (12, (2022, 2023, 2024, 0)),
    "desktop": (8, (2021, 2022, 0)),
    "switch": (3, (2019, 2021, 2023)),
    "server": (1, (2023,)),
    "printer": (2, (2020, 0)),
}


def cells(school_id: str, device_class: str, number: int, made: int, **more: str) -> dict[str, str]:
    """The cells of one device."""
    told = {
        "school_id": school_id, "class": device_class, "name": f"{device_class}-{number}", "maker": "HP",
        "model": f"{device_class.title()} {number % 2 + 1}", "serial": f"{school_id[:4]}{device_class[:2]}{number}",
        "first_seen": "2026-01-05T09:00:00Z", "room": "ICT suite" if device_class == "desktop" else "", **more,
    }  # fmt: skip
    if made:
        day = date(made, 9, 1 + number % 20)
        told |= {f"made_{name}": day.isoformat() for name in ("earliest", "best", "latest")}
        told["made_confidence"] = "high"
    return told


def add(connection: Transaction, trust_id: str, device_id: str, told: Mapping[str, str]) -> None:
    """One device in the register, as it would be after evidence."""
    where = {"trust_id": trust_id, "device_id": device_id, "school_id": told["school_id"]}
    row = {
        **where, "row_id": ids.take(connection, trust_id, "register"), "cells": packed(told), "cause": "evidence",
        "recorded_from": NOW, **booked(told),
    }  # fmt: skip
    connection.execute(schema.register.insert(), row)
    device = {
        **where, "created": NOW, "site_id": "", "class": told["class"], "name": told["name"], "model": told["model"],
        "first_seen": NOW, "last_seen": NOW, "last_agent": "a", "last_method": "SNMP_V2C",
    }  # fmt: skip
    connection.execute(schema.devices.insert(), device)


def school(
    connection: Transaction, trust_id: str, name: str, kit: Mapping[str, tuple[int, tuple[int, ...]]] = KIT
) -> str:
    """A school with its devices; its id."""
    school_id = places.add_school(connection, trust_id, name, "", NOW)
    places.add_site(connection, trust_id, school_id, "Main site")
    for device_class, (count, years) in kit.items():
        for number in range(count):
            key = f"{name.split(maxsplit=1)[0].lower()}-{device_class}-{number}".replace(" ", "")
            add(connection, trust_id, key, cells(school_id, device_class, number, years[number % len(years)]))
    return school_id


def three(store: Store) -> tuple[str, dict[str, str]]:
    """A trust of three schools; the trust, and the schools by their first word."""

    def write(connection: Transaction) -> tuple[str, dict[str, str]]:
        trust_id = places.add_trust(connection, "Three Trees Trust", NOW)
        names = ("Elm Primary School", "Oak Academy", "Ash School")
        return trust_id, {name.split()[0].lower(): school(connection, trust_id, name) for name in names}

    return store.write(write)
