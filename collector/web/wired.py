"""What pages say of a school's network: boxes and wires for its map, ports with what hangs at them. Pure.

What stands between switches and was not read has a name and no page; its key begins with `name:`, which no device's id
does, and goes on with the reason, which the ends of one wire share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from collector.store.rows import AttachmentRow, DeviceRow, FactRow, LinkRow
from collector.web import parts, words
from collector.web.network_layers import Node, natural
from collector.web.network_map import NO_DEVICE, Cable, Map, draw

HEARD, APART = "name:", "\n"
UNKNOWN = "unknown"  # the word for a MAC whose edge port is not known
MOST_PORTS = 1_000  # of one switch, on its page
MOST_AT_PORT = 50  # devices named at one port
ERRORS = ("errors_in", "errors_out", "discards_in", "discards_out")
PLAIN = "direct"  # the word for what needs none
Devices = Mapping[str, DeviceRow]


@dataclass(frozen=True, slots=True)
class End:
    """The far end of a link: what it is called, its page ("" for none), its port, and what the link is like."""

    name: str
    device_id: str
    port: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Member:
    """One switch in the list beside the map. `links`: own port, far end."""

    key: str
    name: str
    device_id: str
    device_class: str
    hanging: int
    links: tuple[tuple[str, End], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The map, and the same in words; `numbers`: how many devices hang on each box."""

    drawing: Map
    members: tuple[Member, ...]
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A device (or a MAC that no device has) at a port."""

    name: str
    device_id: str
    mac: str
    device_class: str
    how: str
    vlans: str
    reason: str


@dataclass
class Port:
    """One port of a switch: what it tells of itself, the switches it is wired to, and what hangs there."""

    name: str
    facts: dict[str, FactRow] = field(default_factory=dict)
    errors: tuple[tuple[str, FactRow], ...] = ()
    power: tuple[FactRow, ...] = ()
    links: list[End] = field(default_factory=list)
    hanging: list[Hanging] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device hangs: the port of a switch, with how and why. Without a switch: `reason` says why not."""

    switch: str
    switch_id: str
    port: str
    mac: str
    vlans: str
    how: str
    reason: str


# ------------------------------------------------------------------------------------------------ the map


def picture(
    links: Sequence[LinkRow], switches: Iterable[DeviceRow], devices: Devices, numbers: Mapping[str, int]
) -> Picture:
    """The map of these links, with every one of `switches`, be it linked or not."""
    nodes = {row.device_id: _node(row.device_id, devices) for row in switches}
    for link in links:
        for key in (link.a_device, _far(link)):
            nodes.setdefault(key, _node(key, devices))
    ends: dict[str, list[tuple[str, End]]] = {key: [] for key in nodes}
    for link in links:
        far = _far(link)
        ends[link.a_device].append((link.a_port, _end(link, nodes[far], link.b_port)))
        ends[far].append((link.b_port, _end(link, nodes[link.a_device], link.a_port)))
    ordered = sorted(nodes.values(), key=lambda node: (natural(node.name), node.key))
    drawing = draw(ordered, (_cable(link, nodes) for link in links))
    members = tuple(
        Member(node.key, node.name, _page(node.key), node.device_class, numbers.get(node.key, 0),
               tuple(sorted(ends[node.key], key=lambda end: (natural(end[0]), end[1].name, end[1].port))))
        for node in ordered
    )  # fmt: skip
    return Picture(drawing, members, numbers)


def _far(link: LinkRow) -> str:
    return link.b_device or f"{HEARD}{link.b_name}{APART}{link.reason}"


def _page(key: str) -> str:
    return "" if key.startswith(HEARD) else key


def _node(key: str, devices: Devices) -> Node:
    row = devices.get(key)
    if row is not None:
        return Node(key, str(words.plain(parts.title(row))), row.device_class)
    return Node(key, str(words.plain(key.removeprefix(HEARD).partition(APART)[0])) or "unnamed", NO_DEVICE)


def _cable(link: LinkRow, nodes: Mapping[str, Node]) -> Cable:
    far = _far(link)
    ends = " – ".join(
        f"{nodes[key].name} {port}".strip() for key, port in ((link.a_device, link.a_port), (far, link.b_port))
    )
    return Cable(link.a_device, far, link.members, link.told, link.standby, f"{ends}: {like(link)}")


def like(link: LinkRow) -> str:
    """What a link is like, in words."""
    said = [f"{link.members} ports together" if link.members > 1 else "one port"]
    said += ["standby"] if link.standby else []
    return ", ".join([*said, "told by its ends" if link.told else "reasoned from what was learned"])


def _end(link: LinkRow, far: Node, port: str) -> End:
    return End(far.name, _page(far.key), port, like(link), link.reason)


# ------------------------------------------------------------------------------------------------ one device


def places(rows: Iterable[AttachmentRow], devices: Devices) -> list[Place]:
    """Where a device hangs."""
    return [
        Place(
            switch=_node(row.switch_id, devices).name if row.switch_id else "",
            switch_id=row.switch_id,
            port=row.port,
            mac=row.mac,
            vlans=vlans(row.vlans),
            how="" if row.how == UNKNOWN else row.how,
            reason=row.reason,
        )
        for row in rows
    ]


def vlans(numbers: Sequence[int]) -> str:
    """VLANs as people write them: `10, 20`; "" for none that is known."""
    return ", ".join(map(str, sorted(set(numbers))))


def ports(
    device_id: str,
    stands: parts.Standing,
    rows: Iterable[AttachmentRow],
    links: Iterable[LinkRow],
    devices: Devices,
    fed: Mapping[str, tuple[FactRow, ...]],
) -> list[Port]:
    """The ports of a switch in their order: those that take a cable, and those that something is known to be at.

    `fed`: interface → what it tells of the power that it feeds.
    """
    found = dict(_of_facts(stands, fed))
    by_name = {port.name: key for key, port in reversed(found.items())}
    for row in rows:
        key = str(row.port_index) if str(row.port_index) in found else by_name.setdefault(row.port, row.port)
        port = found.setdefault(key, Port(row.port))
        if len(port.hanging) < MOST_AT_PORT:
            port.hanging.append(_hanging(row, devices))
        else:
            port.more += 1
    for name, end in _ends(device_id, links, devices):
        found.setdefault(by_name.setdefault(name, name), Port(name)).links.append(end)
    kept = [port for port in found.values() if port.links or port.hanging or _cabled(port)]
    return sorted(kept, key=lambda port: natural(port.name))


def _of_facts(stands: parts.Standing, fed: Mapping[str, tuple[FactRow, ...]]) -> Iterator[tuple[str, Port]]:
    told: dict[str, dict[str, FactRow]] = {}
    for (component, name), fact in stands.items():
        kind, _, index = component.partition("/")
        if kind == "interface":
            told.setdefault(index, {})[name] = fact
    for index, known in told.items():
        called = known.get("name")
        errors = tuple((error, known[error]) for error in ERRORS if error in known)
        yield (
            index,
            Port(str(words.plain(called.value)) if called else f"port {index}", known, errors, fed.get(index, ())),
        )


def _cabled(port: Port) -> bool:
    """Whether a port is one that takes a cable, as far as it tells."""
    kind = port.facts.get("type")
    return kind is not None and kind.value == "ethernet"


def _ends(device_id: str, links: Iterable[LinkRow], devices: Devices) -> Iterator[tuple[str, End]]:
    for link in links:
        far = _far(link)
        if link.a_device == device_id:
            yield link.a_port, _end(link, _node(far, devices), link.b_port)
        if far == device_id:
            yield link.b_port, _end(link, _node(link.a_device, devices), link.a_port)


def _hanging(row: AttachmentRow, devices: Devices) -> Hanging:
    device = devices.get(row.device_id or "")
    return Hanging(
        name=str(words.plain(parts.title(device))) if device else row.mac,
        device_id=row.device_id or "",
        mac=row.mac,
        device_class=device.device_class if device else "unknown",
        how="" if row.how == PLAIN else row.how,
        vlans=vlans(row.vlans),
        reason=row.reason,
    )
