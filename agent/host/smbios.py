"""The raw SMBIOS table (DMTF DSP0134), or the pieces of it that the system gives to everybody.

Nothing here knows a structure type: the table travels as it is. On Linux the raw table is readable by root alone; an
unprivileged agent gets `/sys/class/dmi/id` without the serial numbers, and says what it was refused.
"""

from __future__ import annotations

import struct

from agent.host._world import NotAskedError, World
from stocktake.values import SmbiosTable

GROUP = "smbios"
NOTHING = SmbiosTable()

_ENTRY_POINT = "sys/firmware/dmi/tables/smbios_entry_point"
_TABLE = "sys/firmware/dmi/tables/DMI"
_PIECES = "sys/class/dmi/id"
_NO_PIECES = {"modalias", "uevent"}  # the same pieces again, strung together
_TABLE_OCTETS = 256 * 1024  # the largest seen are under 64 kB, which is all that SMBIOS 2 can say
_RSMB_HEADER = struct.Struct("<4BL")  # RawSMBIOSData: calling method, major, minor, DMI revision, length


def read(world: World) -> SmbiosTable:
    """The table with its entry point, or pieces, or nothing."""
    if world.platform == "linux":
        return _linux(world)
    if world.platform == "win32":
        return from_windows(world.windows().firmware_table("RSMB"))
    raise NotAskedError


def from_windows(answer: bytes) -> SmbiosTable:
    """The table in an answer of `GetSystemFirmwareTable('RSMB')`; ValueError where it is not whole.

    Windows hands out no entry point. Its 8-octet header, which carries the SMBIOS version, travels in its place.
    """
    if len(answer) < _RSMB_HEADER.size:
        raise ValueError(f"Windows answered {len(answer)} octets, less than the header of a firmware table")
    length = _RSMB_HEADER.unpack_from(answer)[4]
    table = answer[_RSMB_HEADER.size :][:length]
    if len(table) < length or length > _TABLE_OCTETS:
        raise ValueError(f"Windows announced a table of {length} octets and answered {len(table)}")
    return SmbiosTable(answer[: _RSMB_HEADER.size], table)


def _linux(world: World) -> SmbiosTable:
    table = world.octets(_TABLE, _TABLE_OCTETS)
    if table:
        return SmbiosTable(world.octets(_ENTRY_POINT), table)
    names = [name for name in world.names(_PIECES) if name not in _NO_PIECES]
    pieces = [(name, world.text(f"{_PIECES}/{name}")) for name in names]
    return SmbiosTable(pieces=tuple((name, text) for name, text in pieces if text))
