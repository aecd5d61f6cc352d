"""The kernel's neighbour table: which addresses answered this machine, with which MAC. Reading it sends nothing.

On Linux it comes over netlink, or from `/proc/net/arp` where a sandbox forbids netlink (then without IPv6, and without
telling fresh from old); on Windows from `GetIpNetTable2`, which is tested on laid-out bytes and not yet run on Windows.
It does not know who was asked or why: `touch` and the frame of discovery do.
"""

from __future__ import annotations

import ctypes
import enum
import ipaddress
import socket
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.discovery import netlink
from stocktake.values import Sighting

#: an entry that nobody confirmed for longer says that something was there, not that it is
CONFIRMED_WITHIN_SECONDS = 24 * 3600.0

ENTRY_LIMIT = 65_536  # a flood of made-up neighbours ends here

TICKS_PER_SECOND = 100  # USER_HZ, netlink's unit of time: 100 on every architecture that Debian runs on


class State(enum.Enum):
    """What the kernel thinks of an entry. Unresolved, failed and derived ones (multicast, no ARP) are left out."""

    FRESH = 1  # it answered in the last seconds (NUD_REACHABLE)
    OLD = 2  # it answered once, and is asked again when next spoken to (NUD_STALE, NUD_DELAY, NUD_PROBE)
    FIXED = 3  # an administrator wrote it (NUD_PERMANENT)
    UNTOLD = 4  # resolved, but the source does not tell how fresh


@dataclass(frozen=True, slots=True)
class Entry:
    """One neighbour. `confirmed_seconds` is how long ago it last proved to be there; None where that is not told."""

    address: str
    mac: str
    interface: str
    state: State
    confirmed_seconds: float | None = None


#: reads the whole table
Table = Callable[[], tuple[Entry, ...]]

NameOf = Callable[[int], str]


def read(table: Table | None = None, *, confirmed_within_seconds: float = CONFIRMED_WITHIN_SECONDS) -> list[Sighting]:
    """Who is in the table, by address, without what was last confirmed too long ago."""
    found = (table or kernel)()
    return sightings(e for e in found if (e.confirmed_seconds or 0) <= confirmed_within_seconds)


def sightings(entries: Iterable[Entry]) -> list[Sighting]:
    """Entries as sightings, in order of address, each once."""
    unique = {Sighting(entry.address, entry.mac, entry.interface) for entry in entries}
    return sorted(unique, key=lambda s: (*address_order(s.address), s.mac, s.interface))


def address_order(address: str) -> tuple[int, int]:
    """A sort key: IPv4 before IPv6, then by number."""
    parsed = ipaddress.ip_address(address)
    return parsed.version, int(parsed)


def kernel() -> tuple[Entry, ...]:
    """The table of this machine. Raises OSError where it cannot be read at all."""
    if sys.platform == "win32":
        return from_windows(_ip_net_table(), interface_name)
    return read_linux()


def read_linux(root: Path = Path("/"), dump: netlink.Dump = netlink.dump) -> tuple[Entry, ...]:
    """The table over netlink, or from /proc/net/arp below `root` where netlink is refused."""
    try:
        return from_netlink(dump(netlink.GET_NEIGHBOUR), interface_name)
    except OSError:
        return from_proc((root / "proc/net/arp").read_text("ascii", "replace"))


def interface_name(index: int) -> str:
    """The name of an interface by its number; the number itself where it has gone meanwhile."""
    try:
        return socket.if_indextoname(index)
    except OSError:
        return str(index)


# ------------------------------------------------------------------------------------------------ Linux: netlink

_NDMSG = struct.Struct("=BBHiHBB")  # linux/neighbour.h: family, padding, interface, state, flags, type
_CACHE_INFO = struct.Struct("=IIII")  # struct nda_cacheinfo: confirmed, used, updated (ticks ago), references
_DESTINATION, _LINK_ADDRESS, _CACHE = 1, 2, 3
_STATES = {0x02: State.FRESH, 0x04: State.OLD, 0x08: State.OLD, 0x10: State.OLD, 0x80: State.FIXED}


def from_netlink(answer: bytes, name_of: NameOf) -> tuple[Entry, ...]:
    """Entries of a dump of RTM_GETNEIGH."""
    made = (_netlink_entry(body, name_of) for body in netlink.messages(answer, netlink.GET_NEIGHBOUR))
    return _bounded(made)


def _netlink_entry(body: bytes, name_of: NameOf) -> Entry | None:
    if len(body) < _NDMSG.size:
        return None
    family, _, _, index, state, _, _ = _NDMSG.unpack_from(body)
    values = netlink.attributes(body, _NDMSG.size)
    address = _address(family == socket.AF_INET, values.get(_DESTINATION, b""))
    mac = mac_text(values.get(_LINK_ADDRESS, b""))
    if state not in _STATES or not address or not mac:
        return None
    cache = values.get(_CACHE, b"")
    confirmed = _CACHE_INFO.unpack(cache)[0] / TICKS_PER_SECOND if len(cache) == _CACHE_INFO.size else None
    return Entry(address, mac, name_of(index), _STATES[state], None if _STATES[state] is State.FIXED else confirmed)


# ------------------------------------------------------------------------------------------------ Linux: /proc/net/arp

_COMPLETE, _PERMANENT = 0x2, 0x4  # ATF_COM, ATF_PERM (linux/if_arp.h)


def from_proc(text: str) -> tuple[Entry, ...]:
    """Entries of /proc/net/arp: address, hardware type, flags, MAC, mask, interface."""
    return _bounded(_proc_entry(line.split()) for line in text.splitlines()[1:])


def _proc_entry(columns: list[str]) -> Entry | None:
    try:
        address, kind, flags, mac, _, interface = columns
        raw, known = bytes.fromhex(mac.replace(":", "")), int(flags, 16)
        ipaddress.IPv4Address(address)
    except ValueError:
        return None
    if kind != "0x1" or not known & _COMPLETE or not mac_text(raw):
        return None
    return Entry(address, mac_text(raw), interface, State.FIXED if known & _PERMANENT else State.UNTOLD)


# ------------------------------------------------------------------------------------------------ Windows

# netioapi.h, MIB_IPNET_ROW2 on 64 bits: SOCKADDR_INET, index, LUID, hardware address, its length, state, flags, age
_ROW = struct.Struct("=28sIQ32sIIBxxxI")
_TABLE_HEAD = 8  # ULONG NumEntries, padded to the rows' alignment
_WINDOWS_STATES = {2: State.OLD, 3: State.OLD, 4: State.OLD, 5: State.FRESH, 6: State.FIXED}  # NL_NEIGHBOR_STATE
_WINDOWS_AF_INET, _WINDOWS_AF_INET6 = 2, 23


def from_windows(table: bytes, name_of: NameOf) -> tuple[Entry, ...]:
    """Entries of a MIB_IPNET_TABLE2."""
    end = min(len(table), _TABLE_HEAD + int.from_bytes(table[:4], "little") * _ROW.size)
    rows = (table[at : at + _ROW.size] for at in range(_TABLE_HEAD, end, _ROW.size))
    return _bounded(_windows_entry(row, name_of) for row in rows)


def _windows_entry(row: bytes, name_of: NameOf) -> Entry | None:
    if len(row) < _ROW.size:
        return None
    where, index, _, hardware, length, state, _, _ = _ROW.unpack(row)
    family = int.from_bytes(where[:2], "little")
    if family not in (_WINDOWS_AF_INET, _WINDOWS_AF_INET6) or state not in _WINDOWS_STATES or length != 6:
        return None
    v4 = family == _WINDOWS_AF_INET
    address, mac = _address(v4, where[4:8] if v4 else where[8:24]), mac_text(hardware[:6])
    return Entry(address, mac, name_of(index), _WINDOWS_STATES[state]) if address and mac else None


if sys.platform == "win32":

    def _ip_net_table() -> bytes:
        """The bytes of GetIpNetTable2(AF_UNSPEC), freed again."""
        library, table = ctypes.WinDLL("iphlpapi"), ctypes.c_void_p()
        status = library.GetIpNetTable2(0, ctypes.byref(table))
        if status:
            raise ctypes.WinError(status)
        try:
            count = ctypes.c_uint32.from_address(table.value or 0).value
            return ctypes.string_at(table.value or 0, _TABLE_HEAD + min(count, ENTRY_LIMIT) * _ROW.size)
        finally:
            library.FreeMibTable(table)


# ------------------------------------------------------------------------------------------------ what all share


def mac_text(raw: bytes) -> str:
    """A unicast MAC as `00:1b:21:00:00:01`, or "" where it is none (other lengths, multicast, all zero)."""
    return raw.hex(":") if len(raw) == 6 and not raw[0] & 1 and any(raw) else ""


def _address(v4: bool, raw: bytes) -> str:  # noqa: FBT001 -- read beside its call
    if len(raw) != (4 if v4 else 16):
        return ""
    address = ipaddress.ip_address(raw)
    return "" if address.is_multicast or address.is_unspecified or address.is_loopback else str(address)


def _bounded(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    return tuple(_first(entries, ENTRY_LIMIT))


def _first(entries: Iterable[Entry | None], limit: int) -> Iterator[Entry]:
    for entry in entries:
        if entry is not None:
            yield entry
            limit -= 1
        if not limit:
            return
