"""Health of firewalls: Fortinet, Sophos and Cyberoam, SonicWall, Palo Alto: load, memory, disk, nodes of a cluster.

FORTINET-FORTIGATE-MIB and FORTINET-FORTISWITCH-MIB, SFOS-FIREWALL-MIB, CYBEROAM-MIB, SONICWALL-FIREWALL-IP-STATISTICS
-MIB, HOST-RESOURCES-MIB for Palo Alto (in `host_health`). Users, sessions, VPNs and licences are never asked for.
Identity is in the makers' files, with processor, memory and sensors of a FortiGate.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, as_identifier, as_named, asked
from collector.readers import PERCENT, measure

FORTIGATE, FORTISWITCH = "1.3.6.1.4.1.12356.101", "1.3.6.1.4.1.12356.106"
SOPHOS, CYBEROAM = "1.3.6.1.4.1.2604.5.1.2", "1.3.6.1.4.1.21067.2.1.2"
SONICWALL = "1.3.6.1.4.1.8741.1.3.1"
CLUSTER = f"{FORTIGATE}.13.2.1.1"  # fgHaStatsEntry: nodes of a cluster answer as one, and one of them is asked
KILOBYTES, MEGABYTES = measure(1, 2**50, 1024), measure(1, 2**60, 1 << 20)
GAUGES = {
    "12356": (
        Gauge("", "memory", f"{FORTIGATE}.4.1.5.0", KILOBYTES, "bytes"),
        Gauge("volume/log", "used", f"{FORTIGATE}.4.1.6.0", MEGABYTES, "bytes"),
        Gauge("volume/log", "size", f"{FORTIGATE}.4.1.7.0", MEGABYTES, "bytes"),
        Gauge("cluster node", "serial", f"{CLUSTER}.2", as_identifier),
        Gauge("cluster node", "name", f"{CLUSTER}.11", as_named),
        Gauge("cluster node", "processor_load", f"{CLUSTER}.3", PERCENT, "percent"),
        Gauge("cluster node", "memory_load", f"{CLUSTER}.4", PERCENT, "percent"),
        Gauge("", "processor_load", f"{FORTISWITCH}.4.1.2.0", PERCENT, "percent"),
        Gauge("", "memory_used", f"{FORTISWITCH}.4.1.3.0", KILOBYTES, "bytes"),
        Gauge("", "memory", f"{FORTISWITCH}.4.1.4.0", KILOBYTES, "bytes"),
    ),
    "2604": (
        Gauge("volume/disk", "size", f"{SOPHOS}.4.1.0", MEGABYTES, "bytes"),
        Gauge("volume/disk", "load", f"{SOPHOS}.4.2.0", PERCENT, "percent"),
        Gauge("", "memory", f"{SOPHOS}.5.1.0", MEGABYTES, "bytes"),
        Gauge("", "memory_load", f"{SOPHOS}.5.2.0", PERCENT, "percent"),
    ),
    "21067": (
        Gauge("", "processor_load", f"{CYBEROAM}.2.1.0", PERCENT, "percent"),
        Gauge("volume/disk", "size", f"{CYBEROAM}.3.1.0", MEGABYTES, "bytes"),
        Gauge("volume/disk", "load", f"{CYBEROAM}.3.2.0", PERCENT, "percent"),
        Gauge("", "memory", f"{CYBEROAM}.4.1.0", MEGABYTES, "bytes"),
        Gauge("", "memory_load", f"{CYBEROAM}.4.2.0", PERCENT, "percent"),
    ),
    "8741": (
        Gauge("", "processor_load", f"{SONICWALL}.3.0", PERCENT, "percent"),
        Gauge("", "memory_load", f"{SONICWALL}.4.0", PERCENT, "percent"),
    ),
}

UNDER = tuple(GAUGES)
ASKS = tuple(
    asked(f"firewall_health_{number}", gauges, f"1.3.6.1.4.1.{number}", *also)
    for number, gauges, also in (
        (number, gauges, ("1.3.6.1.4.1.8072.3.2.10",) if number == "2604" else ()) for number, gauges in GAUGES.items()
    )
)


def read(walk: Walk) -> Iterator[Statement]:
    """Load, memory and disk of a firewall, and the nodes of its cluster."""
    for number, gauges in GAUGES.items():
        if number in walk.enterprises:
            yield from walk.measured(gauges)
