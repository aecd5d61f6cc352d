"""The networks this machine stands on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agent.host import OwnNetwork, own_networks
from agent.host._machine import LiveInterface, RecordedMachine

NET = "sys/class/net"


def up(name: str, *addresses: str, loopback: bool = False) -> LiveInterface:
    return LiveInterface(name, addresses=addresses, up=True, loopback=loopback)


def ethernet(name: str, **more: Any) -> dict[str, Any]:
    return {f"{NET}/{name}/type": "1\n", **{f"{NET}/{name}/{part}": content for part, content in more.items()}}


def card(name: str) -> dict[str, Any]:
    return ethernet(name, device=Path("sys/devices/pci0000:00"))


def names(world: Any, *, virtual: bool = False) -> list[str]:
    return [own.interface for own in own_networks(world, virtual=virtual)]


def test_a_school_server_with_two_cards(plant: Any) -> None:
    machine = RecordedMachine(
        recorded_interfaces=(
            up("lo", "127.0.0.1/8", loopback=True),
            up("eno2", "192.168.40.2/24"),
            up("eno1", "10.20.0.15/22", "10.20.0.16/22", "fe80::1/64", "10.20.8.1/32"),
            LiveInterface("eno3", addresses=("10.99.0.1/24",), up=False),
            LiveInterface("eno4", addresses=("10.98.0.1/24",)),
            up("eno5", "169.254.7.7/16"),
        )
    )
    world = plant(
        {key: value for name in ("eno1", "eno2", "eno3", "eno5") for key, value in card(name).items()}, machine
    )
    assert own_networks(world) == (
        OwnNetwork("eno1", "10.20.0.15", "10.20.0.0/22"),
        OwnNetwork("eno2", "192.168.40.2", "192.168.40.0/24"),
    )


def test_bridges_over_a_card_stay_and_bridges_of_guests_go(plant: Any) -> None:
    files = {
        **card("eno1"),
        **ethernet("bond0", lower_eno1=None),
        **ethernet("bond0.20", lower_bond0=None),
        **ethernet("vmbr0", bridge=None, **{"lower_bond0.20": None, "lower_tap100": None}),
        **ethernet("docker0", bridge=None, lower_veth1a2b=None),
        **ethernet("veth1a2b"),
        **ethernet("loopy", bridge=None, lower_loopy=None),
        f"{NET}/wg0/type": "65534\n",
    }
    found = ("bond0.20", "docker0", "loopy", "vmbr0", "wg0")
    addresses = (up(name, f"10.{number}.0.1/24") for number, name in enumerate(found))
    world = plant(files, RecordedMachine(recorded_interfaces=tuple(addresses)))
    assert names(world) == ["bond0.20", "vmbr0"]
    assert names(world, virtual=True) == list(found)


def test_inside_a_container_or_namespace_the_only_interface_counts(plant: Any) -> None:
    world = plant(ethernet("eth0"), RecordedMachine(recorded_interfaces=(up("eth0", "10.88.0.5/16"),)))
    assert own_networks(world) == (OwnNetwork("eth0", "10.88.0.5", "10.88.0.0/16"),)


def test_without_sysfs_adapters_of_guests_are_known_by_name(plant: Any) -> None:
    adapters = ("Ethernet", "vEthernet (LAN)", "vEthernet (Default Switch)", "VMware Network Adapter VMnet8")
    machine = RecordedMachine(recorded_interfaces=tuple(up(name, "10.1.0.1/24") for name in adapters))
    assert names(plant({}, machine, platform="win32")) == ["Ethernet", "vEthernet (LAN)"]


def test_an_address_without_a_prefix_names_no_network(plant: Any) -> None:
    assert names(plant({}, RecordedMachine(recorded_interfaces=(up("eth0", "10.1.0.5"),)))) == []


def test_the_real_machine_never_names_loopback() -> None:
    assert not [own for own in own_networks(virtual=True) if own.network.startswith("127.")]
