"""The first estate end to end: an agent and a collector in network namespaces, 250 hosts on real ARP, three snmpd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from collector.facts import mac as plain_mac
from lab import Lab
from segment import Row, Segment

pytestmark = [pytest.mark.root, pytest.mark.needs("ip", "sysctl", "setpriv", "snmpd"), pytest.mark.timeout(300)]

NOBODY_MORE = 254  # 250 hosts, three snmpd, and the agent's own machine


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab(hosts=250, snmpd=("v1", "v2c", "v3"), collector=True) as made:
        yield made


def complete(rows: list[Row], lab: Lab) -> bool:
    """Whether all are there, and the three that speak SNMP have said who they are."""
    named = {row["name"] for row in rows if row["last_method"].startswith("SNMP")}
    return len(rows) >= NOBODY_MORE and {device.name for device in lab.truth.devices} <= named


def check(rows: list[Row], lab: Lab) -> None:
    """Every host once, with its own MAC and maker; the three snmpd with what they say."""
    by_mac = {row["mac"]: row for row in rows}
    assert len(rows) == NOBODY_MORE
    for host in (*lab.truth.hosts, *lab.truth.devices):
        row = by_mac[plain_mac(host.mac)]
        assert row["address"] == host.address
        assert row["maker"], f"{host.mac} of {host.maker} has no maker"
    for device in lab.truth.devices:
        assert by_mac[device.mac]["name"] == device.name


def check_device(segment: Segment, rows: list[Row], lab: Lab) -> None:
    """The SNMP devices have a description and interfaces, each fact with its evidence."""
    for device in lab.truth.devices:
        row = next(row for row in rows if row["mac"] == device.mac)
        shown = segment.collector("device", row["device_id"])
        assert f"description: {device.description}" in shown
        assert f"location: {device.location}" in shown
        assert "interface/" in shown
        assert f"SNMP_{device.version.upper()}" in shown
        assert "no evidence kept" not in shown


def test_one_sweep_registers_all_and_a_second_adds_nothing(lab: Lab) -> None:
    with Segment(lab) as segment:
        segment.start_collector()
        segment.add_credentials()
        segment.enrol(lab.truth.network)
        segment.start_agent()
        rows = segment.wait_for(lambda rows: complete(rows, lab))
        check(rows, lab)
        check_device(segment, rows, lab)
        segment.stop_agent()
        first = {row["device_id"]: row["last_seen"] for row in rows}
        segment.start_agent()
        again = segment.wait_for(lambda rows: all(row["last_seen"] > first.get(row["device_id"], "") for row in rows))
        assert {row["device_id"] for row in again} == set(first)
        check(again, lab)


def test_without_any_capability_the_same_is_found(lab: Lab) -> None:
    with Segment(lab) as segment:
        segment.start_collector()
        segment.add_credentials()
        segment.enrol(lab.truth.network, unprivileged=True)
        segment.start_agent(unprivileged=True)
        rows = segment.wait_for(lambda rows: complete(rows, lab))
        check(rows, lab)
        assert "TOUCH" in Counter(row["last_method"] for row in rows)


def test_a_collector_killed_in_mid_sweep_gets_everything_once(lab: Lab) -> None:
    with Segment(lab) as segment:
        segment.start_collector()
        segment.add_credentials()
        segment.enrol(lab.truth.network)
        segment.start_agent()
        segment.wait_for(lambda rows: len(rows) > 1)
        segment.kill_collector()
        segment.start_collector()
        rows = segment.wait_for(lambda rows: complete(rows, lab))
        check(rows, lab)
        assert segment.collector("verify").startswith("the journal holds")
