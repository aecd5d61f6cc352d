"""What the running machine tells of itself where no file does: the seam, its values, and its recorded twin.

This module does not know psutil: `_psutil` is the real machine, `RecordedMachine` answers from values. Nothing here
decides what becomes evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class About:
    """Name and size of the machine. `kernel` is the kernel's release; None and "" mean not told."""

    host: str = ""
    kernel: str = ""
    architecture: str = ""
    memory_bytes: int | None = None
    cores: int | None = None
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class LiveInterface:
    """One interface as it is now. `addresses` carry a prefix length where it is known; `speed` is in Mbit/s."""

    name: str
    mac: str = ""
    permanent_mac: str = ""
    addresses: tuple[str, ...] = ()
    up: bool | None = None
    speed: int | None = None
    mtu: int | None = None
    loopback: bool | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """What changes all the time; `memory_used_bytes` is what could not be had without swapping (total - available)."""

    averages: tuple[float, ...] = ()
    processor_percent: float | None = None
    memory_used_bytes: int | None = None
    uptime_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Mount:
    """One mounted volume that stands on a block device or drive."""

    device: str
    mount: str
    file_system: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """How full a volume is, in bytes."""

    size_bytes: int
    used_bytes: int


@dataclass(frozen=True, slots=True)
class LiveBattery:
    """The little that every platform tells of its battery: charge in percent, and whether mains is plugged in."""

    charge_percent: int | None = None
    mains_online: bool | None = None


class Machine(Protocol):
    """The running machine. Every method may raise OSError where the system refuses."""

    def about(self) -> About:
        """Name and size."""

    def interfaces(self) -> tuple[LiveInterface, ...]:
        """All network interfaces, loopback among them."""

    def pulse(self) -> Pulse:
        """Load, memory in use, uptime. Takes half a second, in which processor use is measured."""

    def mounts(self) -> tuple[Mount, ...]:
        """Volumes on block devices or drives; a device may come more than once (bind mounts)."""

    def usage(self, mount: str) -> Usage:
        """How full the volume at `mount` is."""

    def battery(self) -> LiveBattery | None:
        """The battery, or None where there is none."""


@dataclass(frozen=True, slots=True)
class RecordedMachine:
    """The twin of the running machine: answers from what was recorded. A mount without usage cannot be read."""

    recorded_about: About = field(default_factory=About)
    recorded_interfaces: tuple[LiveInterface, ...] = ()
    recorded_pulse: Pulse = field(default_factory=Pulse)
    recorded_mounts: tuple[Mount, ...] = ()
    usages: Mapping[str, Usage] = field(default_factory=dict)
    recorded_battery: LiveBattery | None = None

    def about(self) -> About:
        """The recorded name and size."""
        return self.recorded_about

    def interfaces(self) -> tuple[LiveInterface, ...]:
        """The recorded interfaces."""
        return self.recorded_interfaces

    def pulse(self) -> Pulse:
        """The recorded load, at once."""
        return self.recorded_pulse

    def mounts(self) -> tuple[Mount, ...]:
        """The recorded volumes."""
        return self.recorded_mounts

    def usage(self, mount: str) -> Usage:
        """The recorded usage; PermissionError where none was recorded."""
        if mount not in self.usages:
            raise PermissionError(13, "Permission denied", mount)
        return self.usages[mount]

    def battery(self) -> LiveBattery | None:
        """The recorded battery."""
        return self.recorded_battery
