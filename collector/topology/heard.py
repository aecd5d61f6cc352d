"""The neighbours that a switch hears by LLDP, CDP and EDP, each with the port it is heard at and the port it names.

It does not know which device a neighbour is. `device_class` is what a neighbour says it is, or "".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from collector.facts import mac as sound_mac
from collector.knowledge import cdp, edp, forwarding, lldp
from collector.readers import as_mac
from collector.topology.ports import Port, local_port, words_of
from collector.walks import Walk
from stocktake import ber
from stocktake.values import Binding

MOST_NEIGHBOURS = 1_024
LINK_LOCAL = ("127.", "0.", "169.254.", "fe80:", "::")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What a switch hears at a port. `port` is the interface as heard, not its aggregate; `words` name the far port."""

    port: int
    told: str
    mac: str = ""
    name: str = ""
    address: str = ""
    words: tuple[str, ...] = ()
    device_class: str = ""


def neighbours(walk: Walk, ports: Mapping[int, Port]) -> Iterator[Neighbour]:
    """Everybody who is heard at a port that the switch has."""
    heard = (*_by_lldp(walk, ports), *_by_cdp(walk), *_by_edp(walk))
    return islice((neighbour for neighbour in heard if neighbour.port in ports), MOST_NEIGHBOURS)


def own_chassis(walk: Walk) -> str:
    """The MAC as which the switch introduces itself by LLDP, or ""."""
    binding = walk.get(forwarding.LLDP_LOCAL_CHASSIS)
    is_mac = walk.integer(forwarding.LLDP_LOCAL_CHASSIS_KIND) == lldp.CHASSIS_IS_MAC
    return sound_mac(ber.octets(binding) or b"") if binding and is_mac else ""


# ------------------------------------------------------------------------------------------------ LLDP


def _by_lldp(walk: Walk, ports: Mapping[int, Port]) -> Iterator[Neighbour]:
    addresses = _far_addresses(walk)
    for index in walk.column(lldp.CHASSIS):
        arcs = index.split(".")  # time mark, local port, a number
        if len(arcs) == 3:
            yield Neighbour(
                port=local_port(walk, ports, int(arcs[1])),
                told="lldp",
                mac=_lldp_mac(walk, index),
                name=walk.text(f"{lldp.NAME}.{index}"),
                address=addresses.get(index, ""),
                words=tuple(_far_words(walk, index)),
                device_class=_lldp_class(walk, index),
            )


def _lldp_mac(walk: Walk, index: str) -> str:
    """The neighbour's MAC: its chassis, or its port where the chassis is something else (phones tell an address)."""
    for kind, is_mac, told in ((lldp.CHASSIS_KIND, lldp.CHASSIS_IS_MAC, lldp.CHASSIS),
                               (lldp.PORT_KIND, lldp.PORT_IS_MAC, lldp.PORT)):  # fmt: skip
        binding = walk.get(f"{told}.{index}")
        if binding is not None and walk.integer(f"{kind}.{index}") == is_mac:
            return _octets_or_text(binding)
    return ""


def _octets_or_text(binding: Binding) -> str:
    """A MAC, which some agents write as text."""
    try:
        return as_mac(binding)
    except ValueError:
        return ""


def _far_words(walk: Walk, index: str) -> Iterator[str]:
    for column in (lldp.PORT, forwarding.LLDP_FAR_PORT_TEXTS):
        binding = walk.get(f"{column}.{index}")
        if binding is not None and (word := words_of(walk, f"{column}.{index}", binding)):
            yield word


def _far_addresses(walk: Walk) -> dict[str, str]:
    """Row of a neighbour → its management address: the index goes on with type, length and octets."""
    found: dict[str, str] = {}
    for index in walk.column(forwarding.LLDP_FAR_ADDRESSES):
        arcs = index.split(".")
        octets = [int(arc) for arc in arcs[5:]]
        if len(octets) in (4, 16) and max(octets) < 256:
            address = str(ipaddress.ip_address(bytes(octets)))
            if not address.startswith(LINK_LOCAL):
                found.setdefault(".".join(arcs[:3]), address)
    return found


def _lldp_class(walk: Walk, index: str) -> str:
    binding = walk.get(f"{lldp.ENABLED}.{index}")
    bits = ((ber.octets(binding) or b"\0")[:1] or b"\0")[0] if binding else 0
    if bits & lldp.TELEPHONE:
        return "phone"
    if bits & lldp.ACCESS_POINT and not bits & lldp.ROUTER:
        return "access point"
    if bits & lldp.BRIDGE and not lldp.COMPUTER.search(walk.text(f"{lldp.DESCRIPTION}.{index}")):
        return "switch"
    return "router" if bits & lldp.ROUTER else ""


# ------------------------------------------------------------------------------------------------ CDP, EDP


def _by_cdp(walk: Walk) -> Iterator[Neighbour]:
    for index in walk.column(cdp.DEVICE):
        interface, told = index.partition(".")[0], walk.text(f"{cdp.DEVICE}.{index}")
        if not interface.isdigit() or not told:
            continue
        serial = cdp.SERIAL_NAME.fullmatch(told)
        yield Neighbour(
            port=int(interface),
            told="cdp",
            mac=cdp.mac_of(told),
            name=serial["name"] if serial else told,
            address=cdp.address(walk, index),
            words=tuple(filter(None, [walk.text(f"{cdp.PORT}.{index}")])),
            device_class=cdp.device_class(walk, index),
        )


def _by_edp(walk: Walk) -> Iterator[Neighbour]:
    for index in walk.column(edp.NAME):
        interface = index.partition(".")[0]
        if interface.isdigit():
            yield Neighbour(
                port=int(interface),
                told="edp",
                mac=edp.mac_of(index),
                name=walk.text(f"{edp.NAME}.{index}"),
                words=tuple(filter(None, [edp.far_port(walk, index)])),
                device_class="switch",
            )
