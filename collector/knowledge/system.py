"""The system group of SNMPv2-MIB (RFC 3418): what a device says of itself, who made it, what kind of thing it may be.

The maker comes from the enterprise number in sysObjectID, through `enterprises.tsv` (numbers of IANA's registry with
the names that people use). Numbers that tell the software and not the maker (net-snmp, Microsoft) are not in it.
Descriptions of single makers are read by the makers' own files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_seconds

SYSTEM = "1.3.6.1.2.1.1"
SERVICES = f"{SYSTEM}.7.0"
ENTERPRISES = "1.3.6.1.4.1"

ASKS = (Ask("system", scalars=tuple(f"{SYSTEM}.{number}.0" for number in range(1, 8))),)

#: sysObjectID of software that runs on computers → what it is, the class, and how sure that is
SOFTWARE = {
    "1.3.6.1.4.1.311.1.1.3.1.1": ("Windows", "desktop", 45),  # workstation
    "1.3.6.1.4.1.311.1.1.3.1.2": ("Windows Server", "server", 60),  # server
    "1.3.6.1.4.1.311.1.1.3.1.3": ("Windows Server", "server", 60),  # domain controller
    "1.3.6.1.4.1.8072.3.2.8": ("FreeBSD", "server", 15),
    "1.3.6.1.4.1.8072.3.2.10": ("Linux", "server", 20),  # or anything else that has a Linux inside
    "1.3.6.1.4.1.8072.3.2.16": ("macOS", "desktop", 40),
    "1.3.6.1.4.1.6876.4.1": ("VMware ESXi", "hypervisor", 80),
}
#: the beginning of a Unix description: system, host, version (`uname -a`)
UNIX = re.compile(r"^(Linux|FreeBSD|Darwin) (?P<name>\S{1,64}) (?P<os__kernel>\d\S*) ")
WINDOWS = re.compile(r"Software: Windows (Version|2000 Version) (?P<os__version>\d+\.\d+) \(Build (?P<os__build>\d+)")


def read(walk: Walk) -> Iterator[Statement]:
    """Name, place, contact, description, uptime; the maker by number; a hint of the class."""
    yield from walk.states({"description": DESCRIPTION, "object_id": OBJECT_ID, "contact": f"{SYSTEM}.4.0",
                            "location": f"{SYSTEM}.6.0"})  # fmt: skip
    yield from walk.state("name", f"{SYSTEM}.5.0", weight=60)
    yield from walk.state("uptime", f"{SYSTEM}.3.0", read=as_seconds, unit="seconds")
    yield from walk.fact("maker", _maker(walk.text(OBJECT_ID)), OBJECT_ID, weight=50)
    yield from _software(walk)
    yield from _layers(walk)


def _software(walk: Walk) -> Iterator[Statement]:
    known = walk.of_object_id(SOFTWARE)
    if known:
        name, device_class, weight = known
        yield from walk.fact("os.name", name, OBJECT_ID)
        yield from walk.vote(device_class, weight, "software", OBJECT_ID)
    for pattern in (UNIX, WINDOWS):
        yield from walk.words(pattern, weight=30)


def _layers(walk: Walk) -> Iterator[Statement]:
    """Hints of sysServices, a sum of 2^(layer-1): a bridge alone says 2, a router alone 4, a host 64 and more."""
    services = walk.integer(SERVICES)
    if services is not None and 0 < services < 128:
        yield from walk.fact("services", services, SERVICES)
        if services & 6 and not services & 64:
            yield from walk.vote("router" if services & 6 == 4 else "switch", 15, "layers", SERVICES)


def _maker(object_id: str) -> str:
    if not object_id.startswith(f"{ENTERPRISES}."):
        return ""
    return _makers().get(object_id[len(ENTERPRISES) + 1 :].partition(".")[0], "")


@cache
def _makers() -> dict[str, str]:
    """Enterprise number → maker."""
    lines = Path(__file__).with_name("enterprises.tsv").read_text("utf-8").splitlines()
    return {number: name for number, _, name in (line.partition("\t") for line in lines) if number.isdecimal()}
