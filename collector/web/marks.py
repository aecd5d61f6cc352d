"""What a list of devices marks beside its rows: where a record and the device do not agree."""

from __future__ import annotations

from collections.abc import Iterable

from collector import records
from collector.records import acting
from collector.store import Transaction
from collector.store import records as rows


def differing(connection: Transaction, trust_id: str, device_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By device the fields of which its records say otherwise than it does; devices that agree are left out."""
    kept = rows.of_devices(connection, trust_id, device_ids)
    current = rows.current(connection, trust_id, [record.record_id for listed in kept.values() for record in listed])
    known = rows.known(connection, trust_id, kept)
    found: dict[str, tuple[str, ...]] = {}
    for device_id, listed in kept.items():
        said = [acting.values(current.get(record.record_id, {})) for record in listed]
        fields = {each.field for one in said for each in records.disagreements(one, known[device_id])}
        if fields:
            found[device_id] = tuple(sorted(fields))
    return found
