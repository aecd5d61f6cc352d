"""The journal: an append-only, hash-chained list of who changed what. It knows nothing of what the changes mean.

Each entry's hash is SHA-256 over the hash before it and the entry's own canonical JSON, so that an entry that is
changed, taken out, moved or put in breaks every hash after it. A cut-off tail shows against a checkpoint that somebody
else holds: agents receive one with every receipt. Details hold ids, never values of devices or secrets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.store import Transaction
from collector.store import journal as rows

START = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A position and the chain value there."""

    position: int
    hash: bytes


def append(
    connection: Transaction, trust_id: str, *, actor: str, action: str, detail: Mapping[str, str | int], now: datetime
) -> None:
    """Add an entry inside the caller's transaction: it is there exactly if the change is."""
    previous = rows.last(connection, trust_id)
    position = previous.position + 1 if previous else 1
    text = json.dumps(dict(detail), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    value = _link(previous.hash if previous else START, position, now, actor, action, text)
    rows.add(connection, trust_id, rows.Entry(position, now, actor, action, text, value))


def checkpoint(connection: Transaction, trust_id: str) -> Checkpoint | None:
    """Where the journal ends now, or None while it is empty."""
    entry = rows.last(connection, trust_id)
    return Checkpoint(entry.position, entry.hash) if entry else None


def verify(connection: Transaction, trust_id: str, witnessed: Checkpoint | None = None) -> str:
    """Walk the whole chain; returns "" where it holds, else a sentence that names the first broken position."""
    previous, position, witness = START, 0, b""
    for entry in rows.entries(connection, trust_id):
        position += 1
        if entry.position != position:
            return f"entry {position} is missing: the journal goes on with {entry.position}"
        previous = _link(previous, position, entry.time, entry.actor, entry.action, entry.detail)
        if previous != entry.hash:
            return f"entry {position} is not what was written: its hash does not follow from the entry before it"
        witness = entry.hash if witnessed and position == witnessed.position else witness
    if witnessed and witness != witnessed.hash:
        return f"the journal ends at {position} or differs there; a witness holds another entry {witnessed.position}"
    return ""


def _link(previous: bytes, position: int, time: datetime, actor: str, action: str, detail: str) -> bytes:
    entry = [position, time.astimezone(UTC).isoformat(timespec="microseconds"), actor, action, detail]
    return hashlib.sha256(previous + json.dumps(entry, ensure_ascii=True).encode()).digest()
