"""Links and edge ports of made-up networks whose truth is known, whatever the order of the tables."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_networks import Made, Recipe, make, score

from collector.topology.heard import Neighbour
from collector.topology.links import connect
from collector.topology.network import Attachment, Network, Place
from collector.topology.ports import Port
from collector.topology.tables import Arp, Tables


def connected(made: Made) -> Network:
    return connect(made.tables, made.known, made.classes)


def wires(network: Network, *, standby: bool = False) -> set[frozenset[Place]]:
    return {frozenset(link.ends) for link in network.links if link.standby is standby}


WHOLE = {
    "three switches": Recipe(switches=3),
    "a broad tree": Recipe(switches=20),
    "long chains": Recipe(switches=20, deep=True),
    "rings that are blocked": Recipe(switches=20, rings=5),
    "nobody speaks LLDP": Recipe(switches=20, lldp=0),
    "every other speaks LLDP": Recipe(switches=20, lldp=0.5),
    "nobody speaks LLDP, and no switch was ever heard": Recipe(switches=20, lldp=0, chatter=0, deep=True),
    "links through unmanaged switches": Recipe(switches=20, unmanaged=0.3),
    "unmanaged switches, and no LLDP": Recipe(switches=20, unmanaged=0.3, lldp=0),
    "sixty switches": Recipe(switches=60, ports=12, rings=3, unmanaged=0.05, lldp=0.9),
}
WORN = {
    "tables have aged": Recipe(switches=20, forgotten=0.3),
    "tables have aged, and no LLDP": Recipe(switches=20, forgotten=0.3, lldp=0, chatter=0.3),
    "hosts have just moved": Recipe(switches=20, forgotten=0.2, moved=0.03),
    "all of it": Recipe(switches=30, rings=3, unmanaged=0.1, lldp=0.7, forgotten=0.2, moved=0.02, chatter=0.5),
}


@pytest.mark.parametrize("recipe", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("seed", [1, 2])
def test_with_all_tables_whole_every_host_is_at_its_port_and_every_link_is_found(recipe: Recipe, seed: int) -> None:
    made = make(recipe, seed)
    network = connected(made)
    found = score(made, network)
    assert (found.wrong, found.unknown) == (0, 0)
    assert wires(network) == made.wires
    assert wires(network, standby=True) <= made.standby


@pytest.mark.parametrize("recipe", WORN.values(), ids=WORN)
def test_with_aged_tables_97_of_100_hosts_are_at_their_port_and_the_others_unknown(recipe: Recipe) -> None:
    scores = [score(made, connected(made)) for made in (make(recipe, seed) for seed in (1, 2, 3))]
    hosts = sum(found.right + found.wrong + found.unknown for found in scores)
    assert sum(found.right for found in scores) / hosts >= 0.97
    assert sum(found.wrong for found in scores) / hosts <= 0.002


@pytest.mark.parametrize("lldp", [0.0, 1.0])
def test_where_some_switches_do_not_answer_a_host_is_at_the_nearest_port_that_does(lldp: float) -> None:
    for seed in (1, 2, 3):
        made = make(Recipe(switches=20, read=0.5, lldp=lldp), seed)
        found = score(made, connected(made))
        assert found.share >= 0.97
        assert found.wrong == 0


def test_rings_are_standby_links() -> None:
    made = make(Recipe(switches=20, rings=6), 3)
    network = connected(made)
    assert made.standby
    assert wires(network, standby=True) == made.standby
    assert all("standby: " in link.reason for link in network.links if link.standby)


def test_how_hosts_share_a_port_is_told() -> None:
    made = make(Recipe(switches=20), 5)
    told = {attachment.mac: attachment.how for attachment in connected(made).attachments}
    assert {mac: how for mac, how in made.how.items() if told[mac] != how} == {}
    assert set(told.values()) == {
        "direct", "behind a phone", "behind a hypervisor", "behind an access point", "hub or unmanaged switch",
    }  # fmt: skip


SMALL = st.builds(
    Recipe,
    switches=st.integers(2, 7),
    ports=st.integers(3, 8),
    rings=st.integers(0, 2),
    unmanaged=st.sampled_from([0.0, 0.3]),
    lldp=st.sampled_from([0.0, 0.5, 1.0]),
    read=st.sampled_from([0.6, 1.0]),
    forgotten=st.sampled_from([0.0, 0.4]),
    moved=st.sampled_from([0.0, 0.1]),
    chatter=st.sampled_from([0.0, 1.0]),
)


@settings(max_examples=60, deadline=None)
@given(SMALL, st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_tables_and_of_their_rows_never_matters(recipe: Recipe, seed: int, random: object) -> None:
    made = make(recipe, seed)
    shuffled = [
        replace(tables, forwarding=dict(mixed(random, tables.forwarding.items())),
                neighbours=tuple(mixed(random, tables.neighbours)), ports=dict(mixed(random, tables.ports.items())))
        for tables in mixed(random, made.tables)
    ]  # fmt: skip
    assert connect(shuffled, made.known, made.classes) == connected(made)


def mixed(random, values):  # type: ignore[no-untyped-def]  # hypothesis' random, values of any kind
    listed = list(values)
    random.shuffle(listed)
    return listed


@settings(max_examples=40, deadline=None)
@given(SMALL, st.integers(0, 10_000))
def test_every_mac_that_was_seen_is_attached_or_unknown_with_a_reason(recipe: Recipe, seed: int) -> None:
    made = make(recipe, seed)
    network = connected(made)
    placed = {attachment.mac for attachment in network.attachments} | {unknown.mac for unknown in network.unknown}
    seen = {mac for tables in made.tables for _, mac in tables.forwarding if mac in made.truth}
    assert seen <= placed
    assert all(item.reason for item in (*network.attachments, *network.unknown, *network.links, *network.proposed))
    devices = {tables.device for tables in made.tables}
    assert all(attachment.place.device in devices for attachment in network.attachments)


@pytest.mark.parametrize("lldp", [1.0, 0.0])
def test_sixty_switches_with_three_thousand_hosts_take_less_than_five_seconds_of_processor(lldp: float) -> None:
    made = make(Recipe(switches=60, ports=30, lldp=lldp, chatter=lldp), 1)
    assert len(made.truth) > 2_900
    begin = time.process_time()
    network = connected(made)
    assert time.process_time() - begin < 5
    assert score(made, network).share == 1


# ------------------------------------------------------------------------------------------------ by hand

A, B, C = "00:25:64:00:00:0a", "00:25:64:00:00:0b", "00:25:64:00:00:0c"


def switch(device: str, own: str, forwarding: dict[str, int], *neighbours: Neighbour) -> Tables:
    ports = {number: Port(name=f"gi{number}") for number in range(1, 9)}
    learned = {(0, mac): port for mac, port in forwarding.items()}
    return Tables(device, device, own, frozenset({own}), ports=ports, forwarding=learned, neighbours=neighbours)


def hears(port: int, mac: str, far: str, device_class: str = "switch", name: str = "") -> Neighbour:
    return Neighbour(port, "lldp", mac, name, words=(far,), device_class=device_class)


ONE, TWO = "00:1b:21:00:00:01", "00:1b:21:00:00:02"


def attachments(*switches: Tables, classes: dict[str, str] | None = None) -> dict[str, Attachment]:
    network = connect(switches, {mac: mac for mac in (A, B, C)}, classes)
    return {attachment.mac: attachment for attachment in network.attachments}


def test_a_host_that_both_ends_of_a_link_see_towards_each_other_hangs_between_them() -> None:
    first = switch("one", ONE, {A: 8, B: 1, TWO: 8}, hears(8, TWO, "gi8"))
    second = switch("two", TWO, {A: 8, C: 1, ONE: 8}, hears(8, ONE, "gi8"))
    found = attachments(first, second)[A]
    assert (found.how, found.place) == ("between managed switches", Place("one", 8))
    assert found.reason == "one gi8 and two gi8 see it towards each other: it hangs between them"


def test_a_host_that_the_switch_behind_has_forgotten_is_unknown_rather_than_guessed() -> None:
    first = switch("one", ONE, {A: 8, B: 1, TWO: 8}, hears(8, TWO, "gi8"))
    second = switch("two", TWO, {C: 1, ONE: 8}, hears(8, ONE, "gi8"))
    network = connect([first, second], {})
    (unknown,) = network.unknown
    assert (unknown.mac, unknown.places) == (A, (Place("one", 8),))
    assert unknown.reason == "behind one gi8, but not in the table of two"
    (cut,) = connect([first, replace(second, partial=True)], {}).unknown
    assert cut.reason.endswith("two, which was cut short")


def test_hosts_behind_a_switch_without_a_table_are_at_the_port_towards_it() -> None:
    first = switch("one", ONE, {A: 8, B: 1, TWO: 8}, hears(8, TWO, "gi8"))
    found = attachments(first, switch("two", TWO, {}))[A]
    assert (found.how, found.place) == ("behind a switch that was not read", Place("one", 8))


def test_a_switch_that_is_heard_and_not_read_is_proposed_and_what_hangs_behind_it_says_so() -> None:
    far = Neighbour(8, "cdp", "", "attic.school.example", "10.1.0.9", ("Gi0/1",), "switch")
    network = connect([switch("one", ONE, {A: 8, B: 1}, far)], {})
    (proposed,) = network.proposed
    assert (proposed.name, proposed.address, proposed.place) == ("attic.school.example", "10.1.0.9", Place("one", 8))
    at = {attachment.mac: attachment for attachment in network.attachments}
    assert (at[A].how, at[A].via) == ("behind a switch that was not read", "attic.school.example")
    assert at[B].how == "direct"


def test_a_neighbour_in_the_register_is_not_proposed() -> None:
    phone = hears(1, A, "", "phone")
    assert connect([switch("one", ONE, {A: 1, B: 1}, phone)], {A: "dev"}).proposed == ()
    assert [p.mac for p in connect([switch("one", ONE, {A: 1}, phone)], {}).proposed] == [A]


def test_what_introduces_itself_at_a_port_says_how_others_hang_there() -> None:
    at = attachments(switch("one", ONE, {A: 1, B: 1}, hears(1, A, "", "phone")))
    assert (at[A].how, at[B].how, at[B].via) == ("direct", "behind a phone", A)


def test_several_hosts_of_which_nothing_is_known_share_a_port() -> None:
    at = attachments(switch("one", ONE, {A: 1, B: 1, C: 2}))
    assert [at[mac].how for mac in (A, B, C)] == ["shared port", "shared port", "direct"]


def test_two_printers_at_one_port_need_a_hub() -> None:
    at = attachments(switch("one", ONE, {A: 1, B: 1}), classes={A: "printer", B: "desktop"})
    assert at[A].how == at[B].how == "hub or unmanaged switch"


def test_a_mac_that_two_edge_ports_have_is_where_others_point_or_unknown() -> None:
    middle = switch("middle", "00:1b:21:00:00:03", {A: 1, ONE: 1, TWO: 2}, hears(1, ONE, "gi8"), hears(2, TWO, "gi8"))
    first, second = switch("one", ONE, {A: 1, B: 2}), switch("two", TWO, {A: 1, C: 2})
    assert attachments(first, middle, second)[A].place == Place("one", 1)
    silent = replace(middle, forwarding={key: port for key, port in middle.forwarding.items() if key[1] != A})
    (unknown,) = connect([first, silent, second], {}).unknown
    assert unknown.reason == "seen at several edge ports: one gi1, two gi1"


def test_an_aggregate_is_one_link_with_its_members() -> None:
    def end(device: str, own: str, far: str) -> Tables:
        made = switch(
            device, own, {A if device == "one" else B: 1, far: 100}, hears(3, far, "gi3"), hears(4, far, "gi4")
        )
        bundled = {number: Port(name=f"gi{number}", lag=100) for number in (3, 4)}
        return replace(made, ports={**made.ports, **bundled, 100: Port(name="Po1", aggregate=True)})

    (link,) = connect([end("one", ONE, TWO), end("two", TWO, ONE)], {}).links
    assert link.ends == (Place("one", 100), Place("two", 100))
    assert [place.port for place in link.members] == [3, 4, 3, 4]
    assert link.reason == "one Po1 and two Po1 hear each other (LLDP), by 4 ports in aggregates"


def test_a_router_with_a_leg_in_each_vlan_hangs_at_each() -> None:
    legs = {(10, A): 1, (20, A): 2, (10, B): 3, (20, C): 4}
    network = connect([replace(switch("one", ONE, {}), forwarding=legs)], {})
    assert {(a.place.port, a.vlans) for a in network.attachments if a.mac == A} == {(1, (10,)), (2, (20,))}


def test_a_router_without_a_forwarding_table_hangs_like_a_host_and_says_who_is_present() -> None:
    router = replace(switch("router", TWO, {}), arp={"10.1.0.5": Arp(B, confirmed=True), "10.1.0.6": Arp(C, False)})
    network = connect([switch("one", ONE, {A: 1, TWO: 2}), router], {TWO: "router"})
    assert {a.mac: a.place.port for a in network.attachments} == {A: 1, TWO: 2}
    assert network.links == ()
    assert network.present == {A, TWO, B}


def test_two_tables_of_one_device_are_refused() -> None:
    with pytest.raises(ValueError, match="two tables of the device one"):
        connect([switch("one", ONE, {}), switch("one", ONE, {A: 1})], {})


def test_nothing_gives_nothing() -> None:
    assert connect([], {}) == Network((), (), (), (), frozenset())
