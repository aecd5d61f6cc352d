"""Which device a record is of. Who is one with whom is `identity`'s: here is what of a record it is told.

A record that comes without a device (by hand, from a delivery list) claims its asset tag, serial number and MAC, and is
matched by them at first sight. A record that a person enters on a device is of that device: it claims a mark that the
device itself has, and of its own what the device does not contradict. So it follows the device through merges and
splits, and a serial number that differs is shown, not acted upon.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from collector import identity
from collector.facts import Identifier, IdentifierKind, maker_name
from collector.records.fields import Value, identifiers
from collector.store import Transaction
from collector.store import records as rows


def place(
    connection: Transaction, trust_id: str, record_id: str, said: Mapping[str, Value], site_id: str, now: datetime
) -> str:
    """The device of a new record: the one that has its serial number, tag or MAC, else one that nobody has seen yet."""
    return identity.expect(connection, trust_id, record_id, identifiers(said), site_id, now)


def tie(connection: Transaction, trust_id: str, record: rows.Record, said: Mapping[str, Value], now: datetime) -> None:
    """Bring what a record claims in line with what it says now."""
    known = rows.known(connection, trust_id, [record.device_id]).get(record.device_id)
    if known is None:
        return
    marks = identifiers(said) if not known.seen else _beside(connection, trust_id, known.device_id, said)
    if rows.claims_something(connection, trust_id, record.record_id):
        identity.reidentify(connection, trust_id, record.record_id, marks, now)
    elif marks:
        identity.expect(connection, trust_id, record.record_id, marks, known.site_id, now)


def _beside(
    connection: Transaction, trust_id: str, device_id: str, said: Mapping[str, Value]
) -> tuple[Identifier, ...]:
    """The strongest mark of a device, and those of its record that it has none of the kind of."""
    own = rows.marks_of(connection, trust_id, device_id)
    if not own:
        return ()
    kinds = {mark.kind for mark in own}
    theirs = [mark for mark in identifiers(said) if mark.kind is IdentifierKind.TAG or mark.kind not in kinds]
    return (own[0], *theirs)


def show(connection: Transaction, trust_id: str, device_id: str, said: Mapping[str, Value]) -> None:
    """Let the register's row of a device that nobody has seen say what its record says."""
    told = {name: str(said[name]) for name in ("model", "serial") if name in said}
    name = said.get("local_name") or said.get("asset_tag") or ""
    told |= {"maker": maker_name(str(said.get("maker", ""))), "name": str(name)}
    rows.show_unseen(connection, trust_id, device_id, told)
