"""What changes all the time: load averages, processor and memory in use, uptime, how full the volumes are.

Nothing here knows when a disk is too full. Volumes are those on block devices, each device once (a bind mount is no
second volume), without images that are full by nature.
"""

from __future__ import annotations

from agent.host._machine import Machine, Mount
from agent.host._world import World, plain, reason
from stocktake.values import Load, Storage

GROUP = "load"
NOTHING = Load()
VOLATILE = True

_FULL_BY_NATURE = {"squashfs", "iso9660", "udf", "erofs", "cramfs", ""}  # "" is an empty drive on Windows
_MOST_VOLUMES = 128


def read(world: World) -> Load:
    """The load now; measuring takes half a second."""
    machine = world.machine()
    pulse = machine.pulse()
    mounts = _volumes(machine)[:_MOST_VOLUMES]
    return Load(
        averages=pulse.averages,
        processor_percent=pulse.processor_percent,
        memory_used_bytes=pulse.memory_used_bytes,
        uptime_seconds=pulse.uptime_seconds,
        volumes=tuple(_storage(world, machine, mount) for mount in mounts),
    )


def _volumes(machine: Machine) -> list[Mount]:
    """The mounts that are volumes, by path; of several mounts of one device the shortest path."""
    real = [mount for mount in machine.mounts() if mount.file_system.lower() not in _FULL_BY_NATURE]
    first: dict[str, Mount] = {}
    for mount in sorted(real, key=lambda each: (len(each.mount), each.mount)):
        first.setdefault(mount.device, mount)
    return sorted(first.values(), key=lambda each: each.mount)


def _storage(world: World, machine: Machine, mount: Mount) -> Storage:
    """One volume; without sizes where they are refused, which is told."""
    name, file_system = plain(mount.mount), plain(mount.file_system)
    try:
        usage = machine.usage(mount.mount)
    except OSError as error:
        world.missed(f"{name} ({reason(error)})")
        return Storage(name, file_system)
    return Storage(name, file_system, usage.size_bytes, usage.used_bytes)
