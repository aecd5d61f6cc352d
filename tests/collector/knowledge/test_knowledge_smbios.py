"""SMBIOS tables, whole, broken and in pieces; what we read agrees with what dmidecode reads."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.facts import Fact, Reading
from collector.interpret import Observation, answers, read, read_file
from collector.knowledge.smbios import structures_of, version_of
from stocktake.values import Method, SmbiosTable, Subject, SubjectKind

UUID = bytes.fromhex("44454c4c5800105980 5ab5c04f313233".replace(" ", ""))


def structure(kind: int, body: bytes, *strings: str) -> bytes:
    """One structure as DSP0134 6.1 lays it out: header, formatted octets, strings (none may be empty), two zeros."""
    text = b"".join((s or " ").encode() + b"\0" for s in strings) or b"\0"
    return struct.pack("<BBH", kind, 4 + len(body), kind) + body + text + b"\0"


def bios(vendor: str, version: str, day: str) -> bytes:
    body = bytes((1, 2)) + b"\0\xf0" + bytes((3, 0xFF)) + bytes(8) + bytes(2) + b"\xff\xff\xff\xff"
    return structure(0, body, vendor, version, day)


def system(maker: str, model: str, version: str, serial: str, family: str = "Family") -> bytes:
    return structure(1, bytes((1, 2, 3, 4)) + UUID + bytes((6, 5, 6)), maker, model, version, serial, "SKU-1", family)


def baseboard(maker: str, model: str, serial: str) -> bytes:
    return structure(2, bytes((1, 2, 0, 3)), maker, model, serial)


def chassis(kind: int, maker: str, serial: str, tag: str) -> bytes:
    return structure(3, bytes((1, kind | 0x80, 0, 2, 3)) + bytes((3, 3, 3, 3)), maker, serial, tag)


def processor(name: str, cores: int) -> bytes:
    body = bytes((1, 3, 0xC6, 2)) + bytes(8) + bytes((3, 0)) + bytes(6) + bytes((0x41, 1)) + bytes(6)
    return structure(4, body + bytes((0, 0, 0, cores, cores, cores)) + bytes(2), "CPU 1", "Intel(R) Corporation", name)


def module(slot: str, megabytes: int, serial: str) -> bytes:
    size = struct.pack("<H", 0x7FFF if megabytes >= 0x7FFF else megabytes)
    body = b"\0\0\xfe\xff\x40\0\x40\0" + size + bytes((9, 0, 1, 2, 0x1A, 0, 0)) + struct.pack("<H", 3200)
    body += bytes((3, 4, 0, 5, 1)) + struct.pack("<I", megabytes if megabytes >= 0x7FFF else 0)
    return structure(17, body, slot, "BANK 0", "Micron Technology", serial, "8ATF2G64HZ-3G2E2")


END = structure(127, b"")
LAPTOP = (
    bios("Dell Inc.", "1.14.2", "03/09/2023")
    + system("Dell Inc.", "Latitude 5440", "", "5XYZ123")
    + baseboard("Dell Inc.", "09NG45", "/5XYZ123/CNFCW0000A/")
    + chassis(10, "Dell Inc.", "5XYZ123", "IT-00042")
    + processor("13th Gen Intel(R) Core(TM) i5-1335U", 10)
    + module("DIMM A", 8192, "1A2B3C4D")
    + module("DIMM B", 65536, "5E6F7A8B")
    + module("DIMM C", 0, "NO DIMM")
    + END
)


def spoilt(at: int, octet: int) -> bytes:
    """The laptop's table with one octet changed."""
    return LAPTOP[:at] + bytes((octet,)) + LAPTOP[at + 1 :]


def entry_point(table: bytes, count: int, version: tuple[int, int] = (3, 4)) -> bytes:
    """A 32-bit entry point as `dmidecode --dump-bin` writes it: the table follows at octet 32."""
    lower = b"_DMI_\0" + struct.pack("<HIHB", len(table), 32, count, version[0] << 4 | version[1])
    lower = lower[:5] + bytes((-sum(lower) % 256,)) + lower[6:]
    upper = b"_SM_\0\x1f" + bytes(version) + struct.pack("<H", 512) + bytes(6) + lower
    return upper[:4] + bytes((-sum(upper) % 256,)) + upper[5:]


def reading(table: SmbiosTable) -> Reading:
    (found,) = read(Observation(Subject(SubjectKind.HOST), Method.HOST, {"smbios": table}))
    return found


def chosen(found: Reading, *names: str) -> list[object]:
    return [found.value(name) for name in names]


def test_a_laptop_is_read_with_its_parts() -> None:
    found = reading(SmbiosTable(b"", LAPTOP))
    assert chosen(found, "class", "maker", "model", "serial") == ["laptop", "Dell", "Latitude 5440", "5XYZ123"]
    assert chosen(found, "uuid") == ["4c4c4544-0058-5910-805a-b5c04f313233"]
    assert chosen(found, "firmware", "bios_date", "asset_tag") == ["1.14.2", "2023-03-09", "IT-00042"]
    assert chosen(found, "memory", "processor") == [72 << 30, "13th Gen Intel(R) Core(TM) i5-1335U"]
    assert found.value("cores", "processor/0") == 10
    assert [found.value(name, "memory/DIMM B") for name in ("size", "type", "serial", "maker")] == [
        64 << 30, "DDR4", "5E6F7A8B", "Micron"]  # fmt: skip
    assert not [fact for fact in found.facts if fact.component == "memory/DIMM C"]
    assert not found.unread


def test_every_fact_tells_the_place_in_the_table() -> None:
    places = {fact.name: fact.source.locator for fact in reading(SmbiosTable(b"", LAPTOP)).facts if not fact.component}
    assert places["uuid"] == "type 1 offset 8"
    assert places["bios_date"] == "type 0 offset 8"
    assert places["class"] == "type 3 offset 5"


def test_the_byte_order_of_the_uuid_follows_the_version() -> None:
    old = SmbiosTable(entry_point(LAPTOP, 9, (2, 4)), LAPTOP)
    new = SmbiosTable(entry_point(LAPTOP, 9, (2, 6)), LAPTOP)
    assert reading(old).value("uuid") == "44454c4c-5800-1059-805a-b5c04f313233"
    assert reading(new).value("uuid") == "4c4c4544-0058-5910-805a-b5c04f313233"
    assert version_of(b"_SM3_\0\x18\x03\x02") == (3, 2)
    assert version_of(b"") == version_of(b"_SM_") == (3, 0)


def test_a_home_built_machine_is_known_by_its_baseboard() -> None:
    table = (
        system("To be filled by O.E.M.", "System Product Name", "System Version", "System Serial Number")
        + baseboard("ASUSTeK COMPUTER INC.", "PRIME H510M-K", "220912345678901")
        + chassis(3, "Default string", "Default string", "Default string")
        + END
    )
    found = reading(SmbiosTable(b"", table))
    assert chosen(found, "class", "maker", "model", "serial") == ["desktop", "ASUS", "PRIME H510M-K", "220912345678901"]
    assert found.value("asset_tag") is None


def test_lenovo_writes_the_model_into_the_version() -> None:
    found = reading(SmbiosTable(b"", system("LENOVO", "20XW004AUK", "ThinkPad X1 Carbon Gen 9", "PF0ABCDE") + END))
    assert chosen(found, "maker", "model", "product_number") == ["Lenovo", "ThinkPad X1 Carbon Gen 9", "20XW004AUK"]


@pytest.mark.parametrize(
    ("maker", "model"),
    [("VMware, Inc.", "VMware Virtual Platform"), ("innotek GmbH", "VirtualBox"), ("Xen", "HVM domU"),
     ("QEMU", "Standard PC (Q35 + ICH9, 2009)"), ("Microsoft Corporation", "Virtual Machine"), ("Nutanix", "AHV"),
     ("Red Hat", "KVM")],
)  # fmt: skip
def test_a_virtual_machine_is_one_whatever_its_chassis_says(maker: str, model: str) -> None:
    table = system(maker, model, "None", "0") + chassis(3, maker, "None", "") + END
    assert reading(SmbiosTable(b"", table)).value("class") == "virtual machine"


@pytest.mark.parametrize(
    ("model", "kind", "expected"),
    [("ProLiant ML30 Gen10", 7, "server"), ("iMac16,1", 9, "desktop"), ("XPS L702X", 8, "laptop"),
     ("Surface Go", 30, "tablet"), ("Something", 2, None)],
)  # fmt: skip
def test_the_class_comes_from_chassis_and_model(model: str, kind: int, expected: str | None) -> None:
    table = system("Maker", model, "", "S1234567") + chassis(kind, "Maker", "", "") + END
    assert reading(SmbiosTable(b"", table)).value("class") == expected


def test_pieces_stand_in_where_the_table_needs_privilege() -> None:
    pieces = {"sys_vendor": "LENOVO", "product_name": "20XW004AUK", "product_version": "ThinkPad X1 Carbon Gen 9",
              "chassis_type": "10", "bios_version": "N32ET75W", "bios_date": "05/20/2022"}  # fmt: skip
    found = reading(SmbiosTable(pieces=tuple(pieces.items())))
    assert chosen(found, "class", "maker", "model", "serial") == ["laptop", "Lenovo", "ThinkPad X1 Carbon Gen 9", None]
    assert chosen(found, "firmware", "bios_date", "uuid") == ["N32ET75W", "2022-05-20", None]


def test_octets_that_are_no_table_are_unread() -> None:
    assert [u.rule for u in reading(SmbiosTable(b"", b"\xff" * 40)).unread] == ["smbios"]


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.builds(spoilt, st.integers(0, len(LAPTOP) - 1), st.integers(0, 255))))
def test_a_broken_table_is_read_as_far_as_it_makes_sense(table: bytes) -> None:
    found = reading(SmbiosTable(b"", table))
    assert not [unread for unread in found.unread if "Error" in unread.reason]
    assert len(list(structures_of(table))) <= len(table) // 4 + 1


@pytest.mark.needs("dmidecode")
def test_dmidecode_reads_the_same(tmp_path: Path) -> None:
    dump = tmp_path / "dmi.bin"
    dump.write_bytes(entry_point(LAPTOP, 9).ljust(32, b"\0") + LAPTOP)

    def keyword(name: str) -> str:
        answer = subprocess.run(
            ["dmidecode", "--from-dump", dump, "-s", name], capture_output=True, text=True, check=True
        )
        return answer.stdout.splitlines()[-1].strip()

    told = answers(str(dump), read_file(str(dump), dump.read_bytes()))
    facts = {fact["name"]: fact["value"] for fact in told["facts"] if not fact["component"]}
    assert [told["maker"], told["model"], told["serial"]] == ["Dell", "Latitude 5440", keyword("system-serial-number")]
    assert facts["uuid"] == keyword("system-uuid")
    assert told["firmware"] == keyword("bios-version")
    assert keyword("bios-release-date") == "03/09/2023"
    assert keyword("chassis-type") == "Notebook"
    assert facts["processor"] == keyword("processor-version")


def test_a_bare_table_is_recognised_as_a_file() -> None:
    told = answers("dumps/DMI", read_file("dumps/DMI", LAPTOP))
    assert (told["walk"], told["class"], told["serial"]) == ("DMI", "laptop", "5XYZ123")


def test_a_component_is_named_by_its_slot_or_its_place() -> None:
    table = module("", 4096, "A1A1A1A1") + END
    facts = [fact for fact in reading(SmbiosTable(b"", table)).facts if isinstance(fact, Fact) and fact.name == "size"]
    assert [fact.component for fact in facts] == ["memory/0"]
