"""EDID blocks, built by the standard's layout: maker, model, serial and age of monitors, and blocks that are none."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.facts import Reading
from collector.interpret import Observation, answers, read, read_file
from stocktake.values import EdidBlock, EdidBlocks, Method, Subject, SubjectKind

HEADER = bytes.fromhex("00ffffffffffff00")


def descriptor(tag: int, text: str) -> bytes:
    return b"\0\0\0" + bytes((tag, 0)) + (text.encode() + b"\n").ljust(13)[:13]


def block(
    maker: str = "DEL", week: int = 12, year: int = 2019, number: int = 0, name: str = "DELL P2419H", serial: str = ""
) -> bytes:
    """An EDID 1.4 block with a right checksum."""
    packed = sum((ord(letter) - 64) << shift for letter, shift in zip(maker, (10, 5, 0), strict=True))
    raw = HEADER + struct.pack(">H", packed) + struct.pack("<HI", 0xA0C3, number)
    raw += bytes((week, year - 1990, 1, 4, 0xA5, 53, 30, 120)) + bytes(30)
    raw += (
        bytes(18)
        + (descriptor(0xFC, name) if name else bytes(18))
        + (descriptor(0xFF, serial) if serial else bytes(18))
        + bytes(18)
    )
    raw = raw.ljust(127, b"\0")
    return raw + bytes((-sum(raw) % 256,))


def monitor(raw: bytes, connector: str = "DP-1") -> Reading:
    blocks = EdidBlocks((EdidBlock(connector, raw),))
    (found,) = read(Observation(Subject(SubjectKind.HOST), Method.HOST, {"edid": blocks}))
    return found


def told(found: Reading, *names: str) -> list[object]:
    return [found.value(name, "monitor/DP-1") for name in names]


def test_a_monitor_is_a_component_with_maker_model_serial_and_age() -> None:
    found = monitor(block(serial="5K8YV93"))
    assert told(found, "maker", "model", "serial") == ["Dell", "DELL P2419H", "5K8YV93"]
    assert told(found, "manufacture_year", "manufacture_week", "width") == [2019, 12, 53]
    assert found.identifiers == ()
    assert not found.unread


def test_a_monitor_without_texts_is_known_by_its_numbers() -> None:
    assert told(monitor(block(name="", number=123456)), "model", "serial") == ["DEL A0C3", "123456"]


def test_a_number_that_every_monitor_has_is_no_serial() -> None:
    assert [told(monitor(block(number=n)), "serial") for n in (0, 1, 0x01010101)] == [[None]] * 3


def test_a_model_year_is_no_year_of_manufacture() -> None:
    assert told(monitor(block(week=0xFF)), "model_year", "manufacture_year") == [2019, None]
    assert told(monitor(block(week=0, year=1990)), "model_year", "manufacture_year") == [None, None]
    assert told(monitor(block(week=81)), "manufacture_year", "manufacture_week") == [2019, None]


def test_an_unknown_maker_is_told_by_its_letters_alone() -> None:
    assert told(monitor(block(maker="QQQ")), "maker", "maker_id") == [None, "QQQ"]


def test_a_wrong_checksum_is_told_and_the_rest_is_read() -> None:
    found = monitor(block()[:-1] + b"\x99")
    assert [unread.reason for unread in found.unread] == ["the checksum of the EDID is wrong"]
    assert told(found, "maker") == ["Dell"]


def test_a_block_that_is_no_edid_is_unread() -> None:
    assert [len(monitor(raw).unread) for raw in (b"", b"\0" * 128, HEADER)] == [1, 1, 1]


def test_a_file_with_an_edid_is_a_display() -> None:
    answer = answers("edid.bin", read_file("edid.bin", block(serial="5K8YV93") + bytes(128)))
    assert [answer[key] for key in ("class", "maker", "model", "serial")] == [
        "display",
        "Dell",
        "DELL P2419H",
        "5K8YV93",
    ]


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=100, max_size=300))
def test_any_octets_behind_the_header_are_read_without_an_exception(raw: bytes) -> None:
    assert not [unread for unread in monitor(HEADER + raw).unread if "Error" in unread.reason]
