"""The ports of one switch, by IF-MIB, LAG-MIB, ifStackTable, PAgP, spanning tree; how a neighbour's word finds one.

It knows nothing of what is learned or heard at a port.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from collector.facts import mac as sound_mac
from collector.knowledge import forwarding, interfaces
from collector.walks import Walk
from stocktake import ber
from stocktake.values import Binding

AGGREGATE_KINDS = {161, 54}  # ieee8023adLag; propMultiplexor, as which ProCurve shows its trunks
AGGREGATE_NAME = re.compile(
    r"(?i)(trk|po|port-?channel|ae|bond|team|lag|lacp|eth-trunk|bridge-aggregation|bagg|trunk)[ _-]?[0-9/]+"
)
BLOCKING = 2  # dot1dStpPortState
UP = 1


@dataclass(frozen=True, slots=True)
class Port:
    """One interface. `speed` in bits per second; `lag` is the aggregate that it is a member of (0: none).

    `told` is what the switch calls the port where it introduces itself by LLDP; `blocked`: spanning tree blocks it.
    """

    name: str = ""
    alias: str = ""
    speed: int | None = None
    kind: str = ""
    lag: int = 0
    up: bool | None = None
    mac: str = ""
    description: str = ""
    told: str = ""
    aggregate: bool = False
    blocked: bool = False


def read_ports(walk: Walk) -> dict[int, Port]:
    """Every interface by its index."""
    columns = (interfaces.NAME, interfaces.DESCRIPTION, interfaces.TYPE, interfaces.ADDRESS)
    indexes = sorted({int(index) for column in columns for index in walk.column(column) if index.isdigit()})
    ports = {index: _port(walk, index) for index in indexes}
    for member, aggregate in _aggregates(walk, ports).items():
        ports[member] = replace(ports[member], lag=aggregate)
    for index in _blocked(walk):
        if index in ports:
            ports[index] = replace(ports[index], blocked=True)
    for index, told in _told(walk, ports):
        ports[index] = replace(ports[index], told=told)
    return ports


def _port(walk: Walk, index: int) -> Port:
    name, description = walk.text(f"{interfaces.NAME}.{index}"), walk.text(f"{interfaces.DESCRIPTION}.{index}")
    kind, state = walk.integer(f"{interfaces.TYPE}.{index}"), walk.integer(f"{interfaces.STATUS}.{index}")
    high, low = walk.integer(f"{interfaces.HIGH_SPEED}.{index}"), walk.integer(f"{interfaces.SPEED}.{index}")
    address = walk.get(f"{interfaces.ADDRESS}.{index}")
    return Port(
        name=name or description,
        alias=walk.text(f"{interfaces.ALIAS}.{index}"),
        speed=high * 1_000_000 if high and high > 0 else low if low and 0 < low < 4_294_967_295 else None,
        kind=interfaces.TYPES.get(kind or 0, ""),
        up=None if state is None else state == UP,
        mac=sound_mac(ber.octets(address) or b"") if address else "",
        description=description,
        aggregate=kind in AGGREGATE_KINDS or bool(AGGREGATE_NAME.fullmatch(name or description)),
    )


# ------------------------------------------------------------------------------------------------ aggregates


def _aggregates(walk: Walk, ports: Mapping[int, Port]) -> dict[int, int]:
    """Member → aggregate. An aggregate that is no interface goes by its lowest member; one of a single port is none."""
    attached = {**_numbers(walk, forwarding.CISCO_CHANNELS), **dict(_stacked(walk, ports))}
    attached |= {port: aggregate for port, aggregate in _numbers(walk, forwarding.AGGREGATES).items() if aggregate}
    members: dict[int, list[int]] = {}
    for port, aggregate in attached.items():
        if port in ports and aggregate not in (0, port):
            members.setdefault(aggregate, []).append(port)
    found: dict[int, int] = {}
    for aggregate, together in members.items():
        if aggregate in ports:
            found |= dict.fromkeys(together, aggregate)
        elif len(together) > 1:
            found |= {port: min(together) for port in together if port != min(together)}
    return found


def _stacked(walk: Walk, ports: Mapping[int, Port]) -> Iterator[tuple[int, int]]:
    """(member, aggregate) by ifStackTable: which interface runs on top of which."""
    for index, binding in walk.column(forwarding.STACKED).items():
        upper, _, lower = index.partition(".")
        if upper.isdigit() and lower.isdigit() and ber.integer(binding) == UP:
            above, below = ports.get(int(upper)), ports.get(int(lower))
            if above and below and above.aggregate and not below.aggregate:
                yield int(lower), int(upper)


def _numbers(walk: Walk, column: str) -> dict[int, int]:
    rows = walk.column(column).items()
    return {int(index): ber.integer(binding) or 0 for index, binding in rows if index.isdigit()}


def _blocked(walk: Walk) -> Iterator[int]:
    base = _numbers(walk, forwarding.BASE_PORT_INTERFACES)
    for port, state in _numbers(walk, forwarding.SPANNING_TREE_STATES).items():
        if state == BLOCKING:
            yield base.get(port, 0 if base else port)


# ------------------------------------------------------------------------------------------------ names of ports


def _told(walk: Walk, ports: Mapping[int, Port]) -> Iterator[tuple[int, str]]:
    """(interface, what the switch calls it by LLDP) of every LLDP port."""
    for index in walk.column(forwarding.LLDP_LOCAL_PORTS):
        interface = local_port(walk, ports, int(index)) if index.isdigit() else 0
        binding = walk.get(f"{forwarding.LLDP_LOCAL_PORTS}.{index}")
        if interface and binding:
            yield interface, words_of(walk, f"{forwarding.LLDP_LOCAL_PORTS}.{index}", binding)


def local_port(walk: Walk, ports: Mapping[int, Port], number: int) -> int:
    """The interface of an LLDP port number, which agents make up: by the names that go with it, else by the number."""
    for column in (forwarding.LLDP_LOCAL_PORTS, forwarding.LLDP_LOCAL_PORT_TEXTS):
        binding = walk.get(f"{column}.{number}")
        found = find(ports, [words_of(walk, f"{column}.{number}", binding)], numbers=False) if binding else 0
        if found:
            return found
    base = _numbers(walk, forwarding.BASE_PORT_INTERFACES)
    if number in ports and not (number in base and ports[number].kind not in ("", "ethernet")):
        return number
    return base.get(number, 0) if base.get(number) in ports else 0


def words_of(walk: Walk, oid: str, binding: Binding) -> str:
    """A port's name as text, or as a MAC where its six octets are no text."""
    raw = ber.octets(binding) or b""
    return sound_mac(raw) if len(raw) == 6 and not (raw.isascii() and raw.decode().isprintable()) else walk.text(oid)


def find(ports: Mapping[int, Port], words: Iterable[str], *, numbers: bool = True) -> int:
    """The one port that any of a neighbour's words names, or 0.

    The name that the port itself tells comes first, then names, descriptions, MACs, aliases; last a bare number.
    """
    told = [word.casefold() for word in words if word]
    for field in ("told", "name", "description", "mac", "alias"):
        for word in told:
            found = [index for index, port in ports.items() if getattr(port, field).casefold() == word]
            if len(found) == 1:
                return found[0]
    bare = [int(word) for word in told if numbers and word.isdigit() and len(word) < 10]
    return next((number for number in bare if number in ports), 0)
