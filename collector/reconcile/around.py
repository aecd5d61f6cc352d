"""What the register holds, as a book is held against it: devices with all their marks, and why one is not there now.

Reads the store; decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from collector import london
from collector.facts import maker_name
from collector.reconcile import marks
from collector.reconcile.values import Around, Held
from collector.records import acting
from collector.records.fields import Value
from collector.residency import State
from collector.store import Transaction, coverage, places, register
from collector.store import reconcile as rows
from collector.store import records as said
from collector.store.rows import DeviceRow

ABSENT_AFTER = timedelta(days=60)  # where nothing has judged a device's life yet: longer than any holiday
MOST = 1_000_000  # devices: all of them
_OF_KIND = {"SERIAL": "serial", "MAC": "mac", "TAG": "asset_tag"}
_AWAY = {
    State.EXPECTED: "the register expects it: nothing has met it",
    State.MISSING: "missing",
    State.IN_STORE: "in store by its record",
    State.ON_LOAN: "on loan by its record",
    State.RETIRED: "retired by its record",
    State.DISPOSED: "disposed of by its record",
    State.NOT_SCANNED: "its network is not looked at any more",
    State.NOT_REACHABLE: "what would see it is silent",
}


def surroundings(
    connection: Transaction, trust_id: str, school_id: str, now: datetime, seen: Collection[str] | None = None
) -> Around:
    """What the book of a school, or of the whole trust, is held against.

    `seen`: the schools that whoever brought it sees; what stands at others is not looked at. None: all.
    """
    found = register.devices(connection, trust_id, limit=MOST, school_ids=seen)
    recorded = _recorded(connection, trust_id, [row.device_id for row in found])
    parts = dict(_parts(connection, trust_id))
    told = _marks(connection, trust_id, parts)
    today = london.day_of(now)
    held = tuple(_held(row, recorded.get(row.device_id, {}), told.get(row.device_id, {}), today) for row in found)
    schools = {place.school_id: place.school_name for place in places.places(connection, trust_id)}
    scope = frozenset([school_id] if school_id else schools)
    titles = {one.device_id: one.title for one in held}
    named = {key: (of, f"it is {what} of {titles[of]}") for key, (of, what) in parts.items() if of in titles}
    return Around(held, scope, schools, _unswept(connection, trust_id, scope, schools), named)


def _recorded(connection: Transaction, trust_id: str, device_ids: list[str]) -> dict[str, dict[str, Value]]:
    """What records say of each device; of several records, the first that says a thing."""
    of = said.of_devices(connection, trust_id, device_ids)
    owner = {record.record_id: device_id for device_id, kept in of.items() for record in kept}
    current = said.current(connection, trust_id, owner)
    found: dict[str, dict[str, Value]] = {}
    for record_id, device_id in owner.items():
        found[device_id] = acting.values(current.get(record_id, {})) | found.get(device_id, {})
    return found


def _marks(connection: Transaction, trust_id: str, parts: Collection[str]) -> dict[str, dict[str, set[str]]]:
    """What identifies devices. The serial number of a member or module is its own, and not that of the whole."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for device_id, kind, value in rows.marks(connection, trust_id):
        bare = value.partition(":")[2] if kind == "SERIAL" else value
        normal = bare if kind == "MAC" else marks.normal(bare)
        if normal and not (kind == "SERIAL" and normal in parts):
            found[device_id][_OF_KIND[kind]].add(normal)
    return found


def _held(row: DeviceRow, recorded: Mapping[str, Value], told: Mapping[str, set[str]], today: date) -> Held:
    own = {"serial": row.serial, "mac": row.mac, "maker": row.maker, "model": row.model, "local_name": row.name}
    if not row.seen:
        own = {}  # its row says what its record says
    values: dict[str, Value] = {name: value for name, value in own.items() if value}
    values = dict(recorded) | {
        name: value for name, value in values.items() if name in ("serial", "mac") or name not in recorded
    }
    all_marks = {kind: set(known) for kind, known in told.items()}
    for source in (own, recorded):
        for kind, value in marks.of(source).items():
            all_marks.setdefault(kind, set()).add(value)
    title = row.name or str(recorded.get("asset_tag", "")) or row.product or row.serial or row.device_id
    return Held(
        row.device_id, row.school_id, row.school_name, title, row.device_class,
        values | ({"maker": maker_name(str(values["maker"]))} if "maker" in values else {}),
        {kind: frozenset(known) for kind, known in all_marks.items()}, _absent(row, today), row.seen,
    )  # fmt: skip


def _absent(row: DeviceRow, today: date) -> str:
    """Why a device is not on the network now; "" where it is."""
    seen = london.day_of(row.last_seen)
    if not row.seen:
        return _AWAY[State.EXPECTED]
    away = _AWAY.get(State(row.life)) if row.life else ""
    if away:
        return f"{away}; last seen {seen:%d/%m/%Y}"
    return f"last seen {seen:%d/%m/%Y}" if today - seen > ABSENT_AFTER else ""


def _parts(connection: Transaction, trust_id: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """By serial number the device that a component is of, and what part of it."""
    for device_id, component, serial in rows.part_serials(connection, trust_id):
        key = marks.normal(serial)
        if len(key) >= marks.SHORT:
            yield key, (device_id, component.replace("/", " "))


def _unswept(
    connection: Transaction, trust_id: str, scope: Iterable[str], schools: Mapping[str, str]
) -> dict[str, str]:
    """Why what is at a school may not have been seen."""
    missing = coverage.coverage(connection, trust_id)
    heard = {agent.school_id for agent in register.agents(connection, trust_id) if agent.last_report}
    found = {}
    for school_id in scope:
        networks = missing[school_id].unswept if school_id in missing else ()
        if school_id not in heard:
            found[school_id] = f"no agent has reported from {schools.get(school_id, school_id)} yet"
        elif networks:
            found[school_id] = f"{', '.join(networks[:3])} at {schools.get(school_id, school_id)} is not swept"
    return found
