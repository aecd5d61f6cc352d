"""Reads of the whole estate what refresh plans are made of, each thing in one pass. What it means is `planning`'s.

The register's cells say most of it. Conditions, memory and ports are asked for those devices alone where they matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from collector.store import bounds, wires
from collector.store import schema as t
from collector.store.batches import chunks

_UNPACK = msgspec.json.Decoder(dict[str, str]).decode


def cells(
    connection: Connection, trust_id: str, schools: bounds.Schools = None
) -> Iterator[tuple[str, dict[str, str]]]:
    """Every device of the register as it is believed now, by id, with its cells that are not empty."""
    c = t.register.c
    query = select(c.device_id, c.cells).where(c.trust_id == trust_id, c["class"] != "", c.recorded_to.is_(None))
    query = query.where(bounds.within(c.school_id, schools)).order_by(c.device_id)
    for device_id, packed in connection.execute(query.execution_options(yield_per=2_000)):
        yield device_id, _UNPACK(packed)


def lasting(
    connection: Connection, trust_id: str, aspects: Collection[str], before: datetime
) -> dict[str, tuple[str, str, datetime]]:
    """By device the critical condition of one of some aspects that has lasted longest: aspect, sentence, since."""
    c = t.conditions.c
    query = select(c.device_id, c.aspect, c.sentence, c.since).where(
        c.trust_id == trust_id, c.component == "", c.state == "critical", c.aspect.in_(sorted(aspects)),
        c.since <= before,
    )  # fmt: skip
    found: dict[str, tuple[str, str, datetime]] = {}
    for device_id, aspect, sentence, since in connection.execute(query.order_by(c.since.desc())):
        found[device_id] = (aspect, sentence, since)
    return found


def memories(connection: Connection, trust_id: str, device_ids: Collection[str]) -> dict[str, int]:
    """Octets of memory of those of some devices that tell it."""
    f, found = t.facts.c, dict[str, int]()
    for chunk in chunks(sorted(device_ids)):
        query = select(f.device_id, f.value).where(
            f.trust_id == trust_id, f.device_id.in_(chunk), f.recorded_to.is_(None), f.observed_to.is_(None),
            f.chosen, f.name == "memory", f.component == "",
        )  # fmt: skip
        for device_id, value in connection.execute(query.order_by(f.weight)):
            read = wires.read(value)
            if isinstance(read, int | float) and not isinstance(read, bool) and 0 < read < 2**50:
                found[device_id] = int(read)
    return found


def fastest_port(connection: Connection, trust_id: str, switches: Sequence[str]) -> Mapping[str, tuple[int, float]]:
    """By switch how many of its ports are up and tell their speed, and the fastest speed of these, bits a second."""
    found: dict[str, tuple[int, float]] = {}
    for chunk in chunks(sorted(switches)):
        for device_id, ports in wires.ports(connection, trust_id, chunk).items():
            speeds = [port.speed for port in ports.values() if port.is_up and port.speed]
            if speeds:
                found[device_id] = (len(speeds), max(speeds))
    return found
