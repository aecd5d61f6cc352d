"""The journal: an append-only, hash-chained list of who changed, saw and exported what. It knows no meaning of these.

Each entry's hash is SHA-256 over the hash before it and the entry's own canonical JSON, so that an entry that is
changed, taken out, moved or put in breaks every hash after it. A cut-off tail, and a chain that was computed anew, show
against a checkpoint that somebody else holds: agents receive one with every receipt, and every export names one. They
are signed with the collector's CA key, which is not in the database. Details hold ids, never values of devices or
secrets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from collector.errors import CollectorError
from collector.store import Transaction
from collector.store import journal as rows
from stocktake.checkpoints import signed_octets

START = b"\0" * 32

Sign = Callable[[bytes], bytes]  # by the collector's CA key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A position and the chain value there, signed or not."""

    position: int
    hash: bytes
    signature: bytes = b""

    def octets(self, trust_id: str) -> bytes:
        """What a signature is over."""
        return signed_octets(trust_id, self.position, self.hash)

    def to_json(self) -> dict[str, str | int]:
        """As it stands in manifests and in what an agent keeps."""
        return {"position": self.position, "hash": self.hash.hex(), "signature": self.signature.hex()}


def append(
    connection: Transaction, trust_id: str, *, actor: str, action: str, detail: Mapping[str, str | int], now: datetime
) -> None:
    """Add an entry inside the caller's transaction: it is there exactly if the change is."""
    previous = rows.last(connection, trust_id)
    position = previous.position + 1 if previous else 1
    text = json.dumps(dict(detail), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    value = _link(previous.hash if previous else START, position, now, actor, action, text)
    rows.add(connection, trust_id, rows.Entry(position, now, actor, action, text, value))


def checkpoint(connection: Transaction, trust_id: str, sign: Sign | None = None) -> Checkpoint | None:
    """Where the journal ends now, signed where `sign` is there; None while it is empty."""
    entry = rows.last(connection, trust_id)
    if entry is None:
        return None
    end = Checkpoint(entry.position, entry.hash)
    return replace(end, signature=sign(end.octets(trust_id))) if sign else end


def witnesses(text: str) -> list[Checkpoint]:
    """The checkpoints of a file that somebody else kept: an agent's `witness.json`, or the manifest of an export.

    CollectorError where it holds none.
    """
    try:
        found = json.loads(text)
        told = found.get("journal", found)
        return [
            Checkpoint(int(one["position"]), bytes.fromhex(one["hash"]), bytes.fromhex(one.get("signature", "")))
            for one in (*told.get("earlier", ()), told)
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CollectorError(
            "this names no checkpoint of a journal: give an agent's witness.json or the manifest of an export"
        ) from error


def verify(connection: Transaction, trust_id: str, witnessed: Iterable[Checkpoint] = ()) -> str:
    """Walk the whole chain; returns "" where it holds, else a sentence that names the first broken position."""
    previous, position = START, 0
    wanted: dict[int, set[bytes]] = {}
    for one in witnessed:
        wanted.setdefault(one.position, set()).add(one.hash)
    for entry in rows.entries(connection, trust_id):
        position += 1
        if entry.position != position:
            return f"entry {position} is missing: the journal goes on with {entry.position}"
        previous = _link(previous, position, entry.time, entry.actor, entry.action, entry.detail)
        if previous != entry.hash:
            return f"entry {position} is not what was written: its hash does not follow from the entry before it"
        if wanted.pop(position, {entry.hash}) != {entry.hash}:
            return f"entry {position} is not the one that a witness saw there: the chain was computed anew"
    if wanted:
        return f"the journal ends at entry {position}, but a witness saw entry {max(wanted)}: its end was cut off"
    return ""


def _link(previous: bytes, position: int, time: datetime, actor: str, action: str, detail: str) -> bytes:
    entry = [position, time.astimezone(UTC).isoformat(timespec="microseconds"), actor, action, detail]
    return hashlib.sha256(previous + json.dumps(entry, ensure_ascii=True).encode()).digest()
