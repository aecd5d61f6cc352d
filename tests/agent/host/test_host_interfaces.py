"""Interfaces: real cards told from virtual ones, with the address they were made with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.host import examine
from agent.host._ethtool import permanent_mac
from agent.host._machine import LiveInterface, RecordedMachine
from agent.host._world import run_program
from stocktake.values import NetworkInterface, NetworkInterfaces, Outcome

MACHINE = RecordedMachine(
    recorded_interfaces=(
        LiveInterface("lo", addresses=("127.0.0.1/8",), up=True, mtu=65536, loopback=True),
        LiveInterface(
            "enp1s0", "6c:2b:59:0a:11:7e", "6c:2b:59:0a:11:7e", ("10.20.0.15/22", "fe80::1/64"), True, 1000, 1500, False
        ),
        LiveInterface("wlp2s0", "be:01:02:03:04:05", "a4:c3:f0:12:34:56", up=False, mtu=1500, loopback=False),
        LiveInterface("docker0", "02:42:9d:00:00:01", addresses=("172.17.0.1/16",), up=False, loopback=False),
    )
)
FILES: dict[str, Any] = {
    "sys/class/net/lo/type": "772",
    "sys/class/net/enp1s0/type": "1",
    "sys/class/net/enp1s0/device/driver": Path("sys/bus/pci/drivers/r8169"),
    "sys/class/net/wlp2s0/device/driver": Path("sys/bus/pci/drivers/iwlwifi"),
    "sys/class/net/docker0/bridge/stp_state": "0",
}


def test_cards_bridges_and_loopback_are_told_apart(plant: Any) -> None:
    [result] = examine(plant(FILES, MACHINE), only=["interfaces"])
    assert result.outcome is Outcome.COMPLETE
    assert result.content == NetworkInterfaces(
        (
            NetworkInterface("docker0", "02:42:9d:00:00:01", ("172.17.0.1/16",), "virtual", False),
            NetworkInterface(
                "enp1s0", "6c:2b:59:0a:11:7e", ("10.20.0.15/22", "fe80::1/64"), "physical", True, 1000, 1500, "r8169"
            ),
            NetworkInterface("lo", "", ("127.0.0.1/8",), "loopback", True, None, 65536),
            NetworkInterface(
                "wlp2s0", "be:01:02:03:04:05", (), "physical", False, None, 1500, "iwlwifi", "a4:c3:f0:12:34:56"
            ),
        )
    )


def test_where_nobody_tells_the_kind_stays_open(plant: Any) -> None:
    [result] = examine(plant({}, MACHINE, platform="win32"), only=["interfaces"])
    assert isinstance(result.content, NetworkInterfaces)
    assert [each.kind for each in result.content.interfaces] == ["", "", "loopback", ""]


def test_more_interfaces_than_the_bound_are_cut_and_told(plant: Any) -> None:
    many = tuple(LiveInterface(f"veth{number}") for number in range(600))
    [result] = examine(plant({}, RecordedMachine(recorded_interfaces=many)), only=["interfaces"])
    assert result.outcome is Outcome.CUT
    assert result.detail == "Could not read interfaces after the first 512 of 600."


def test_an_interface_that_is_not_there_or_not_made_in_a_factory_has_no_permanent_address() -> None:
    assert permanent_mac("lo") == ""
    assert permanent_mac("no-such-interface-at-all") == ""


@pytest.mark.needs("ip")
def test_the_permanent_address_is_the_one_that_the_kernel_lists() -> None:
    for link in json.loads(run_program(["ip", "-json", "-details", "link", "show"])):
        # the kernel lists it where it differs from the current one
        known = {link["permaddr"]} if "permaddr" in link else {"", link.get("address", "")}
        assert permanent_mac(link["ifname"]) in known
