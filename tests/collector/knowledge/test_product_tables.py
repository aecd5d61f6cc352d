"""Rows of power and climate products: a word of the description may make another class of a maker's device."""

from __future__ import annotations

import pytest

from collector.facts import Fact, choose
from collector.knowledge import DESCRIPTION, OBJECT_ID, Walk, product_tables
from stocktake import ber
from stocktake.values import Binding

NAME = "1_3_6_1_2_1_1_5_0"


def device(object_id: str, description: str, **objects: str) -> dict[str, object]:
    bindings = [Binding(DESCRIPTION, ber.OCTET_STRING, description.encode())]
    if object_id:
        bindings.append(Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(object_id)))
    bindings += [Binding(oid.replace("_", "."), ber.OCTET_STRING, value.encode()) for oid, value in objects.items()]
    told = product_tables.read(Walk({"walk": bindings}).named("product_tables"))
    return {fact.name: fact.value for fact in choose(fact for fact in told if isinstance(fact, Fact))}


@pytest.mark.parametrize(
    ("object_id", "description", "device_class"),
    [
        ("1.3.6.1.4.1.2606.7", "Rittal CMC III PU SN 40000042 HW V6.00 - SW V3.17.30_5", "sensor"),
        ("1.3.6.1.4.1.2606.7", "Rittal LCP SN 40000042 HW V4.00 - SW V3.15.20_9", "air conditioner"),
        ("1.3.6.1.4.1.2606.7", "Rittal PDU SN 40000042 HW REV.0404 - SW V7.17.30_1", "pdu"),
        ("1.3.6.1.4.1.28507.68", "Expert Power Control 1104-1", "pdu"),
        ("1.3.6.1.4.1.28507.66", "Expert Sensor Box 7213-12", "sensor"),
        ("1.3.6.1.4.1.232.165.3", "HP UPS Network Module, revision BD06, firmware revision 1.05.001", "ups"),
        ("", "HP PDU Management Module, revision 1.00.A, firmware version 1.00.16", "pdu"),
        ("1.3.6.1.4.1.13742.8", "EMX 030230", "sensor"),
        ("1.3.6.1.4.1.13742.6", "Raritan PDU, MD:PX3-5190R HW:0x1C FW:3.6.1.5-47000", "pdu"),
        ("1.3.6.1.4.1.10456", "WGSW-24040 switch", None),
        ("1.3.6.1.4.1.25728.60", "UniPing v3, FW v50.8.1.A-1", "sensor"),
        ("1.3.6.1.4.1.25728.50", "NetPing 4/PWR-220 v3/SMS, FW v48.1.10.A-1", "pdu"),
        ("1.3.6.1.4.1.40418.2.4", "SNR-ERD-3; SW: 2.4.1  ; HW:4.0; LD:1.0", "sensor"),
        ("1.3.6.1.4.1.47952.1", "NETIO PowerPDU 4C v3.4.7", "pdu"),
    ],
)
def test_words_of_the_description_tell_the_products_of_a_maker_apart(
    object_id: str, description: str, device_class: str | None
) -> None:
    assert device(object_id, description).get("class") == device_class


def test_a_maker_behind_the_agent_of_linux_is_known_by_its_objects() -> None:
    facts = device(
        "1.3.6.1.4.1.8072.3.2.10",
        "Linux localhost 2.6.37 armv5tejl",
        **{
            "1_3_6_1_4_1_4555_1_1_7_1_1_1_0": "MODULYS GP 2.0",
            "1_3_6_1_4_1_4555_1_1_7_1_1_2_0": "PD00000042",
            "1_3_6_1_4_1_4555_1_1_7_1_1_5_0": "Net Vision 7 v7.20",
        },
    )
    assert (facts["class"], facts["maker"], facts["model"]) == ("ups", "Socomec", "MODULYS GP 2.0")
    assert (facts["serial"], facts["firmware"]) == ("PD00000042", "7.20")


def test_a_sensor_gateway_names_its_model_and_not_the_maker_of_its_network_stack() -> None:
    facts = device("1.3.6.1.4.1.17095", "Temperature & Sensor Gateway", **{NAME: "Sensor Gateway: SC-HT42"})
    assert (facts["maker"], facts["model"]) == ("ServersCheck", "SC-HT42")


def test_an_older_raritan_tells_model_and_version_in_its_description() -> None:
    facts = device("1.3.6.1.4.1.13742.4", "Raritan Dominion PX - Firmware Version 010503-10042")
    assert (facts["model"], facts["firmware"]) == ("Dominion PX", "010503-10042")


def test_the_first_row_of_a_table_that_says_anything_is_the_device() -> None:
    facts = device(
        "1.3.6.1.4.1.1718.3",
        "Sentry Smart CDU",
        **{"1_3_6_1_4_1_1718_3_2_1_1_7_1": "", "1_3_6_1_4_1_1718_3_2_1_1_7_2": "CS-24V4-P32MA"},
    )
    assert facts["model"] == "CS-24V4-P32MA"
