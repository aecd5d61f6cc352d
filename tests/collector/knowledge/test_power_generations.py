"""Power equipment of one maker speaks several generations of its MIB: each is read, and a chain keeps its members."""

from __future__ import annotations

import pytest

from collector.facts import choose
from collector.knowledge import DESCRIPTION, OBJECT_ID, Walk, study
from stocktake import ber
from stocktake.values import Binding

APC, CYBERPOWER, UPS_MIB = "1.3.6.1.4.1.318", "1.3.6.1.4.1.3808", "1.3.6.1.2.1.33.1"
ATS, CHAIN = f"{CYBERPOWER}.1.1.5.1", f"{CYBERPOWER}.1.1.6.2.2.1"


def text(oid: str, value: str) -> Binding:
    return Binding(oid, ber.OCTET_STRING, value.encode())


def number(oid: str, value: int) -> Binding:
    return Binding(oid, ber.INTEGER, ber.encode_integer(value))


def is_of(oid: str) -> Binding:
    return Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(oid))


def read(*bindings: Binding) -> dict[tuple[str, str], object]:
    facts, _ = study(Walk({"walk": bindings}))
    return {(fact.component, fact.name): fact.value for fact in choose(facts)}


@pytest.mark.parametrize(
    ("product", "device_class"),
    [(1, "ups"), (2, "ups"), (3, "ups"), (13, "ups"), (17, "ups"), (28, "ups"), (4, "pdu"), (11, "transfer switch"),
     (19, "transfer switch"), (20, "console server"), (14, "air conditioner"), (8, "sensor")],
)  # fmt: skip
def test_the_product_number_of_apc_tells_the_class_where_nothing_else_does(product: int, device_class: str) -> None:
    assert read(is_of(f"{APC}.1.3.{product}.1"))["", "class"] == device_class


@pytest.mark.parametrize(
    ("description", "model", "firmware"),
    [
        ("APC Embedded PowerNet SNMP Agent (SW v2.0.3, HW v2.0B, Mod: AP9206, SN: A9400042)", "AP9206", "2.0.3"),
        ("APC Embedded PowerNet SNMP Agent (FW v3.0.2 SW v2.2.4.a, MOD: AP9605, SN: WA9800042)", "AP9605", "3.0.2"),
    ],
)  # fmt: skip
def test_cards_older_than_the_list_of_fields_tell_their_version(description: str, model: str, firmware: str) -> None:
    told = read(text(DESCRIPTION, description), is_of(APC))
    assert (told["", "class"], told["", "firmware"]) == ("ups", firmware)
    assert str(told["", "model"]).endswith(model)


def test_a_cyberpower_transfer_switch_tells_what_it_is() -> None:
    told = read(
        is_of(CYBERPOWER), text(f"{ATS}.2.0", "PDU44005"), text(f"{ATS}.4.0", "1.2.5"), text(f"{ATS}.5.0", "TS00042")
    )
    assert (told["", "class"], told["", "firmware"]) == ("transfer switch", "1.2.5")
    assert (told["", "model"], told["", "serial"]) == ("PDU44005", "TS00042")


def test_a_chain_of_cyberpower_pdu_is_one_device_with_the_others_beside_it() -> None:
    rows = [text(f"{CHAIN}.{column}.{row}", f"{value}{row}")
            for row in (1, 2) for column, value in ((7, "1.0."), (9, "PDU8110"), (10, "CHAIN000"))]  # fmt: skip
    told = read(is_of(f"{CYBERPOWER}.1.1.6"), *rows)
    assert (told["", "class"], told["", "model"], told["", "serial"]) == ("pdu", "PDU81101", "CHAIN0001")
    assert told["pdu/2", "serial"] == "CHAIN0002"


def test_a_sensor_at_a_cyberpower_card_is_read_in_celsius() -> None:
    told = read(is_of(CYBERPOWER), number(f"{CYBERPOWER}.1.1.4.2.6.0", 213), number(f"{CYBERPOWER}.1.1.4.3.1.0", 45))
    assert told["sensor/environment", "temperature"] == 21.3
    assert told["sensor/environment", "humidity"] == 45


@pytest.mark.parametrize("filler", ["00 00 00 00 00 00", "0000", "UPS"])
def test_a_ups_that_told_its_card_nothing_has_no_model(filler: str) -> None:
    told = read(text(f"{UPS_MIB}.1.2.0", filler), text(f"{UPS_MIB}.1.3.0", "2.10"))
    assert told["", "class"] == "ups"
    assert ("", "model") not in told


def test_energy_objects_tell_power_in_watts_and_yield_to_whatever_else_speaks() -> None:
    objects = "1.3.6.1.2.1.229.1.2.1"
    rows = [number(f"{objects}.1.{row}", 1180) for row in (1, 2)] + [number(f"{objects}.3.{row}", -1) for row in (1, 2)]
    told = read(*rows)
    assert (told["", "class"], told["outlet/1", "power"]) == ("pdu", 118.0)
    assert read(*rows, text(f"{UPS_MIB}.1.2.0", "Line 1000"))["", "class"] == "ups"
