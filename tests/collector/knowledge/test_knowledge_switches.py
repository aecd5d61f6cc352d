"""What switches, routers and radios say of themselves is read in every wording that their makers have used."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.facts import Fact, choose
from collector.knowledge import (
    DESCRIPTION,
    OBJECT_ID,
    Walk,
    alcatel,
    arista,
    brocade,
    cisco_software,
    comware,
    dell_networking,
    extreme,
    files,
    huawei,
    juniper,
    meraki,
    wing,
)
from stocktake import ber
from stocktake.values import Binding

ENTERPRISES = "1.3.6.1.4.1."


def told(file: ModuleType, description: str, number: str) -> dict[str, object]:
    """What one file says of a device that answers with no more than sysDescr and sysObjectID."""
    bindings = (
        Binding(DESCRIPTION, ber.OCTET_STRING, description.encode()),
        Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(ENTERPRISES + number)),
    )
    statements = file.read(Walk({"system": bindings}).named("rule"))
    return {fact.name: fact.value for fact in choose(s for s in statements if isinstance(s, Fact))}


@pytest.mark.parametrize(
    ("file", "number", "description", "device_class", "model", "firmware"),
    [
        (cisco_software, "9.1.324", "Cisco Internetwork Operating System Software IOS (tm) C2950 Software "
         "(C2950-I6Q4L2-M), Version 12.1(13)EA1, RELEASE SOFTWARE (fc1)", "switch", None, "12.1(13)EA1"),
        (cisco_software, "9.1.1045", "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.4(3)M2, "
         "RELEASE SOFTWARE (fc2)", "router", None, "15.4(3)M2"),
        (cisco_software, "9.1.1034", "Cisco IOS Software, C1140 Software (C1140-K9W7-M), Version 12.4(25d)JA1, "
         "RELEASE SOFTWARE (fc1)", "access point", None, "12.4(25d)JA1"),
        (cisco_software, "9.1.2530", "Cisco IOS Software [Bengaluru], C9800 Software (C9800_IOSXE-K9), Version 17.6.4, "
         "RELEASE SOFTWARE (fc1)", "wireless controller", None, "17.6.4"),
        (cisco_software, "9.1.1641", "Cisco IOS Software, IOS-XE Software, Catalyst L3 Switch Software "
         "(CAT3K_CAA-UNIVERSALK9-M), Version 03.06.04E RELEASE SOFTWARE (fc2)", "switch", None, "03.06.04E"),
        (cisco_software, "9.1.1709", "Cisco IOS XR Software (Cisco ASR9K Series), Version 5.1.3[Default]", "router",
         "ASR9K Series", "5.1.3"),
        (cisco_software, "9.5.41", "Cisco Systems, Inc. WS-C2948 Cisco Catalyst Operating System Software, Version "
         "8.1(3) Copyright (c) 1995-2003", "switch", "WS-C2948", "8.1(3)"),
        (meraki, "29671.2.9", "Meraki MS120-24P Cloud Managed PoE Switch", "switch", "MS120-24P", None),
        (meraki, "29671.2.9", "Meraki MX68 Router/Security Appliance", "firewall", "MX68", None),
        (juniper, "2636.1.1.1.2.41", "Juniper Networks, Inc. srx320 internet router, kernel JUNOS 18.4R3.3, "
         "Build date: 2020-01-01", "router", "SRX320", "18.4R3.3"),
        (juniper, "2636.1.1.1.4.63.1", "Juniper EX4600 in the hall", "switch", "EX4600", None),
        (arista, "30065.1.9", "Arista Networks EOS version 4.20.1F running on an Arista Networks DCS-7150S-24",
         "switch", "DCS-7150S-24", "4.20.1F"),
        (extreme, "1916.2.71", "ExtremeXOS version 12.5.4.5 v1254b5 by release-manager on Fri Jan 20 2012", "switch",
         None, "12.5.4.5"),
        (extreme, "1916.2.9", "ExtremeXOS (Stack) version 16.2.5.4 by release-manager", "switch", None, "16.2.5.4"),
        (extreme, "2272.30", "ERS-8606 (5.1.2.0)", "switch", "ERS-8606", "5.1.2.0"),
        (brocade, "1991.1.3.48.5.1", "Brocade Communications Systems, Inc. Stacking System ICX6450-48, IronWare "
         "Version 08.0.30hT311 Compiled on Apr 1 2016", "switch", "ICX6450-48", "08.0.30hT311"),
        (brocade, "1991.1.3.34.11", "Foundry Networks, Inc. Router, IronWare Version 07.6.04bT51", "switch", None,
         "07.6.04bT51"),
        (brocade, "1588.3.3.1.131", "core-2, BR-VDX6740, Network Operating System Software Version 7.2.0.", "switch",
         "VDX6740", "7.2.0"),
        (dell_networking, "674.10895.3042", "PowerConnect 7048, 5.1.4.5, VxWorks 6.6", "switch", "PowerConnect 7048",
         "5.1.4.5"),
        (dell_networking, "674.11000.5000.100.2.1.9", "Dell EMC Networking OS10 Enterprise. System Description: OS10 "
         "Enterprise. OS Version: 10.5.2.3. System Type: S4112T-ON", "switch", "S4112T-ON", "10.5.2.3"),
        (huawei, "2011.2.224.9", "Huawei Versatile Routing Platform Software VRP (R) software, Version 5.120 (AR2200 "
         "V200R003C00) Copyright (C) 2011-2012 HUAWEI TECH CO., LTD", "router", "AR2200", "V200R003C00"),
        (huawei, "2011.2.239.9", "Huawei Versatile Routing Platform Software VRP (R) software, Version 8.180 (CE6800 "
         "V200R005C10SPC800) Copyright (C) 2012-2018 Huawei Technologies Co., Ltd. HUAWEI CE6851-48S6Q-HI", "switch",
         "CE6851-48S6Q-HI", "V200R005C10SPC800"),
        (comware, "25506.11.1.9", "HP Series Router A-MSR900 HP Comware Platform Software Comware Software "
         "Version 5.20, Release 2207P41", "router", "A-MSR900", "5.20, Release 2207P41"),
        (comware, "25506.11.1.9", "HP V1910-24G Switch Software Version 5.20 Release 1519P06", "switch", "V1910-24G",
         "5.20, Release 1519P06"),
        (comware, "43.1.16.4.3.9", "3Com Switch 4500 26-Port Software Version 3Com OS V3.03.02s168", "switch",
         "Switch 4500 26-Port", "3.03.02s168"),
        (alcatel, "6486.801.1.1.2.1.11.1.1", "Alcatel-Lucent Enterprise OS6860E-24 8.5.255.R02 GA, May 01, 2018.",
         "switch", "OS6860E-24", "8.5.255.R02"),
        (wing, "388.50.1.1.9", "AP7532 Access Point, Version 5.9.1.1-008R MIB=01a", "access point", "AP7532",
         "5.9.1.1-008R"),
    ],
)  # fmt: skip
def test_a_description_is_read_in_the_wordings_of_its_maker(
    file: ModuleType, number: str, description: str, device_class: str, model: str | None, firmware: str | None
) -> None:
    answers = told(file, description, number)
    assert answers.get("class") == device_class
    assert answers.get("model") == model
    assert answers.get("firmware") == firmware


NUMBERS = ("9.1.1208", "9.6.1.94", "2636.1.1.1.2", "1916.2", "2272.202", "45.3.78", "1991.1.3", "6027.1", "674.10895.1",
           "2011.2.23", "25506.1", "6486.800.1.1.2", "6527.1.3", "388.50", "26928.1", "4881.1", "3902.3")  # fmt: skip
WORDS = ("Cisco IOS Software, ", "Version ", "Software ", "(", "), ", " Inc. ", "Comware ", "Release 1", " IronWare ",
         "Huawei ", "-", "9", "A1", ", ", "HW:", " SW:", "Juniper Networks, Inc. ")  # fmt: skip


@given(st.sampled_from(NUMBERS), st.lists(st.sampled_from(WORDS), max_size=40))
def test_no_description_makes_a_file_fail(number: str, words: list[str]) -> None:
    for file in (alcatel, arista, brocade, cisco_software, comware, dell_networking, extreme, huawei, juniper, wing):
        told(file, "".join(words), number)


def test_nothing_that_tells_of_people_or_keys_is_asked() -> None:
    asked = [oid for file in files() for ask in file.asks for oid in (*ask.scalars, *ask.tables)]
    communities_and_users = (
        "1.3.6.1.6.3.15.1.2",
        "1.3.6.1.6.3.18",
        "1.3.6.1.4.1.14179.2.1.4",
        "1.3.6.1.4.1.2011.6.139.18",
    )
    assert not [oid for oid in asked if oid.startswith(communities_and_users)]
