"""The IPv4 networks this machine stands on, as a technician would name them when asked which to sweep.

It does not know which of them may be swept: that is the technician's word. It sends nothing.

What is left out unless asked for: bridges without a physical port below them (docker0, virbr0: their hosts live inside
this machine), and interfaces that are not Ethernet (tunnels: what lies behind them is not this site). A bridge, bond or
VLAN over a physical port stays: on a virtualisation host that is where the machine's own address sits.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from agent.host._machine import LiveInterface
from agent.host._world import HERE, World

_ETHERNET = 1  # linux/if_arp.h ARPHRD_ETHER
_DEEPEST = 4  # bond on card, VLAN on bond, bridge on VLAN
# adapters that lead to nothing but guests of this machine, where there is no sysfs to tell; a Hyper-V switch that an
# administrator made ("vEthernet (LAN)") is not among them
_GUEST_ADAPTERS = ("vethernet (default switch)", "vethernet (wsl", "vethernet (nat)", "vmware network adapter",
                   "virtualbox host-only", "bridge100", "vmenet", "utun")  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnNetwork:
    """A network this machine has an address in: interface, own address, and the network as CIDR."""

    interface: str
    address: str
    network: str


def own_networks(world: World = HERE, *, virtual: bool = False) -> tuple[OwnNetwork, ...]:
    """Each IPv4 network directly attached to an interface that is up, once per interface; `virtual` leaves none out.

    Host routes (/32), loopback and self-assigned addresses (169.254.0.0/16, RFC 3927) are no networks to stand on.
    """
    found: dict[tuple[str, str], OwnNetwork] = {}
    for interface in sorted(world.machine().interfaces(), key=lambda each: each.name):
        if not interface.up or interface.loopback or not (virtual or _leads_out(world, interface)):
            continue
        for own in _networks_of(interface):
            found.setdefault((own.interface, own.network), own)
    return tuple(found.values())


def _networks_of(interface: LiveInterface) -> list[OwnNetwork]:
    """The networks of one interface's addresses."""
    parsed = [ipaddress.ip_interface(address) for address in interface.addresses if "/" in address]
    return [
        OwnNetwork(interface.name, str(each.ip), str(each.network))
        for each in parsed
        if isinstance(each, ipaddress.IPv4Interface)
        and each.network.prefixlen < 32
        and not (each.ip.is_link_local or each.ip.is_loopback)
    ]


def _leads_out(world: World, interface: LiveInterface) -> bool:
    """Whether something other than this machine's own guests may be on the interface."""
    folder = f"sys/class/net/{interface.name}"
    if world.platform != "linux" or not world.exists(folder):
        return not interface.name.lower().startswith(_GUEST_ADAPTERS)
    if world.number(f"{folder}/type") not in {_ETHERNET, None}:
        return False
    return not world.exists(f"{folder}/bridge") or _stands_on_hardware(world, interface.name)


def _stands_on_hardware(world: World, name: str, depth: int = _DEEPEST) -> bool:
    """Whether the interface, or one it is built upon, is a real card."""
    folder = f"sys/class/net/{name}"
    if world.exists(f"{folder}/device"):
        return True
    lower = [entry.removeprefix("lower_") for entry in world.names(folder) if entry.startswith("lower_")]
    return depth > 0 and any(_stands_on_hardware(world, below, depth - 1) for below in lower)
