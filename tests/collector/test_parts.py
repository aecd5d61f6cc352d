"""Devices that another device tells of: members of a stack, access points of a controller, neighbours."""

from __future__ import annotations

from collector.facts import Fact, Source
from collector.parts import Split, identity, split


def fact(name: str, value: str | int, component: str = "", weight: int = 50) -> Fact:
    return Fact(name, value, Source("walk", f"1.3.{len(name)}"), "rule", component, "", weight)


def values(facts: object, component: str = "") -> dict[str, object]:
    assert isinstance(facts, list | tuple)
    return {f.name: f.value for f in facts if f.component == component}


TELLER = [
    fact("class", "switch", weight=90),
    fact("maker", "Acme"),
    fact("name", "core"),
    fact("serial", "S1"),
    fact("mac", "3c:a8:2a:00:00:01"),
    fact("firmware", "2.0"),
]


def test_a_device_that_tells_of_no_other_stays_as_it_is() -> None:
    assert split(TELLER) == Split(TELLER)


def test_two_serials_are_a_stack_and_one_is_none() -> None:
    first, second = fact("serial", "S1", "stack member/1"), fact("serial", "S2", "stack member/2")
    assert split([*TELLER, first]).stack == ()
    assert values(split([*TELLER, first]).own)["serial"] == "S1"
    stack = split([*TELLER, first, second])
    assert list(stack.stack) == ["acme:stack-of-S1", "acme:stack-of-S2"]
    assert "serial" not in values(stack.own)
    assert [values(member)["serial"] for member in stack.others] == ["S1", "S2"]


def test_a_member_has_class_maker_and_firmware_of_its_stack_and_its_own_name_in_it() -> None:
    told = [*TELLER, fact("serial", "S1", "stack member/1"), fact("serial", "S2", "stack member/2"),
            fact("name", "Switch 2", "stack member/2"), fact("maker", "OEM", "stack member/2")]  # fmt: skip
    first, second = split(told).others
    assert [values(first)[name] for name in ("class", "maker", "firmware", "stack")] == [
        "switch", "Acme", "2.0", f"acme:{identity('S1')}",
    ]  # fmt: skip
    assert values(second)["name"] == "core Switch 2"
    heaviest = max((f for f in second if f.name == "maker"), key=lambda f: f.weight)
    assert heaviest.value == "Acme", "a member is known by the same serial when it stands alone"


def test_two_tables_that_tell_of_the_same_member_are_united_by_its_serial() -> None:
    told = [*TELLER, fact("serial", "S1", "stack member/1000"), fact("model", "M", "stack member/1000"),
            fact("serial", "S1", "member/1"), fact("role", "master", "member/1"),
            fact("serial", "S2", "member/2")]  # fmt: skip
    first, _ = split(told).others
    assert values(first).items() >= {"serial": "S1", "model": "M", "role": "master"}.items()


def test_the_stacks_mac_stays_the_stacks() -> None:
    told = [*TELLER, fact("serial", "S1", "member/1"), fact("mac", "3c:a8:2a:00:00:01", "member/1"),
            fact("serial", "S2", "member/2"), fact("mac", "3c:a8:2a:00:00:02", "member/2")]  # fmt: skip
    stack = split(told)
    assert values(stack.own)["mac"] == "3c:a8:2a:00:00:01"
    assert ["mac" in values(member) for member in stack.others] == [False, True]


def test_a_stack_of_nobody_is_not_taken_apart() -> None:
    told = [fact("serial", "S1", "member/1"), fact("serial", "S2", "member/2")]
    assert split(told).others == []
    assert list(split(told).own) == told


def test_an_access_point_of_a_controller_is_a_device_with_its_address_and_its_controllers_name() -> None:
    told = [*TELLER, fact("serial", "A1", "access point/7"), fact("address", "10.1.0.9", "access point/7")]
    (point,) = split(told).others
    assert values(point) == {
        "serial": "A1", "address": "10.1.0.9", "class": "access point", "controller": "core", "maker": "Acme",
    }  # fmt: skip
    assert not [f for f in split(told).own if f.component.startswith("access point")]


def test_an_access_point_that_lists_itself_is_no_further_device() -> None:
    told = [*TELLER, fact("serial", "S1", "access point/1"), fact("serial", "A2", "access point/2")]
    assert [values(point)["serial"] for point in split(told).others] == ["A2"]


def test_the_conductor_of_a_cluster_has_the_serial_that_its_own_row_tells() -> None:
    nameless = [fact for fact in TELLER if fact.name != "serial"]
    told = [*nameless, fact("serial", "A1", "access point/1"), fact("mac", "3c:a8:2a:00:00:01", "access point/1"),
            fact("serial", "A2", "access point/2"), fact("mac", "3c:a8:2a:00:00:02", "access point/2")]  # fmt: skip
    cluster = split(told)
    assert values(cluster.own)["serial"] == "A1"
    assert [values(point)["serial"] for point in cluster.others] == ["A2"]


def test_what_is_told_of_a_neighbour_outweighs_nothing_it_says_itself() -> None:
    told = [*TELLER, fact("mac", "3c:a8:2a:00:00:09", "neighbour/1"), fact("class", "phone", "neighbour/1", 90)]
    (neighbour,) = split(told).heard
    assert {f.name: f.weight for f in neighbour} == {"mac": 20, "class": 40}
    assert not [f for f in neighbour if f.name in ("maker", "controller")]


def test_members_whose_numbering_contradicts_itself_are_refused_with_the_reason() -> None:
    whole = [fact("maker", "Cisco"), fact("class", "switch")]
    first = [fact("serial", "FOC1", "stack member/1"), fact("member", 1, "stack member/1")]
    second = [fact("serial", "FOC2", "stack member/2"), fact("member", 1, "stack member/2")]
    found = split([*whole, *first, *second])
    assert found.refused == "two are told to be member 1: FOC1 and FOC2"
    assert (found.others, found.stack) == ([], ())
    twice = split([*whole, *first, fact("serial", "FOC9", "stack member/1"), fact("serial", "FOC2", "stack member/2")])
    assert twice.refused == "stack member/1 is told to have the serials FOC1 and FOC9"
    assert split([*whole, *first, fact("serial", "FOC2", "stack member/2")]).refused == ""
