"""Network kit and servers in wordings of other generations; virtual stacks; machines that have no hardware."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.facts import choose
from collector.interpret import Observation, read
from collector.knowledge import DESCRIPTION, OBJECT_ID, Walk, study
from collector.knowledge.mac_maker import maker_of
from stocktake import ber, snmprec
from stocktake.values import Binding, Method, SnmpBindings, Subject, SubjectKind

DEVICES = Path(__file__).parents[2] / "devices"
ENTITY = "1.3.6.1.2.1.47.1.1.1.1"


def told(description: str, number: str = "", **more: str) -> dict[str, object]:
    """What all files say of a device that answers with sysDescr, sysObjectID and perhaps rows of ENTITY-MIB."""
    bindings = [Binding(DESCRIPTION, ber.OCTET_STRING, description.encode())]
    if number:
        bindings.append(Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(f"1.3.6.1.4.1.{number}")))
    for place, value in more.items():
        oid = f"{ENTITY}.{place.removeprefix('entity_').replace('_', '.')}"
        bindings.append(Binding(oid, ber.OCTET_STRING, value.encode()))
    facts, _ = study(Walk({"system": bindings}))
    return {fact.name: fact.value for fact in choose(facts) if not fact.component}


@pytest.mark.parametrize(
    ("number", "description", "device_class", "model", "firmware"),
    [
        ("42397", "GWN7813P", "switch", "GWN7813P", None),
        ("42397", "GWN7062", "router", "GWN7062", None),
        ("8072.3.2.10", "USG FLEX 50H", "firewall", "USG FLEX 50H", None),
        ("8072.3.2.10", "USG-PRO-4 4.4.57", "router", "USG-PRO-4", "4.4.57"),
        ("8072.3.2.10", "HP StorageWorks MSA2312sa", "storage", "MSA2312sa", None),
        ("8072.3.2.10", "Neoscale CryptoStore", None, None, None),
        ("332", "Digi TransPort WR21-HX1B-DE1-XX Ser#:211042 Software Build Ver5142. Nov 28 2011", "router",
         "TransPort WR21-HX1B-DE1-XX", "5142"),
        ("", "ESP-16 MI V3.42b", "console server", "ESP-16", "3.42b"),
        ("674.10895.3033", "48G POE Ethernet Switch", "switch", "PowerConnect 5548P", None),
        ("674.10895.3021", "PowerConnect 5448", "switch", "PowerConnect 5448", None),
        ("674.10895.5004", "ArubaOS (MODEL: W-IAP105), Version 6.4.2.6", "access point", "W-IAP105", "6.4.2.6"),
        ("674.10895.5001", "ArubaOS (MODEL: W-650), Version 6.1.3.2", "wireless controller", "W-650", "6.1.3.2"),
        ("11.2.3.7.8.5.4", "Aruba-Stack-2930F, revision WC.16.10.0012, ROM WC.16.01.0006", "switch", "2930F",
         "WC.16.10.0012"),
        ("11.5.7.5.1", "HP VC Flex-10 Enet Module Virtual Connect 4.45", "switch", "VC Flex-10 Enet", "4.45"),
        ("1916.2.400", "Extreme Networks Switch Engine (5520-24W-SwitchEngine) version 32.4.1.11 32.4.1.11-p1",
         "switch", "5520-24W-SwitchEngine", "32.4.1.11"),
        ("26928.1", "HiveOS 10.0r9a build-242466", "access point", None, "10.0r9a build-242466"),
        ("25053.3.1.4.60", "Ruckus Wireless Hotzone Product: R710 (001)", "access point", "R710", None),
        ("890.1.15", "NWA1123-AC PRO", "access point", "NWA1123-AC PRO", None),
        ("890.1.15", "XMG1930-30HP", "switch", "XMG1930-30HP", None),
        ("33049.1.1.1.2410", "Mellanox MSN2410,MLNX-OS,SWv3.6.8010", "switch", "MSN2410", "3.6.8010"),
        ("19046.1.7.22", "Lenovo ThinkSystem NE2572 RackSwitch, CNOS version 10.10.4.0", "switch", "NE2572",
         "10.10.4.0"),
        ("41112", "UniFi UDM-Pro 2.4.27 Linux 4.1.37 al324", "router", "UDM-Pro", "2.4.27"),
        ("388.14.1", "RFS7000", "wireless controller", "RFS7000", None),
        ("388.11.1.2", "WS5100 Wireless Switch, Revision WS.02.3.3.3.0-012R MIB=01a", "wireless controller", "WS5100",
         "02.3.3.3.0-012R"),
        ("6876.4.7", "VMware-vCenter-Server-Appliance 7.0.3.00700 build-19717403 VMware Inc x86_64", "server", None,
         "7.0.3"),
        ("11256.2.0", "SN710-A", "firewall", None, None),
        ("2011.2.235.1.1", "Hardware management system", "management controller", None, None),
        ("1429.3940.1", "EPC3940 EuroDocsis 3.0 2-PORT Voice Gateway", "modem", None, None),
        ("4413", "LB4M 48x1G 2x10G, *, VxWorks 6.6", "switch", "LB4M 48x1G 2x10G", "VxWorks 6.6"),
        ("9.12.3.1.3.1467", "The core of the old building", "switch", None, None),
        ("", "Meraki MS", "switch", None, None),
        ("", "Software Version VRP", "router", None, None),
    ],
)  # fmt: skip
def test_a_wording_of_another_generation_tells_the_product(
    number: str, description: str, device_class: str, model: str | None, firmware: str | None
) -> None:
    facts = told(description, number)
    assert (facts.get("class"), facts.get("model"), facts.get("firmware")) == (device_class, model, firmware)


def test_a_stack_that_tells_no_model_has_that_of_its_chassis_row() -> None:
    facts = told("HP Stack, revision KB.16.02.0012", "11.2.3.7.8.5.3", entity_2_1="HP J9850A Switch 5406Rzl2")
    assert facts["model"] == "J9850A 5406Rzl2"


def test_a_stack_of_which_no_member_was_read_has_the_name_of_its_series() -> None:
    description = "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E4"
    assert told(description, "9.1.1208", entity_7_1="c29xx Stack")["model"] == "c29xx Stack"


def test_the_processor_of_a_machine_is_no_serial_of_its_partitions() -> None:
    facts = told(
        "IBM PowerPC CHRP Computer\nMachine Type: 0x0800004c Processor id: 00F000000C00\n"
        "Base Operating System Runtime AIX version: 07.02.0005.0200",
        "2.3.1.2.1.1.3",
    )
    assert (facts["model"], facts["processor_number"]) == ("PowerPC CHRP 0x0800004c", "00F000000C00")
    assert "serial" not in facts


def test_a_hypervisors_addresses_name_no_maker() -> None:
    assert [maker_of(address) for address in ("00:50:56:8a:00:01", "00:15:5d:00:00:01", "bc:24:11:00:00:01")] == [
        ""
    ] * 3
    assert told("pfSense fw.example 2.6.0-RELEASE FreeBSD 12.3-STABLE amd64", "8072.3.2.8")["maker"] == "Netgate"


def test_a_virtual_stack_has_no_serial_and_its_chassis_are_devices() -> None:
    recorded = snmprec.read((DEVICES / "cisco-c9404r-virtual-stack/walk.snmprec").read_text("utf-8").splitlines())
    facts, _ = study(Walk({"walk": recorded}))
    assert not [fact for fact in facts if fact.name == "serial" and not fact.component]
    contents = {"walk": SnmpBindings(recorded)}
    stack, *chassis = read(Observation(Subject(SubjectKind.ADDRESS), Method.SNMP_V2C, contents))
    assert stack.value("serial") is None
    assert [(one.value("serial"), one.value("model")) for one in chassis] == [
        ("FXS00000A1A", "C9404R"),
        ("FXS00000B2B", "C9404R"),
    ]
    assert [one.value("serial", "module/3000") for one in chassis] == ["JAE00000C3C", None]
