"""The files for every maker: registry of makers, words of descriptions, ENTITY-MIB, its sensors, ports, LLDP."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector import knowledge
from collector.facts import CLASSES, Fact, choose
from collector.knowledge import OBJECT_ID, Walk, description_words, system
from collector.parts import split
from stocktake import ber
from stocktake.values import Binding

ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
SENSOR = "1.3.6.1.2.1.99.1.1.1"
LLDP = "1.0.8802.1.1.2.1.4.1.1"
MED = "1.0.8802.1.1.2.1.5.4795.1.3.3.1"
DESCRIPTION = "1.3.6.1.2.1.1.1.0"


def told(objects: dict[str, str | int | bytes]) -> list[Fact]:
    bindings = []
    for oid, value in objects.items():
        if isinstance(value, int):
            bindings.append(Binding(oid, ber.INTEGER, ber.encode_integer(value)))
        elif oid == OBJECT_ID and isinstance(value, str):
            bindings.append(Binding(oid, ber.OBJECT_IDENTIFIER, ber.encode_oid(value)))
        else:
            bindings.append(Binding(oid, ber.OCTET_STRING, value.encode() if isinstance(value, str) else value))
    facts, unread = knowledge.study(Walk({"walk": tuple(bindings)}))
    assert not [u for u in unread if "Error: " in u.reason]
    return facts


def value(facts: list[Fact], name: str, component: str = "") -> object:
    return next((f.value for f in choose(facts) if (f.name, f.component) == (name, component)), None)


def entity(rows: dict[int, dict[int, str | int]]) -> list[Fact]:
    return told({f"{ENTITY}.{column}.{index}": cell for index, row in rows.items() for column, cell in row.items()})


# ------------------------------------------------------------------------------------------------ volumes


def test_the_volume_that_everything_hangs_from_has_its_name() -> None:
    storage = "1.3.6.1.2.1.25.2.3.1"
    found = told({f"{storage}.3.31": "/", f"{storage}.4.31": 4096, f"{storage}.5.31": 1000, f"{storage}.6.31": 900})
    assert value(found, "name", "volume/31") == "/"
    assert value(found, "size", "volume/31") == 4096 * 1000


# ------------------------------------------------------------------------------------------------ makers


@pytest.mark.parametrize(
    ("number", "maker"),
    [("9", "Cisco"), ("8691", "Moxa"), ("61509", ""), ("4294967295", ""), ("14823", "Aruba"), ("0", "")],
)
def test_every_number_of_the_registry_names_its_holder(number: str, maker: str) -> None:
    found = value(told({OBJECT_ID: f"1.3.6.1.4.1.{number}.1"}), "maker")
    assert found == maker if maker else found is None or isinstance(found, str)


def test_the_registry_is_read_whole_in_order_and_without_people() -> None:
    lines = system._registry().splitlines()
    numbers = [int(line.partition(b"\t")[0]) for line in lines]
    assert len(numbers) > 60_000
    assert numbers == sorted(set(numbers))
    assert b"@" not in b"".join(line for line in lines if line.count(b"@") > 1)
    for number in (numbers[0], numbers[len(numbers) // 2], numbers[-1]):
        assert system.registered_maker(str(number))


def test_a_number_of_agent_software_names_nobody_and_that_of_a_chip_is_a_hint() -> None:
    assert value(told({OBJECT_ID: "1.3.6.1.4.1.8072.3.2.10"}), "maker") is None
    (hint,) = [f for f in told({OBJECT_ID: "1.3.6.1.4.1.4413.99"}) if f.name == "maker"]
    assert hint.weight < 5


# ------------------------------------------------------------------------------------------------ words


def test_the_words_of_a_description_are_classes_of_the_closed_list() -> None:
    assert set(description_words.WORDS) <= set(CLASSES)


@pytest.mark.parametrize("device_class", description_words.WORDS)
@settings(max_examples=30)
@given(data=st.data())
def test_every_description_that_the_words_fit_holds_letters_that_are_looked_for_first(
    device_class: str, data: st.DataObject
) -> None:
    signs, words = description_words.WORDS[device_class]
    fitting = data.draw(st.from_regex(re.compile(words, re.IGNORECASE | re.ASCII), fullmatch=True))
    assert any(sign in fitting.lower() for sign in signs)


@pytest.mark.parametrize(
    ("description", "device_class"),
    [
        ("24-Port Gigabit Smart Switch", "switch"),
        ("8-port KVM Switch", "kvm"),
        ("Static Transfer Switch 16 A", "transfer switch"),
        ("Dual-band Wireless Access Point", "access point"),
        ("4G Wireless Router", "router"),
        ("Network Camera, 4 MP", "camera"),
        ("Rack PDU, metered", "pdu"),
        ("Linux switch-lab 5.10.0-8-amd64 #1 SMP", None),
        ("Turns the lamp switch on", None),
        ("A box", None),
    ],
)
def test_a_description_names_the_class(description: str, device_class: str | None) -> None:
    votes = [f for f in told({DESCRIPTION: description}) if f.rule == "description_words.named"]
    assert [vote.value for vote in votes] == ([device_class] if device_class else [])


# ------------------------------------------------------------------------------------------------ ENTITY-MIB

STACK, CHASSIS, MODULE, POWER = 11, 3, 9, 6


def test_the_device_is_its_chassis_and_not_a_module_with_a_smaller_number() -> None:
    facts = entity({
        1: {4: 5, 5: MODULE, 11: "MOD0001", 13: "LC-48"},
        5: {4: 0, 5: CHASSIS, 11: "CHA0001", 13: "C9404R", 10: "17.3.1"},
    })  # fmt: skip
    assert [value(facts, name) for name in ("serial", "model", "firmware")] == ["CHA0001", "C9404R", "17.3.1"]
    assert value(facts, "serial", "module/1") == "MOD0001"


def test_a_stack_of_one_is_no_stack_and_its_row_repeats_no_serial() -> None:
    facts = entity({
        1: {4: 0, 5: STACK, 7: "Stack", 11: "SER0001"},
        1000: {4: 1, 5: CHASSIS, 11: "SER0001", 13: "C9300-48P"},
    })  # fmt: skip
    assert value(facts, "serial") == "SER0001"
    assert value(facts, "serial", "stack/1") is None
    assert split(facts).stack == ()


def test_chassis_side_by_side_are_members() -> None:
    facts = entity({
        2: {4: 0, 5: CHASSIS, 11: "SER0001", 12: "Acme", 13: "A-1"},
        3: {4: 0, 5: CHASSIS, 11: "SER0002", 12: "Acme", 13: "A-1"},
        31: {4: 3, 5: POWER, 11: "PSU0001"},
    })  # fmt: skip
    assert list(split(facts).stack) == ["acme:stack-of-SER0001", "acme:stack-of-SER0002"]
    assert value(facts, "contained_in", "power supply/31") == "stack member/3"


def test_rows_without_a_class_are_known_by_their_words() -> None:
    facts = entity({
        1: {2: "Acme 6300 VSF Stack", 7: "Stack"},
        101: {2: "48 ports", 7: "Chassis", 11: "SER0009"},
        105: {2: "Power Supply Slot", 7: "Power Supply Slot 1"},
        106: {2: "500W PS", 7: "Power Supply 1", 11: "PSU0009"},
    })  # fmt: skip
    assert value(facts, "serial") == "SER0009"
    assert {f.component for f in facts if f.component} == {"stack/1", "chassis/101", "power supply/106"}


def test_a_single_row_is_the_device_and_a_part_number_is_no_model() -> None:
    assert value(entity({1001: {11: "SER0003", 13: "IE-1000"}}), "serial") == "SER0003"
    facts = entity({1: {4: 0, 5: CHASSIS, 7: "GE114Pro", 13: "1078904455-01"}})
    assert (value(facts, "model"), value(facts, "part_number")) == ("GE114Pro", "1078904455-01")


def test_placeholders_are_no_model_and_no_serial() -> None:
    facts = entity({1: {4: 0, 5: CHASSIS, 11: "N/A", 13: "NA"}, 2: {4: 1, 5: MODULE, 11: "BUILTIN", 13: "N/A"}})
    assert (value(facts, "serial"), value(facts, "model")) == (None, None)
    assert not [f for f in facts if f.component == "module/2"]


def test_a_table_whose_rows_contain_each_other_is_read() -> None:
    facts = entity({
        1: {4: 0, 5: STACK}, 2: {4: 1, 5: CHASSIS, 11: "SER0001"}, 3: {4: 1, 5: CHASSIS, 11: "SER0002"},
        7: {4: 8, 5: POWER, 11: "PSU0001"}, 8: {4: 7, 5: POWER, 11: "PSU0002"},
    })  # fmt: skip
    assert value(facts, "contained_in", "power supply/7") is None


def test_a_transceiver_is_called_one() -> None:
    facts = entity({1: {4: 0, 5: CHASSIS, 13: "A-1"}, 2: {4: 1, 5: MODULE, 2: "1000Base-SX SFP", 11: "TRX0001"}})
    assert value(facts, "serial", "transceiver/2") == "TRX0001"


# ------------------------------------------------------------------------------------------------ readings


def test_a_sensor_tells_its_value_in_its_unit_and_nothing_impossible() -> None:
    rows: dict[int, tuple[int, int, int, int]] = {  # type, scale, precision, value
        1: (8, 9, 1, 415), 2: (4, 8, 0, 3300), 3: (10, 9, 0, 5400),
        4: (8, 9, 0, -127), 5: (8, 9, 0, 1000), 6: (8, 30, 0, 4),
    }  # fmt: skip
    facts = told({f"{SENSOR}.{n + 1}.{i}": cell for i, row in rows.items() for n, cell in enumerate(row)})
    assert value(facts, "temperature", "sensor/1") == 41.5
    assert value(facts, "voltage", "sensor/2") == 3.3
    assert value(facts, "speed", "sensor/3") == 5400
    assert {f.component for f in facts if f.component.startswith("sensor")} == {"sensor/1", "sensor/2", "sensor/3"}


def test_a_port_that_was_switched_off_is_disabled_and_its_errors_are_told() -> None:
    port = "1.3.6.1.2.1.2.2.1"
    facts = told({
        f"{port}.2.1": "port 1", f"{port}.7.1": 2, f"{port}.8.1": 2, f"{port}.14.1": 0,
        f"{port}.2.2": "port 2", f"{port}.7.2": 1, f"{port}.8.2": 1, f"{port}.14.2": 42,
    })  # fmt: skip
    assert [value(facts, "status", f"interface/{n}") for n in (1, 2)] == ["disabled", "up"]
    assert [value(facts, "errors_in", f"interface/{n}") for n in (1, 2)] == [None, 42]
    assert value(facts, "ports_looked_at") == 2


def test_power_over_ethernet_is_read_in_watts_and_feeding_ports_make_a_switch() -> None:
    facts = told(
        {"1.3.6.1.2.1.105.1.3.1.1.2.1": 370, "1.3.6.1.2.1.105.1.3.1.1.4.1": 121}
        | {f"1.3.6.1.2.1.105.1.1.1.6.1.{n}": 3 if n < 3 else 2 for n in range(1, 9)}
    )
    assert value(facts, "consumption", "power over ethernet/1") == 121
    assert (value(facts, "ports_fed"), value(facts, "class")) == (2, "switch")


def test_a_router_is_believed_where_several_hints_meet_and_not_by_forwarding_alone() -> None:
    forwarding = {"1.3.6.1.2.1.4.1.0": 1}
    addresses = {f"1.3.6.1.2.1.4.20.1.2.10.{n}.0.1": n for n in range(1, 6)}
    assert value(told(forwarding), "class") is None
    assert value(told({**forwarding, **addresses, "1.3.6.1.2.1.14.1.2.0": 1}), "class") == "router"


# ------------------------------------------------------------------------------------------------ LLDP


def test_a_phone_that_answers_no_snmp_is_known_by_its_neighbour_to_its_serial() -> None:
    at = "0.7.1"
    facts = told({
        f"{LLDP}.4.{at}": 5, f"{LLDP}.5.{at}": bytes((1, 10, 1, 0, 30)), f"{LLDP}.6.{at}": 3,
        f"{LLDP}.7.{at}": bytes.fromhex("3ca82a000030"), f"{LLDP}.12.{at}": bytes((0x24,)),
        f"{MED}.4.{at}": "FCH0000P001", f"{MED}.5.{at}": "Cisco Systems, Inc.", f"{MED}.6.{at}": "CP-7841",
    })  # fmt: skip
    (phone,) = split(facts).heard
    assert {f.name: f.value for f in phone} == {
        "mac": "3c:a8:2a:00:00:30", "address": "10.1.0.30", "class": "phone", "serial": "FCH0000P001",
        "maker": "Cisco", "model": "CP-7841",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("bits", "description", "device_class"),
    [(0x20, "GS24 switch", "switch"), (0x20, "Linux host 6.1", None), (0x30, "AP", "access point"), (0x01, "PC", None)],
)
def test_the_class_of_a_neighbour_is_what_it_enabled(bits: int, description: str, device_class: str | None) -> None:
    facts = told({f"{LLDP}.4.0.1.1": 4, f"{LLDP}.5.0.1.1": bytes.fromhex("3ca82a000031"),
                  f"{LLDP}.10.0.1.1": description, f"{LLDP}.12.0.1.1": bytes((bits,))})  # fmt: skip
    assert value(facts, "class", "neighbour/0.1.1") == device_class


def test_a_neighbour_that_nothing_identifies_is_not_stated() -> None:
    facts = told({f"{LLDP}.4.0.1.1": 7, f"{LLDP}.5.0.1.1": "switch-1", f"{LLDP}.9.0.1.1": "switch-1"})
    assert not [f for f in facts if f.component.startswith("neighbour")]


# ------------------------------------------------------------------------------------------------ Cumulus


@pytest.mark.parametrize(
    ("words", "ordered_by", "model"),
    [
        ("Mellanox x86_64-mlnx_msn3700-r0 MSN3700 Chassis", "MSN3700-CS2FC", "MSN3700"),
        ("Dell x86_64-dell_s4048_c2338-r0 S4048-ON Chassis", "0J09D3", "S4048-ON"),
        ("Mellanox Chassis", "MSN2010-CB2F", "MSN2010-CB2F"),  # no product is told
        ("Mellanox x86_64-mlnx_msn3700-r0 Chassis", "MSN3700-CS2FC", "MSN3700-CS2FC"),
    ],
)
def test_the_product_of_a_cumulus_switch_is_no_part_number(words: str, ordered_by: str, model: str) -> None:
    row: dict[str, str | int | bytes] = {f"{ENTITY}.2.1": words, f"{ENTITY}.5.1": 3, f"{ENTITY}.13.1": ordered_by}
    facts = told({OBJECT_ID: "1.3.6.1.4.1.40310", **row})
    assert value(facts, "model") == model
    assert value(facts, "part_number") == (ordered_by if ordered_by != model else None)
