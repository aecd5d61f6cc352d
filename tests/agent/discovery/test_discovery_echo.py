"""Echoes to all nodes of a link between two namespaces, and where none may be sent."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.budget import ALL_NODES, Budget, Forbidden, Limits
from lab import Lab, run

SCRIPT = Path(__file__).parent / "sweep_in_lab.py"
NETWORK = "fd00:77::/64"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """An agent and two devices that speak IPv6, with addresses that the kernel made of their MACs besides."""
    with Lab(hosts=1, snmpd=("v2c", "v2c"), network="10.79.0.0/28") as made:
        for number, node in enumerate(("agent", *(device.name for device in made.truth.devices)), 1):
            made.exec(
                ["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.eth0.disable_ipv6=0"], node=node
            )
            run("ip", "-n", made.namespace(node), "addr", "add", f"fd00:77::{number}/64", "dev", "eth0", "nodad")
        made.exec(["sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647"])
        yield made


def sweep(lab: Lab, network: str = NETWORK, **limits: Any) -> dict[str, Any]:
    asked = {"network": network, "limits": {"networks": [network]} | limits, "root": "/"}
    return dict(json.loads(lab.exec([sys.executable, SCRIPT, json.dumps(asked)], unprivileged=True).stdout))


def truth(lab: Lab) -> dict[str, str]:
    return {f"fd00:77::{number}": device.mac for number, device in enumerate(lab.truth.devices, 2)}


@pytest.mark.root
@pytest.mark.needs("ip", "sysctl", "setpriv", "snmpd")
def test_who_answers_an_echo_to_all_nodes_is_seen_without_any_privilege(lab: Lab) -> None:
    found = sweep(lab)
    assert (found["method"], found["macs"], found["swept"]) == ("TOUCH", truth(lab), False)
    assert found["interfaces"] == ["eth0"]


@pytest.mark.root
@pytest.mark.needs("ip", "sysctl", "setpriv", "snmpd", "tcpdump")
@pytest.mark.parametrize(
    ("network", "limits"),
    [
        ("fd00:78::/64", {}),
        ("fd00:77::/80", {}),
        (NETWORK, {"exclude_macs": ["00:1b:21"]}),
        (NETWORK, {"exclude": ["fd00:77::3"]}),
    ],
    ids=["not ours", "only a part of ours is named", "a maker is excluded", "an address is excluded"],
)
def test_where_it_would_reach_whom_it_must_not_no_echo_is_sent(lab: Lab, network: str, limits: dict[str, Any]) -> None:
    with lab.capture() as capture:
        assert sweep(lab, network, **limits)["method"] == "NEIGHBOUR_TABLE"
    assert [line for line in capture.lines if "echo" in line] == []


@pytest.mark.root
@pytest.mark.needs("ip", "sysctl", "setpriv", "snmpd")
def test_without_a_ping_socket_the_kernels_table_is_taken(lab: Lab) -> None:
    lab.exec(["sysctl", "-qw", "net.ipv4.ping_group_range=1 0"])
    try:
        assert sweep(lab)["method"] == "NEIGHBOUR_TABLE"
    except subprocess.CalledProcessError as error:
        pytest.fail(error.stderr)
    finally:
        lab.exec(["sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647"])


@pytest.mark.parametrize("limits", [Limits(("10.0.0.0/8",)), Limits(("fd00::/64",), exclude=("fd00::1",))])
def test_all_nodes_are_spoken_to_only_where_an_ipv6_network_is_named_and_nobody_is_excluded(limits: Limits) -> None:
    with pytest.raises(Forbidden):
        Budget(limits).refuse(ALL_NODES, 0)
    Budget(Limits(("fd00::/64",))).refuse(f"{ALL_NODES}%eth0", 0)
