"""The machine this program runs on, through psutil: the only file that imports it.

It does not know evidence, nor which interface or volume matters. psutil's own types end here.
"""

from __future__ import annotations

import ipaddress
import platform
import socket
import sys
import time
from typing import NamedTuple

import psutil

from agent.host._ethtool import permanent_mac
from agent.host._machine import About, LiveBattery, LiveInterface, Mount, Pulse, Usage

_SAMPLE_SECONDS = 0.5
_SPEED_UNKNOWN = {0, 65535, 2**32 - 1}  # drivers answer -1, which arrives in one of these widths


class _Address(NamedTuple):
    """One row of psutil's address table."""

    is_mac: bool
    text: str
    mask: str


class PsutilMachine:
    """The real machine."""

    def about(self) -> About:
        """Name and size of this machine."""
        name = platform.uname()
        return About(
            host=name.node,
            kernel=name.release if sys.platform != "win32" else name.version,
            architecture=name.machine,
            memory_bytes=psutil.virtual_memory().total,
            cores=psutil.cpu_count(logical=False),
            threads=psutil.cpu_count(),
        )

    def interfaces(self) -> tuple[LiveInterface, ...]:
        """All interfaces of this machine (of this network namespace, on Linux)."""
        states = psutil.net_if_stats()
        addresses = {
            name: [_Address(row.family == psutil.AF_LINK, row.address, row.netmask or "") for row in rows]
            for name, rows in psutil.net_if_addrs().items()
        }
        return tuple(_interface(name, addresses.get(name, []), states.get(name)) for name in {**states, **addresses})

    def pulse(self) -> Pulse:
        """Load of this machine. Windows has no load averages, and psutil's imitation of them needs a thread."""
        memory = psutil.virtual_memory()
        return Pulse(
            averages=psutil.getloadavg() if sys.platform != "win32" else (),
            processor_percent=psutil.cpu_percent(interval=_SAMPLE_SECONDS),
            memory_used_bytes=memory.total - memory.available,
            uptime_seconds=max(0, int(time.time() - psutil.boot_time())),
        )

    def mounts(self) -> tuple[Mount, ...]:
        """Volumes on block devices: psutil leaves network file systems out, whose server may be gone and hang us."""
        parts = psutil.disk_partitions(all=False)
        return tuple(Mount(part.device, part.mountpoint, part.fstype) for part in parts)

    def usage(self, mount: str) -> Usage:
        """How full a volume is."""
        usage = psutil.disk_usage(mount)
        return Usage(usage.total, usage.used)

    def battery(self) -> LiveBattery | None:
        """The battery as psutil sums it up."""
        battery = psutil.sensors_battery()
        if battery is None:
            return None
        return LiveBattery(round(battery.percent), battery.power_plugged)


def _interface(name: str, addresses: list[_Address], state: object) -> LiveInterface:
    """One interface, of psutil's two tables; an interface that vanished in between has no state."""
    mac = next((each.text for each in addresses if each.is_mac), "").replace("-", ":").lower()
    own = [each for each in addresses if not each.is_mac]
    speed = int(getattr(state, "speed", 0))
    flags = str(getattr(state, "flags", "")).split(",")
    return LiveInterface(
        name=name,
        mac=mac if mac.strip("0:") else "",
        permanent_mac=permanent_mac(name),
        addresses=tuple(_with_prefix(each.text, each.mask) for each in own),
        up=getattr(state, "isup", None),
        speed=None if speed in _SPEED_UNKNOWN or speed < 0 else speed,
        mtu=getattr(state, "mtu", None) or None,
        loopback="loopback" in flags or any(each.text in {"127.0.0.1", "::1"} for each in own),
    )


def _with_prefix(address: str, mask: str) -> str:
    """`10.1.0.5` and `255.255.0.0` as `10.1.0.5/16`; without a mask (IPv6 on Windows) the bare address."""
    bare = address.partition("%")[0]
    if not mask:
        return bare
    family = socket.AF_INET6 if ":" in mask else socket.AF_INET
    ones = int.from_bytes(socket.inet_pton(family, mask), "big").bit_count()
    return str(ipaddress.ip_interface(f"{bare}/{ones}"))
