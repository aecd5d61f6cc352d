"""Readings of parts: one name and unit for one thing, whoever made it, and nothing of what is not measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector import knowledge
from collector.facts import Value
from collector.knowledge import Walk, study
from stocktake import snmprec

DEVICES = Path(__file__).parents[2] / "devices"
ENTERPRISE = "1.3.6.1.4.1"
Key = tuple[str, str]


def told(*lines: str) -> dict[Key, tuple[Value, str]]:
    facts, _ = study(Walk({"walk": snmprec.read(list(lines))}))
    return {(fact.component, fact.name): (fact.value, fact.unit) for fact in facts}


def of(object_id: str) -> str:
    return f"1.3.6.1.2.1.1.2.0|6|{ENTERPRISE}.{object_id}"


CASES: dict[str, tuple[tuple[str, ...], dict[Key, tuple[Value, str]]]] = {
    "processors": (("1.3.6.1.2.1.25.3.3.1.2.1|2|20", "1.3.6.1.2.1.25.3.3.1.2.2|2|40"),
                   {("", "processor_load"): (30, "percent"), ("processor/2", "load"): (40, "percent")}),
    "net-snmp": ((of("8072.3.2.10"), f"{ENTERPRISE}.2021.4.5.0|2|1000", f"{ENTERPRISE}.2021.4.6.0|2|300",
                  f"{ENTERPRISE}.2021.4.15.0|2|200", f"{ENTERPRISE}.2021.11.11.0|2|90"),
                 {("", "memory_used"): (512000, "bytes"), ("", "processor_load"): (10, "percent")}),
    "Cisco sensor": ((of("9.1.2494"), *(f"{ENTERPRISE}.9.9.91.1.1.1.1.{column}.5|2|{value}"
                                        for column, value in ((1, 8), (2, 9), (3, 1), (4, 415), (5, 1)))),
                     {("sensor/5", "temperature"): (41.5, "celsius")}),
    "Cisco supply": ((of("9.1.2494"), "1.3.6.1.2.1.47.1.1.1.1.5.7|2|6", f"{ENTERPRISE}.9.9.117.1.1.2.1.2.7|2|8"),
                     {("power supply/7", "status"): ("failed", "")}),
    "ArubaOS-Switch": ((of("11.2.3.7.11.160"), f"{ENTERPRISE}.11.2.14.11.5.1.54.2.1.1.4.1|2|5",
                        f"{ENTERPRISE}.11.2.14.11.5.1.55.1.1.1.2.1|2|4",
                        f"{ENTERPRISE}.11.2.14.11.5.1.82.1.1.1.1.14.49|2|-6020"),
                       {("fan/1", "status"): ("ok", ""), ("power supply/1", "status"): ("failed", ""),
                        ("transceiver/port/49", "light_sent"): (-6.02, "decibel_milliwatts")}),
    "AOS-CX": ((of("47196.4.1.1.1.100"), f"{ENTERPRISE}.47196.4.1.1.3.11.5.1.1.5.1.1.1|4|fault"),
               {("fan/1.1.1", "status"): ("failed", "")}),
    "Comware": ((of("25506.1.1"), f"{ENTERPRISE}.25506.8.35.9.1.2.1.2.1|2|2",
                 "1.3.6.1.2.1.47.1.1.1.1.5.2|2|3", f"{ENTERPRISE}.25506.2.6.1.1.1.1.25.2|4x|07e0030400000000"),
                {("power supply/device/1", "status"): ("failed", ""), ("", "first_used"): ("2016-03-04", ""),
                 ("chassis/2", "first_used"): ("2016-03-04", "")}),
    "Juniper": ((of("2636.1.1.1.4.131"), f"{ENTERPRISE}.2636.3.1.13.1.5.2.1.0.0|4|Power Supply 0",
                 f"{ENTERPRISE}.2636.3.1.13.1.6.2.1.0.0|2|6", f"{ENTERPRISE}.2636.3.1.8.1.6.2.1.0.0|4|Power Supply 0",
                 f"{ENTERPRISE}.2636.3.1.8.1.7.2.1.0.0|4|1EDV7150123"),
                {("power supply/2.1.0.0", "status"): ("failed", ""),
                 ("power supply/2.1.0.0", "serial"): ("1EDV7150123", "")}),
    "EXOS": ((of("1916.2.93"), f"{ENTERPRISE}.1916.1.32.1.2.0|4|54", f"{ENTERPRISE}.1916.1.1.1.27.1.2.1|2|3"),
             {("", "processor_load"): (54, "percent"), ("power supply/1", "status"): ("failed", "")}),
    "FASTPATH": ((of("4526.100.10.31"), f"{ENTERPRISE}.4526.10.1.1.4.9.0|4|5 Secs ( 9%) 300 Secs ( 23.7992%)",
                  f"{ENTERPRISE}.4526.10.43.1.7.1.3.0|2|2"),
                 {("", "processor_load"): (23.8, "percent"), ("power supply/0", "status"): ("ok", "")}),
    "RADLAN": ((of("9.6.1.95.24.1"), f"{ENTERPRISE}.9.6.1.101.53.15.1.10.1|2|61",
                f"{ENTERPRISE}.9.6.1.101.53.15.1.4.1|2|6", f"{ENTERPRISE}.9.6.1.101.53.15.1.5.1|2|5"),
               {("sensor/unit/1", "temperature"): (61, "celsius"), ("fan/1/1", "status"): ("failed", "")}),
    "OS9": ((of("6027.1.3.20"), f"{ENTERPRISE}.6027.3.26.1.3.4.1.15.1|4|21062018"),
            {("", "manufactured"): ("2018-06-21", ""), ("", "manufactured.raw"): ("21062018", "")}),
    "iDRAC": ((of("674.10892.5"), *(f"{ENTERPRISE}.674.10892.5.5.1.20.130.4.1.{column}.1|4|{value}"
                                    for column, value in ((32, 5), (33, 13), (34, 2021)))),
              {("disk/1", "manufactured"): ("2021-04-02", "")}),
    "iLO": ((of("232.9.4.10"), f"{ENTERPRISE}.232.6.1.3.0|2|3", f"{ENTERPRISE}.232.6.2.6.7.1.9.0.1|2|4"),
            {("", "status"): ("warning", ""), ("fan/0.1", "status"): ("critical", "")}),
    "Huawei": ((of("2011.2.23.291"), f"{ENTERPRISE}.2011.5.25.31.1.1.1.1.5.9|2|24"),
               {("module/9", "processor_load"): (24, "percent")}),
    "MikroTik": ((of("14988.1"), f"{ENTERPRISE}.14988.1.1.3.100.1.3.7401|66|1",
                  f"{ENTERPRISE}.14988.1.1.3.100.1.4.7401|2|6"), {("power supply/7401", "status"): ("failed", "")}),
    "FortiGate": ((of("12356.101.1.1"), f"{ENTERPRISE}.12356.101.4.1.5.0|66|1000"),
                  {("", "memory"): (1024000, "bytes")}),
    "QNAP": ((of("24681"), f"{ENTERPRISE}.24681.1.2.2.0|4|2048.0 MB"), {("", "memory"): (1 << 31, "bytes")}),
    "CyberPower": ((of("3808.1.1.1"), f"{ENTERPRISE}.3808.1.1.1.3.2.1.0|66|2304",
                    f"{ENTERPRISE}.3808.1.1.1.1.2.2.0|4|04/30/25"),
                   {("input/1", "voltage"): (230.4, "volts"), ("", "manufactured"): ("2025-04-30", "")}),
    "APC": ((of("318.1.3.27"), f"{ENTERPRISE}.318.1.1.1.2.1.3.0|4|03/14/2021"),
            {("", "battery.replaced"): ("2021-03-14", ""), ("", "battery.replaced.raw"): ("03/14/2021", "")}),
    "HP printer": ((of("11.2.3.9.1"), f"{ENTERPRISE}.11.2.3.9.4.2.1.1.2.8.0|4|201604011230Z"),
                   {("", "installed"): ("2016-04-01", "")}),
    "OmniSwitch": ((of("6486.801.1.1.2.1.11.1.2"), f"{ENTERPRISE}.6486.801.1.1.1.1.1.1.1.6.1|4|AUG 15 2015"),
                   {("module/1", "manufactured"): ("2015-08-15", "")}),
    "tray": (("1.3.6.1.2.1.43.8.2.1.9.1.2|2|500", "1.3.6.1.2.1.43.8.2.1.10.1.2|2|125"),
             {("tray/1.2", "level"): (25, "percent")}),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), CASES.values(), ids=CASES)
def test_a_part_is_read(lines: tuple[str, ...], expected: dict[Key, tuple[Value, str]]) -> None:
    found = told(*lines)
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize("value", ["INVALID", "199000300000", ""])
def test_an_install_date_that_nobody_set_is_none(value: str) -> None:
    assert ("", "installed") not in told(of("11.2.3.9.1"), f"{ENTERPRISE}.11.2.3.9.4.2.1.1.2.8.0|4|{value}")


def test_a_part_that_is_not_there_is_no_fan_of_a_unit() -> None:
    assert ("fan/2/1", "status") not in told(of("9.6.1.95.24.1"), f"{ENTERPRISE}.9.6.1.101.53.15.1.5.1|2|5")


@pytest.mark.parametrize("path", sorted(DEVICES.glob("*/walk.snmprec")), ids=lambda path: path.parent.name)
def test_a_file_that_names_makers_would_say_nothing_of_the_devices_of_others(path: Path) -> None:
    walk = Walk({"walk": snmprec.read(path.read_text("utf-8", "surrogateescape").split("\n"))})
    for file in knowledge.files():
        if file.reads is Walk and file.read and file.under and file.under.isdisjoint(walk.enterprises):
            assert not list(file.read(walk.named(file.name))), file.name


def test_a_file_that_names_makers_is_read_where_one_of_them_answers() -> None:
    gated = {file.name: file.under for file in knowledge.files() if file.under}
    assert gated["cisco_parts"] == {"9"}
    assert ("", "memory_load") not in told(of("1"), f"{ENTERPRISE}.99.1|2|1")
