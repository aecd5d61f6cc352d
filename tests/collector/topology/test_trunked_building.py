"""A building of recorded switches (Q-BRIDGE, LAGs, a table for each VLAN): from their walks to the edge ports."""

from __future__ import annotations

import random

import pytest

from collector.topology import links, tables
from collector.topology.network import Network
from collector.topology.tables import Tables
from routed_twins import KINDS, LINKS, TWINS, Placed, recordings
from stocktake import snmprec
from stocktake.values import Binding

PLACES = {name: (f"10.10.0.{number}", f"9c:8e:99:00:{number:02x}:00") for number, name in enumerate(TWINS, 2)}
ROUTER = "00:0d:b9:00:00:01"


def hosts(seed: int, count: int = 60) -> list[Placed]:
    """Hosts in three VLANs at random ports, each port in one VLAN."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret is made
    found = []
    for number in range(count):
        port = chance.randint(1, 20)
        vlan = 10 + port % 3
        found.append(Placed(f"h{number}", f"10.{vlan}.0.{20 + number}", f"00:1b:21:00:{seed:02x}:{number:02x}",
                            vlan, chance.choice(TWINS), port))  # fmt: skip
    return found


def read(name: str, views: dict[str, list[str]]) -> Tables:
    """The tables of one twin, its answers dealt out to groups as the plan asks for them."""
    groups: dict[str, tuple[Binding, ...]] = {
        f"forwarding_by_vlan{view}" if view else "walk": snmprec.parse(lines).bindings for view, lines in views.items()
    }
    return tables.read(name, groups)


def connected(those: list[Placed], seed: int) -> Network:
    told = recordings(PLACES, those, ROUTER, seed=seed)
    return links.connect([read(name, views) for name, views in told.items()], {})


def port_name(name: str, interface: int) -> str:
    return KINDS[name].interfaces()[interface]


@pytest.mark.parametrize("seed", range(12))
def test_every_host_of_every_vlan_is_on_its_edge_port_and_every_link_is_found(seed: int) -> None:
    those = hosts(seed)
    network = connected(those, seed)
    at = {one.mac: (one.place.device, port_name(*one.place)) for one in network.attachments}
    assert [(host, at.get(host.mac)) for host in those if at.get(host.mac) != (host.switch, host.port_name)] == []
    found = {frozenset((end.device, port_name(*end)) for end in link.ends) for link in network.links}
    assert found == {frozenset(link) for link in LINKS}
    assert at[ROUTER] == ("dist", "24")


def test_vlans_of_a_router_that_has_one_mac_in_all_are_told() -> None:
    those = hosts(0)
    (router,) = {one.vlans for one in connected(those, 0).attachments if one.mac == ROUTER}
    assert router == (10, 11, 12)


@pytest.mark.parametrize("name", ["dist", "edge", "ios1", "ios2"])
def test_aggregates_are_one_port_however_they_are_told(name: str) -> None:
    switch = read(name, recordings(PLACES, hosts(1), ROUTER)[name])
    kind = KINDS[name]
    assert {port: known.lag for port, known in switch.ports.items() if known.lag} == {
        kind.first + member: kind.lag[0] for member in kind.members
    }
    assert {neighbour.port for neighbour in switch.neighbours} == {kind.first + member for member in kind.members}
