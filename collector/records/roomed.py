"""The room that records name: read for suggestions, and written when a person accepts one. See `collector.rooms`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from collector import records
from collector.store import Transaction
from collector.store import records as rows

FIELD = "room"


def recorded(connection: Transaction, trust_id: str, device_ids: Sequence[str]) -> dict[str, str]:
    """The room that the record of each device names; devices without are left out."""
    of = rows.of_devices(connection, trust_id, device_ids)
    owner = {record.record_id: device_id for device_id, kept in of.items() for record in kept}
    current = rows.current(connection, trust_id, list(owner))
    return {
        owner[record_id]: str(fields[FIELD].value)
        for record_id, fields in current.items()
        if FIELD in fields and fields[FIELD].value
    }


def writing(actor: str, source: str, now: datetime) -> Callable[[Transaction, str, str, str], None]:
    """What writes a room into the record of a device, for a person who accepts it now."""

    def write(connection: Transaction, trust_id: str, device_id: str, room: str) -> None:
        records.enter(connection, trust_id, device_id, {FIELD: room}, actor=actor, source=source, now=now)

    return write
