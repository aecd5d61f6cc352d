"""Rows of the words that Prometheus is told of devices, ports and supplies; each changes at most once a day.

Every change of a label is a new time series, which costs memory for hours. So a device that renames itself every minute
is called by its name of the morning until the next day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from collector.facts import text
from collector.health import Dossier, Told
from collector.store.batches import OF_TRUST, among, chunks
from collector.store.schema import devices, labels

LIMIT = 64  # characters of a word
MOST = 1_024  # parts of a device that have words
PORTS = frozenset({"switch", "router", "firewall", "wireless controller"})  # classes whose ports are told
Words = tuple[str, ...]
Labels = Mapping[str, Mapping[str, Words]]  # device -> component -> words


def words_of(known: Dossier) -> dict[str, Words]:
    """The words of a device's ports and supplies: a port's name; a supply's colour and name."""
    found: dict[str, Words] = {}
    ports = known.device_class in PORTS
    for component, told in known.told.items():
        first = component.partition("/")[0]
        if first == "supply":
            found[component] = (_word(told, "colour"), _word(told, "name"))
        elif first == "interface" and ports and _word(told, "type") in ("", "ethernet"):
            found[component] = (_word(told, "name"),)
    return dict(sorted(found.items())[:MOST])


def _word(told: Mapping[str, Told], name: str) -> str:
    return text(str(told[name].value), LIMIT) if name in told else ""


_NAMES = select(
    devices.c.device_id, devices.c["class"].label("kind"), devices.c.maker, devices.c.model, devices.c.name
).where(devices.c.trust_id == OF_TRUST, among(devices.c.device_id))
_STANDING = select(labels.c.device_id, labels.c.component, labels.c.words, labels.c.day).where(
    labels.c.trust_id == OF_TRUST, among(labels.c.device_id)
)


def device_words(connection: Connection, trust_id: str, device_ids: list[str]) -> dict[str, Words]:
    """The words of some devices themselves: class, maker, model and name, as the register has them."""
    rows = connection.execute(_NAMES, {"of_trust": trust_id, "among": device_ids})
    return {
        row.device_id: (row.kind, *(text(value, LIMIT) for value in (row.maker, row.model, row.name))) for row in rows
    }


def keep(connection: Connection, trust_id: str, wanted: Labels, today: date) -> None:
    """Note the words of devices, where those that stand are not of today; parts that are not there any more go."""
    for chunk in chunks(sorted(wanted)):
        rows = connection.execute(_STANDING, {"of_trust": trust_id, "among": chunk})
        known = {(row.device_id, row.component): row for row in rows}
        said = {(key, component): words for key in chunk for component, words in wanted[key].items()}
        fresh = [_row(key, words, today) for key, words in said.items() if key not in known]
        newer = [
            _row(key, words, today)
            for key, words in said.items()
            if key in known and known[key].day < today and known[key].words != json.dumps(words, ensure_ascii=False)
        ]
        gone = [key for key, row in known.items() if key not in said and row.day < today]
        _write(connection, trust_id, fresh, newer, gone)


def _row(key: tuple[str, str], words: Words, today: date) -> dict[str, Any]:
    return {
        "device_id": key[0], "component": key[1], "words": json.dumps(words, ensure_ascii=False), "day": today,
    }  # fmt: skip


def _write(
    connection: Connection, trust_id: str, fresh: list[dict[str, Any]], newer: list[dict[str, Any]],
    gone: list[tuple[str, str]],
) -> None:  # fmt: skip
    if not (fresh or newer or gone):
        return
    c = labels.c
    one = (c.trust_id == trust_id) & (c.device_id == bindparam("of")) & (c.component == bindparam("part"))
    if fresh:
        connection.execute(insert(labels), [{"trust_id": trust_id} | row for row in fresh])
    if newer:
        change = update(labels).where(one).values(words=bindparam("new_words"), day=bindparam("new_day"))
        rows = [
            {"of": r["device_id"], "part": r["component"], "new_words": r["words"], "new_day": r["day"]} for r in newer
        ]
        connection.execute(change, rows)
    if gone:
        connection.execute(delete(labels).where(one), [{"of": key[0], "part": key[1]} for key in gone])


def of_school(connection: Connection, trust_id: str, school_id: str) -> dict[str, dict[str, Words]]:
    """The words of a school's devices, by device and component."""
    here = select(devices.c.device_id).where(devices.c.trust_id == trust_id, devices.c.school_id == school_id)
    c = labels.c
    query = select(c.device_id, c.component, c.words).where(c.trust_id == trust_id, c.device_id.in_(here))
    found: dict[str, dict[str, Words]] = {}
    for device_id, component, words in connection.execute(query):
        found.setdefault(device_id, {})[component] = tuple(json.loads(words))
    return found


def of_devices(wanted: Iterable[Dossier], own: Mapping[str, Words]) -> dict[str, dict[str, Words]]:
    """All words of some devices: their own, and those of their parts."""
    return {
        known.device_id: {"": own[known.device_id], **words_of(known)} for known in wanted if known.device_id in own
    }
