"""Routed segments end to end: the agent's sweep through a real router, the collector's map of it, and the lab's truth.

The figures of twelve segments are printed by `make bench WHAT=reach`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.budget import DENIED_PORTS, Limits
from onlooker import Sent, busiest_second, busiest_second_of_a_host, outside, packets
from routed import COMMUNITY, CORE_COMMUNITY, Routed, network
from routed_estate import Estate, Swept, linked_rightly, listed_rightly, placed_rightly, sweep
from stocktake.values import Examination
from stocktake.wire import decode_report

pytestmark = [
    pytest.mark.root,
    pytest.mark.needs("ip", "sysctl", "setpriv", "snmpd", "tcpdump"),
    pytest.mark.timeout(300),
]

NAMED = [network(1), "10.2.0.0/28", "10.3.0.0/28"]


@dataclass(frozen=True)
class Outcome:
    """What became of a sweep: percent of hosts, (links there, found, wrong), devices."""

    listed: float
    placed: float
    links: tuple[int, int, int]
    count: int


@dataclass(frozen=True)
class Outcomes:
    """What the router told, what all devices told, and what the wire saw. `known` is how many devices there are."""

    core: Outcome
    every: Outcome
    known: int
    sent: list[Sent]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    with Routed(segments=3, hosts=36, trunked=1, silent=(1002,)) as lab:
        lab.talk()
        with lab.capture() as capture:
            brought = sweep(lab, NAMED, [COMMUNITY, CORE_COMMUNITY])
        routers = frozenset(f"10.{segment}.0.1" for segment in lab.plan.segments)
        core = taken_in(lab, tmp_path_factory.mktemp("core"), of_core(brought, routers))
        every = taken_in(lab, tmp_path_factory.mktemp("every"), brought)
        devices = (*lab.plan.hosts, *lab.plan.switches, *lab.plan.recorded, "router", "agent")
        return Outcomes(core, every, len(devices), packets(capture.lines))


def of_core(brought: Swept, routers: frozenset[str]) -> Swept:
    """What a sweep would have brought if the routers alone had answered SNMP."""
    kept = []
    for raw in brought.reports:
        body = decode_report(raw).body
        if isinstance(body, Examination) and body.subject.address in routers | {""}:
            kept.append(raw)
    return replace(brought, reports=tuple(kept))


def taken_in(lab: Routed, folder: Path, brought: Swept) -> Outcome:
    now = datetime.now(UTC)
    estate = Estate(folder, now)
    estate.take_in(brought, now)
    listed, placed, links = listed_rightly(lab, estate), placed_rightly(lab, estate), linked_rightly(lab, estate)
    count = len(estate.devices())
    estate.close()
    return Outcome(listed, placed, links, count)


def test_with_snmp_to_the_core_alone_the_hosts_of_all_segments_are_listed(outcomes: Outcomes) -> None:
    assert outcomes.core.listed >= 98
    assert outcomes.core.links == (outcomes.every.links[0], 0, 0)


def test_with_snmp_to_all_switches_every_host_is_on_its_edge_port(outcomes: Outcomes) -> None:
    assert outcomes.every.listed >= 98
    assert outcomes.every.placed >= 97
    there, found, wrong = outcomes.every.links
    assert (found, wrong) == (there, 0)


def test_every_device_is_one_row(outcomes: Outcomes) -> None:
    assert outcomes.every.count == outcomes.known


def test_the_wire_sees_named_networks_only_no_denied_port_and_never_more_than_the_budget(outcomes: Outcomes) -> None:
    assert len(outcomes.sent) > 500
    assert outside(outcomes.sent, NAMED) == []
    assert not {one.port for one in outcomes.sent} & DENIED_PORTS
    assert busiest_second(outcomes.sent) <= Limits(()).packets_per_second
    assert busiest_second_of_a_host(outcomes.sent) <= Limits(()).packets_per_second_per_host
