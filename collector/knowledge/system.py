"""The system group of SNMPv2-MIB (RFC 3418): what a device says of itself, who made it, what kind of thing it may be.

The maker comes from the enterprise number in sysObjectID: `enterprises.tsv` has the names that people use, and
`enterprise_numbers.tsv.gz` the whole registry of IANA (made by `deploy/enterprise_numbers.py`). Numbers that tell the
software or the chip and not the maker (net-snmp, Microsoft, Broadcom) give a hint at most. Descriptions of single
makers are read by the makers' own files.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from collector.facts import maker_name
from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Statements, Walk, as_seconds
from stocktake.values import Cadence

SYSTEM = "1.3.6.1.2.1.1"
SERVICES = f"{SYSTEM}.7.0"
ENTERPRISES = "1.3.6.1.4.1"

UPTIME = f"{SYSTEM}.3.0"
ASKS = (
    Ask("system", scalars=tuple(f"{SYSTEM}.{number}.0" for number in range(1, 8))),
    Ask("uptime", Cadence.HEALTH, scalars=(UPTIME,)),
)

#: enterprise numbers of agent software that every maker uses, and one that somebody made up (0xCAFE): no maker's
SOFTWARE_ALONE = {"99", "2021", "8072", "12325", "30155", "51966"}
#: enterprise numbers of operating systems and of chips whose reference software makers ship as it is
REFERENCE = {"311", "4413", "6876", "7244", "16378", "17095", "27282"}
HINT = 3  # weaker than the maker of a MAC
#: what follows the name of a holder: what it is a part of, its other names
HOLDER_ALONE = re.compile(r"[,(;]| - | formerly ", re.IGNORECASE)

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
    yield from walk.state("uptime", UPTIME, read=as_seconds, unit="seconds")
    yield from _maker(walk)
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


def _maker(walk: Walk) -> Statements:
    """The holder of the enterprise number; a hint where the number is that of software or of a chip's maker."""
    prefix, _, rest = walk.object_id.partition(f"{ENTERPRISES}.")
    number = rest.partition(".")[0]
    if prefix or number in SOFTWARE_ALONE:
        return ()
    weight = HINT if number in REFERENCE else 50 if number in _makers() else 40
    return walk.fact("maker", registered_maker(number), OBJECT_ID, weight=weight)


def registered_maker(number: str) -> str:
    """Who holds an enterprise number, as people say it; "" where nobody does."""
    if not number.isdecimal() or len(number) > 10:
        return ""
    return _makers().get(number) or maker_name(HOLDER_ALONE.split(_registered(number))[0])


@cache
def _makers() -> dict[str, str]:
    """Enterprise number → maker as people say it."""
    lines = Path(__file__).with_name("enterprises.tsv").read_text("utf-8").splitlines()
    return {number: name for number, _, name in (line.partition("\t") for line in lines) if number.isdecimal()}


@lru_cache(maxsize=1024)
def _registered(number: str) -> str:
    """Who holds an enterprise number, in the words of the registry; "" where nobody does."""
    registry, wanted = _registry(), int(number)
    low, high = 0, len(registry)
    while low < high:  # the lines are in the order of their numbers
        start = registry.rfind(b"\n", 0, (low + high) // 2) + 1
        end = registry.find(b"\n", start)
        found, _, name = registry[start:end].partition(b"\t")
        if int(found) == wanted:
            return name.decode("utf-8", "replace")
        low, high = (end + 1, high) if int(found) < wanted else (low, start)
    return ""


@cache
def _registry() -> bytes:
    """IANA's registry as lines of number TAB organisation; 1.6 MB, unpacked at first use in some 10 ms."""
    return gzip.decompress(Path(__file__).with_name("enterprise_numbers.tsv.gz").read_bytes())
