"""What is concluded of a network: links, attachments, what stays unknown, and who should be asked next. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

#: the groups of the walk plan that a network is read from: what stands for a day, and what passes within the hour
STANDING = ("system", "interfaces", "port_states", "bridge", "routing")
PASSING = ("forwarding", "forwarding_by_vlan", "link_aggregates", "cisco_vlans", "lldp", "lldp_ports", "cdp", "edp",
           "arp_tables", "cisco_arp_tables", "huawei_forwarding", "alcatel_forwarding", "arista_arp_by_vrf",
           "brocade_arp_by_vrf", "cisco_arp_by_vrf")  # fmt: skip


class Place(NamedTuple):
    """A port of a switch: the device's id, and the index of the interface, or of the aggregate that it is in."""

    device: str
    port: int


#: how a MAC hangs at its port: a closed list of plain words
DIRECT = "direct"
BEHIND_PHONE = "behind a phone"
BEHIND_HYPERVISOR = "behind a hypervisor"
BEHIND_ACCESS_POINT = "behind an access point"
BEHIND_UNREAD_SWITCH = "behind a switch that was not read"
UNMANAGED = "hub or unmanaged switch"
BETWEEN = "between managed switches"
SHARED = "shared port"


@dataclass(frozen=True, slots=True)
class Link:
    """Two or more ports on one wire: more than two, where something that was not read stands between them.

    `members` are the physical ports that neighbours were heard at, where `ends` are aggregates. `told` is the word of
    the protocol (`lldp`, `cdp`, `edp`), or `forwarding` where it was reasoned. `standby`: it carries nothing now.
    """

    ends: tuple[Place, ...]
    members: tuple[Place, ...]
    told: str
    standby: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A MAC at its edge port. `how` is one of the words above, `via` the device (or MAC) it is behind, if known."""

    mac: str
    place: Place
    vlans: tuple[int, ...]
    how: str
    via: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A MAC that was seen, but not so that its edge port could be told: where, and why that is not enough."""

    mac: str
    places: tuple[Place, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A neighbour that a switch hears and nobody has examined: proposed to people, never scanned for that."""

    name: str
    mac: str
    address: str
    device_class: str
    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Network:
    """The switches of one site as they hang together. `present`: MACs that are there now, not only remembered."""

    links: tuple[Link, ...]
    attachments: tuple[Attachment, ...]
    unknown: tuple[Unknown, ...]
    proposed: tuple[Proposed, ...]
    present: frozenset[str]
