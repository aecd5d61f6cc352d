"""The ports of a switch that feeds: speed, errors and power at each, the whole beside the budget, and what is apart."""

from __future__ import annotations

import re

import pytest
from web_estate import NOW, World, asked, bring, browser, interfaces, number, plain, sign_in, system

from collector import understand
from collector.facts import Value
from collector.store.rows import FactRow
from collector.web.feeding import MOST_APART, feeding
from collector.web.parts import Standing
from stocktake import ber
from stocktake import values as v

PORTS, SUPPLY = "1.3.6.1.2.1.105.1.1.1", "1.3.6.1.2.1.105.1.3.1.1"
HP_WATTS = "1.3.6.1.4.1.11.2.14.11.1.9.1.1.1.3"


def group(name: str, *bindings: v.Binding) -> v.GroupResult:
    return v.GroupResult(name, v.Outcome.COMPLETE, v.SnmpBindings(bindings))


def feeding_switch(name: str, octet: int, first: int) -> v.Examination:
    """A switch of four ports, of which the PoE table numbers begin at `first`; the second is up."""
    states = [number(f"{PORTS}.6.1.{first + index}", state) for index, state in enumerate((2, 3, 1, 4))]
    classes = [number(f"{PORTS}.10.1.{first + index}", 4) for index in range(4)]
    supply = (number(f"{SUPPLY}.2.1", 370, ber.GAUGE32), number(f"{SUPPLY}.4.1", 21, ber.GAUGE32))
    errors = number("1.3.6.1.2.1.2.2.1.14.2", 17, ber.COUNTER32)
    mac = f"3c:a8:2a:00:{octet:02x}:00"
    return asked(
        f"10.1.0.{octet}", system(name, "HP J9773A 2530-24G-PoEP Switch", "1.3.6.1.4.1.11.2.3.7.11.140"),
        interfaces(mac, 4), group("power_over_ethernet", *states, *supply), group("power_of_ports", *classes),
        group("port_health", errors), group("hp_power_of_ports", number(f"{HP_WATTS}.1.{first + 1}", 6200)), mac=mac,
    )  # fmt: skip


@pytest.fixture
def fed(empty: World) -> World:
    """Two switches: one numbers PoE ports as interfaces, the other otherwise."""
    bring(empty, "elm", "Elm Primary School", (feeding_switch("alike", 1, 1), feeding_switch("apart", 2, 51)))
    while understand.understand_pending(empty.store, empty.trust_id, NOW):
        pass
    return empty


async def ports_of(world: World, name: str) -> tuple[str, list[str]]:
    async with browser(world) as client:
        await sign_in(world, client)
        page = (await client.get(f"/devices/{world.device(name).device_id}")).text
    (section,) = re.findall(r'<section aria-labelledby="ports">.*?</section>', page, re.DOTALL)
    return plain(section), [plain(row) for row in re.findall(r"<tr role=\"row\">.*?</tr>", section, re.DOTALL)]


async def test_each_port_has_its_speed_errors_and_power_and_the_whole_stands_beside_the_budget(fed: World) -> None:
    whole, rows = await ports_of(fed, "alike")
    assert "Power over Ethernet: 1 port is fed, 1 port has a power fault, 21 W of 370 W are used." in whole
    assert rows[0] == "Port Status Speed Errors Power What hangs there"
    assert rows[1].endswith("1 Gbit/s – searching –")
    assert "1 Gbit/s Errors in 17 fed , class 3 , 6.2 watts –" in rows[2]
    assert rows[3].endswith("switched off –")
    assert rows[4].endswith("fault –")
    assert "told by group and number" not in whole


async def test_ports_that_no_interface_is_known_of_are_told_apart(fed: World) -> None:
    whole, rows = await ports_of(fed, "apart")
    assert rows[0] == "Port Status Speed Errors What hangs there"
    assert "not by the port’s name, of 1.52 ( fed , class 3 , 6.2 watts ), 1.54 ( fault )" in whole


# ------------------------------------------------------------------------------------------------ the sentence


def facts(**told: Value) -> Standing:
    """Standing facts: `p1_consumption` is of the supply 1, `p1x2_power` of the port 1.2, `device_…` of the switch."""
    rows = {}
    for key, value in told.items():
        index, _, name = key.partition("_")
        component = "" if index == "device" else f"power over ethernet/{index[1:].replace('x', '.')}"
        rows[component, name] = FactRow(
            component, name, value, "", 50, True, "port_power", "", "", "SNMP_V2C", "", "", None, NOW, NOW, NOW
        )
    return rows


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, ""),
        ({"p1_capacity": 370}, "370 W can be given out, and how much is used is not told"),
        ({"p1_capacity": 370, "p1_consumption": 0}, "0 W of 370 W are used"),
        (
            {"p1_capacity": 370, "p2_capacity": 370, "p1_consumption": 20, "p2_consumption": 30},
            "50 W of 740 W are used",
        ),
        ({"p1_capacity": 370, "p1x1_power": 4.2, "p1x2_power": 6.1}, "10.3 W of 370 W are used"),
        ({"p1x1_power": 4.2}, "4.2 W are used"),
        ({"device_ports_fed": 2, "device_ports_with_power_faults": 0}, "2 ports are fed"),
        ({"device_ports_fed": 1, "device_ports_with_power_faults": 2}, "1 port is fed, 2 ports have a power fault"),
    ],
)
def test_the_sentence_says_what_is_told_and_no_more(told: dict[str, Value], sentence: str) -> None:
    assert feeding(facts(**told)).sentence == sentence


def test_what_is_named_of_a_hostile_table_is_bounded() -> None:
    found = feeding(facts(**{f"p1x{number}_power_state": "fed" for number in range(500)}))
    assert (len(found.apart), found.more, found.at) == (MOST_APART, 400, {})
