"""SMBIOS: the table as it stands, or the pieces, or an honest nothing."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from agent.host import examine
from agent.host._world import run_program
from agent.host.smbios import from_windows
from stocktake.values import Outcome, SmbiosTable


def structure(kind: int, handle: int, body: bytes, *strings: str) -> bytes:
    """One SMBIOS structure (DSP0134 6.1): type, length, handle, formatted area, then the string set."""
    text = b"".join(string.encode() + b"\0" for string in strings) or b"\0"
    return struct.pack("<BBH", kind, 4 + len(body), handle) + body + text + b"\0"


def school_desktop() -> tuple[bytes, bytes]:
    """Entry point (SMBIOS 3.2, 64 bit) and table of a small desktop in a classroom."""
    # type 0: vendor, version, segment, date, ROM size, characteristics, extensions, release, EC release, extended size
    firmware = struct.pack("<BBHBBQHBBBBH", 1, 2, 0xF000, 3, 0xFF, 0x8, 0x0D03, 1, 16, 0xFF, 0xFF, 16)
    uuid = bytes.fromhex("44454c4c5700104b8058b4c04f4a3233")
    # type 1: maker, product, version, serial, UUID, wake-up, SKU, family
    system = struct.pack("<BBBB16sBBB", 1, 2, 0, 3, uuid, 6, 4, 5)
    chassis = struct.pack("<BBBBBBBBBIBBBBB", 1, 35, 0, 2, 3, 3, 3, 3, 2, 0, 0, 1, 0, 0, 4)
    memory = struct.pack(
        "<HHHHHBBBBBHHBBBBBIH", 0x1000, 0xFFFE, 64, 64, 8192, 9, 0, 1, 2, 26, 128, 2666, 3, 4, 0, 5, 1, 0, 2666
    )
    table = b"".join(
        [
            structure(0, 0, firmware, "Dell Inc.", "1.16.0", "09/14/2022"),
            structure(1, 0x0100, system, "Dell Inc.", "OptiPlex 3070", "8WKXJ23", "0924", "OptiPlex"),
            structure(3, 0x0300, chassis, "Dell Inc.", "8WKXJ23", "ROOM-14-PC03", "0924"),
            structure(17, 0x1100, memory, "DIMM1", "BANK 0", "Kingston", "5D1B20C7", "9905703-011.A00G"),
            structure(127, 0x7F00, b""),
        ]
    )
    point = bytearray(struct.pack("<5sBBBBBBBIQ", b"_SM3_", 0, 24, 3, 2, 0, 1, 0, len(table), 0x20))
    point[5] = -sum(point) & 0xFF
    return bytes(point), table


def planted_desktop() -> dict[str, str | bytes]:
    point, table = school_desktop()
    return {
        "sys/firmware/dmi/tables/smbios_entry_point": point,
        "sys/firmware/dmi/tables/DMI": table,
        "sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
        "sys/class/dmi/id/product_name": "OptiPlex 3070\n",
        "sys/class/dmi/id/product_serial": "8WKXJ23\n",
        "sys/class/dmi/id/board_asset_tag": "\n",
        "sys/class/dmi/id/modalias": "dmi:bvnDellInc.:\n",
        "sys/class/dmi/id/uevent": "MODALIAS=dmi:\n",
        "sys/class/dmi/id/power/control": "auto\n",
    }


def test_root_gets_the_table_octet_by_octet(plant: Any) -> None:
    [result] = examine(plant(planted_desktop()), only=["smbios"])
    assert (result.outcome, result.detail) == (Outcome.COMPLETE, "")
    assert result.content == SmbiosTable(*school_desktop())


@pytest.mark.needs("dmidecode")
def test_the_table_that_was_read_is_one_that_dmidecode_understands(plant: Any, tmp_path: Path) -> None:
    [result] = examine(plant(planted_desktop()), only=["smbios"])
    assert isinstance(result.content, SmbiosTable)
    dump = tmp_path / "dump.bin"
    dump.write_bytes(result.content.entry_point.ljust(0x20, b"\0") + result.content.table)
    told = {line.strip() for line in run_program(["dmidecode", "--from-dump", str(dump)]).decode().splitlines()}
    assert {"SMBIOS 3.2.0 present.", "Serial Number: 8WKXJ23", "Asset Tag: ROOM-14-PC03", "Size: 8 GB"} <= told


def test_without_root_there_are_pieces_and_a_sentence_on_what_is_missing(plant: Any, refuse: Any) -> None:
    world = plant(planted_desktop(), read=refuse("DMI", "smbios_entry_point", "product_serial"))
    [result] = examine(world, only=["smbios"])
    assert result.outcome is Outcome.CUT
    assert result.content == SmbiosTable(pieces=(("product_name", "OptiPlex 3070"), ("sys_vendor", "Dell Inc.")))
    assert result.detail == (
        "Could not read /sys/firmware/dmi/tables/DMI (Permission denied), "
        "/sys/class/dmi/id/product_serial (Permission denied)."
    )


def test_a_table_without_end_is_refused(plant: Any) -> None:
    [result] = examine(plant({"sys/firmware/dmi/tables/DMI": bytes(300_000)}), only=["smbios"])
    assert result.outcome is Outcome.REFUSED
    assert "longer than 262144 octets" in result.detail


def rsmb(table: bytes, length: int | None = None) -> bytes:
    """RawSMBIOSData of Windows: calling method, version 3.2, DMI revision, length, table."""
    return struct.pack("<BBBBI", 0, 3, 2, 0, len(table) if length is None else length) + table


def test_windows_hands_out_the_same_table_behind_a_header_of_its_own(plant_windows: Any) -> None:
    table = school_desktop()[1]
    [result] = examine(plant_windows(tables={"RSMB": rsmb(table)}), only=["smbios"])
    assert result.outcome is Outcome.COMPLETE
    assert result.content == SmbiosTable(rsmb(table)[:8], table)


def test_octets_behind_the_announced_length_are_not_the_table() -> None:
    assert from_windows(rsmb(b"abcd", 3)).table == b"abc"


@pytest.mark.parametrize("answer", [b"", b"\0\x03\x02\0", rsmb(b"abc", 4), rsmb(b"abc", 2**32 - 1)])
def test_an_answer_of_windows_that_is_not_whole_is_refused(plant_windows: Any, answer: bytes) -> None:
    [result] = examine(plant_windows(tables={"RSMB": answer}), only=["smbios"])
    assert result.outcome is Outcome.REFUSED
    assert result.detail.startswith("Could not read smbios (Windows ")


def test_windows_without_the_table_is_refused(plant_windows: Any) -> None:
    [result] = examine(plant_windows(), only=["smbios"])
    assert (result.outcome, result.detail) == (Outcome.REFUSED, "Could not read smbios (Incorrect function).")
