"""All network interfaces of the machine: which are real cards, what drives them, and their addresses.

Nothing here decides which address identifies the machine. The MAC is the one that the network sees; where it was set by
hand, by a bond, or at random for privacy, the one that the card was made with is told beside it.
"""

from __future__ import annotations

from agent.host._machine import LiveInterface
from agent.host._world import World, plain
from stocktake.values import NetworkInterface, NetworkInterfaces

GROUP = "interfaces"
NOTHING = NetworkInterfaces(())

_NET = "sys/class/net"
_LOOPBACK = 772  # linux/if_arp.h ARPHRD_LOOPBACK
_MOST_INTERFACES = 512


def read(world: World) -> NetworkInterfaces:
    """The interfaces by name."""
    live = sorted(world.machine().interfaces(), key=lambda each: each.name)
    if len(live) > _MOST_INTERFACES:
        world.missed(f"interfaces after the first {_MOST_INTERFACES} of {len(live)}")
    return NetworkInterfaces(tuple(_interface(world, each) for each in live[:_MOST_INTERFACES]))


def _interface(world: World, live: LiveInterface) -> NetworkInterface:
    return NetworkInterface(
        name=plain(live.name),
        mac=live.mac,
        addresses=live.addresses,
        kind=_kind(world, live),
        up=live.up,
        speed_megabits_per_second=live.speed,
        mtu=live.mtu,
        driver=_driver(world, f"{_NET}/{live.name}/device/driver"),
        permanent_mac="" if live.permanent_mac == live.mac else live.permanent_mac,
    )


def _kind(world: World, live: LiveInterface) -> str:
    """`physical` has a device behind it, `loopback` is one, `virtual` is the rest; "" where nobody tells."""
    folder = f"{_NET}/{live.name}"
    if live.loopback or world.number(f"{folder}/type") == _LOOPBACK:
        return "loopback"
    if not world.exists(folder):
        return ""
    return "physical" if world.exists(f"{folder}/device") else "virtual"


def _driver(world: World, link: str) -> str:
    return world.target(link).rpartition("/")[2] if world.exists(link) else ""
