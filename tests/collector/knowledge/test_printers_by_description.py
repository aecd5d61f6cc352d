"""Printers say model and version in their description, every maker in words of its own and some in those of others."""

from __future__ import annotations

import pytest

from collector.facts import Fact, choose
from collector.knowledge import DESCRIPTION, OBJECT_ID, Walk, study
from stocktake import ber
from stocktake.values import Binding

E = "1.3.6.1.4.1."
LEXMARK, DELL, CANON, EPSON = "641.1", "674.10898.100.1", "1602.4.7", "1248.1.1.2.1.3.2"
RICOH, SAMSUNG, XEROX, BROTHER, HP, OKI = (
    "367.1.1",
    "236.11.5.1",
    "253.8.62.1.19",
    "2435.2.3.9.1",
    "11.2.3.9.1",
    "2001.1.1.1",
)

#: product number below enterprises ("" where nobody answered it), description → maker, model, firmware
TOLD = [
    (LEXMARK, "Lexmark T654 version NR.APS.N447b2 kernel 2.6.18.5 All-N-1", "Lexmark", "T654", "NR.APS.N447b2"),
    (LEXMARK, "LEXMARK X204 version NM.APS.N058 kernel 2.6.18.5 All-N-1", "Lexmark", "X204", "NM.APS.N058"),
    (LEXMARK, "Lexmark T620 Version 3.20.20 Ethernet 10/100.", "Lexmark", "T620", "3.20.20"),
    (LEXMARK, "Lexmark Forms Printer 2590 version LC.CO.N061 kernel 2.6.10 All-N-1", "Lexmark", "2590", "LC.CO.N061"),
    (LEXMARK, "Lexmark MX611dhe 10 version NH.SB.N642 kernel 3.0.0 All-N-1", "Lexmark", "MX611dhe", "NH.SB.N642"),
    (LEXMARK, "Lexmark Optra K 1220 Version 1.9.14 Ethernet 10/100.", "Lexmark", "Optra K 1220", "1.9.14"),
    (LEXMARK, "MarkNet Pro 1 Version 2.10.192 Ethernet 10T.", "Lexmark", "MarkNet Pro 1", "2.10.192"),
    ("", "Source Technologies ST-9620 version NR.APS.N447b2 kernel 2.6.18.5 All-N-1", "Source", "ST-9620", "NR.APS"),
    ("", "IBM Infoprint 1372 version 55.10.19 kernel 2.4.0-test6 All-N-1", "IBM", "Infoprint 1372", "55.10.19"),
    (DELL, "Dell Laser Printer 1720dn version NM.NA.N099 kernel 2.6.10 All-N-1", "Dell", "1720dn", "NM.NA.N099"),
    (DELL, "Dell Color Laser 3110cn; Net 8.29, Controller 200604102121, Engine 05.03.00", "Dell", "3110cn", "200604"),
    (DELL, "Dell 1235cn; V1.70.01.08 Jan-29-2009;Engine 1.77.77;S/N 9SMW042", "Dell", "1235cn", "1.70.01.08"),
    (CANON, "Canon LASER SHOT LBP-2710 /P EEPROM 1206", "Canon", "LBP-2710", ""),
    (CANON, "Canon Inc., LBP-1760e Printer /P", "Canon", "LBP-1760e", ""),
    (CANON, "Canon MF6500 Series (FAX)", "Canon", "MF6500 Series", ""),
    (EPSON, "EPSON AL-C1750N; Net 98.48,ESS 201103111031,IOT 02.17.00", "Epson", "AL-C1750N", "201103111031"),
    (EPSON, "EPSON EPL-N2050+ 01.00", "Epson", "EPL-N2050+", "01.00"),
    (EPSON, "EPSON WF-C5790 Series", "Epson", "WF-C5790", ""),
    (RICOH, "NRG SP C312DN V1.03 / NRG Network Printer C model", "Ricoh", "SP C312DN", "1.03"),
    (RICOH, "RICOH Aficio MP C2500", "Ricoh", "Aficio MP C2500", ""),
    (SAMSUNG, "Samsung CLX-7285", "Samsung", "CLX-7285", ""),
    (SAMSUNG, "Samsung CLP-300; CLP300N_V1.01.02.01 11-15-2006;Engine 1.01.57", "Samsung", "CLP-300", "1.01.02.01"),
    (XEROX, "Xerox Phaser 6250DP;PS 4.8.0,Net 18.02.08.01.2003,OS 4.82;SN PWG000042", "Xerox", "Phaser 6250DP", "4.82"),
    (XEROX, "Xerox VersaLink C405 Printer; System 68.50.61, Controller 1.50.61", "Xerox", "VersaLink C405", "68.50.61"),
    (XEROX, "Xerox DocuPrint N4525 Network Laser Printer - 2.15-04", "Xerox", "DocuPrint N4525", "2.15-04"),
    (BROTHER, "Brother NC-6400h, Firmware Ver.1.11 (06.12.20),MID 84UZ92", "Brother", None, "1.11"),
    (HP, "HP Color LaserJet 2840", "HP", "HP Color LaserJet 2840", ""),
    ("", "OKI FastEther8450e Rev.01.08: Attached to B430 Rev.C2.00 : Copyright", "OKI", "B430", "C2.00"),
    ("", "Oce, TDS750 R1.1, Power Logic Controller R14.8.1.0_12010481", "Océ", "TDS750", "R1.1"),
    ("", "Panasonic DP-1520P", "Panasonic", "DP-1520P", ""),
    ("", "Tektronix, Inc., Phaser 860N, PhaserShare Interface, (14.44/13.34/3.38)", "Tektronix", "Phaser 860N", "3.38"),
    ("", "D-Link DP-301P+ Print Server", "D-Link", "DP-301P+", ""),
]  # fmt: skip


def facts_of(number: str, description: str) -> tuple[Fact, ...]:
    bindings = [Binding(DESCRIPTION, ber.OCTET_STRING, description.encode())]
    if number:
        bindings.append(Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(E + number)))
    facts, unread = study(Walk({"system": tuple(bindings)}))
    assert not unread
    return choose(facts)


def values(facts: tuple[Fact, ...], component: str = "") -> dict[str, object]:
    return {fact.name: fact.value for fact in facts if fact.component == component}


@pytest.mark.parametrize(("number", "description", "maker", "model", "firmware"), TOLD)
def test_a_printers_description_tells_maker_model_and_version(
    number: str, description: str, maker: str, model: str | None, firmware: str
) -> None:
    told = values(facts_of(number, description))
    assert told["class"] == "printer"
    assert str(told["maker"]).startswith(maker)
    assert str(told.get("model") or "").removeprefix("Dell ").endswith(model or "")
    assert str(told.get("firmware", "")).startswith(firmware) if firmware else "firmware" not in told


@pytest.mark.parametrize(
    ("description", "maker", "model", "firmware"),
    [
        ("TTP247 Version: 7.02 EZD", "TSC", "TTP247", "7.02"),
        ("Zebra Technologies ZTC ZT230-200dpi", "Zebra", "ZT230-200dpi", None),
        ("Datamax Corporation I-Class 4208 Ver:08.038 11/16/2004 PN:83-2297-08D8", "Datamax", "I-Class 4208", "08.038"),
        ("Monarch M09855 FW Ver 6.2 / 7411 Network Adapter FW Ver CAMO-7.60", None, "M09855", "6.2"),
    ],
)
def test_a_label_printers_description_tells_what_it_is(
    description: str, maker: str | None, model: str, firmware: str | None
) -> None:
    told = values(facts_of("", description))
    assert (told["class"], told.get("maker"), told["model"], told.get("firmware")) == (
        "label printer", maker, model, firmware,
    )  # fmt: skip


def test_a_number_that_somebody_else_holds_does_not_name_the_maker_of_a_label_printer() -> None:
    assert values(facts_of("51966.2.6", "TTP247 Version: 7.02 EZD"))["maker"] == "TSC"


def test_the_print_server_of_a_brother_is_a_module_of_it() -> None:
    facts = facts_of(BROTHER, "Brother NC-6400h, Firmware Ver.1.11 (06.12.20),MID 84UZ92")
    assert values(facts, "module/print_server")["model"] == "NC-6400h"


@pytest.mark.parametrize("description", ["Canon Network Printer Board-E1", "EPSON Built-in 11b/g/n Print Server"])
def test_the_name_of_a_network_board_is_no_model(description: str) -> None:
    number = CANON if description.startswith("Canon") else EPSON
    assert "model" not in values(facts_of(number, description))


def test_a_serial_of_crosses_is_none() -> None:
    assert "serial" not in values(facts_of(SAMSUNG, "Samsung CLP-300; V1.01.02.01;Engine 1.01.57;S/N XXXXXXXXXXXXXXX"))
    assert values(facts_of(XEROX, "Xerox Phaser 6250DP;PS 4.8.0,OS 4.82;SN PWG000042"))["serial"] == "PWG000042"
