"""The interfaces of a machine that an agent runs on: its own MACs identify it, those of a dock or dongle do not."""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import locally_administered, mac, text
from collector.knowledge import Statement, Witness
from stocktake.values import NetworkInterface, NetworkInterfaces

READS = NetworkInterfaces
MOST_INTERFACES = 256
PHYSICAL = "physical"
#: Linux drivers of adapters on USB, which wander between laptops
ON_USB = frozenset(
    {"r8152", "r8153_ecm", "ax88179_178a", "asix", "cdc_ether", "cdc_ncm", "cdc_mbim", "rndis_host", "dm9601"}
)


def read(content: NetworkInterfaces, witness: Witness) -> Iterator[Statement]:
    """Every interface that is not a loopback as a component; MACs and addresses of the machine."""
    for interface in content.interfaces[:MOST_INTERFACES]:
        if interface.kind != "loopback":
            yield from _interface(interface, witness)


def _interface(interface: NetworkInterface, witness: Witness) -> Iterator[Statement]:
    component, address = f"interface/{text(interface.name, 64)}", mac(interface.mac)
    permanent = mac(interface.permanent_mac)
    speed = interface.speed_megabits_per_second
    told = {
        "name": text(interface.name),
        "mac": address,
        "permanent_mac": permanent,
        "type": text(interface.kind, 32),
        "driver": text(interface.driver, 64),
        "mtu": interface.mtu,
        "speed [bits_per_second]": speed * 1_000_000 if speed and speed > 0 else None,
        "status": None if interface.up is None else "up" if interface.up else "down",
    }
    yield from witness.facts(told, interface.name, component=component)
    if interface.kind == PHYSICAL and interface.driver not in ON_USB:
        for told_mac in filter(None, (address, permanent)):  # both: a neighbour sees one, the box bears the other
            weight = 40 if locally_administered(told_mac) else 60
            yield from witness.fact("mac", told_mac, interface.name, weight=weight)
    for assigned in interface.addresses[:16]:
        yield from witness.fact("address", text(assigned.partition("/")[0], 64), interface.name, component=component)
