"""Printers: supplies in percent, what they complain of, and identification after IEEE 1284."""

from __future__ import annotations

import pytest

from collector.facts import Fact
from collector.knowledge import Walk, printer_id, printer_supplies
from stocktake import ber
from stocktake.values import Binding

SUPPLIES = "1.3.6.1.2.1.43.11.1.1"


def text(oid: str, value: str | bytes) -> Binding:
    return Binding(oid, ber.OCTET_STRING, value.encode() if isinstance(value, str) else value)


def number(oid: str, value: int) -> Binding:
    return Binding(oid, ber.INTEGER, ber.encode_integer(value))


def supplies(*bindings: Binding) -> dict[tuple[str, str], object]:
    told = printer_supplies.read(Walk({"printer": bindings}).named("printer_supplies"))
    return {(fact.component, fact.name): fact.value for fact in told if isinstance(fact, Fact)}


@pytest.mark.parametrize(("level", "capacity", "percent"), [(42, 100, 42), (12_600, 30_000, 42), (0, 7_200, 0)])
def test_a_level_is_told_in_percent(level: int, capacity: int, percent: int) -> None:
    facts = supplies(number(f"{SUPPLIES}.9.1.1", level), number(f"{SUPPLIES}.8.1.1", capacity))
    assert facts["supply/1.1", "level"] == percent


@pytest.mark.parametrize(("level", "capacity"), [(-2, 100), (-1, -2), (50, -2), (50, 0), (101, 100)])
def test_what_nobody_knows_is_no_level(level: int, capacity: int) -> None:
    facts = supplies(number(f"{SUPPLIES}.9.1.1", level), number(f"{SUPPLIES}.8.1.1", capacity))
    assert ("supply/1.1", "level") not in facts


def test_some_left_is_a_status() -> None:
    facts = supplies(number(f"{SUPPLIES}.9.1.1", -3), text(f"{SUPPLIES}.6.1.1", "Black Toner"))
    assert facts["supply/1.1", "status"] == "some left"
    assert facts["supply/1.1", "name"] == "Black Toner"


def test_a_supply_has_the_colour_of_its_colorant() -> None:
    facts = supplies(
        number(f"{SUPPLIES}.3.1.2", 4),
        number(f"{SUPPLIES}.5.1.2", 3),
        text(f"{SUPPLIES}.6.1.2", "Cyan Toner"),
        text("1.3.6.1.2.1.43.12.1.1.4.1.4", "cyan"),
    )
    assert (facts["supply/1.2", "colour"], facts["supply/1.2", "type"]) == ("cyan", "toner")


@pytest.mark.parametrize(
    ("octets", "problems"),
    [(b"\x00", None), (b"\x40", "no paper"), (b"\x28\x40", "low toner, door open, output tray missing"), (b"", None)],
)
def test_the_bits_of_the_error_state_are_words(octets: bytes, problems: str | None) -> None:
    assert supplies(text("1.3.6.1.2.1.25.3.5.1.2.1", octets)).get(("", "problems")) == problems


@pytest.mark.parametrize(
    ("identification", "facts"),
    [
        ("MFG:Brother;CMD:PJL,PCL;MDL:HL-L2375DW series;CLS:PRINTER;", {"maker": "Brother", "model": "HL-L2375DW"}),
        (
            "MANUFACTURER:KYOCERA;COMMAND SET:PCLXL;MODEL:ECOSYS M2540dn",
            {"maker": "Kyocera", "model": "ECOSYS M2540dn"},
        ),
        (
            "MFG:HP;MDL:HP LaserJet 400 M401dn;SN:PHXX000042;PRN:CF278A;",
            {"maker": "HP", "model": "HP LaserJet 400 M401dn", "serial": "PHXX000042", "sku": "CF278A"},
        ),
        ("COMMAND SET:;MODEL:Dell S5830dn", {"model": "Dell S5830dn"}),
        ("nothing of the kind", {}),
        ("MDL:;MFG:;", {}),
    ],
)
def test_a_device_identification_tells_maker_and_model(identification: str, facts: dict[str, str]) -> None:
    walk = Walk({"printer_id": (text(printer_id.OBJECTS[0], identification),)}).named("printer_id")
    told = {fact.name: fact.value for fact in printer_id.read(walk) if isinstance(fact, Fact) and fact.name != "class"}
    assert told == facts
