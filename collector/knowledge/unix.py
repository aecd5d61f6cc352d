"""Unix systems beside Linux, by sysDescr: FreeBSD, OpenBSD, NetBSD, Solaris, AIX, IBM i, HP-UX, Tru64, macOS, NetWare.

AIX tells machine type and serial in IBM's own branch. Appliances built on FreeBSD are told by their makers' files,
with greater weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Ask, Statement, Walk, as_identifier, as_named
from stocktake.values import Binding, Condition

IBM = "1.3.6.1.4.1.2"
AIX_MODEL, AIX_SERIAL = f"{IBM}.6.191.1.3.6.0", f"{IBM}.6.191.1.3.7.0"
#: what AIX says where IBM's branch does not answer. The processor's number is that of the whole machine: each of its
#: partitions says the same, so it is nobody's serial
AIX_MACHINE = re.compile(
    r"^IBM (?P<kind>PowerPC \w+) Computer Machine Type: (?P<type>0x[0-9a-f]+) Processor id: (?P<processor>\w+)"
)
#: description → system, class, maker
SYSTEMS = (
    (r"^FreeBSD \S+ (?P<firmware>\d+\.\d+\S*)", "FreeBSD", "server", ""),
    (r"^(?:OpenBSD|NetBSD) \S+ (?P<firmware>\d+\.\d+\S*)", "BSD", "server", ""),
    (r"^SunOS \S+ (?P<firmware>\d\.\d+(?: \d+\.\d+)?)", "Solaris", "server", ""),
    (r"^SunOS (?P<firmware>\d\.\d+) ", "Solaris", "server", ""),
    (r"^Sun SNMP Agent, (?P<model>\S+)", "Solaris", "server", "Oracle"),
    (r"(?:AIX|VIOS) version: (?P<firmware>\d+\.\d+\.\d+\.\d+)", "AIX", "server", "IBM"),
    (r"^IBM OS/400 (?P<firmware>V\d+R\d+M\d+)", "IBM i", "server", "IBM"),
    (r"^HP-UX \S+ (?P<firmware>\w\.\d+\.\d+)", "HP-UX", "server", "HPE"),
    (r"\bTru64 UNIX (?P<firmware>V\S+)|Digital UNIX (V\S+)", "Tru64", "server", "HP"),
    (r"^Silicon Graphics (?P<model>.+?) running IRIX", "IRIX", "workstation", "SGI"),
    (r"^Novell NetWare (?P<firmware>\d\S*)", "NetWare", "server", ""),
    (
        r"^Darwin (?:\S+ (?P<firmware>\d+\.\d+\.\d+) )?Darwin Kernel Version|^Darwin Kernel Version",
        "macOS",
        "desktop",
        "Apple",
    ),
)
#: how every description begins, or what it holds, that one of them fits: most fit none
BEGINNINGS = ("Darwin", "FreeBSD", "HP-UX", "IBM", "NetBSD", "Novell", "OpenBSD", "Silicon", "Sun")
SIGN = re.compile(r"AIX|VIOS|UNIX")
PATTERNS = tuple((re.compile(words), system, kind, maker) for words, system, kind, maker in SYSTEMS)

ASKS = (Ask("aix", scalars=(AIX_MODEL, AIX_SERIAL), condition=Condition(object_id_prefixes=(f"{IBM}.3.1",))),)


def read(walk: Walk) -> Iterator[Statement]:
    """System, version and a hint of the class; model and serial of AIX."""
    told = walk.description
    for pattern, system, device_class, maker in PATTERNS if told.startswith(BEGINNINGS) or SIGN.search(told) else ():
        if pattern.search(walk.description):
            known = "desktop" if device_class == "workstation" else device_class
            yield from walk.vote(known, 40, "description", DESCRIPTION)
            yield from walk.fact("os.name", system, DESCRIPTION, weight=55)
            yield from walk.fact("maker", maker, DESCRIPTION, weight=35)
            yield from walk.words(pattern, weight=20)
            break
    if machine := AIX_MACHINE.match(walk.description):
        yield from walk.fact("model", f"{machine['kind']} {machine['type']}", DESCRIPTION, weight=15)
        yield from walk.fact("processor_number", machine["processor"], DESCRIPTION)
    yield from walk.state("model", AIX_MODEL, read=_without_maker, weight=70)
    yield from walk.state("serial", AIX_SERIAL, read=_serial, weight=70)


def _without_maker(binding: Binding) -> str:
    """`IBM,8233-E8B`: maker and value."""
    return as_named(binding).rpartition(",")[2]


def _serial(binding: Binding) -> str:
    return as_identifier(binding).rpartition(",")[2]
