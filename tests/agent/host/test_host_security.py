"""TPM, Secure Boot and firmware mode: told, denied, or open."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from agent.host import examine
from agent.host._windows import RecordedWindows
from stocktake.values import Outcome, PlatformSecurity

SECURE_BOOT = "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
STATE = r"SYSTEM\CurrentControlSet\Control\SecureBoot\State"


@pytest.mark.parametrize(
    ("files", "content"),
    [
        (
            {"sys/class/tpm/tpm0/tpm_version_major": "2\n", SECURE_BOOT: b"\x06\0\0\0\x01"},
            PlatformSecurity(True, "2.0", True, "uefi"),
        ),
        (
            {"sys/class/tpm/tpm0/tpm_version_major": "1\n", SECURE_BOOT: b"\x06\0\0\0\0"},
            PlatformSecurity(True, "1.2", False, "uefi"),
        ),
        (
            {"sys/class/tpm/tpm0/caps": "Manufacturer: 0x49465800\nTCG version: 1.2\n", "sys/firmware/efi": None},
            PlatformSecurity(True, "1.2", None, "uefi"),
        ),
        ({"sys/class/tpm/tpm0/caps": "odd"}, PlatformSecurity(True, "", None, "")),
        ({"sys/class/tpm": None, "sys/firmware/dmi/tables": None}, PlatformSecurity(False, "", None, "bios")),
        ({"sys/class/tpm": None, SECURE_BOOT: b"\x06\0\0\0\x07"}, PlatformSecurity(False, "", None, "uefi")),
        ({SECURE_BOOT: b"\x01"}, PlatformSecurity(None, "", None, "uefi")),
        ({}, PlatformSecurity()),
    ],
)
def test_linux_tells_what_the_kernel_found(plant: Any, files: dict[str, Any], content: PlatformSecurity) -> None:
    [result] = examine(plant(files), only=["security"])
    assert (result.outcome, result.content) == (Outcome.COMPLETE, content)


def test_secure_boot_that_may_not_be_read_is_not_off(plant: Any, refuse: Any) -> None:
    world = plant({SECURE_BOOT: b"\x06\0\0\0\x01"}, read=refuse("8b8c", "32b8c"))
    [result] = examine(world, only=["security"])
    assert (result.outcome, result.content) == (Outcome.CUT, PlatformSecurity(firmware_mode="uefi"))
    assert "SecureBoot" in result.detail


def device_info(version: int) -> bytes:
    return struct.pack("<4I", 1, version, 2, 0)


@pytest.mark.parametrize(
    ("recorded", "content"),
    [
        (
            {"tpm": (0, device_info(2)), "firmware": 2, "registry": {STATE: {"UEFISecureBootEnabled": 1}}},
            PlatformSecurity(True, "2.0", True, "uefi"),
        ),
        (
            {"tpm": (0, device_info(1)), "firmware": 2, "registry": {STATE: {"UEFISecureBootEnabled": 0}}},
            PlatformSecurity(True, "1.2", False, "uefi"),
        ),
        ({"firmware": 1}, PlatformSecurity(False, "", None, "bios")),
        ({"firmware": 0, "registry": {STATE: {}}}, PlatformSecurity(False, "", None, "")),
    ],
)
def test_windows_tells_by_registry_and_tbs(
    plant_windows: Any, recorded: dict[str, Any], content: PlatformSecurity
) -> None:
    [result] = examine(plant_windows(**recorded), only=["security"])
    assert (result.outcome, result.content) == (Outcome.COMPLETE, content)


def test_a_tpm_that_does_not_answer_is_not_absent(plant_windows: Any) -> None:
    [result] = examine(plant_windows(tpm=(0x80284008, bytes(16)), firmware=2), only=["security"])
    assert (result.outcome, result.content) == (Outcome.CUT, PlatformSecurity(firmware_mode="uefi"))
    assert result.detail == "Could not read the TPM (TBS result 0x80284008)."


def test_a_windows_before_these_calls_is_refused(plant: Any) -> None:
    class Old(RecordedWindows):
        def tpm_device_info(self) -> tuple[int, bytes]:
            raise FileNotFoundError(2, "The specified module could not be found", "tbs")

        def firmware_type(self) -> int:
            raise OSError(127, "The specified procedure could not be found")

    [result] = examine(plant(platform="win32", windows=Old), only=["security"])
    assert result.outcome is Outcome.REFUSED
    assert result.detail == (
        "Could not read the TPM (The specified module could not be found), "
        "the firmware type (The specified procedure could not be found)."
    )
