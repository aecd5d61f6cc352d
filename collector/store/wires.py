"""Reads the ports of switches, and how the switches of a school hang together, as audit rules ask for it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from collector.audit import UNDRAWN, Core, Link, Port
from collector.audit.core import TAG, cores
from collector.store import schema as t
from collector.store.batches import chunks
from collector.store.history import recorded

SWITCH = "switch"
ETHERNET = '"ethernet"'  # as JSON; an interface of another type is no port


class KnownPort(NamedTuple):
    """A port with its state, whether it is up or not."""

    component: str
    name: str
    speed: float | None
    is_up: bool

    @property
    def port(self) -> Port:
        """The port as rules judge it."""
        return Port(self.component, self.name, self.speed)


@dataclass(frozen=True, slots=True)
class Wiring:
    """The links between the switches of a school, which are the core of their sites, and what they are called."""

    ways: Mapping[str, Sequence[tuple[str, int, int]]] = field(default_factory=dict)  # (far, own port, cables)
    core: Mapping[str, Core] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def core_of(self, switch: str) -> Core:
        """Whether it is the core of its site."""
        return self.core.get(switch, UNDRAWN)

    def links_of(self, switch: str, ports: Mapping[str, KnownPort]) -> tuple[Link, ...]:
        """Its ways to other switches, with the speeds of its ports."""
        found = []
        for far, number, cables in self.ways.get(switch, ()):
            component = f"interface/{number}"
            speed = ports[component].speed if component in ports else None
            to_core = bool(self.core_of(far).core)
            found.append(Link(far, self.names.get(far, far), component, cables, speed or None, to_core))
        return tuple(found)


NONE = Wiring()


def of_school(connection: Connection, trust_id: str, school_id: str) -> Wiring:
    """How the switches of a school hang together, site by site."""
    device = t.devices.c
    query = select(device.device_id, device.site_id, device.name, device.model, device.alias_of).where(
        device.trust_id == trust_id, device.school_id == school_id, device["class"] == SWITCH
    )
    rows = list(connection.execute(query.order_by(device.device_id)))
    alias = {row.device_id: row.alias_of for row in rows if row.alias_of}
    names = {row.device_id: row.name or row.model or row.device_id for row in rows if not row.alias_of}
    ways = _ways(connection, trust_id, {row.site_id for row in rows}, alias, names)
    said = recorded(connection, trust_id, sorted(names))
    tagged = {key for key, fields in said.items() if TAG in (fields.get("tags") or ())}
    found: dict[str, Core] = {}
    for site_id in {row.site_id for row in rows}:
        switches = [row.device_id for row in rows if row.site_id == site_id and not row.alias_of]
        pairs = [(switch, far) for switch in switches for far, _, _ in ways.get(switch, ())]
        found |= cores(switches, pairs, tagged)
    return Wiring(ways, found, names)


def _ways(
    connection: Connection, trust_id: str, site_ids: set[str], alias: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, list[tuple[str, int, int]]]:
    found: dict[str, list[tuple[str, int, int]]] = {}
    for chunk in chunks(sorted(site_ids)):
        query = select(t.links).where(t.links.c.trust_id == trust_id, t.links.c.site_id.in_(chunk))
        for row in connection.execute(query.order_by(*t.links.primary_key)):
            near, far = (alias.get(end, end) for end in (row.a_device, row.b_device))
            for own, other, port in ((near, far, row.a_port), (far, near, row.b_port)):
                if own in names and other in names and own != other:
                    found.setdefault(own, []).append((other, port, row.members))
    return found


# ------------------------------------------------------------------------------------------------ ports


def ports(connection: Connection, trust_id: str, switches: Sequence[str]) -> dict[str, dict[str, KnownPort]]:
    """By switch and component its ports, as they were told last; what is no Ethernet port is left out."""
    if not switches:
        return {}
    told: dict[str, dict[str, dict[str, Any]]] = {}
    for key, component, name, value in latest(connection, trust_id, switches, ("speed", "status")):
        if component.startswith("interface/"):
            told.setdefault(key, {}).setdefault(component, {})[name] = value
    names, others = _described(connection, trust_id, switches)
    found: dict[str, dict[str, KnownPort]] = {}
    for key, by_component in told.items():
        for component, said in by_component.items():
            if (key, component) not in others:
                speed = said.get("speed")
                sound = float(speed) if isinstance(speed, int | float) and not isinstance(speed, bool) else None
                name = names.get((key, component), component.partition("/")[2])
                port = KnownPort(component, name, sound, said.get("status") == "up")
                found.setdefault(key, {})[component] = port
    return found


def _described(
    connection: Connection, trust_id: str, switches: Sequence[str]
) -> tuple[dict[tuple[str, str], str], set[tuple[str, str]]]:
    """What ports are called, and which interfaces say that they are something else than an Ethernet port."""
    f = t.facts.c
    query = select(f.device_id, f.component, f.name, f.value).where(
        f.trust_id == trust_id, f.device_id.in_(switches), f.recorded_to.is_(None), f.observed_to.is_(None),
        f.chosen, f.name.in_(["name", "type"]), f.component.like("interface/%"),
    )  # fmt: skip
    names, others = {}, set()
    for key, component, name, value in connection.execute(query).all():
        if name == "type" and value != ETHERNET:
            others.add((key, component))
        elif name == "name":
            names[key, component] = str(read(value))
    return names, others


def latest(
    connection: Connection, trust_id: str, device_ids: Sequence[str], names: Sequence[str]
) -> Iterator[tuple[str, str, str, Any]]:
    """Device, component, name and value of some readings, the latest last."""
    if not device_ids:
        return
    c, r = t.claims.c, t.readings.c
    mine = (c.trust_id == trust_id) & c.device_id.in_(device_ids) & c.recorded_to.is_(None)
    holders = {row.claim_id: row.device_id for row in connection.execute(select(c.claim_id, c.device_id).where(mine))}
    query = select(r.claim_id, r.component, r.name, r.value).where(
        r.trust_id == trust_id, r.claim_id.in_(select(c.claim_id).where(mine)), r.name.in_(names)
    )
    for claim_id, component, name, value in connection.execute(query.order_by(r.observed, r.claim_id)).all():
        yield holders[claim_id], component, name, read(value)


@functools.lru_cache(maxsize=4096)  # ports of a trust are alike: up or down, and at one of a few speeds
def read(written: str) -> Any:
    """A value as it was told, from its JSON. It is shared: nobody may change it."""
    return json.loads(written)
