"""Health of switches with FASTPATH inside (NETGEAR, Dell N-Series, Ubiquiti, Quanta): load, memory, units, supplies.

FASTPATH-SWITCHING-MIB (agentSwitchCpuProcessGroup, agentInventoryUnitTable) and BOXSERVICES, which each maker keeps
below a number of its own. Temperatures and fans of some of these trees are also read by the makers' files, which read
identity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, as_identifier, as_named, asked
from collector.readers import CELSIUS, SPEED, word

#: the tree, and the prefixes of sysObjectID of those who answer it
TREES = {
    "1.3.6.1.4.1.4413.1.1": ("1.3.6.1.4.1.4413",),
    "1.3.6.1.4.1.4526.10": ("1.3.6.1.4.1.4526",),
    "1.3.6.1.4.1.4526.11": ("1.3.6.1.4.1.4526",),
    "1.3.6.1.4.1.674.10895.5000.2.6132.1.1": ("1.3.6.1.4.1.674.10895",),
    "1.3.6.1.4.1.7244.2.1": ("1.3.6.1.4.1.7244",),
}
STATE = word({1: "not present", 2: "ok", 3: "failed", 4: "ok", 5: "off", 6: "off", 7: "failed"})
#: `5 Secs ( 53.5538%)   60 Secs ( 33.747%)  300 Secs ( 23.7992%)`
BUSY = re.compile(r"300 Secs \( *(\d{1,3}(?:\.\d+)?)%\)")


def _gauges(tree: str) -> tuple[Gauge, ...]:
    box, units = f"{tree}.43.1", f"{tree}.13.2.2.1"  # BOXSERVICES, agentInventoryUnitEntry
    return (
        Gauge("fan", "status", f"{box}.6.1.3", STATE),
        Gauge("fan", "speed", f"{box}.6.1.4", SPEED, "revolutions_per_minute"),
        Gauge("power supply", "status", f"{box}.7.1.3", STATE),
        Gauge("sensor", "temperature", f"{box}.8.1.5", CELSIUS, "celsius"),
        Gauge("member", "role", f"{units}.6", word({1: "master", 2: "member"})),
        Gauge("member", "serial", f"{units}.19", as_identifier),
        Gauge("member", "model", f"{units}.9", as_named, "", 40),
    )


GAUGES = {tree: _gauges(tree) for tree in TREES}
UNDER = (
    "4413",
    "4526",
    "674",
    "7244",
)
ASKS = tuple(
    asked(f"fastpath_health_{number}", (*GAUGES[tree], *(Gauge("", "", f"{tree}.1.1.4.{n}.0") for n in (1, 2, 9))),
          *prefixes)
    for number, (tree, prefixes) in enumerate(TREES.items(), 1)
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Load, memory, and the states of parts and units, from whichever tree answers."""
    for tree, gauges in GAUGES.items():
        if walk.has(tree):
            yield from walk.measured(gauges)
            yield from _process(walk, f"{tree}.1.1.4")


def _process(walk: Walk, group: str) -> Iterator[Statement]:
    match = BUSY.search(walk.text(f"{group}.9.0"))
    if match and float(match[1]) <= 100:
        yield from walk.fact("processor_load", round(float(match[1]), 1), f"{group}.9.0", unit="percent")
    free, size = walk.integer(f"{group}.1.0"), walk.integer(f"{group}.2.0")  # kilobytes
    if free is not None and size and 0 <= free <= size:
        yield from walk.fact("memory", size * 1024, f"{group}.2.0", unit="bytes", weight=40)
        yield from walk.fact("memory_used", (size - free) * 1024, f"{group}.1.0", unit="bytes")
