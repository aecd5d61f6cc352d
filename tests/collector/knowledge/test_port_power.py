"""Power over Ethernet of each port: what is asked of whom, what is said, and which interface a port is."""

from __future__ import annotations

import pytest

from agent.plan import Answers, applies
from collector.knowledge import Walk, study
from collector.plan import compile_plan
from collector.store.readings import is_reading
from stocktake import snmprec

PORTS, SUPPLY = "1.3.6.1.2.1.105.1.1.1", "1.3.6.1.2.1.105.1.3.1.1"
CISCO, HP = "1.3.6.1.4.1.9.1.1208", "1.3.6.1.4.1.11.2.3.7.11.140"
CISCO_ENTITY, CISCO_POWER = "1.3.6.1.4.1.9.9.402.1.2.1.11", "1.3.6.1.4.1.9.9.402.1.2.1.9"
ALIAS, ENTITY_NAME = "1.3.6.1.2.1.47.1.3.2.1.2", "1.3.6.1.2.1.47.1.1.1.1.7"


def of(object_id: str) -> str:
    return f"1.3.6.1.2.1.1.2.0|6|{object_id}"


def interface(index: int, name: str, *, kind: int = 6, link: int = 1) -> list[str]:
    row = "1.3.6.1.2.1.2.2.1"
    return [f"{row}.2.{index}|4|{name}", f"{row}.3.{index}|2|{kind}", f"{row}.8.{index}|2|{link}"]


def port(index: str, state: int, kind: int = 1, allowed: int = 1) -> list[str]:
    return [f"{PORTS}.3.{index}|2|{allowed}", f"{PORTS}.6.{index}|2|{state}", f"{PORTS}.10.{index}|2|{kind}"]


def told(*lines: str) -> dict[str, dict[str, object]]:
    """What is said of each port, by group and number."""
    facts, unread = study(Walk({"walk": snmprec.read(list(lines))}))
    assert not unread
    found: dict[str, dict[str, object]] = {}
    for fact in sorted(facts, key=lambda fact: fact.weight):
        kind, _, index = fact.component.partition("/")
        if kind == "power over ethernet":
            found.setdefault(index, {})[fact.name] = fact.value
    return found


def test_a_port_says_whether_it_feeds_the_class_of_what_it_feeds_and_which_interface_it_is() -> None:
    found = told(
        *interface(1, "1"), *interface(2, "2", link=2), *interface(3, "3", link=2), *interface(4, "4", link=2),
        *port("1.1", 3, kind=4), *port("1.2", 2, kind=4), *port("1.3", 4), *port("1.4", 1, allowed=2),
    )  # fmt: skip
    assert found == {
        "1.1": {"power_state": "fed", "power_class": "class 3", "interface_index": 1},
        "1.2": {"power_state": "searching", "interface_index": 2},
        "1.3": {"power_state": "fault", "interface_index": 3},
        "1.4": {"power_state": "switched off", "interface_index": 4},
    }, "the class of a port that feeds nothing is that of what hung there once"


def test_what_a_port_feeds_is_a_reading_and_which_interface_it_is_a_fact_of_history() -> None:
    facts, _ = study(Walk({"walk": snmprec.read([*interface(1, "1"), *port("1.1", 3)])}))
    kinds = {fact.name: is_reading(fact) for fact in facts if fact.component == "power over ethernet/1.1"}
    assert kinds == {"power_state": True, "power_class": True, "interface_index": False}


def test_cisco_names_the_interface_by_the_physical_port_and_watts_are_those_that_are_drawn() -> None:
    found = told(
        of(CISCO), *interface(10101, "Gi1/0/1"), *interface(10201, "Gi2/0/1"), *interface(1, "Vlan1", kind=53),
        *port("1.1", 3, kind=5), *port("2.1", 3),
        f"{CISCO_ENTITY}.1.1|66|1010", f"{CISCO_ENTITY}.2.1|66|2010",
        f"{ALIAS}.1010.0|6|1.3.6.1.2.1.2.2.1.1.10101",
        f"{ENTITY_NAME}.2010|4|Gi2/0/1",
        f"{CISCO_POWER}.1.1|66|15400", f"{CISCO_POWER}.2.1|66|0",
    )  # fmt: skip
    assert found["1.1"] == {
        "power_state": "fed", "power_class": "class 4", "power": 15.4, "interface_index": 10101,
    }  # fmt: skip
    assert found["2.1"]["interface_index"] == 10201, "no alias, so by the name that both have"


def test_hp_tells_milliwatts() -> None:
    found = told(of(HP), *interface(7, "7"), *port("1.7", 3), "1.3.6.1.4.1.11.2.14.11.1.9.1.1.1.3.1.7|2|1800")
    assert (found["1.7"]["power"], found["1.7"]["interface_index"]) == (1.8, 7)


def test_mikrotik_indexes_its_ports_by_interface() -> None:
    found = told(of("1.3.6.1.4.1.14988.1"), *interface(5, "ether5"), "1.3.6.1.4.1.14988.1.1.15.1.1.6.5|2|42")
    assert found == {"5": {"power": 4.2, "interface_index": 5}}


@pytest.mark.parametrize(
    "lines",
    [
        [*interface(1001, "ge1"), *port("1.1", 3)],  # interfaces are numbered otherwise
        [*interface(1, "vlan1", kind=136), *port("1.1", 3)],  # the number is that of no Ethernet interface
        [*interface(1, "1"), *port("1.1", 3), *port("2.1", 3)],  # two members of a stack begin anew
        [*interface(1, "mgmt", link=2), *interface(2, "1"), *port("1.1", 3)],  # what it feeds has no link there
        [*interface(1, "1"), *port("1", 3)],  # no index of two
        [of(CISCO), *interface(1, "Gi0/1"), *port("1.1", 3), f"{CISCO_ENTITY}.1.1|66|77"],  # an entity without a name
        [of(CISCO), *interface(1, "Gi0/1"), *port("1.1", 3), f"{CISCO_ENTITY}.1.1|66|77", f"{ALIAS}.77.0|6|1.3.6.1.2"],
    ],
)
def test_which_interface_a_port_is_stays_unsaid_where_nothing_tells_it(lines: list[str]) -> None:
    found = told(*lines)
    assert found
    assert not [name for part in found.values() for name in part if name == "interface_index"]


def test_ports_are_asked_for_only_where_a_supply_answered_and_makers_own_of_these_makers_only() -> None:
    groups = {group.name: group for group in compile_plan().groups}
    mine = ("power_of_ports", "cisco_power_of_ports", "hp_power_of_ports")

    def asked(*lines: str) -> set[str]:
        answers = Answers()
        answers.add(snmprec.read(list(lines)))
        return {name for name in mine if applies(groups[name], answers)}

    assert asked(of(CISCO)) == set()
    assert asked(of(CISCO), f"{SUPPLY}.2.1|66|370") == {"power_of_ports", "cisco_power_of_ports"}
    assert asked(of(HP), f"{SUPPLY}.2.1|66|370") == {"power_of_ports", "hp_power_of_ports"}
    assert asked(of("1.3.6.1.4.1.4526.100.1"), f"{SUPPLY}.2.1|66|370") == {"power_of_ports"}
