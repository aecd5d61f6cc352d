"""A trust of three schools with kit of many models, put in directly: what consistency and profiles are counted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from collector.store import Store, Transaction, places, schema

NOW = datetime(2026, 11, 22, 9, 31, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SCHOOLS = ("Ash Academy", "Elm Primary School", "Oak High School")

#: school, class, maker, model, firmware, how many, years old (None: not known), support ends in days (None: not known)
KIT: tuple[tuple[int, str, str, str, str, int, float | None, int | None], ...] = (
    (0, "laptop", "HP", "ProBook 450 G9", "1.10.0", 6, 2.0, 700),
    (0, "laptop", "HP Inc.", "HP ProBook 450 G9 Notebook PC", "1.9.2", 4, 2.5, 700),
    (0, "laptop", "Lenovo", "ThinkPad T480", "1.33", 3, 6.5, -30),
    (0, "laptop", "", "", "", 2, None, None),
    (0, "switch", "Aruba", "2930F-48G-PoE+", "WC.16.10.0012", 2, 4.0, 400),
    (1, "laptop", "HP", "ProBook 450 G9", "1.10.0", 5, 1.0, 900),
    (1, "laptop", "Dell Inc.", "Latitude 3410", "1.8.0", 4, 5.5, -1),
    (1, "desktop", "Dell", "OptiPlex 7010", "A29", 7, 8.0, -400),
    (1, "desktop", "Dell", "OptiPlex 7010", "1.4.0", 1, 3.5, None),
    (1, "printer", "Brother", "HL-L6400DW", "1.77", 2, None, None),
    (2, "laptop", "HP", "EliteBook 840 G5", "Q78 Ver. 01.23.00", 8, 6.0, 200),
    (2, "laptop", "HP", "EliteBook 840 G5", "Q78 Ver. 01.09.00", 2, 6.0, 200),
    (2, "switch", "Cisco", "WS-C2960X-48TS-L", "15.2(7)E4", 3, 9.0, -200),
)


@dataclass(frozen=True)
class Made:
    """What was put in."""

    trust_id: str
    school_ids: tuple[str, ...]
    devices: int


def furnish(store: Store, trust_id: str = "") -> Made:
    """Put the schools and their kit in; a trust is made where none is given."""

    def write(connection: Transaction) -> Made:
        trust = trust_id or places.add_trust(connection, "Three Trees Trust", NOW)
        schools = tuple(
            places.add_school(connection, trust, name, f"10000{number}", NOW) for number, name in enumerate(SCHOOLS)
        )  # fmt: skip
        sites = [places.add_site(connection, trust, school_id, "Main site") for school_id in schools]
        rows = [row for line, each in enumerate(KIT) for row in _rows(trust, schools, sites, line, *each)]
        connection.execute(schema.devices.insert(), rows)
        return Made(trust, schools, len(rows))

    return store.write(write)


def _rows(  # noqa: PLR0917 - a line of the table
    trust: str, schools: tuple[str, ...], sites: list[str], line: int, school: int, device_class: str, maker: str,
    model: str, firmware: str, count: int, years: float | None, support: int | None,
) -> list[dict[str, Any]]:  # fmt: skip
    made = TODAY - timedelta(days=round(365.25 * years)) if years is not None else None
    ends = TODAY + timedelta(days=support) if support is not None else None
    return [
        {
            "trust_id": trust, "device_id": f"k{line:02}-{number}", "created": NOW, "school_id": schools[school],
            "site_id": sites[school], "class": device_class, "maker": maker, "model": model, "firmware": firmware,
            "serial": f"K{line:02}{number:04}", "name": f"{device_class}-{line:02}-{number}", "address": "", "mac": "",
            "os": "", "first_seen": NOW, "last_seen": NOW, "last_agent": "a", "last_method": "SNMP_V2C",
            "made_earliest": made, "made_best": made, "made_latest": made,
            "made_confidence": "high" if made else "none",
            "support_known": ends is not None, "support_ends": ends,
        }
        for number in range(count)
    ]  # fmt: skip
