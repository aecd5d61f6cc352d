"""Brings a made-up school (`messy_estate`) into a store, as the network and the records know it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from sqlalchemy import insert

from collector.facts import maker_key
from collector.records.fields import FIELDS, key
from collector.store import Store, Transaction, agents, batches, places
from collector.store import records as said
from collector.store import schema as t
from collector.store.records import Act, Record, Saying
from messy_estate import TODAY, Thing

NOW = datetime.combine(TODAY, time(12), UTC)


def fill(store: Store, things: Sequence[Thing], twice: dict[str, str]) -> tuple[str, str]:
    """The ids of the trust and of the school. A device's id is the key of its thing."""
    return store.write(lambda connection: _fill(connection, things, twice))


def _fill(connection: Transaction, things: Sequence[Thing], twice: dict[str, str]) -> tuple[str, str]:
    trust_id = places.add_trust(connection, "Oak Trust", NOW)
    where = [_school(connection, trust_id, name) for name in ("Oak Lane Primary", "Elm Grove Primary")]
    devices, marks = [], []
    for thing in things:
        place = where[1 if thing.elsewhere else 0]
        devices.append(_device(trust_id, place, thing, thing.key, thing.mac))
        marks += _marks(trust_id, thing, thing.key, thing.mac)
        if again := twice.get(thing.key):
            dock = f"00:e0:4c:{thing.mac[9:]}"
            devices.append(_device(trust_id, place, thing, again, dock))
            marks += _marks(trust_id, thing, again, dock)
    for chunk in batches.chunks(devices):
        connection.execute(insert(t.devices), chunk)
    batches.insert_numbered(connection, trust_id, t.identifiers, "identifier", marks)
    _record(connection, trust_id, [thing for thing in things if thing.recorded])
    return trust_id, where[0][0]


def _school(connection: Transaction, trust_id: str, name: str) -> tuple[str, str]:
    school_id = places.add_school(connection, trust_id, name, "", NOW)
    site_id = places.add_site(connection, trust_id, school_id, "Main site")
    agent = agents.Agent(f"agent-{name[:3]}", site_id, school_id, "server", b"", (), "1", None)
    agents.add(connection, trust_id, agent, version="", expires=NOW, now=NOW)
    agents.note_report(connection, trust_id, agent.agent_id, NOW)
    return school_id, site_id


def _device(
    trust_id: str, place: tuple[str, str], thing: Thing, device_id: str, mac: str
) -> dict[str, object]:  # fmt: skip
    seen = datetime.combine(thing.last_seen or TODAY, time(9), UTC)
    return {
        "trust_id": trust_id, "device_id": device_id, "created": seen, "school_id": place[0], "site_id": place[1],
        "class": thing.kind, "maker": thing.maker, "model": thing.model,
        "serial": thing.serial if thing.tells_serial else "", "name": thing.name if device_id == thing.key else "",
        "mac": mac, "first_seen": seen, "last_seen": seen, "last_agent": "agent", "last_method": "SNMP_V2C",
    }  # fmt: skip


def _marks(trust_id: str, thing: Thing, device_id: str, mac: str) -> list[dict[str, object]]:
    told = [("MAC", mac)]
    if thing.tells_serial:
        told.append(("SERIAL", f"{maker_key(thing.maker)}:{thing.serial}"))
    base = {"trust_id": trust_id, "device_id": device_id, "lane_id": 1, "observed_from": NOW, "recorded_from": NOW}
    return [base | {"kind": kind, "value": value} for kind, value in told]


def _record(connection: Transaction, trust_id: str, things: Sequence[Thing]) -> None:
    sayings = []
    for thing in things:
        said.add(connection, trust_id, Record(f"r{thing.key}", thing.key, NOW, "made"))
        values = {"asset_tag": thing.tag, "room": thing.room, "purchased": thing.bought.isoformat(),
                  "cost": thing.cost_pence}  # fmt: skip
        sayings += [Saying(f"r{thing.key}", name, value, key(FIELDS[name], value)) for name, value in values.items()]
    said.say(connection, trust_id, sayings, Act("made", "ada", "page", NOW))
