"""N members are N devices and one logical stack, whoever made them; the row that repeats the master is no further one.

Fixtures are short: rows as each maker's agent writes them, with serials that were made up.
"""

from __future__ import annotations

import pytest

from collector.facts import IdentifierKind, Reading
from collector.interpret import Observation, read
from stocktake import snmprec
from stocktake.values import Method, SnmpBindings, Subject, SubjectKind

ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
SERIALS = ("FOC2110A0AA", "FOC2110A0BB", "FOC2110A0CC")


def readings(walk: list[str]) -> tuple[Reading, ...]:
    bindings = snmprec.read(walk)
    return read(Observation(Subject(SubjectKind.ADDRESS), Method.SNMP_V2C, {"walk": SnmpBindings(bindings)}))


def row(index: int, kind: int, parent: int, description: str, serial: str, model: str = "") -> list[str]:
    told = ((2, "4", description), (4, "2", parent), (5, "2", kind), (7, "4", description), (11, "4", serial),
            (13, "4", model))  # fmt: skip
    return [f"{ENTITY}.{column}.{index}|{tag}|{value}" for column, tag, value in told if value != ""]


def system(object_id: str, description: str) -> list[str]:
    return [f"1.3.6.1.2.1.1.1.0|4|{description}", f"1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.{object_id}",
            "1.3.6.1.2.1.1.5.0|4|core"]  # fmt: skip


CISCO = [
    *system("9.1.2494", "Cisco IOS Software [Fuji], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 16.9.4"),
    *row(1, 11, 0, "c93xx Stack", SERIALS[0], "C9300-48P"),
    *row(1000, 3, 1, "Switch 1", SERIALS[0], "C9300-48P"),
    *row(2000, 3, 1, "Switch 2", SERIALS[1], "C9300-48P"),
    *row(3000, 3, 1, "Switch 3", SERIALS[2], "C9300-24P"),
    *row(1010, 6, 1000, "Switch 1 - Power Supply A", "ART2110F0AA", "PWR-C1-715WAC"),
    *row(2010, 6, 2000, "Switch 2 - Power Supply A", "ART2110F0BB", "PWR-C1-715WAC"),
    *(f"1.3.6.1.4.1.9.9.500.1.2.1.1.3.{index}|2|{role}" for index, role in ((1000, 1), (2000, 4), (3000, 2))),
]
VSF = [
    *system("47196.4.1.1.1.100", "Aruba JL658A 6300M FL.10.08.1010"),
    *row(1, 11, 0, "Virtual Stack", "", ""),
    *(f"1.3.6.1.4.1.47196.4.1.1.3.15.1.2.1.{column}.{member}|4|{value}"
      for member, serial, role in ((1, SERIALS[0], "conductor"), (2, SERIALS[1], "standby"), (3, SERIALS[2], "member"))
      for column, value in ((2, role), (6, "6300M 24SFP+ 4SFP56"), (7, serial))),
]  # fmt: skip
IRF = [
    *system(
        "25506.1.1234", "HPE Comware Platform Software, Software Version 7.1.070, Release 3208 HPE 5130 48G Switch"
    ),
    *row(1, 11, 0, "HPE 5130 48G Stack", SERIALS[0]),
    *row(2, 3, 1, "HPE 5130 48G Chassis 1", SERIALS[0], "JG934A"),
    *row(3, 3, 1, "HPE 5130 48G Chassis 2", SERIALS[1], "JG934A"),
    *row(4, 3, 1, "HPE 5130 48G Chassis 3", SERIALS[2], "JG934A"),
]
VIRTUAL_CHASSIS = [
    *system("2636.1.1.1.4.131", "Juniper Networks, Inc. ex3400-48t Ethernet Switch, kernel JUNOS 18.2R3-S2.9"),
    f"1.3.6.1.4.1.2636.3.1.3.0|4|{SERIALS[0]}",
    *(f"1.3.6.1.4.1.2636.3.40.1.4.1.1.1.{column}.{member}|4|{value}"
      for member, serial in enumerate(SERIALS)
      for column, value in ((2, serial), (5, "18.2R3-S2.9"), (8, "ex3400-48t"))),
]  # fmt: skip
FASTPATH = [
    *system("4526.100.10.31", "M4300-48X ProSAFE 48-port 10GBASE-T Stackable Managed Switch, 12.0.11.16, 1.0.0.9"),
    f"1.3.6.1.4.1.4526.10.1.1.1.4.0|4|{SERIALS[0]}",
    *(f"1.3.6.1.4.1.4526.10.13.2.2.1.{column}.{unit}|{tag}|{value}"
      for unit, serial in enumerate(SERIALS, 1)
      for column, tag, value in ((6, 2, 1 if unit == 1 else 2), (19, 4, serial))),
]  # fmt: skip
DELL = [
    *system("674.10895.3059", "Dell Networking N3048P, 6.3.3.9, Linux 3.6.5"),
    *(f"1.3.6.1.4.1.674.10895.3000.1.2.100.8.1.2.{unit}|4|{serial}" for unit, serial in enumerate(SERIALS, 1)),
]
EXOS = [
    *system("1916.2.93", "ExtremeXOS (Stack) version 22.4.1.4 by release-manager on Fri Jan 26 2018"),
    *row(1, 11, 0, "Summit Stack", ""),
    *row(2, 3, 1, "X460G2-48p-10G4", SERIALS[0], "X460G2-48p-10G4"),
    *row(3, 3, 1, "X460G2-48p-10G4", SERIALS[1], "X460G2-48p-10G4"),
    *row(4, 3, 1, "X460G2-24p-10G4", SERIALS[2], "X460G2-24p-10G4"),
]
VCSTACK = [
    *system("207.1.14.97", "Allied Telesis router/switch, Software (AlliedWare Plus) Version 5.4.6-2.7"),
    *(f"1.3.6.1.4.1.207.8.4.4.3.21.1.1.{column}.{unit}.{board}|4|{value}"
      for unit, serial in enumerate(SERIALS, 1)
      for board, model, told in ((3, "AT-x930-28GSTX", serial), (5, "AT-PWR800", f"A0500{unit}A"))
      for column, value in ((4, model), (8, told))),
]  # fmt: skip
STACKS = {"StackWise": CISCO, "VSF": VSF, "IRF": IRF, "virtual chassis": VIRTUAL_CHASSIS, "FASTPATH": FASTPATH,
          "Dell": DELL, "Summit stack": EXOS, "VCStack": VCSTACK}  # fmt: skip


@pytest.mark.parametrize("walk", STACKS.values(), ids=STACKS)
def test_three_members_are_three_devices_and_one_stack(walk: list[str]) -> None:
    stack, *members = readings(walk)
    assert sorted(str(member.value("serial")) for member in members) == list(SERIALS)
    assert stack.value("class") == "switch"
    assert {member.value("class") for member in members} == {"switch"}
    own = [i.value for i in stack.identifiers if i.kind is IdentifierKind.SERIAL]
    assert len(own) == len(SERIALS)
    assert all(":stack-of-" in identity for identity in own)
    theirs = [i.value for member in members for i in member.identifiers if i.kind is IdentifierKind.SERIAL]
    assert len(set(theirs)) == len(SERIALS)
    assert not {*own} & {*theirs}


@pytest.mark.parametrize("walk", STACKS.values(), ids=STACKS)
def test_a_member_that_left_takes_nothing_of_the_stack_with_it(walk: list[str]) -> None:
    """The same walk with two members: two devices, and identities of the stack that were there before."""
    left = [line for line in walk if SERIALS[2] not in line]
    stack, *members = readings(left)
    assert sorted(str(member.value("serial")) for member in members) == list(SERIALS[:2])
    before = {i.value for i in readings(walk)[0].identifiers}
    assert {i.value for i in stack.identifiers if i.kind is IdentifierKind.SERIAL} < before


def test_a_power_supply_belongs_to_the_member_that_it_stands_in() -> None:
    _, *members = readings(CISCO)
    supplies = {m.value("serial"): [f.value for f in m.facts if f.component.startswith("power supply/")
                                    and f.name == "serial"] for m in members}  # fmt: skip
    assert supplies == {SERIALS[0]: ["ART2110F0AA"], SERIALS[1]: ["ART2110F0BB"], SERIALS[2]: []}


def test_the_power_supply_of_a_member_is_not_the_device() -> None:
    stack, *members = readings(VCSTACK)
    assert stack.value("model") == "AT-x930-28GSTX"
    assert {m.value("serial"): m.value("model") for m in members} == dict.fromkeys(SERIALS, "AT-x930-28GSTX")
    first = [line for line in VCSTACK if ".21.1.1." not in line or ".1.3|" in line or ".1.5|" in line]
    alone, *others = readings(first)
    assert (alone.value("model"), alone.value("serial"), others) == ("AT-x930-28GSTX", SERIALS[0], [])


def test_the_roles_of_members_are_told() -> None:
    _, *members = readings(CISCO)
    assert {m.value("role") for m in members} == {"master", "standby", "member"}
