"""Trusts of schools with devices that are put in directly, and a file of GIAS about them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from collector.comparing import measuring
from collector.store import Store, Transaction, places, schema

NOW = datetime(2026, 11, 22, 9, 31, tzinfo=UTC)
TODAY = date(2026, 11, 22)
COLUMNS = (
    "URN", "EstablishmentName", "EstablishmentStatus (name)", "PhaseOfEducation (name)", "TypeOfEstablishment (name)",
    "GOR (name)", "Boarders (name)", "NumberOfPupils", "PercentageFSM", "SENStat", "SENNoStat", "HeadLastName",
)  # fmt: skip
Row = tuple[str, ...]


def gias_row(urn: str, name: str, pupils: int, fsm: float = 20.0, **said: str) -> Row:
    usual = {
        "status": "Open",
        "phase": "Primary",
        "kind": "Academy converter",
        "region": "London",
        "boards": "No boarders",
    }
    told = usual | said
    return (
        urn, name, told["status"], told["phase"], told["kind"], told["region"], told["boards"], str(pupils), str(fsm),
        str(pupils // 50), str(pupils // 10), "Confidential-Head",
    )  # fmt: skip


def gias_file(path: Path, rows: Iterable[Row]) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([COLUMNS, *rows])
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


class Compared:
    """A trust of primaries, numbered from `first`: the school with number n has n laptops of n years, and a switch."""

    def __init__(self, store: Store, name: str, first: int, count: int, trust_id: str = "") -> None:
        self.store, self.urns = store, [str(first + number) for number in range(count)]
        self.trust_id = trust_id or store.write(lambda c: places.add_trust(c, name, NOW))
        self.name = name
        self.schools = [self.join(number, urn) for number, urn in enumerate(self.urns)]

    def join(self, number: int, urn: str) -> str:
        """A school comes, with its devices."""

        def write(connection: Transaction) -> str:
            school = places.add_school(connection, self.trust_id, f"{self.name} {number:02}", urn, NOW)
            site = places.add_site(connection, self.trust_id, school, "Main")
            years = 1 + number % 8
            rows = [self.device(school, site, f"{urn}-{n}", "laptop", years) for n in range(10 + number)]
            rows.append(self.device(school, site, f"{urn}-switch", "switch", years + 1))
            rows.append(self.device(school, site, f"{urn}-strange", "unknown", None))
            connection.execute(schema.devices.insert(), rows)
            return school

        return self.store.write(write)

    def device(self, school: str, site: str, name: str, kind: str, years: int | None) -> dict[str, object]:
        return {
            "trust_id": self.trust_id, "device_id": f"d-{name}", "created": NOW, "school_id": school, "site_id": site,
            "class": kind, "maker": "Dell" if years else "", "model": f"M{kind}" if years else "",
            "serial": f"SERIAL{name.upper()}", "firmware": "", "name": f"host-{name}", "address": "10.0.0.1",
            "mac": "00:1b:21:aa:bb:cc", "os": "", "first_seen": NOW, "last_seen": NOW, "last_agent": "a",
            "last_method": "SNMP_V2C", "made_best": date(2026 - years, 11, 22) if years else None,
            "support_known": bool(years), "support_ends": date(2027, 1, 1) if (years or 9) < 5 else date(2025, 1, 1),
        }  # fmt: skip

    def rows(self) -> list[Row]:
        return [gias_row(urn, f"{self.name} {n:02}", 100 + 10 * n) for n, urn in enumerate(self.urns)]

    def bring(self, path: Path, more: Iterable[Row] = ()) -> list[str]:
        gias_file(path, [*self.rows(), *more])
        return self.store.write(lambda c: measuring.bring_gias(c, self.trust_id, path, actor="owner", now=NOW))
