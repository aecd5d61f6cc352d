"""Privacy: what people ask to have erased goes everywhere and for good, and can be kept away or erased again.

It decides what goes with what; where values stand and how they leave is `store.erasure`'s and `stocktake.redaction`'s.

1. What was erased is remembered as HMAC-SHA-256 under a key from the key file, beside the database and in a file of its
   own, so that it can be erased again from a backup, or kept away, and be read by nobody.
2. The journal gets ids. A reason that holds the value is redacted before it is kept.
3. A device that the value alone identified goes whole; one that is known by more keeps its row without the value.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from collector import journal
from collector.errors import CollectorError
from collector.facts import text
from collector.restate import restate
from collector.screening import Keys, hashed, keyed, recognised, secret_of
from collector.store import Store, Transaction, erasure, forgetting, ids, judged, tombstones
from collector.store.tombstones import Order, Tombstone, Unmatched
from stocktake import wire
from stocktake.notations import MAC, TEXT, UUID_KIND, Item, NotErasable, item, written
from stocktake.redaction import Sought

KINDS = ("mac", "serial", "uuid", "device")
REASON_LIMIT = 300  # characters
ROUNDS = 3  # of looking again: agents bring evidence all the while
ORDERS_LIMIT = 16  # of one Sync
LEDGER_LINES = 100_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks to have erased: kind is one of `KINDS`, and the value as they wrote it."""

    kind: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure would do. `shared`: marks of the device that others have too, which therefore stay."""

    items: tuple[Item, ...]
    whole: tuple[str, ...]
    found: erasure.Found
    shared: int = 0

    @property
    def devices(self) -> tuple[str, ...]:
        """Every device that it touches, those that go whole first."""
        return (*self.whole, *sorted(set(self.found.devices) - set(self.whole)))


@dataclass(frozen=True, slots=True)
class Means:
    """What erasing needs besides the store. `seal`: serialised values and a sealing key to what an agent can open.

    `ledger` is the file that outlives the database: keyed hashes alone.
    """

    keys: Keys
    seal: Callable[[bytes, bytes], bytes]
    ledger: Path


# ------------------------------------------------------------------------------------------------ planning


def plan(connection: Transaction, trust_id: str, wanted: Wanted) -> Plan:
    """What an erasure would take, and where it stands. CollectorError for what is no value that can be looked for."""
    if wanted.kind not in KINDS:
        raise CollectorError(f"{text(wanted.kind, 16)!r} cannot be erased: name a {', a '.join(KINDS)}")
    if wanted.kind == "device":
        return _plan_device(connection, trust_id, wanted.value)
    try:
        asked = item({"mac": MAC, "serial": TEXT, "uuid": UUID_KIND}[wanted.kind], wanted.value)
    except NotErasable as error:
        raise CollectorError(str(error)) from None
    return plan_items(connection, trust_id, (asked,))


def plan_items(connection: Transaction, trust_id: str, asked: Iterable[Item]) -> Plan:
    """What erasing these values would take; a device that is known by nothing else goes whole."""
    items = set(asked)
    sought = Sought(items)
    whole = []
    for device_id in sorted(erasure.holders(connection, trust_id, sought)):
        marks = erasure.marks_of(connection, trust_id, device_id)
        if not [1 for kind, value in marks if kind != "LOCAL_MAC" and not sought.occurs(value)]:
            whole.append(device_id)
            items.update(_items(connection, trust_id, device_id, marks)[0])
    complete = Sought(items)
    return Plan(complete.items, tuple(whole), erasure.find(connection, trust_id, complete))


def _plan_device(connection: Transaction, trust_id: str, device_id: str) -> Plan:
    if erasure.created(connection, trust_id, device_id) is None:
        raise CollectorError(f"no device has the id {text(device_id, 36)}")
    marks = erasure.marks_of(connection, trust_id, device_id)
    items, shared = _items(connection, trust_id, device_id, marks)
    sought = Sought(items)
    return Plan(sought.items, (device_id,), erasure.find(connection, trust_id, sought), shared)


def _items(
    connection: Transaction, trust_id: str, device_id: str, marks: Iterable[tuple[str, str]]
) -> tuple[set[Item], int]:
    """The values of a device's marks, and how many are left out: others have them too, or they identify nothing."""
    items: set[Item] = set()
    left = 0
    for kind, value in marks:
        if kind == "AGENT":
            continue
        if erasure.is_shared(connection, trust_id, device_id, kind, value):
            left += 1
            continue
        try:
            items.add(_item_of(kind, value))
        except NotErasable:
            left += 1
    return items, left


def _item_of(kind: str, value: str) -> Item:
    if kind in ("MAC", "LOCAL_MAC"):
        return item(MAC, value.rpartition("/")[2])
    if kind == "UUID":
        return item(UUID_KIND, value)
    return item(TEXT, value.partition(":")[2] if kind == "SERIAL" and ":" in value else value)


# ------------------------------------------------------------------------------------------------ erasing


def erase(  # noqa: PLR0913 - what is erased, by whom, why and when, and the world
    store: Store, trust_id: str, wanted: Wanted, means: Means, *, actor: str, reason: str, now: datetime,
    keep_away: bool = False,
) -> Tombstone:  # fmt: skip
    """Erase a value or a device everywhere, and leave a tombstone without it.

    CollectorError where nothing of it is here (unless it is to be kept away), or where no reason is given.
    """
    with store.reader() as connection:
        planned = plan(connection, trust_id, wanted)
    if not text(reason, REASON_LIMIT):
        raise CollectorError("say why it is erased: the tombstone keeps the reason")
    if not (planned.whole or planned.found.counts() or keep_away):
        raise CollectorError("nothing of it is here: no row, no evidence")
    said = _reason(store, trust_id, reason, planned.items, means.keys)
    made = Tombstone(ids.new(), wanted.kind, said, actor, now, keep_away, {})
    return _carry_out(store, trust_id, planned, made, means)


def _reason(store: Store, trust_id: str, reason: str, items: Sequence[Item], keys: Keys) -> str:
    """A reason as it is kept: without the values, and without those that were erased before."""
    said = text(reason, REASON_LIMIT)
    with store.reader() as connection:
        before = tombstones.hashes(connection, trust_id)
    secret = secret_of(keys, trust_id)
    again = [each for each in written(said) if hashed(secret, each) in before]
    return Sought({*items, *again}).text(said)[0]


def _carry_out(store: Store, trust_id: str, planned: Plan, made: Tombstone, means: Means) -> Tombstone:
    sought = Sought(planned.items)
    hashes = keyed(means.keys, trust_id, planned.items)
    remember(means.ledger, trust_id, made, hashes)
    counts, devices = store.write(lambda c: _first(c, trust_id, planned, made, means))
    for _ in range(ROUNDS):
        with store.reader() as connection:
            again = erasure.find(connection, trust_id, sought)
        if not again.counts():
            break
        more = store.write(lambda c, again=again: _more(c, trust_id, sought, again, made))  # type: ignore[misc]  # mypy: lambda with a default
        counts += more
    store.scrub(sorted({"content", "evidence", "judgement", *counts}))
    return replace(made, counts=dict(counts), devices=devices)


def _first(
    connection: Transaction, trust_id: str, planned: Plan, made: Tombstone, means: Means
) -> tuple[Counter[str], tuple[Unmatched, ...]]:
    """The act itself, in one transaction: rows, contents, tombstone, orders to agents, journal."""
    devices = _unmatched(connection, trust_id, planned)
    counts = _take_out(connection, trust_id, planned, made)
    buried = replace(made, counts=dict(counts), devices=devices)
    tombstones.bury(connection, trust_id, buried, keyed(means.keys, trust_id, planned.items))
    orders = _order(connection, trust_id, planned.items, made, means)
    detail: dict[str, str | int] = {"erasure": made.erasure_id, "kind": made.kind, "devices": len(devices)}
    detail |= {"rows": counts.total(), "agents": orders, "kept_away": int(made.kept_away)}
    journal.append(connection, trust_id, actor=made.actor, action="erased", detail=detail, now=made.made)
    return counts, devices


def _take_out(connection: Transaction, trust_id: str, planned: Plan, made: Tombstone) -> Counter[str]:
    """Take devices and values out of the store, and have the register say why it changed; the rows by table."""
    gone = [each for one in planned.whole for each in forgetting.with_aliases(connection, trust_id, one)]
    counts: Counter[str] = Counter()
    for device_id in planned.whole:
        counts += forgetting.forget_device(connection, trust_id, device_id)
    counts += erasure.take_out(connection, trust_id, Sought(planned.items), planned.found, _said(made))
    judged.forget(connection, trust_id)  # sentences of audits name devices
    restate(connection, trust_id, {*gone, *planned.devices}, "erase", made.made)
    return counts


def _more(
    connection: Transaction, trust_id: str, sought: Sought, found: erasure.Found, made: Tombstone
) -> Counter[str]:
    counts = erasure.take_out(connection, trust_id, sought, found, _said(made))
    judged.forget(connection, trust_id)
    tombstones.count_again(connection, trust_id, made.erasure_id, counts)
    return counts


def _said(made: Tombstone) -> str:
    return f"redacted: something of it was erased on request ({made.erasure_id})"


def _unmatched(connection: Transaction, trust_id: str, planned: Plan) -> tuple[Unmatched, ...]:
    whole = {each for one in planned.whole for each in forgetting.with_aliases(connection, trust_id, one)}
    found = []
    for device_id in dict.fromkeys((*planned.whole, *sorted(whole), *planned.devices)):
        since = planned.found.devices.get(device_id)
        if device_id in whole:
            since = erasure.created(connection, trust_id, device_id) or since
        if since is not None:
            found.append(Unmatched(device_id, since, device_id in whole))
    return tuple(found)


def _order(connection: Transaction, trust_id: str, items: Sequence[Item], made: Tombstone, means: Means) -> int:
    """Have every agent that is not shut out erase the values from its spool; how many agents that are."""
    if not items:
        return 0
    plain = wire.encode_erased((each.kind, each.octets) for each in items)
    agents = 0
    for agent_id, sealing_key in tombstones.sealing_keys(connection, trust_id).items():
        if sealed := means.seal(plain, sealing_key):
            tombstones.order(connection, trust_id, agent_id, Order(made.erasure_id, sealed), made.made)
            agents += 1
    return agents


# ------------------------------------------------------------------------------------------------ after a backup


def remember(ledger: Path, trust_id: str, made: Tombstone, hashes: Collection[bytes]) -> None:
    """Append an erasure to the file that outlives the database. CollectorError where it cannot be written."""
    line = {"trust": trust_id, "erasure": made.erasure_id, "kind": made.kind, "made": made.made.isoformat()}
    kept = {"kept_away": made.kept_away, "hashes": sorted(each.hex() for each in hashes)}
    try:
        with ledger.open("a", encoding="ascii") as file:
            file.write(json.dumps(line | kept) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CollectorError(f"{ledger} cannot be written ({error.strerror}); nothing was erased") from None


def recall(ledger: Path, trust_id: str) -> list[tuple[Tombstone, frozenset[bytes]]]:
    """The erasures of the file, oldest first; a line that is none is passed over."""
    if not ledger.exists():
        return []
    found = []
    for line in ledger.read_text("ascii", "replace").splitlines()[-LEDGER_LINES:]:
        try:
            said = json.loads(line)
            made = Tombstone(
                str(said["erasure"]), str(said["kind"]), "", "console", datetime.fromisoformat(said["made"]),
                bool(said["kept_away"]), {},
            )  # fmt: skip
            entry = (made, frozenset(bytes.fromhex(each) for each in said["hashes"]))
        except (ValueError, KeyError, TypeError):
            continue
        if said.get("trust") == trust_id:
            found.append(entry)
    return found


def erase_again(store: Store, trust_id: str, means: Means, now: datetime) -> list[Tombstone]:
    """After a backup was restored: find everything that was erased by its keyed hash, and erase it again."""
    known = {made.erasure_id: (made, hashes) for made, hashes in recall(means.ledger, trust_id)}
    with store.reader() as connection:
        held = tombstones.hashes(connection, trust_id)
        for made in tombstones.all_of(connection, trust_id):
            mine = frozenset(each for each, erasure_id in held.items() if erasure_id == made.erasure_id)
            known[made.erasure_id] = (made, mine | known.get(made.erasure_id, (made, frozenset()))[1])
        wanted = {each: erasure_id for erasure_id, (_, hashes) in known.items() for each in hashes}
        found = recognised(connection, trust_id, means.keys, wanted)
    done = []
    for erasure_id, items in sorted(found.items()):
        made, hashes = known[erasure_id]
        with store.reader() as connection:
            planned = plan_items(connection, trust_id, items)
        again = replace(made, made=now, actor="console", reason=made.reason or "erased again after a restored backup")
        store.write(lambda c, again=again, hashes=hashes: tombstones.bury(c, trust_id, again, hashes))  # type: ignore[misc]  # mypy: lambda with a default
        done.append(_redo(store, trust_id, planned, again))
    for erasure_id in sorted(known.keys() - found.keys()):
        made, hashes = known[erasure_id]
        store.write(lambda c, made=made, hashes=hashes: tombstones.bury(c, trust_id, made, hashes))  # type: ignore[misc]  # as above
    return done


def _redo(store: Store, trust_id: str, planned: Plan, made: Tombstone) -> Tombstone:
    def work(connection: Transaction) -> Counter[str]:
        counts = _take_out(connection, trust_id, planned, made)
        tombstones.count_again(connection, trust_id, made.erasure_id, counts)
        detail: dict[str, str | int] = {"erasure": made.erasure_id, "rows": counts.total()}
        journal.append(connection, trust_id, actor="console", action="erased_again", detail=detail, now=made.made)
        return counts

    counts = store.write(work)
    store.scrub(sorted({"content", "evidence", "judgement", *counts}))
    return replace(made, counts=dict(counts))
