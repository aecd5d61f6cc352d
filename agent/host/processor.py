"""The processor's brand string and counts, installed memory as the system sees it, and the hypervisor, if one shows.

Nothing here knows a processor's year. A hypervisor is named as the machine names it: by /sys/hypervisor, else by the
maker in the firmware where the processor says that it is a virtual one; `unnamed` where only the processor says so.
"""

from __future__ import annotations

from agent.host._windows import WindowsApi
from agent.host._world import World, plain
from stocktake.values import MemoryAndProcessor

GROUP = "processor"
NOTHING = MemoryAndProcessor()

_CPUINFO_OCTETS = 4 * 1024 * 1024  # about 1.5 kB for each of up to 2,048 threads
_PROCESSORS = r"HARDWARE\DESCRIPTION\System\CentralProcessor"
_NAMES = ("model name", "Model", "cpu model", "Hardware")  # x86; Raspberry Pi; MIPS; other ARM


def read(world: World) -> MemoryAndProcessor:
    """Memory and processor; what is not told is left open."""
    if world.platform == "linux":
        return _linux(world)
    about = world.machine().about()
    name, vendor = _windows(world.windows()) if world.platform == "win32" else _macos(world)
    return MemoryAndProcessor(about.memory_bytes, name, vendor, None, about.cores, about.threads)


def _linux(world: World) -> MemoryAndProcessor:
    processors = _cpuinfo(world)
    first: dict[str, str] = {}
    for processor in reversed(processors):
        first.update(processor)
    packages = {each["physical id"] for each in processors if "physical id" in each}
    cores = {(each["physical id"], each["core id"]) for each in processors if {"physical id", "core id"} <= each.keys()}
    return MemoryAndProcessor(
        memory_bytes=_memory(world),
        processor=next((plain(first[name]) for name in _NAMES if first.get(name)), ""),
        processor_vendor=plain(first.get("vendor_id", "")),
        sockets=len(packages) or None,
        cores=len(cores) or None,
        threads=sum("processor" in each for each in processors) or None,
        hypervisor=_hypervisor(world, first.get("flags", "")),
    )


def _cpuinfo(world: World) -> list[dict[str, str]]:
    """The blocks of /proc/cpuinfo, one for each thread and, on ARM, one for the board."""
    blocks: list[dict[str, str]] = [{}]
    for line in world.lines("proc/cpuinfo", _CPUINFO_OCTETS):
        name, colon, value = line.partition(":")
        if colon:
            blocks[-1][name.strip()] = value.strip()
        elif blocks[-1]:
            blocks.append({})
    return blocks


def _memory(world: World) -> int | None:
    """MemTotal: what the firmware left to the kernel, a little less than what is plugged in."""
    words = next((line.split() for line in world.lines("proc/meminfo") if line.startswith("MemTotal:")), [])
    if len(words) != 3 or not words[1].isdecimal() or len(words[1]) > 15:
        return None
    return int(words[1]) * 1024


def _hypervisor(world: World, flags: str) -> str:
    named = world.text("sys/hypervisor/type")
    if named or "hypervisor" not in flags.split():
        return named
    return world.text("sys/class/dmi/id/sys_vendor") or "unnamed"


def _windows(api: WindowsApi) -> tuple[str, str]:
    values = api.values(f"{_PROCESSORS}\\0")
    return plain(str(values.get("ProcessorNameString", ""))), plain(str(values.get("VendorIdentifier", "")))


def _macos(world: World) -> tuple[str, str]:
    """sysctl(8). Apple's own processors have no vendor string."""
    names = ("machdep.cpu.brand_string", "machdep.cpu.vendor")
    brand, vendor = (world.run(["sysctl", "-n", name]).decode("utf-8", "replace") for name in names)
    return plain(brand), plain(vendor)
