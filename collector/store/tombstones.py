"""Rows of what was erased: tombstones without the value, orders to agents that only they can open, and plain counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from collector.store import schema as t
from collector.store.batches import OF_TRUST


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A device whose row in exports made since a time no longer matches. `whole`: nothing of it is left."""

    device_id: str
    since: datetime
    whole: bool


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One act of erasing, without what was erased. `counts`: table → rows; `waiting`: agents that have yet to do it."""

    erasure_id: str
    kind: str
    reason: str
    actor: str
    made: datetime
    kept_away: bool
    counts: Mapping[str, int]
    devices: tuple[Unmatched, ...] = ()
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What one agent is to erase: sealed to it."""

    erasure_id: str
    sealed: bytes


def bury(connection: Connection, trust_id: str, tombstone: Tombstone, hashes: Iterable[bytes]) -> None:
    """Keep a tombstone with the keyed hashes of its values. One that is there already stays, and gains hashes."""
    key = {"trust_id": trust_id, "erasure_id": tombstone.erasure_id}
    mine = (t.erasures.c.trust_id == trust_id) & (t.erasures.c.erasure_id == tombstone.erasure_id)
    if connection.execute(select(t.erasures.c.erasure_id).where(mine)).first() is None:
        connection.execute(
            insert(t.erasures).values(
                **key, kind=tombstone.kind, reason=tombstone.reason, actor=tombstone.actor, made=tombstone.made,
                kept_away=tombstone.kept_away, counts=json.dumps(dict(tombstone.counts)),
            )
        )  # fmt: skip
    values = (t.erased_values.c.trust_id == trust_id) & (t.erased_values.c.erasure_id == tombstone.erasure_id)
    held = set(connection.execute(select(t.erased_values.c.hash).where(values)).scalars())
    for each in sorted(set(hashes) - held):
        connection.execute(insert(t.erased_values).values(**key, hash=each))
    for device in tombstone.devices:
        _unmatch(connection, key, device)


def _unmatch(connection: Connection, key: Mapping[str, str], device: Unmatched) -> None:
    one = (t.erased_devices.c.trust_id == key["trust_id"]) & (t.erased_devices.c.erasure_id == key["erasure_id"])
    one &= t.erased_devices.c.device_id == device.device_id
    if connection.execute(select(t.erased_devices.c.since).where(one)).first() is None:
        row = {"device_id": device.device_id, "since": device.since, "whole": device.whole}
        connection.execute(insert(t.erased_devices).values(**key, **row))


def count_again(connection: Connection, trust_id: str, erasure_id: str, more: Mapping[str, int]) -> None:
    """Add to the counts of a tombstone what was found later."""
    where = (t.erasures.c.trust_id == trust_id) & (t.erasures.c.erasure_id == erasure_id)
    counts = json.loads(connection.execute(select(t.erasures.c.counts).where(where)).scalar_one())
    total = {name: counts.get(name, 0) + more.get(name, 0) for name in sorted({*counts, *more})}
    connection.execute(update(t.erasures).where(where).values(counts=json.dumps(total)))


def all_of(connection: Connection, trust_id: str) -> list[Tombstone]:
    """Every tombstone, newest first."""
    query = select(t.erasures).where(t.erasures.c.trust_id == trust_id)
    gone: dict[str, list[Unmatched]] = {}
    devices = select(t.erased_devices).where(t.erased_devices.c.trust_id == trust_id)
    for row in connection.execute(devices.order_by(t.erased_devices.c.device_id)):
        gone.setdefault(row.erasure_id, []).append(Unmatched(row.device_id, row.since, row.whole))
    open_orders = (
        select(t.erase_orders.c.erasure_id, func.count())
        .where(t.erase_orders.c.trust_id == trust_id, t.erase_orders.c.acknowledged.is_(None))
        .group_by(t.erase_orders.c.erasure_id)
    )
    waiting: dict[str, int] = {row[0]: row[1] for row in connection.execute(open_orders)}
    return [
        Tombstone(
            row.erasure_id, row.kind, row.reason, row.actor, row.made, row.kept_away, json.loads(row.counts),
            tuple(gone.get(row.erasure_id, ())), waiting.get(row.erasure_id, 0),
        )
        for row in connection.execute(query.order_by(t.erasures.c.made.desc(), t.erasures.c.erasure_id))
    ]  # fmt: skip


def unmatched(connection: Connection, trust_id: str, exported: datetime) -> list[Unmatched]:
    """The devices whose rows in an export made at a time no longer match, because of what was erased after it."""
    later = (t.erasures.c.trust_id == t.erased_devices.c.trust_id) & (
        t.erasures.c.erasure_id == t.erased_devices.c.erasure_id
    )
    query = select(t.erased_devices).join(t.erasures, later).where(t.erased_devices.c.trust_id == trust_id)
    rows = connection.execute(query.where(t.erased_devices.c.since <= exported, t.erasures.c.made > exported))
    return sorted((Unmatched(row.device_id, row.since, row.whole) for row in rows), key=lambda u: u.device_id)


def hashes(connection: Connection, trust_id: str) -> dict[bytes, str]:
    """Keyed hash → the erasure it is of."""
    owner = (t.erasures.c.trust_id == t.erased_values.c.trust_id) & (
        t.erasures.c.erasure_id == t.erased_values.c.erasure_id
    )
    query = select(t.erased_values.c.hash, t.erased_values.c.erasure_id).join(t.erasures, owner)
    query = query.where(t.erased_values.c.trust_id == trust_id)
    return {row.hash: row.erasure_id for row in connection.execute(query)}


def watched(connection: Connection, trust_id: str) -> dict[bytes, datetime | None]:
    """Keyed hash → when it was erased last; None for what is to be kept away whenever it comes."""
    owner = (t.erasures.c.trust_id == t.erased_values.c.trust_id) & (
        t.erasures.c.erasure_id == t.erased_values.c.erasure_id
    )
    query = select(t.erased_values.c.hash, t.erasures.c.made, t.erasures.c.kept_away).join(t.erasures, owner)
    found: dict[bytes, datetime | None] = {}
    rows = connection.execute(query.where(t.erased_values.c.trust_id == trust_id).order_by(t.erasures.c.made))
    for row in rows:
        found[row.hash] = None if row.kept_away or found.get(row.hash, row.made) is None else row.made
    return found


def release(connection: Connection, trust_id: str, erasure_id: str) -> bool:
    """Let what is kept away come again; False where nothing of that id is."""
    where = (t.erasures.c.trust_id == trust_id) & (t.erasures.c.erasure_id == erasure_id) & t.erasures.c.kept_away
    return connection.execute(update(t.erasures).where(where).values(kept_away=False)).rowcount > 0


# ------------------------------------------------------------------------------------------------ orders to agents


def sealing_keys(connection: Connection, trust_id: str) -> dict[str, bytes]:
    """Agent → its sealing key, of all agents that are not shut out."""
    query = select(t.agents.c.agent_id, t.agents.c.sealing_key).where(
        t.agents.c.trust_id == trust_id, t.agents.c.revoked.is_(None)
    )
    return {row.agent_id: row.sealing_key for row in connection.execute(query)}


def order(connection: Connection, trust_id: str, agent_id: str, wanted: Order, now: datetime) -> None:
    """Have an agent erase something."""
    row = {"trust_id": trust_id, "agent_id": agent_id, "erasure_id": wanted.erasure_id}
    connection.execute(insert(t.erase_orders).values(**row, sealed=wanted.sealed, made=now))


def orders(connection: Connection, trust_id: str, agent_id: str, limit: int) -> list[Order]:
    """What an agent has yet to erase, the oldest first."""
    where = (t.erase_orders.c.trust_id == trust_id) & (t.erase_orders.c.agent_id == agent_id)
    query = select(t.erase_orders).where(where, t.erase_orders.c.acknowledged.is_(None))
    query = query.order_by(t.erase_orders.c.made, t.erase_orders.c.erasure_id).limit(limit)
    return [Order(row.erasure_id, row.sealed) for row in connection.execute(query)]


def acknowledge(connection: Connection, trust_id: str, agent_id: str, erasure_id: str, now: datetime) -> bool:
    """An agent has done it, and the sealed value goes; False where it had nothing of that kind to do."""
    mine = (t.erase_orders.c.trust_id == trust_id) & (t.erase_orders.c.agent_id == agent_id)
    mine &= (t.erase_orders.c.erasure_id == erasure_id) & t.erase_orders.c.acknowledged.is_(None)
    return connection.execute(update(t.erase_orders).where(mine).values(acknowledged=now, sealed=b"")).rowcount > 0


# ------------------------------------------------------------------------------------------------ counts


def note_count(connection: Connection, trust_id: str, place: tuple[str, str], day: date, machines: int) -> None:
    """Keep how many machines were counted on a network (site, CIDR) on a day; never fewer than were said before."""
    site_id, network = place
    c = t.random_counts.c
    one = (c.trust_id == trust_id) & (c.site_id == site_id) & (c.network == network) & (c.day == day)
    known = connection.execute(select(c.machines).where(one)).scalar()
    if known is None:
        row = {"trust_id": trust_id, "site_id": site_id, "network": network, "day": day}
        connection.execute(insert(t.random_counts).values(**row, machines=machines))
    elif machines > known:
        connection.execute(update(t.random_counts).where(one).values(machines=machines))


def counted(connection: Connection, trust_id: str, since: date) -> Iterator[tuple[str, str, date, int]]:
    """(site, network, day, machines) since a day, in order."""
    c = t.random_counts.c
    query = select(c.site_id, c.network, c.day, c.machines).where(c.trust_id == trust_id, c.day >= since)
    for row in connection.execute(query.order_by(c.site_id, c.network, c.day)):
        yield row.site_id, row.network, row.day, row.machines


def forget_counts(connection: Connection, trust_id: str, before: date) -> int:
    """Forget counts of days before one."""
    c = t.random_counts.c
    return connection.execute(delete(t.random_counts).where(c.trust_id == trust_id, c.day < before)).rowcount


# ------------------------------------------------------------------------------------------------ networks of guests


_GUESTS = (
    select(t.networks.c.cidr)
    .where(t.networks.c.trust_id == OF_TRUST, t.networks.c.site_id == bindparam("site"), t.networks.c.guest.is_(True))
    .order_by(t.networks.c.cidr)
)


def guests(connection: Connection, trust_id: str, site_id: str) -> list[str]:
    """The networks (CIDR) of a site on which everybody is a guest."""
    return list(connection.execute(_GUESTS, {"of_trust": trust_id, "site": site_id}).scalars())


def mark_guest(connection: Connection, trust_id: str, site_id: str, cidr: str, *, guest: bool) -> bool:
    """Say whether a network is one of guests; False where the site names no such network."""
    c = t.networks.c
    where = (c.trust_id == trust_id) & (c.site_id == site_id) & (c.cidr == cidr)
    return connection.execute(update(t.networks).where(where).values(guest=guest)).rowcount > 0
