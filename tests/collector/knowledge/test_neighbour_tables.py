"""Hosts that routers and switches tell of: ARP and IPv6 neighbour tables, CDP, EDP; what is asked, and of whom."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from agent.plan import Answers, applies, indexes
from collector.facts import Fact, IdentifierKind, Unread
from collector.interpret import Observation, read
from collector.knowledge import arp_tables, cdp, edp, forwarding
from collector.knowledge.arp_tables import MOST_ADDRESSES, MOST_HOSTS, entries
from collector.plan import compile_plan
from collector.walks import Walk
from stocktake import snmprec
from stocktake.values import Method, SnmpBindings, Subject, SubjectKind

NET_TO_MEDIA, NET_TO_PHYSICAL = "1.3.6.1.2.1.4.22.1", "1.3.6.1.2.1.4.35.1"
CACHE = "1.3.6.1.4.1.9.9.23.1.2.1.1"


def walk_of(*lines: str, rule: str = "arp_tables") -> Walk:
    return Walk({"walk": snmprec.parse(lines).bindings}).named(rule)


def media(address: str, mac: str, interface: int = 2, kind: int = 3) -> list[str]:
    index = f"{interface}.{address}"
    return [f"{NET_TO_MEDIA}.2.{index}|4x|{mac}", f"{NET_TO_MEDIA}.4.{index}|2|{kind}"]


def physical(address: str, mac: str, state: int, kind: int = 3) -> list[str]:
    arcs = ".".join(map(str, bytes.fromhex(address)))
    index = f"2.{1 if len(address) == 8 else 2}.{len(address) // 2}.{arcs}"
    return [f"{NET_TO_PHYSICAL}.{n}.{index}|{t}" for n, t in ((4, f"4x|{mac}"), (6, f"2|{kind}"), (7, f"2|{state}"))]


def told(walk: Walk) -> dict[str, str]:
    return {entry.address: entry.mac for entry in entries(walk)}


def test_hosts_of_routed_networks_are_devices_of_their_own_with_mac_and_address() -> None:
    lines = [
        "1.3.6.1.2.1.1.5.0|4|core",
        "1.3.6.1.2.1.2.2.1.6.2|4x|001b21000001",
        *media("10.1.0.5", "002564000005"),
        *media("10.2.0.6", "3a1122000006", interface=3),
    ]
    subject = Subject(SubjectKind.ADDRESS, "10.1.0.1")
    content = {"arp_tables": SnmpBindings(snmprec.parse(lines).bindings)}
    router, first, second = read(Observation(subject, Method.SNMP_V2C, content, site="s1"))
    assert router.value("name") == "core"
    assert "10.1.0.5" not in router.locators
    assert (first.locators, first.identifiers[0].value) == (("10.1.0.5",), "00:25:64:00:00:05")
    assert second.locators == ("10.2.0.6",)
    made_up = second.identifiers[0]
    assert (made_up.kind, made_up.value) == (IdentifierKind.LOCAL_MAC, "s1/3a:11:22:00:00:06"), "true in this site only"
    assert {fact.weight for fact in first.facts if fact.rule == "arp_tables"} == {20}


@pytest.mark.parametrize(
    ("address", "mac", "kind"),
    [
        ("10.1.0.1", "001b21000001", 4),  # the router's own MAC
        ("10.1.0.9", "002564000005", 2),  # invalid
        ("10.1.0.9", "000000000000", 3),  # incomplete
        ("10.1.0.9", "", 3),
        ("10.1.0.254", "00005e000105", 3),  # VRRP
        ("10.1.0.254", "00000c07ac01", 3),  # HSRP
        ("10.1.0.255", "ffffffffffff", 3),
        ("255.255.255.255", "002564000005", 3),
        ("224.0.0.5", "01005e000005", 3),
        ("239.1.1.1", "002564000005", 3),
        ("127.0.0.1", "002564000005", 3),
        ("0.0.0.0", "002564000005", 3),
        ("10.1.0.2", "002564000005", 3),  # an address of the router itself
    ],
)
def test_what_is_no_host_is_left_out(address: str, mac: str, kind: int) -> None:
    own = ("1.3.6.1.2.1.2.2.1.6.2|4x|001b21000001", "1.3.6.1.2.1.4.20.1.2.10.1.0.2|2|2")
    assert told(walk_of(*own, *media(address, mac, kind=kind))) == {}


@pytest.mark.parametrize(("state", "kept", "confirmed"), [
    (1, True, True), (2, True, False), (3, True, False), (4, True, False), (5, False, False), (6, True, False),
    (7, False, False),
])  # fmt: skip
def test_only_a_reachable_entry_was_confirmed_now(state: int, kept: bool, confirmed: bool) -> None:
    found = list(entries(walk_of(*physical("0a010005", "002564000005", state))))
    assert [(entry.address, entry.confirmed) for entry in found] == ([("10.1.0.5", confirmed)] if kept else [])


def test_what_is_stated_of_a_host_is_the_same_whether_it_is_confirmed_or_not() -> None:
    """Else every walk would write new history of every host."""
    fresh, stale = (list(arp_tables.read(walk_of(*physical("0a010005", "002564000005", s)))) for s in (1, 2))
    assert fresh == stale
    assert [fact.name for fact in fresh if isinstance(fact, Fact)] == ["mac", "address"]


def test_the_entries_of_the_local_type_are_the_routers_own() -> None:
    assert told(walk_of(*physical("0a010001", "002564000005", 1, kind=5))) == {}


def test_ipv6_neighbours_are_read_and_link_local_ones_locate_nobody() -> None:
    routed, local = "20010db8000000000000000000000005", "fe80000000000000022564fffe000005"
    old = "1.3.6.1.2.1.55.1.12.1.2.2.16." + ".".join(map(str, bytes.fromhex(routed[:-1] + "6")))
    walk = walk_of(*physical(routed, "002564000005", 1), *physical(local, "002564000005", 1), f"{old}|4x|002564000006")
    assert told(walk) == {"2001:db8::5": "00:25:64:00:00:05", "2001:db8::6": "00:25:64:00:00:06"}


def test_cisco_s_own_table_is_read_like_the_standard_one() -> None:
    entry, index = "1.3.6.1.4.1.9.10.86.1.1.3.1", "7.1.4.10.5.0.9"
    walk = walk_of(f"{entry}.3.{index}|4x|002564000009", f"{entry}.5.{index}|2|3", f"{entry}.6.{index}|2|1")
    assert [(e.interface, e.address, e.confirmed) for e in entries(walk)] == [(7, "10.5.0.9", True)]


def test_a_mac_that_answers_for_many_addresses_is_a_host_without_an_address() -> None:
    lines = [line for n in range(MOST_ADDRESSES + 1) for line in media(f"10.1.0.{n + 10}", "002564000005")]
    (fact,) = arp_tables.read(walk_of(*lines))
    assert isinstance(fact, Fact)
    assert fact.name == "mac"


def many(networks: Iterable[tuple[int, str]], hosts: int) -> list[str]:
    return [
        line
        for interface, prefix in networks
        for n in range(hosts)
        for line in media(f"{prefix}.{n >> 8}.{n & 255}", f"0025{interface:04x}{n:04x}", interface)
    ]


def test_a_table_longer_than_a_column_may_be_is_read_to_its_end() -> None:
    names = [f"1.3.6.1.2.1.2.2.1.2.{n}|4|vlan{n}" for n in range(1, 4)]
    several = walk_of(*names, *many([(1, "10.1"), (2, "10.2"), (3, "10.3")], 900))
    assert len(told(several)) == 2_700
    flat = walk_of(*names, *many([(2, "10.2")], 2_500))
    assert len(told(flat)) == 2_500


def test_what_is_read_of_a_hostile_table_is_bounded() -> None:
    names = [f"1.3.6.1.2.1.2.2.1.2.{n}|4|vlan{n}" for n in range(1, 6)]
    statements = list(arp_tables.read(walk_of(*names, *many([(n, f"10.{n}") for n in range(1, 6)], 1_000))))
    facts = [statement for statement in statements if isinstance(statement, Fact)]
    assert len({fact.component for fact in facts}) == MOST_HOSTS
    (unread,) = [statement for statement in statements if isinstance(statement, Unread)]
    assert unread.reason == f"5000 neighbours, of which the first {MOST_HOSTS} are read"


def test_indexes_that_are_no_addresses_are_passed_by() -> None:
    entry = f"{NET_TO_PHYSICAL}.4"
    odd = [f"{entry}.{index}|4x|002564000005" for index in ("2", "2.1.4.10.1.0", "2.1.4.10.1.0.999", "2.16.3.1.2.3")]
    assert told(walk_of(*odd)) == {}


# ------------------------------------------------------------------------------------------------ CDP, EDP


def cdp_row(index: str, device: str, able: str = "00000028", platform: str = "cisco WS-C2960X-24TS-L") -> list[str]:
    columns = {3: "2|1", 4: "4x|0A01000A", 5: "4|Cisco IOS Software, Version 15.2", 6: f"4|{device}",
               7: "4|GigabitEthernet1/0/24", 8: f"4|{platform}", 9: f"4x|{able}"}  # fmt: skip
    return [f"{CACHE}.{number}.{index}|{value}" for number, value in columns.items()]


def values(statements: Iterable[object]) -> dict[str, object]:
    return {fact.name: fact.value for fact in statements if isinstance(fact, Fact)}


def test_a_phone_that_cdp_names_by_its_mac_is_a_device() -> None:
    row = cdp_row("10101.5", "SEP002584A1B2C3", "00000490", "Cisco IP Phone 7962")
    assert values(cdp.read(walk_of(*row))) == {
        "mac": "00:25:84:a1:b2:c3", "name": "SEP002584A1B2C3", "address": "10.1.0.10", "model": "IP Phone 7962",
        "description": "Cisco IOS Software, Version 15.2", "class": "phone",
    }  # fmt: skip


def test_a_nexus_that_cdp_names_by_its_serial_is_a_device_and_one_by_its_name_alone_is_none() -> None:
    found = values(cdp.read(walk_of(*cdp_row("1.1", "core(FDO21120ABC)"), *cdp_row("1.2", "attic.school.example"))))
    assert (found["serial"], found["maker"], found["name"], found["class"]) == (
        "FDO21120ABC", "Cisco", "core", "switch",
    )  # fmt: skip


def test_access_points_and_hypervisors_say_by_cdp_that_they_are_bridges() -> None:
    walk = walk_of(
        *cdp_row("1.1", "AP0025.84a1.b2c3", "00000002", "cisco AIR-CAP2702I-E-K9"),
        *cdp_row("1.2", "esx", "00000008", "VMware ESX"),
    )
    assert [cdp.device_class(walk, index) for index in ("1.1", "1.2")] == ["access point", "hypervisor"]
    assert cdp.mac_of("AP0025.84a1.b2c3") == "00:25:84:a1:b2:c3"


def test_edp_tells_a_switch_by_the_mac_in_its_index() -> None:
    entry, index = "1.3.6.1.4.1.1916.1.13.2.1", "1001.0.0.0.4.150.26.43.60"
    walk = walk_of(f"{entry}.3.{index}|4|summit", f"{entry}.5.{index}|2|2", f"{entry}.6.{index}|2|24")
    assert values(edp.read(walk)) == {
        "mac": "00:04:96:1a:2b:3c",
        "name": "summit",
        "maker": "Extreme",
        "class": "switch",
    }
    assert edp.far_port(walk, index) == "2:24"


# ------------------------------------------------------------------------------------------------ what is asked


def answered(*lines: str) -> Answers:
    answers = Answers()
    answers.add(snmprec.parse(lines).bindings)
    return answers


@pytest.mark.parametrize(("name", "lines", "asked"), [
    ("arp_tables", ["1.3.6.1.2.1.4.1.0|2|1"], True),
    ("arp_tables", ["1.3.6.1.2.1.4.1.0|2|2"], False),
    ("forwarding", ["1.3.6.1.2.1.17.1.1.0|4x|001b21000001"], True),
    ("forwarding", ["1.3.6.1.2.1.4.1.0|2|1"], False),
    ("huawei_forwarding", ["1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2011.2.23.94",
                           "1.3.6.1.2.1.17.1.1.0|4x|001b21000001"], True),
    ("huawei_forwarding", ["1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1208", "1.3.6.1.2.1.17.1.1.0|4x|001b21000001"], False),
    ("alcatel_forwarding", ["1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.6486.800.1.1.2.1.12.1.8",
                            "1.3.6.1.2.1.17.1.1.0|4x|001b21000001"], True),
    ("forwarding_by_vlan", ["1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1208", "1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.10|2|1"], True),
    ("forwarding_by_vlan", ["1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.11.2", "1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.10|2|1"], False),
])  # fmt: skip
def test_only_those_are_asked_who_can_tell(name: str, lines: list[str], asked: bool) -> None:
    group = next(group for group in compile_plan().groups if group.name == name)
    assert applies(group, answered(*lines)) is asked


def test_cisco_is_asked_in_the_view_of_each_vlan() -> None:
    group = next(group for group in compile_plan().groups if group.name == "forwarding_by_vlan")
    assert group.expansion
    vlans = answered("1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.1|2|1", "1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.20|2|1")
    assert indexes(group.expansion, vlans) == ["1", "20"]
    assert (group.expansion.community_suffix, group.expansion.context_prefix) == ("@", "vlan-")


def test_the_vlan_of_a_port_and_how_soon_a_switch_forgets_are_stated() -> None:
    bridge = "1.3.6.1.2.1.17"
    ports = [f"{bridge}.1.4.1.2.{port}|2|{port + 10100}" for port in (1, 2)]
    vlans = [f"{bridge}.7.1.4.5.1.1.{port}|66|{vlan}" for port, vlan in ((1, 20), (2, 0), (3, 30))]
    said = forwarding.read(walk_of(*ports, *vlans, f"{bridge}.4.2.0|2|300"))
    assert [(fact.component, fact.name, fact.value, fact.unit) for fact in said if isinstance(fact, Fact)] == [
        ("", "forgets_after", 300, "seconds"), ("interface/10101", "vlan", 20, ""),
    ]  # fmt: skip
