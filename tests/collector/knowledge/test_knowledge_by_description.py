"""Products are told by their descriptions, and no maker's words are believed of another maker's device."""

from __future__ import annotations

import pytest

from collector.facts import choose
from collector.knowledge import DESCRIPTION, OBJECT_ID, Walk, study
from stocktake import ber
from stocktake.values import Binding


def told(description: str, object_id: str = "") -> dict[str, object]:
    bindings = [Binding(DESCRIPTION, ber.OCTET_STRING, description.encode())]
    if object_id:
        bindings.append(Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(object_id)))
    facts, _ = study(Walk({"system": bindings}))
    return {fact.name: fact.value for fact in choose(facts) if not fact.component}


@pytest.mark.parametrize(
    ("description", "device_class", "model", "firmware"),
    [
        ("SSG20 version 6.3.0r27.0 (SN: 0162000000000001, Firewall+VPN)", "firewall", "SSG20", "6.3.0r27.0"),
        ("Cisco Adaptive Security Appliance Version 9.16(4)19", "firewall", None, "9.16(4)19"),
        ("SonicWALL NSA 2600 (SonicOS Enhanced 6.5.4.7-83n)", "firewall", "NSA 2600", "6.5.4.7-83n"),
        ("Meraki MX67 Cloud Managed Router", "firewall", "MX67", None),
        ("BUFFALO TeraStation TS3410D Ver.4.86 (2022/05/20 10:00:00)", "nas", "TeraStation TS3410D", "4.86"),
        (
            "HP_3PAR 8200, ID: 12345, Serial number: 4C10001, InForm OS version: 3.3.1 (MU5)",
            "storage",
            "8200",
            "3.3.1 (MU5)",
        ),
        ("AXIS 211 Network Camera 4.40", "camera", "AXIS 211", "4.40"),
        ("optiPoint 410 phone", "phone", "optiPoint 410 phone", None),
        ("Avaya Inc., G450 Media Gateway, SW Version 41.16.0", "voice gateway", "G450 Media Gateway", "41.16.0"),
        ("DSR2035 03.07.00.10", "kvm", "DSR2035", "03.07.00.10"),
        ("Lantronix EDS4100 V5.4.0.0R10 (1803)", "media converter", "EDS4100", "5.4.0.0R10"),
        ("NetApp Release 9.8P5: Thu Jun 10 10:00:00 UTC 2021", "nas", None, "9.8P5"),
        ("Apple AirPort - Apple Inc., 2006-2012. All rights Reserved.", "access point", "Apple AirPort", None),
    ],
)
def test_a_description_tells_the_product(
    description: str, device_class: str, model: str | None, firmware: str | None
) -> None:
    facts = told(description)
    assert (facts.get("class"), facts.get("model"), facts.get("firmware")) == (device_class, model, firmware)


@pytest.mark.parametrize(
    "description", ["NetSpire CONAC r1.0", "AB 12", "CS100", "T20", "TSW-5", "AXIOM 12", "CX100 r2"]
)
def test_a_short_name_is_not_believed_without_the_makers_number(description: str) -> None:
    assert "class" not in told(description, "1.3.6.1.4.1.64999.1")
    assert told(description).get("class") is None


def test_the_serial_of_zeros_that_a_factory_left_is_no_serial() -> None:
    assert "serial" not in told("SSG5-Serial version 6.3.0r24.0 (SN: 0000000000000000, Firewall+VPN)")
