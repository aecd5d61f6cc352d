"""The three schools of the demo: which recorded devices stand where, each with serial, MAC and name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from demo.farm import Device
from stocktake import ber, snmprec
from stocktake.values import Binding

PORT = 1161

#: what tells one specimen from another: names, serial numbers, MACs
NAME = "1.3.6.1.2.1.1.5.0"
LOCATION = "1.3.6.1.2.1.1.6.0"
SERIALS = ("1.3.6.1.2.1.47.1.1.1.1.11.", "1.3.6.1.2.1.43.5.1.1.17.")
MACS = ("1.3.6.1.2.1.2.2.1.6.", "1.3.6.1.2.1.17.1.1.0")


@dataclass(frozen=True, slots=True)
class School:
    """A simulated school on a network of its own, with how many of each recorded device it has."""

    name: str
    urn: str
    network: str
    kit: tuple[tuple[str, int], ...]


SCHOOLS = (
    School(
        "Oak Lane Primary", "100001", "127.50.1.0/28",
        (("hp-2530-24g", 2), ("hp-laserjet-m402dn", 3), ("ubiquiti-unifi-ap", 4), ("windows-server", 1)),
    ),
    School(
        "Beech Hill Academy", "100002", "127.50.2.0/28",
        (
            ("cisco-c9300-stack", 1), ("hp-2530-24g", 4), ("hp-laserjet-m402dn", 4), ("eaton-5p-ups", 2),
            ("linux-server", 1),
        ),
    ),
    School(
        "Riverside School", "100003", "127.50.3.0/28",
        (("hp-2530-24g", 1), ("ubiquiti-unifi-ap", 6), ("eaton-5p-ups", 1), ("linux-server", 2), ("windows-server", 1)),
    ),
)  # fmt: skip


def devices(school: School, recordings: Path) -> dict[str, Device]:
    """The school's devices by address."""
    base = school.network.rpartition(".")[0]
    kit = (model for model, count in school.kit for _ in range(count))
    found = {}
    for number, model in enumerate(kit, 1):
        bindings = snmprec.read_file(recordings / model / "walk.snmprec").bindings
        found[f"{base}.{number}"] = Device.of(_own(binding, school, number) for binding in bindings)
    return found


def _own(binding: Binding, school: School, number: int) -> Binding:
    """The binding as this specimen says it."""
    mark = int(school.urn) % 100 * 20 + number
    if binding.oid == LOCATION:
        return Binding(binding.oid, binding.tag, school.name.encode())
    if binding.oid == NAME:
        return Binding(binding.oid, binding.tag, binding.value + f"-{number}".encode())
    if binding.oid.startswith(SERIALS) and binding.value:
        return Binding(binding.oid, binding.tag, re.sub(rb".{2}$", f"{mark:02X}"[-2:].encode(), binding.value))
    if binding.oid.startswith(MACS) and len(binding.value) == 6:
        return Binding(binding.oid, binding.tag, binding.value[:4] + bytes([mark, binding.value[5]]))
    return binding


def all_devices(recordings: Path) -> Iterator[tuple[School, dict[str, Device]]]:
    """Every school with its devices."""
    for school in SCHOOLS:
        yield school, devices(school, recordings)


def size(device: Device) -> int:
    """How many bindings a device says; the farm's banner shows it."""
    return sum(1 for binding in device.bindings if binding.tag != ber.NULL)
