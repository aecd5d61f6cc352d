"""The tables of one switch, read from what it answers: as it stands in the MIBs, and as agents get it wrong."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.topology import tables
from collector.topology.heard import Neighbour
from collector.topology.links import connect
from collector.topology.network import Place
from collector.topology.tables import Arp
from stocktake import snmprec
from stocktake.values import Binding

BRIDGE = "1.3.6.1.2.1.17"
LLDP = "1.0.8802.1.1.2.1"


def bindings(*lines: str) -> tuple[Binding, ...]:
    return snmprec.parse(lines).bindings


def interfaces(*names: str, first: int = 1, kind: int = 6) -> list[str]:
    return [
        line
        for index, name in enumerate(names, first)
        for line in (
            f"1.3.6.1.2.1.2.2.1.2.{index}|4|{name}",
            f"1.3.6.1.2.1.2.2.1.3.{index}|2|{kind}",
            f"1.3.6.1.2.1.2.2.1.8.{index}|2|1",
            f"1.3.6.1.2.1.31.1.1.1.15.{index}|66|1000",
        )
    ]


def base(ports: dict[int, int]) -> list[str]:
    return [f"{BRIDGE}.1.4.1.2.{port}|2|{interface}" for port, interface in ports.items()]


def learned(port: int, last: int, how: int = 3) -> list[str]:
    index = f"0.37.100.0.0.{last}"
    return [f"{BRIDGE}.4.3.1.2.{index}|2|{port}", f"{BRIDGE}.4.3.1.3.{index}|2|{how}"]


def learned_in(vlan: int, port: int, last: int, how: int = 3) -> list[str]:
    index = f"{vlan}.0.37.100.0.0.{last}"
    return [f"{BRIDGE}.7.1.2.2.1.2.{index}|2|{port}", f"{BRIDGE}.7.1.2.2.1.3.{index}|2|{how}"]


def mac(last: int) -> str:
    return f"00:25:64:00:00:{last:02x}"


def test_bridge_ports_are_led_to_their_interfaces() -> None:
    rows = [*learned(1, 5), *learned(2, 6), *learned(0, 7), *learned(9, 8)]
    walk = [*interfaces("gi1", "gi2", first=10101), *base({1: 10101, 2: 10102}), *rows]
    read = tables.read("d", {"walk": bindings(*walk)})
    assert read.forwarding == {(0, mac(5)): 10101, (0, mac(6)): 10102}
    assert (read.ports[10101].name, read.ports[10101].speed, read.ports[10101].up) == ("gi1", 1_000_000_000, True)


def test_without_that_table_a_bridge_port_is_the_interface_of_its_number() -> None:
    assert tables.read("d", {"walk": bindings(*interfaces("gi1"), *learned(1, 5))}).forwarding == {(0, mac(5)): 1}


def test_the_switch_s_own_rows_invalid_ones_and_groups_are_no_hosts() -> None:
    group = f"{BRIDGE}.4.3.1.2.1.0.94.0.0.1|2|1"
    own = [f"{BRIDGE}.1.1.0|4x|002564000009", *learned(1, 9), "1.3.6.1.2.1.2.2.1.6.1|4x|00256400000a", *learned(1, 10)]
    read = tables.read(
        "d", {"walk": bindings(*interfaces("gi1"), *learned(1, 5, how=4), *learned(1, 6, how=2), group, *own)}
    )
    assert read.forwarding == {}
    assert read.base_mac == mac(9)
    assert read.macs == {mac(9), mac(10)}


def test_the_table_with_vlans_stands_before_the_other_and_databases_become_vlans() -> None:
    told = [*learned_in(3, 1, 5), *learned_in(4, 1, 5), *learned_in(9, 2, 6), *learned(1, 5), *learned(2, 7)]
    databases = [f"{BRIDGE}.7.1.4.2.1.3.0.10|66|3", f"{BRIDGE}.7.1.4.2.1.3.0.20|66|4"]
    read = tables.read("d", {"walk": bindings(*interfaces("gi1", "gi2"), *told, *databases)})
    assert read.forwarding == {(10, mac(5)): 1, (20, mac(5)): 1, (9, mac(6)): 2, (0, mac(7)): 2}


def test_a_database_that_vlans_share_tells_no_vlan() -> None:
    shared = [f"{BRIDGE}.7.1.4.2.1.3.0.{vlan}|66|1" for vlan in (10, 20)]
    assert tables.read("d", {"w": bindings(*interfaces("gi1"), *learned_in(1, 1, 5), *shared)}).forwarding == {
        (0, mac(5)): 1
    }


def test_each_view_of_a_vlan_numbers_its_ports_for_itself() -> None:
    read = tables.read(
        "d",
        {
            "interfaces": bindings(*interfaces("Gi0/1", "Gi0/2", first=10101)),
            "forwarding": bindings(*base({1: 10101}), *learned(1, 5)),
            "forwarding_by_vlan@1": bindings(*base({1: 10101}), *learned(1, 5)),
            "forwarding_by_vlan@20": bindings(*base({2: 10102}), *learned(2, 6), *learned(2, 5)),
        },
    )
    assert read.forwarding == {(0, mac(5)): 10101, (1, mac(5)): 10101, (20, mac(6)): 10102, (20, mac(5)): 10102}


HUAWEI, ALCATEL = "1.3.6.1.4.1.2011.5.25.42.2.1.3.1.4", "1.3.6.1.4.1.6486.800.1.2.1.8.1.1.1.1.3"


def test_huawei_tells_interface_and_vlan_of_a_mac_in_a_table_of_its_own() -> None:
    ports = [*interfaces("GigabitEthernet0/0/1", "GigabitEthernet0/0/2", first=6), *base({1: 6, 2: 7})]
    rows = [f"{HUAWEI}.0.37.100.0.0.5.211.1.48|2|7", f"{HUAWEI}.0.37.100.0.0.6.0.3.65.66.67|2|6",
            f"{HUAWEI}.1.0.94.0.0.1.211.1.48|2|7", f"{HUAWEI}.0.37.100.0.0.7.211.1.48|2|0"]  # fmt: skip
    read = tables.read("d", {"interfaces": bindings(*ports), "huawei_forwarding": bindings(*rows)})
    assert read.forwarding == {(211, mac(5)): 7, (0, mac(6)): 6}


def test_alcatel_tells_interface_and_vlan_of_a_mac_in_a_table_of_its_own() -> None:
    ports = [*interfaces("1/1", "1/2", "linkagg 1", first=1001), *base({1: 1001, 2: 1002}), f"{LAG}.1002|2|1003"]
    rows = [f"{ALCATEL}.1001.11.0.37.100.0.0.5|2|1", f"{ALCATEL}.1002.626.0.37.100.0.0.6|2|1",
            f"{ALCATEL}.1001.4095.0.37.100.0.0.7|2|1"]  # fmt: skip
    read = tables.read("d", {"interfaces": bindings(*ports), "alcatel_forwarding": bindings(*rows)})
    assert read.forwarding == {(11, mac(5)): 1001, (626, mac(6)): 1003, (0, mac(7)): 1001}


def test_the_standard_table_stands_before_that_of_a_maker() -> None:
    ports = [*interfaces("1/1", "1/2", first=1001), *base({1: 1001, 2: 1002})]
    rows = [f"{ALCATEL}.1001.11.0.37.100.0.0.5|2|1", f"{ALCATEL}.1001.11.0.37.100.0.0.6|2|1"]
    read = tables.read("d", {"walk": bindings(*ports, *rows, *learned_in(11, 2, 5), *learned(1, 6))})
    assert read.forwarding == {(11, mac(5)): 1002, (11, mac(6)): 1001}


def test_a_group_that_was_cut_makes_the_tables_partial() -> None:
    assert tables.read("d", {}, cut=["forwarding_by_vlan@20"]).partial
    assert tables.read("d", {}, cut=["huawei_forwarding"]).partial
    assert not tables.read("d", {}, cut=["printer"]).partial


LAG = "1.2.840.10006.300.43.1.2.1.1.13"


def test_members_of_an_aggregate_are_one_port_however_that_is_told() -> None:
    ports = [*interfaces("gi1", "gi2", "gi3", "gi4"), *interfaces("Po1", first=49, kind=161)]
    by_lacp = [f"{LAG}.1|2|49", f"{LAG}.2|2|49", f"{LAG}.3|2|0", f"{LAG}.4|2|4"]
    by_stack = ["1.3.6.1.2.1.31.1.2.1.3.49.1|2|1", "1.3.6.1.2.1.31.1.2.1.3.49.2|2|1", "1.3.6.1.2.1.31.1.2.1.3.0.49|2|1"]
    by_pagp = [f"1.3.6.1.4.1.9.9.98.1.1.1.1.8.{n}|2|{group}" for n, group in ((1, 49), (2, 49), (3, 0), (4, 4))]
    for told in (by_lacp, by_stack, by_pagp):
        read = tables.read("d", {"walk": bindings(*ports, *told, *base({1: 1, 5: 49}), *learned(1, 5), *learned(5, 6))})
        assert [read.ports[n].lag for n in (1, 2, 3, 4, 49)] == [49, 49, 0, 0, 0]
        assert read.forwarding == {(0, mac(5)): 49, (0, mac(6)): 49}


def test_an_aggregate_that_is_no_interface_goes_by_its_lowest_member() -> None:
    told = [f"{LAG}.2|2|600", f"{LAG}.3|2|600", f"{LAG}.4|2|601"]
    read = tables.read("d", {"walk": bindings(*interfaces("1", "2", "3", "4"), *told, *learned(3, 5))})
    assert [read.ports[n].lag for n in (1, 2, 3, 4)] == [0, 0, 2, 0]
    assert read.forwarding == {(0, mac(5)): 2}


def test_ports_that_spanning_tree_blocks_are_told() -> None:
    states = [f"{BRIDGE}.2.15.1.3.1|2|5", f"{BRIDGE}.2.15.1.3.2|2|2"]
    read = tables.read("d", {"walk": bindings(*interfaces("a", "b", first=7), *base({1: 7, 2: 8}), *states)})
    assert [read.ports[n].blocked for n in (7, 8)] == [False, True]


def lldp(port: int, chassis: str, far: str, name: str = "far", kinds: tuple[int, int] = (4, 5)) -> list[str]:
    index = f"0.{port}.1"
    return [f"{LLDP}.4.1.1.4.{index}|2|{kinds[0]}", f"{LLDP}.4.1.1.5.{index}|4x|{chassis}",
            f"{LLDP}.4.1.1.6.{index}|2|{kinds[1]}", f"{LLDP}.4.1.1.7.{index}|{far}",
            f"{LLDP}.4.1.1.9.{index}|4|{name}", f"{LLDP}.4.1.1.12.{index}|4x|2000",
            f"{LLDP}.4.2.1.3.{index}.1.4.10.1.0.7|2|2"]  # fmt: skip


def test_an_lldp_neighbour_is_at_the_interface_that_its_local_port_names() -> None:
    local = [f"{LLDP}.3.7.1.3.1|4|Gi0/2", f"{LLDP}.3.7.1.3.7|4x|002564000063"]
    walk = [*interfaces("Gi0/1", "Gi0/2", first=10101), *local, *lldp(1, "001b21000002", "4|gi24")]
    (found,) = tables.read("d", {"walk": bindings(*walk)}).neighbours
    assert found == Neighbour(10102, "lldp", "00:1b:21:00:00:02", "far", "10.1.0.7", ("gi24",), "switch")


def test_without_a_name_the_local_port_is_the_interface_or_the_bridge_port_of_its_number() -> None:
    told = lldp(2, "001b21000002", "4|gi24")
    (found,) = tables.read("d", {"walk": bindings(*interfaces("a", "b"), *told)}).neighbours
    assert found.port == 2
    walk = [*interfaces("a", "b", first=1001), *base({1: 1001, 2: 1002}), *told]
    (found,) = tables.read("d", {"walk": bindings(*walk)}).neighbours
    assert found.port == 1002
    assert tables.read("d", {"walk": bindings(*interfaces("a"), *told)}).neighbours == (), "a port that is not there"


def test_a_phone_tells_its_address_as_chassis_and_its_mac_as_port() -> None:
    told = lldp(1, "010A010020", "4x|002584A1B2C3", "SEP", kinds=(5, 3))
    (found,) = tables.read("d", {"walk": bindings(*interfaces("a"), *told)}).neighbours
    assert found.mac == "00:25:84:a1:b2:c3"


def test_a_mac_that_an_agent_writes_as_text_is_one() -> None:
    told = lldp(1, b"64:D1:54:F2:A4:16".hex(), "4|ether1")
    (found,) = tables.read("d", {"walk": bindings(*interfaces("a"), *told)}).neighbours
    assert found.mac == "64:d1:54:f2:a4:16"


def test_cdp_and_edp_neighbours_are_heard_too() -> None:
    cache, edp = "1.3.6.1.4.1.9.9.23.1.2.1.1", "1.3.6.1.4.1.1916.1.13.2.1"
    walk = [*interfaces("a", "b"), f"{cache}.6.1.3|4|core.school.example(FDO21120ABC)", f"{cache}.7.1.3|4|Ethernet1/4",
            f"{cache}.4.1.3|4x|0A010002", f"{cache}.9.1.3|4x|00000029", f"{edp}.3.2.0.0.0.4.150.26.43.60|4|summit",
            f"{edp}.6.2.0.0.0.4.150.26.43.60|2|7"]  # fmt: skip
    assert tables.read("d", {"walk": bindings(*walk)}).neighbours == (
        Neighbour(1, "cdp", "", "core.school.example", "10.1.0.2", ("Ethernet1/4",), "switch"),
        Neighbour(2, "edp", "00:04:96:1a:2b:3c", "summit", "", ("7",), "switch"),
    )


def test_arp_entries_are_told_with_whether_they_are_confirmed() -> None:
    index, new, old = "2.1.4.10.1.0.5", "1.3.6.1.2.1.4.35.1", "1.3.6.1.2.1.4.22.1.2.2"
    walk = [f"{new}.4.{index}|4x|002564000005", f"{new}.7.{index}|2|1", f"{old}.10.1.0.5|4x|002564000005",
            f"{old}.10.1.0.6|4x|002564000006"]  # fmt: skip
    assert tables.read("d", {"walk": bindings(*walk)}).arp == {
        "10.1.0.5": Arp(mac(5), confirmed=True), "10.1.0.6": Arp(mac(6), confirmed=False),
    }  # fmt: skip


def test_reading_sixty_switches_with_three_thousand_hosts_takes_less_than_five_seconds_of_processor() -> None:
    index = [f"1.0.37.100.{n >> 8}.{n & 255}.1" for n in range(3_000)]
    rows = [Binding(f"{BRIDGE}.7.1.2.2.1.{c}.{i}", 2, b"\x03") for c in (2, 3) for i in index]
    answers = {"interfaces": bindings(*interfaces(*(f"gi{n}" for n in range(1, 53)))), "forwarding": rows}
    begin = time.process_time()
    read = [tables.read(f"d{number}", answers) for number in range(60)]
    assert time.process_time() - begin < 5
    assert {len(each.forwarding) for each in read} == {3_000}


def test_two_walks_become_a_network() -> None:
    first = [f"{BRIDGE}.1.1.0|4x|001b21000001", "1.3.6.1.2.1.1.5.0|4|one", *interfaces("gi1", "gi2"),
             f"{LLDP}.3.7.1.3.1|4|gi1", f"{LLDP}.3.7.1.3.2|4|gi2", *lldp(2, "001b21000002", "4|49", "two", (4, 7)),
             *learned_in(1, 1, 5), *learned_in(1, 2, 6)]  # fmt: skip
    second = [f"{BRIDGE}.1.1.0|4x|001b21000002", "1.3.6.1.2.1.1.5.0|4|two", *interfaces("1/1", "1/2", first=49),
              f"{LLDP}.3.7.1.3.49|4|49", *base({1: 49, 2: 50}), *learned(1, 5), *learned(2, 6)]  # fmt: skip
    read = [tables.read(device, {"walk": bindings(*walk)}) for device, walk in (("b", second), ("a", first))]
    network = connect(read, {mac(6): "printer"}, {"printer": "printer"})
    (link,) = network.links
    assert link.ends == (Place("a", 2), Place("b", 49))
    assert link.reason == "one gi2 and two 1/1 hear each other (LLDP)"
    assert [(a.mac, a.place, a.how) for a in network.attachments] == [
        (mac(5), Place("a", 1), "direct"), (mac(6), Place("b", 50), "direct"),
    ]  # fmt: skip


ROOTS = [f"{BRIDGE}.4.3.1.2", f"{BRIDGE}.4.3.1.3", f"{BRIDGE}.7.1.2.2.1.2", f"{BRIDGE}.7.1.4.2.1.3",
         f"{BRIDGE}.1.4.1.2", f"{BRIDGE}.2.15.1.3", f"{LLDP}.4.1.1.5", f"{LLDP}.4.1.1.4", f"{LLDP}.4.2.1.3",
         f"{LLDP}.3.7.1.3", LAG, HUAWEI, ALCATEL,
         "1.3.6.1.2.1.31.1.2.1.3", "1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.2.2.1.6", "1.3.6.1.4.1.9.9.23.1.2.1.1.6",
         "1.3.6.1.4.1.9.9.23.1.2.1.1.9", "1.3.6.1.4.1.1916.1.13.2.1.3", "1.3.6.1.2.1.4.35.1.4", "1.3.6.1.2.1.4.22.1.2",
         "1.3.6.1.2.1.55.1.12.1.2", "1.3.6.1.2.1.17.1.1.0", f"{LLDP}.3.2.0"]  # fmt: skip
ODD = st.builds(
    lambda root, index, tag, value: Binding(".".join([root, *map(str, index)]), tag, value),
    st.sampled_from(ROOTS),
    st.lists(st.sampled_from([0, 1, 2, 4, 6, 16, 255, 256, 4_294_967_295]), max_size=20),
    st.sampled_from([2, 4, 5, 6, 64, 65, 66, 67, 70, 128]),
    st.binary(max_size=12),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ODD, max_size=40), st.lists(ODD, max_size=10))
def test_whatever_a_device_answers_its_tables_are_read(plain: list[Binding], view: list[Binding]) -> None:
    read = tables.read("d", {"walk": plain, "forwarding_by_vlan@10": view, "forwarding_by_vlan@x": view})
    connect([read], {})
