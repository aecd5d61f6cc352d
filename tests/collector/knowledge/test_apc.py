"""APC: the device behind a management card is told apart from the card, and what a card manages gives the class."""

from __future__ import annotations

import pytest

from collector.facts import Fact, Unread, choose
from collector.knowledge import DESCRIPTION, OBJECT_ID, Walk, apc
from stocktake import ber
from stocktake.values import Binding

UPS = "1.3.6.1.4.1.318.1.1.1"
CARD = (
    "APC Web/SNMP Management Card (MB:v3.9.2 PF:v3.7.3 PN:apc_hw02_aos_373.bin AF1:v3.7.2 "
    "AN1:apc_hw02_{application}_372.bin MN:{model} HR:A10 SN: ZA1100000042 MD:01/02/2011)"
)


def text(oid: str, value: str) -> Binding:
    return Binding(oid, ber.OCTET_STRING, value.encode())


def number(oid: str, value: int) -> Binding:
    return Binding(oid, ber.INTEGER, ber.encode_integer(value))


def card(application: str, model: str) -> tuple[Binding, ...]:
    object_id = Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid("1.3.6.1.4.1.318.1.3.99"))
    return (text(DESCRIPTION, CARD.format(application=application, model=model)), object_id)


def read(*bindings: Binding) -> tuple[dict[tuple[str, str], object], list[Unread]]:
    told = list(apc.read(Walk({"apc": bindings}).named("apc")))
    chosen = choose(fact for fact in told if isinstance(fact, Fact))
    return {(f.component, f.name): f.value for f in chosen}, [s for s in told if isinstance(s, Unread)]


@pytest.mark.parametrize(
    ("application", "device_class"),
    [("sumx", "ups"), ("sy3p", "ups"), ("rpdu2g", "pdu"), ("ats4g", "transfer switch"), ("ems", "sensor"),
     ("nb200", "sensor"),
     ("nairfm", "air conditioner"), ("acrc", "air conditioner")],
)  # fmt: skip
def test_what_a_card_manages_is_the_class(application: str, device_class: str) -> None:
    facts, _ = read(*card(application, "XX1234"))
    assert facts["", "class"] == device_class


def test_a_card_in_a_ups_keeps_its_serial_to_itself() -> None:
    facts, _ = read(*card("sumx", "AP9619"), text(f"{UPS}.1.1.1.0", "Smart-UPS 1500 RM"))
    assert facts["", "model"] == "Smart-UPS 1500 RM"
    assert ("", "serial") not in facts
    assert facts["module/management_card", "serial"] == "ZA1100000042"
    assert facts["module/management_card", "model"] == "AP9619"


def test_a_pdu_is_what_its_card_says() -> None:
    facts, _ = read(*card("rpdu", "AP7921"))
    assert facts["", "serial"] == "ZA1100000042"
    assert facts["", "model"] == "Web/SNMP Management Card AP7921"


def test_days_are_read_as_apc_writes_them() -> None:
    day, replaced = f"{UPS}.1.2.2.0", f"{UPS}.2.1.3.0"
    facts, unread = read(*card("su", "AP9630"), text(day, "11/06/99"), text(replaced, "03/14/2021"))
    assert (facts["", "manufactured"], facts["battery/ups", "replaced"]) == ("1999-11-06", "2021-03-14")
    assert unread == []
    for broken in ("13/41/2011", "soon", "1/2", "--/--/----"):
        facts, unread = read(*card("su", "AP9630"), text(day, broken))
        assert ("", "manufactured") not in facts
        assert [statement.source.locator for statement in unread] == [day]


def test_the_battery_tells_its_charge_runtime_and_that_it_must_go() -> None:
    runtime = Binding(f"{UPS}.2.2.3.0", ber.TIME_TICKS, ber.encode_integer(252_000))
    facts, _ = read(*card("su", "AP9630"), number(f"{UPS}.2.2.1.0", 87), number(f"{UPS}.2.2.4.0", 2), runtime)
    assert facts["battery/ups", "charge"] == 87
    assert facts["battery/ups", "to_be_replaced"] is True
    assert facts["battery/ups", "runtime"] == 2520
