"""Discovery on a real segment: 250 hosts that answer real ARP, and an agent with and without privilege."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.discovery import holds_net_raw, touch
from lab import Lab

pytestmark = [pytest.mark.root, pytest.mark.needs("ip", "sysctl", "setpriv")]

SCRIPT = Path(__file__).parent / "sweep_in_lab.py"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(hosts=250) as made:
        yield made


@pytest.fixture
def small() -> Iterator[Lab]:
    with Lab(hosts=13, network="10.78.0.0/28") as made:  # every address answers, so nobody has to be waited for
        yield made


def sweep(
    lab: Lab, network: str | None = None, *, raw: bool = False, root: str = "/", dry_run: bool = False, **limits: Any
) -> dict[str, Any]:
    named = lab.truth.network if network is None else network
    limits = {"networks": [named] if named else []} | limits
    asked = json.dumps({"network": named, "limits": limits, "dry_run": dry_run, "root": root})
    done = lab.exec([sys.executable, SCRIPT, asked], unprivileged=True, net_raw=raw)
    return {**json.loads(done.stdout), "log": done.stderr}


def test_the_arp_sweep_finds_all_250_hosts(lab: Lab) -> None:
    found = sweep(lab, raw=True)
    assert found["method"] == "ARP"
    assert found["macs"] == lab.truth.macs
    assert found["swept"]
    assert found["interfaces"] == ["eth0"]
    assert found["progress"] == [253, 253]
    assert found["log"] == ""
    assert found["worker_rss_kilobytes"] < 60_000


def test_touch_finds_all_250_hosts_with_no_capability_at_all(lab: Lab) -> None:
    found = sweep(lab)
    assert found["method"] == "TOUCH"
    assert found["macs"] == lab.truth.macs
    assert found["swept"]
    assert found["progress"] == [253, 253]
    assert found["seconds"] < 10


@pytest.mark.needs("tcpdump")
def test_with_no_network_named_nothing_is_sent_and_the_table_is_reported(small: Lab) -> None:
    sweep(small, f"{small.truth.hosts[0].address}/32")  # now the kernel knows one neighbour
    before = small.sent_packets()
    with small.capture() as capture:
        found = sweep(small, "", raw=True)
    assert capture.lines == []
    assert small.sent_packets() == before
    assert (found["method"], found["swept"]) == ("NEIGHBOUR_TABLE", False)
    assert found["macs"] == {small.truth.hosts[0].address: small.truth.hosts[0].mac}


@pytest.mark.needs("tcpdump")
@pytest.mark.parametrize("raw", [True, False])
def test_what_is_excluded_gets_no_packet_and_no_one_else_does(small: Lab, raw: bool) -> None:
    first, known, *others = small.truth.hosts
    sweep(small, f"{known.address}/32")  # a maker can be excluded once its MAC is known
    with small.capture() as capture:
        found = sweep(small, raw=raw, exclude=[f"{first.address}/32"], exclude_macs=[known.mac])
    assert capture.to(first.address) == []
    assert capture.to(known.address) == []
    assert set(found["macs"]) == {host.address for host in others}
    assert not found["swept"]  # for who was not asked, silence means nothing
    assert sum(len(capture.to(host.address)) for host in others) == len(capture.lines)
    datagrams = [line for line in capture.lines if "ARP" not in line]
    assert all(f".{touch.PORT}: UDP, length 0" in line for line in datagrams)
    assert bool(datagrams) != raw


@pytest.mark.needs("tcpdump")
@pytest.mark.parametrize("raw", [True, False])
def test_a_dry_run_sends_nothing_and_claims_nothing(small: Lab, raw: bool) -> None:
    with small.capture() as capture:
        found = sweep(small, raw=raw, dry_run=True)
    assert capture.lines == []
    assert found["macs"] == {}
    assert not found["swept"]


@pytest.mark.needs("tcpdump")
@pytest.mark.parametrize("limits", [{}, {"networks": ["10.99.0.0/24"]}])
def test_outside_its_own_networks_and_limits_nothing_is_sent(small: Lab, limits: dict[str, Any]) -> None:
    with small.capture() as capture:
        found = sweep(small, None if limits else "10.99.0.0/24", **limits)
    assert capture.lines == []
    assert (found["macs"], found["swept"]) == ({}, False)
    assert "nobody on" in found["log"]


def test_where_raw_sockets_are_refused_after_all_it_falls_back_to_touch(small: Lab, tmp_path: Path) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/status").write_text("CapPrm:\t0\nCapEff:\t0000000000002000\n")
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    found = sweep(small, root=str(tmp_path))
    assert found["method"] == "TOUCH"
    assert found["macs"] == small.truth.macs
    assert "falling back from ARP" in found["log"]


def test_a_machine_that_has_gone_is_not_reported_from_memory(small: Lab) -> None:
    *there, gone = small.truth.hosts
    small.exec(["ip", "link", "set", gone.name, "down"], node="hosts")
    settings = [f"net.ipv4.neigh.eth0.{name}=1" for name in ("delay_first_probe_time", "ucast_solicit")]
    small.exec(["sysctl", "-qw", *settings])  # the kernel makes sure within two seconds instead of eight
    for host in (gone, there[0]):
        small.exec(["ip", "neigh", "replace", host.address, "lladdr", host.mac, "dev", "eth0", "nud", "stale"])
    assert sweep(small)["macs"] == {host.address: host.mac for host in there}


def test_the_capability_is_read_from_where_the_kernel_tells_it(tmp_path: Path) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    status = tmp_path / "proc/self/status"
    for text, held in (("CapEff:\t000001ffffffffff\n", True), ("CapEff:\t0000000000000400\n", False), ("", False),
                       ("CapEff:\nX", False), ("CapEff:\tz\n", False)):  # fmt: skip
        status.write_text(text)
        assert holds_net_raw(tmp_path) == held
    assert not holds_net_raw(tmp_path / "elsewhere")
