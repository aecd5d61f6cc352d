"""Processor and memory, and whether a hypervisor shows."""

from __future__ import annotations

from typing import Any

import pytest

from agent.host import examine
from agent.host._machine import About, RecordedMachine
from stocktake.values import MemoryAndProcessor, Outcome


def thread(number: int, package: int, core: int, flags: str = "fpu vme sse2") -> str:
    return (
        f"processor\t: {number}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) i5-9500 CPU @ 3.00GHz\n"
        f"physical id\t: {package}\ncore id\t\t: {core}\nflags\t\t: {flags}\npower management:\n\n"
    )


MEMINFO = "MemTotal:        7952124 kB\nMemFree:          221044 kB\n"
PI = """processor\t: 0
BogoMIPS\t: 108.00
CPU implementer\t: 0x41

processor\t: 1
BogoMIPS\t: 108.00

Hardware\t: BCM2835
Revision\t: c03114
Model\t\t: Raspberry Pi 4 Model B Rev 1.4
"""


def read(world: Any) -> MemoryAndProcessor:
    [result] = examine(world, only=["processor"])
    assert result.outcome is Outcome.COMPLETE
    assert isinstance(result.content, MemoryAndProcessor)
    return result.content


def test_two_packages_of_two_cores_of_two_threads(plant: Any) -> None:
    cpuinfo = "".join(thread(n, n % 2, n // 2 % 2) for n in range(8))
    assert read(plant({"proc/cpuinfo": cpuinfo, "proc/meminfo": MEMINFO})) == MemoryAndProcessor(
        memory_bytes=7952124 * 1024,
        processor="Intel(R) Core(TM) i5-9500 CPU @ 3.00GHz",
        processor_vendor="GenuineIntel",
        sockets=2,
        cores=4,
        threads=8,
    )


def test_a_raspberry_pi_names_its_board_and_counts_its_threads(plant: Any) -> None:
    content = read(plant({"proc/cpuinfo": PI}))
    assert (content.processor, content.threads) == ("Raspberry Pi 4 Model B Rev 1.4", 2)
    assert (content.sockets, content.cores, content.memory_bytes) == (None, None, None)


@pytest.mark.parametrize(
    ("flags", "files", "hypervisor"),
    [
        ("fpu sse2", {"sys/class/dmi/id/sys_vendor": "Dell Inc.\n"}, ""),
        ("fpu hypervisor", {"sys/class/dmi/id/sys_vendor": "VMware, Inc.\n"}, "VMware, Inc."),
        ("fpu hypervisor", {}, "unnamed"),
        ("fpu hypervisor", {"sys/hypervisor/type": "xen\n"}, "xen"),
        ("fpu nohypervisor", {}, ""),
    ],
)
def test_a_hypervisor_is_named_as_the_machine_names_it(
    plant: Any, flags: str, files: dict[str, str], hypervisor: str
) -> None:
    assert read(plant({"proc/cpuinfo": thread(0, 0, 0, flags), **files})).hypervisor == hypervisor


@pytest.mark.parametrize("line", ["MemTotal: many kB", "MemTotal:", "MemTotal: -4 kB", f"MemTotal: {'9' * 30} kB"])
def test_a_memory_total_that_is_no_number_stays_open(plant: Any, line: str) -> None:
    assert read(plant({"proc/meminfo": line})).memory_bytes is None


ABOUT = RecordedMachine(About(memory_bytes=8 * 2**30, cores=6, threads=12))


def test_windows_registers_the_brand_string(plant_windows: Any) -> None:
    key = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    values = {"ProcessorNameString": "12th Gen Intel(R) Core(TM) i5-12400   ", "VendorIdentifier": "GenuineIntel"}
    content = read(plant_windows(ABOUT, registry={key: values}))
    assert content == MemoryAndProcessor(8 * 2**30, "12th Gen Intel(R) Core(TM) i5-12400", "GenuineIntel", None, 6, 12)


def test_macos_tells_it_by_sysctl(plant: Any) -> None:
    answers = {"machdep.cpu.brand_string": b"Apple M1\n", "machdep.cpu.vendor": b""}
    content = read(plant({}, ABOUT, platform="darwin", run=lambda arguments: answers[arguments[-1]]))
    assert content == MemoryAndProcessor(8 * 2**30, "Apple M1", "", None, 6, 12)
