from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from lab import (
    COLLECTOR_ADDRESS,
    COMMUNITY,
    V3_AUTH_KEY,
    V3_PRIVACY_KEY,
    V3_USER,
    Lab,
    namespaces,
    plan,
    unprivileged_id,
)

pytestmark = [pytest.mark.root, pytest.mark.needs("ip", "sysctl", "setpriv")]


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(hosts=5, snmpd=("v1", "v2c", "v3"), collector=True) as made:
        yield made


def test_a_plan_gives_each_host_its_own_mac_of_a_real_maker() -> None:
    truth = plan(250, ("v1", "v2c", "v3"), "10.77.0.0/24", 1)
    assert len(set(truth.macs.values())) == len(truth.macs) == 253
    assert truth.agent.address == "10.77.0.254"
    with pytest.raises(ValueError, match="no room"):
        plan(254, (), "10.77.0.0/24", 1)


@pytest.mark.needs("arp-scan")
def test_every_host_answers_arp_with_its_own_mac(lab: Lab) -> None:
    shown = lab.exec(["arp-scan", "-I", "eth0", "-q", "-x", "-t", "100", lab.truth.network]).stdout
    assert dict(line.split() for line in shown.splitlines()) == lab.truth.macs


def test_unprivileged_means_no_capability_at_all(lab: Lab) -> None:
    read = [sys.executable, "-c", "print(open('/proc/self/status').read())"]
    shown = lab.exec(read, unprivileged=True).stdout
    assert all(line.endswith("\t0000000000000000") for line in shown.splitlines() if line.startswith("Cap"))
    assert f"Uid:\t{unprivileged_id()}\t" in shown
    assert "CapEff:\t0000000000002000" in lab.exec(read, unprivileged=True, net_raw=True).stdout


@pytest.mark.needs("snmpd", "snmpget")
@pytest.mark.parametrize("asked", ["v1", "v2c", "v3"])
def test_each_snmpd_answers_its_version_and_no_other(lab: Lab, asked: str) -> None:
    if asked == "v3":
        how = [
            "-v3",
            "-l",
            "authPriv",
            "-u",
            V3_USER,
            "-a",
            "SHA",
            "-A",
            V3_AUTH_KEY,
            "-x",
            "AES",
            "-X",
            V3_PRIVACY_KEY,
        ]
    else:
        how = [f"-{asked}", "-c", COMMUNITY]
    for device in lab.truth.devices:
        get = ["snmpget", *how, "-m", "", "-Oqv", "-r0", "-t0.2", device.address, ".1.3.6.1.2.1.1.1.0"]
        done = lab.exec(get, check=False)
        assert (device.description in done.stdout) == (device.version == asked)


#: sends a datagram to a closed port: a machine that is there refuses it, and that exit status is 0
KNOCK = """
import socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(2)
sock.connect((sys.argv[1], 33434))
sock.send(b"")
try:
    sock.recv(1)
except ConnectionRefusedError:
    sys.exit(0)
"""


@pytest.mark.needs("tcpdump")
def test_a_capture_shows_what_the_agent_sent_and_to_whom(lab: Lab) -> None:
    before = lab.sent_packets()
    with lab.capture() as capture:
        lab.exec([sys.executable, "-c", KNOCK, lab.truth.hosts[0].address])
    assert lab.sent_packets() > before
    assert capture.to(lab.truth.hosts[0].address)
    assert not capture.to(lab.truth.hosts[1].address)


def test_the_collector_is_reached_by_the_agent_alone(lab: Lab) -> None:
    lab.exec([sys.executable, "-c", KNOCK, COLLECTOR_ADDRESS])
    with pytest.raises(subprocess.CalledProcessError):
        lab.exec([sys.executable, "-c", KNOCK, lab.truth.agent.address], node="collector")


def test_a_lab_leaves_nothing_behind_even_when_it_breaks() -> None:
    def break_off(lab: Lab) -> None:
        with lab:
            forgotten.append(lab.popen(["sleep", "60"]))
            assert len(of(lab)) == 2
            raise KeyError

    def of(lab: Lab) -> list[str]:
        return [name for name in namespaces() if name.startswith(lab.namespace(""))]

    forgotten: list[subprocess.Popen[str]] = []
    lab = Lab(hosts=2)
    with pytest.raises(KeyError):
        break_off(lab)
    assert forgotten[0].wait(5) != 0
    assert not of(lab)
