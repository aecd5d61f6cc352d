"""Linux computers by net-snmp: distribution, kernel and, where the administrator extended the agent, the hardware.

NET-SNMP-EXTEND-MIB carries what scripts print; four names are a convention (`distro`, `hardware`, `manufacturer`,
`serial`, from dmidecode) and are asked for one by one, since anything may stand beside them. Much runs a Linux inside:
appliances are told by their makers' files, with greater weight; an embedded board alone stays unknown here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from collector.facts import Fact, choose
from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_identifier
from stocktake.values import Binding, Condition

NET_SNMP = "1.3.6.1.4.1.8072.3.2.10"
EXTEND, LEGACY = "1.3.6.1.4.1.8072.1.3.2", "1.3.6.1.4.1.2021.7890"
KERNEL = re.compile(r"^Linux (?:\S+ )?(?P<os__kernel>\d+\.\d+\S*)")
MACHINE = re.compile(r"\b(x86_64|amd64|i[3-6]86|aarch64|ppc64(le)?|s390x|riscv64)$")
#: what the kernel's name or build tells of its distribution
DISTRIBUTIONS = (
    (re.compile(r"\bPVE\b|-pve\b"), "Proxmox VE", "hypervisor"),
    (re.compile(r"\.xs\d|xenserver|\d\+1 #1"), "Citrix Hypervisor or XCP-ng", "server"),
    (re.compile(r"-Unraid\b"), "Unraid", "nas"),
    (re.compile(r"\.(el\d+)\b"), "Red Hat Enterprise Linux or a rebuild", "server"),
    (re.compile(r"\.fc\d+\b"), "Fedora", "server"),
    (re.compile(r"\.amzn\d+\b"), "Amazon Linux", "server"),
    (re.compile(r"-Ubuntu\b|-generic\b"), "Ubuntu", "server"),
    (re.compile(r"-coreos\b|-flatcar\b"), "CoreOS", "server"),
    (re.compile(r"\bDebian\b|\+deb\d+|-\d+-(amd64|686|arm64|cloud-amd64)\b"), "Debian", "server"),
    (re.compile(r"-default\b.*SMP"), "SUSE", "server"),
    (re.compile(r"-arch\d|-ARCH\b|-lts\b"), "Arch Linux", "server"),
    (re.compile(r"-v[78]l?\+|-rpi\b|raspberrypi|-raspi\b"), "Raspberry Pi OS", "server"),
    (re.compile(r"\d(buster|bullseye|bookworm|stretch|jessie)\b"), "Debian", "server"),
)
HYPERVISORS = re.compile(r"XCP-ng|XenServer|Citrix Hypervisor|Proxmox", re.IGNORECASE)
#: names that the convention gives to extensions, in the order of the legacy branch
NAMES = ("distro", "hardware", "manufacturer", "serial")
DAY = re.compile(r"^\d{1,2}/\d{1,2}/\d{4}$")  # the script that printed the day of the BIOS
GENERAL_PURPOSE = {"server", "hypervisor", "desktop", "computer", "virtual machine"}


def _index(name: str) -> str:
    """A name as it stands in the index of a table: its length and its octets."""
    return ".".join(map(str, (len(name), *name.encode())))


PLACES = {
    name: (
        f"{EXTEND}.3.1.1.{_index(name)}",  # nsExtendOutput1Line
        f"{EXTEND}.3.1.2.{_index(name)}",  # nsExtendOutputFull
        f"{EXTEND}.4.1.2.{_index(name)}.1",  # nsExtendOutLine
        f"{LEGACY}.{number}.3.1.1.{_index(name)}",
        f"{LEGACY}.{number}.4.1.2.{_index(name)}.1",
    )
    for number, name in enumerate(NAMES, 1)
}
FACTS = {"distro": "os.name", "hardware": "model", "manufacturer": "maker"}

ASKS = (
    Ask(
        "linux",
        scalars=tuple(oid for places in PLACES.values() for oid in places),
        condition=Condition(object_id_prefixes=(NET_SNMP,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Distribution, hardware and a hint of the class."""
    agent = walk.is_of(NET_SNMP)
    if not agent and walk.text(OBJECT_ID):
        return
    told = walk.description
    known = next(((name, kind) for words, name, kind in DISTRIBUTIONS if words.search(told)), None)
    if told.startswith("Linux ") and known:
        yield from walk.vote(known[1], 40 if known[1] == "server" else 90, "kernel", DESCRIPTION)
        yield from walk.fact("os.name", known[0], DESCRIPTION, weight=55)
    elif told.startswith("Linux ") and MACHINE.search(told):
        yield from walk.vote("server", 25, "kernel", DESCRIPTION)
    yield from walk.words(KERNEL, weight=20)
    yield from _extended(walk)


def _extended(walk: Walk) -> Iterator[Statement]:
    for name, fact in FACTS.items():
        for oid in PLACES[name]:
            yield from walk.state(fact, oid, weight=65)
    for oid in PLACES["serial"]:
        yield from walk.state("serial", oid, read=_serial, weight=65)
    for oid in PLACES["distro"]:
        hypervisor = HYPERVISORS.search(walk.text(oid))
        if walk.get(oid) is not None:
            yield from walk.vote("hypervisor" if hypervisor else "server", 90 if hypervisor else 30, "extended", oid)
            return


def _serial(binding: Binding) -> str:
    value = as_identifier(binding)
    if DAY.match(value):
        raise ValueError(f"no serial, but a day: {value}")
    return value


def conclude(facts: Sequence[Fact]) -> Iterator[Fact]:
    """A general-purpose computer's firmware, as far as SNMP tells it, is its kernel: the weakest of all statements."""
    kernel = next((f for f in facts if f.name == "os.kernel" and not f.component), None)
    if kernel is None or any(f.name == "firmware" and not f.component for f in facts):
        return
    if any(f.value in GENERAL_PURPOSE for f in choose(f for f in facts if f.name == "class" and not f.component)):
        yield Fact("firmware", kernel.value, kernel.source, "", weight=5)
