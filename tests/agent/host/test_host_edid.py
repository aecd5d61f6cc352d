"""EDID: each attached monitor's block, raw, by connector."""

from __future__ import annotations

import struct
from typing import Any

from agent.host import examine
from stocktake.values import EdidBlock, EdidBlocks, Outcome


def monitor(maker: str, product: int, serial: int, week: int, year: int) -> bytes:
    """A base block (E-EDID 1.3) with its checksum; timings are left empty."""
    letters = [ord(letter) - 64 for letter in maker]
    packed = letters[0] << 10 | letters[1] << 5 | letters[2]
    head = b"\x00" + b"\xff" * 6 + b"\x00"
    block = head + struct.pack(">H", packed) + struct.pack("<HIBBBB", product, serial, week, year - 1990, 1, 3)
    block = block.ljust(127, b"\0")
    return block + bytes([-sum(block) & 0xFF])


DELL, AOC = monitor("DEL", 0x40A3, 811946316, 10, 2019), monitor("AOC", 0x2470, 1021, 33, 2015)
PRESENT = r"SYSTEM\CurrentControlSet\Services\monitor\Enum"
DISPLAY = r"SYSTEM\CurrentControlSet\Enum\DISPLAY"


def test_monitors_are_found_by_connector_and_empty_connectors_are_left_out(plant: Any) -> None:
    files = {
        "sys/class/drm/card1-DP-1/edid": DELL,
        "sys/class/drm/card1-HDMI-A-2/edid": AOC,
        "sys/class/drm/card1-DP-2/edid": b"",
        "sys/class/drm/card1/dev": "226:1",
        "sys/class/drm/renderD128/dev": "226:128",
        "sys/class/drm/version": "drm 1.1.0 20060810",
    }
    [result] = examine(plant(files), only=["edid"])
    assert result.outcome is Outcome.COMPLETE
    assert result.content == EdidBlocks((EdidBlock("DP-1", DELL), EdidBlock("HDMI-A-2", AOC)))


def test_one_monitor_that_does_not_answer_leaves_the_others(plant: Any) -> None:
    files = {"sys/class/drm/card0-DP-1/edid": DELL, "sys/class/drm/card0-DP-2/edid": bytes(40_000)}
    [result] = examine(plant(files), only=["edid"])
    assert (result.outcome, result.content) == (Outcome.CUT, EdidBlocks((EdidBlock("DP-1", DELL),)))
    assert result.detail == "Could not read /sys/class/drm/card0-DP-2/edid (longer than 32768 octets)."


def windows_registry(*, present: bool) -> dict[str, dict[str, Any]]:
    told = {"0": r"DISPLAY\DEL40A3\5&2c03a83c&0&UID262147", "1": r"DISPLAY\Default_Monitor\4&1", "Count": 2}
    return {
        rf"{DISPLAY}\DEL40A3\5&2c03a83c&0&UID262147\Device Parameters": {"EDID": DELL},
        rf"{DISPLAY}\AOC2470\5&2c03a83c&0&UID262148\Device Parameters": {"EDID": AOC},
        rf"{DISPLAY}\Default_Monitor\4&1\Device Parameters": {"BAD_EDID": "1"},
        **({PRESENT: told} if present else {}),
    }


def test_windows_lists_the_monitors_that_its_driver_holds_now(plant_windows: Any) -> None:
    [result] = examine(plant_windows(registry=windows_registry(present=True)), only=["edid"])
    assert result.outcome is Outcome.COMPLETE
    assert result.content == EdidBlocks((EdidBlock(r"DEL40A3\5&2c03a83c&0&UID262147", DELL),))


def test_windows_that_cannot_tell_which_are_present_says_so(plant_windows: Any) -> None:
    [result] = examine(plant_windows(registry=windows_registry(present=False)), only=["edid"])
    assert result.outcome is Outcome.CUT
    assert isinstance(result.content, EdidBlocks)
    assert [block.block for block in result.content.blocks] == [AOC, DELL]
    assert "which monitors are attached now" in result.detail


def test_windows_without_any_monitor_is_complete(plant_windows: Any) -> None:
    [result] = examine(plant_windows(registry={PRESENT: {"Count": 0}}), only=["edid"])
    assert (result.outcome, result.content) == (Outcome.COMPLETE, EdidBlocks(()))
