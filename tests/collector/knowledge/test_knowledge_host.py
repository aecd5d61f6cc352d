"""What a machine tells of its disks, batteries, system and load; what is absent is not stated."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from collector.facts import Reading
from collector.interpret import Observation, read
from collector.knowledge.mac_maker import maker_of
from stocktake.values import (
    Battery,
    Content,
    Disk,
    Disks,
    Load,
    MemoryAndProcessor,
    Method,
    OperatingSystem,
    PlatformSecurity,
    Power,
    SmbiosTable,
    Storage,
    Subject,
    SubjectKind,
)


def host(*contents: Content) -> Reading:
    groups: dict[str, Content | tuple[Content, ...]] = {type(content).__name__: content for content in contents}
    (found,) = read(Observation(Subject(SubjectKind.HOST), Method.HOST, groups))
    return found


def test_a_disk_tells_what_smartctl_tells() -> None:
    smart = {
        "model_name": "SAMSUNG MZVL2512HCJQ-00B00",
        "serial_number": "S675NX0T000042",
        "firmware_version": "GXA7801Q",
        "user_capacity": {"blocks": 1000215216, "bytes": 512110190592},
        "smart_status": {"passed": True},
        "power_on_time": {"hours": 4711},
        "temperature": {"current": 38},
        "nvme_smart_health_information_log": {"percentage_used": 3, "available_spare": 100, "media_errors": 0},
    }
    found = host(Disks((Disk("nvme0n1", "SAMSUNG", rotational=False, smart_json=json.dumps(smart).encode()),)))
    names = (
        "model",
        "serial",
        "firmware",
        "size",
        "type",
        "power_on_time",
        "temperature",
        "wear",
        "media_errors",
        "healthy",
    )
    assert [found.value(name, "disk/nvme0n1") for name in names] == [
        "SAMSUNG MZVL2512HCJQ-00B00", "S675NX0T000042", "GXA7801Q", 512110190592, "solid state",
        4711 * 3600, 38, 3, 0, True,
    ]  # fmt: skip
    assert {fact.unit for fact in found.facts if fact.name == "power_on_time"} == {"seconds"}


@pytest.mark.parametrize(
    "answer",
    [b"not json", b"[" * 50_000, b"null", b"[]",
     b'{"model_name": 7, "user_capacity": [], "power_on_time": {"hours": "x"}}',
     b'{"serial_number": "0000000000", "temperature": {"current": true}}', b"{" + b" " * (1 << 21), b"\xff\xfe\x00"],
    ids=range(8),
)  # fmt: skip
def test_a_broken_answer_of_smartctl_leaves_the_disk_as_the_system_sees_it(answer: bytes) -> None:
    found = host(Disks((Disk("sda", "ST1000DM010", "ZN1ABC42", size_bytes=1 << 40, smart_json=answer),)))
    assert [found.value(name, "disk/sda") for name in ("model", "serial", "size")] == [
        "ST1000DM010",
        "ZN1ABC42",
        1 << 40,
    ]
    assert {fact.name for fact in found.facts} == {"model", "serial", "size"}
    assert not [unread for unread in found.unread if "Error:" in unread.reason]


def test_a_battery_tells_its_wear_and_hints_at_a_laptop() -> None:
    battery = Battery("BAT0", "SMP", "DELL 7VTMN1B", "1234", "Li-ion", "2021-05-01", 58_000, 43_500, 212, 97)
    found = host(Power((battery,), mains_online=False))
    assert [found.value(name, "battery/BAT0") for name in ("health", "cycles", "serial", "manufactured")] == [
        75, 212, "1234", "2021-05-01"]  # fmt: skip
    assert (found.value("class"), found.value("mains_online")) == ("laptop", False)


def test_a_battery_does_not_make_a_desktop_a_laptop() -> None:
    desktop = SmbiosTable(
        pieces=(("sys_vendor", "Dell Inc."), ("product_name", "OptiPlex 3040"), ("chassis_type", "3"))
    )
    assert host(Power((Battery("ups"),)), desktop).value("class") == "desktop"


def test_an_operating_system_tells_its_edition_and_hints_at_the_class() -> None:
    when = datetime(2023, 9, 1, 8, 30, tzinfo=UTC)
    windows = OperatingSystem("windows", "Windows Server 2022 Standard", "21H2", "ServerStandard", "20348.2402",
                              host_name="DC-1", install_time=when)  # fmt: skip
    found = host(windows)
    names = ("os.product", "os.version", "os.build", "os.install_time", "name", "class")
    assert [found.value(name) for name in names] == [
        "windows", "21H2", "20348.2402", "2023-09-01T08:30:00+00:00", "DC-1", "server"]  # fmt: skip


def test_a_hypervisor_below_windows_makes_no_laptop_virtual() -> None:
    laptop = SmbiosTable(pieces=(("sys_vendor", "HP"), ("product_name", "HP ProBook 450 G9"), ("chassis_type", "10")))
    bare_metal = host(laptop, MemoryAndProcessor(16 << 30, "Intel", hypervisor="Microsoft Hv"))
    assert (bare_metal.value("class"), bare_metal.value("hypervisor")) == ("laptop", "Microsoft Hv")


def test_what_windows_asks_is_told_and_the_unknown_is_not_stated() -> None:
    found = host(PlatformSecurity(tpm_present=True, tpm_version="2.0", firmware_mode="uefi"))
    assert [found.value(name) for name in ("tpm", "tpm_version", "secure_boot", "firmware_mode")] == [
        True, "2.0", None, "uefi"]  # fmt: skip


def test_load_is_read_with_units_and_zero_is_a_reading() -> None:
    found = host(Load((0.0, 0.5), 12.5, 0, 3600, (Storage("/", "ext4", 100, 40),)))
    assert [found.value(name) for name in ("load_1_minutes", "load_5_minutes", "load_15_minutes")] == [0.0, 0.5, None]
    assert [found.value(name) for name in ("processor_load", "memory_used", "uptime")] == [12.5, 0, 3600]
    assert {(fact.name, fact.unit) for fact in found.facts if fact.component == "volume//"} >= {("size", "bytes")}


# ------------------------------------------------------------------------------------------------ makers of MACs


@pytest.mark.parametrize(
    ("address", "maker"),
    [("3c:a8:2a:00:00:01", "HP"), ("a4:bb:6d:00:00:01", "Dell"), ("74:83:c2:00:00:01", "Ubiquiti"),
     ("70:b3:d5:00:00:01", ""),  # a block that IEEE has cut up
     ("02:00:00:00:00:01", ""), ("52:54:00:12:34:56", ""), ("ac:de:48:00:00:01", "")],
)  # fmt: skip
def test_a_mac_tells_its_maker_or_nothing(address: str, maker: str) -> None:
    assert maker_of(address) == maker
