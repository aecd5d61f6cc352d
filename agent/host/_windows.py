"""What only Windows can be asked: firmware tables, firmware type, TPM, registry. The seam, its twin, the real one.

Not run on Windows yet: the real calls below are written from Microsoft's documentation, and everything that reads their
answers is tested on recorded ones. This module does not parse: it hands over octets and registry values as they come.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

RegistryValue = str | int | bytes

TBS_SUCCESS = 0
TBS_E_TPM_NOT_FOUND = 0x8028400F  # tbs.h: "A compatible TPM device cannot be found on this computer"


class WindowsApi(Protocol):
    r"""The calls that only Windows answers. Registry paths are below HKEY_LOCAL_MACHINE, with backslashes."""

    def firmware_table(self, provider: str) -> bytes:
        """`GetSystemFirmwareTable` of a four-letter provider ("RSMB"). OSError where it fails."""

    def firmware_type(self) -> int:
        """`GetFirmwareType`: 1 BIOS, 2 UEFI, 0 unknown. OSError where it fails (before Windows 8)."""

    def tpm_device_info(self) -> tuple[int, bytes]:
        """`Tbsi_GetDeviceInfo`: its TBS_RESULT and the 16 octets of TPM_DEVICE_INFO."""

    def keys(self, path: str) -> tuple[str, ...]:
        """The names of the sub-keys. FileNotFoundError where the key is not there."""

    def values(self, path: str) -> Mapping[str, RegistryValue]:
        """The values of a key; other types than text, number and octets are left out. Raises as `keys` does."""


@dataclass(frozen=True, slots=True)
class RecordedWindows:
    """The twin of Windows: answers from what was recorded. `registry` is path → values; keys follow from the paths."""

    tables: Mapping[str, bytes] = field(default_factory=dict)
    firmware: int = 0
    tpm: tuple[int, bytes] = (TBS_E_TPM_NOT_FOUND, bytes(16))
    registry: Mapping[str, Mapping[str, RegistryValue]] = field(default_factory=dict)

    def firmware_table(self, provider: str) -> bytes:
        """The recorded table; OSError where none was recorded."""
        if provider not in self.tables:
            raise OSError(1, "Incorrect function", provider)
        return self.tables[provider]

    def firmware_type(self) -> int:
        """The recorded type."""
        return self.firmware

    def tpm_device_info(self) -> tuple[int, bytes]:
        """The recorded answer."""
        return self.tpm

    def keys(self, path: str) -> tuple[str, ...]:
        """The names one level below `path`, in the order recorded."""
        below = [name[len(path) + 1 :].split("\\")[0] for name in self.registry if name.startswith(path + "\\")]
        if not below and path not in self.registry:
            raise FileNotFoundError(2, "The system cannot find the file specified", path)
        return tuple(dict.fromkeys(below))

    def values(self, path: str) -> Mapping[str, RegistryValue]:
        """The recorded values; none for a key that only has sub-keys."""
        if path not in self.registry:
            self.keys(path)  # raises where the key is not there at all
        return self.registry.get(path, {})


def this_windows() -> WindowsApi:
    """The Windows this program runs on; OSError elsewhere."""
    if sys.platform == "win32":
        return _Windows()
    raise OSError(f"this is {sys.platform}, not Windows")


if sys.platform == "win32":
    import ctypes
    import winreg

    class _Windows:
        """The real calls, by ctypes and winreg."""

        def firmware_table(self, provider: str) -> bytes:
            # the signature is a multi-character constant: 'RSMB' is 0x52534D42
            signature = ctypes.c_uint32(int.from_bytes(provider.encode("ascii"), "big"))
            call = ctypes.WinDLL("kernel32", use_last_error=True).GetSystemFirmwareTable
            size = call(signature, 0, None, 0)
            room = ctypes.create_string_buffer(max(1, size))
            if not size or call(signature, 0, room, size) != size:
                raise ctypes.WinError(ctypes.get_last_error())
            return room.raw[:size]

        def firmware_type(self) -> int:
            kind = ctypes.c_uint32(0)
            if not ctypes.WinDLL("kernel32", use_last_error=True).GetFirmwareType(ctypes.byref(kind)):
                raise ctypes.WinError(ctypes.get_last_error())
            return kind.value

        def tpm_device_info(self) -> tuple[int, bytes]:
            room = ctypes.create_string_buffer(16)
            result = ctypes.WinDLL("tbs").Tbsi_GetDeviceInfo(ctypes.c_uint32(16), room)
            return result & 0xFFFFFFFF, room.raw

        def keys(self, path: str) -> tuple[str, ...]:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
                return tuple(winreg.EnumKey(key, i) for i in range(winreg.QueryInfoKey(key)[0]))

        def values(self, path: str) -> Mapping[str, RegistryValue]:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
                rows = [winreg.EnumValue(key, i) for i in range(winreg.QueryInfoKey(key)[1])]
            return {name: value for name, value, _ in rows if isinstance(value, str | int | bytes)}
