"""The kernel's tables, read from recordings of a namespace with one neighbour of each kind."""

from __future__ import annotations

import ctypes
import ipaddress
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.discovery import attached, neighbours, netlink
from agent.discovery.attached import Attachment
from agent.discovery.neighbours import Entry, State
from stocktake.values import Sighting

RECORDED = Path(__file__).parent / "recorded"
FILES = {netlink.GET_NEIGHBOUR: "neighbours", netlink.GET_LINK: "links", netlink.GET_ADDRESS: "addresses"}


def dump(request: int) -> bytes:
    return bytes.fromhex((RECORDED / f"{FILES[request]}.hex").read_text())


def name_of(index: int) -> str:
    return f"if{index}"


def test_netlink_tells_resolved_neighbours_of_both_families_with_their_freshness() -> None:
    entries = neighbours.from_netlink(dump(netlink.GET_NEIGHBOUR), name_of)
    assert entries == (
        Entry("10.9.0.2", "00:1b:21:00:00:02", "if2", State.FRESH, 0.58),
        Entry("10.9.0.6", "00:40:8c:00:00:06", "if2", State.OLD, 60.66),
        Entry("10.9.0.5", "00:11:32:00:00:05", "if2", State.FIXED, None),
        Entry("2001:db8::2", "00:1b:21:00:00:02", "if2", State.FRESH, 0.58),
    )


def test_where_netlink_is_refused_proc_net_arp_is_read(tmp_path: Path) -> None:
    def refused(_: int) -> bytes:
        raise PermissionError

    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "proc/net/arp").write_text((RECORDED / "proc_net_arp.txt").read_text())
    assert neighbours.read_linux(tmp_path, refused) == (
        Entry("10.9.0.2", "00:1b:21:00:00:02", "eth0", State.UNTOLD),
        Entry("10.9.0.6", "00:40:8c:00:00:06", "eth0", State.UNTOLD),
        Entry("10.9.0.5", "00:11:32:00:00:05", "eth0", State.FIXED),
    )
    with pytest.raises(FileNotFoundError):
        neighbours.read_linux(tmp_path / "elsewhere", refused)


def test_sightings_are_in_order_of_address_and_leave_out_the_long_unconfirmed() -> None:
    def table() -> tuple[Entry, ...]:
        return (
            Entry("fe80::1", "00:1b:21:00:00:01", "eth0", State.OLD),
            Entry("10.0.0.10", "00:1b:21:00:00:0a", "eth0", State.OLD, 3600.0),
            Entry("10.0.0.9", "00:1b:21:00:00:09", "eth0", State.FRESH, 1.0),
            Entry("10.0.0.9", "00:1b:21:00:00:09", "eth0", State.FRESH, 1.0),
            Entry("10.0.0.8", "00:1b:21:00:00:08", "eth0", State.OLD, 90_000.0),
        )

    assert neighbours.read(table) == [
        Sighting("10.0.0.9", "00:1b:21:00:00:09", "eth0"),
        Sighting("10.0.0.10", "00:1b:21:00:00:0a", "eth0"),
        Sighting("fe80::1", "00:1b:21:00:00:01", "eth0"),
    ]


def test_the_networks_this_machine_stands_on_are_its_ethernet_interfaces_that_are_up() -> None:
    assert attached.attachments(dump) == (
        Attachment("eth0", "00:0d:b9:00:00:01", "10.9.0.1", ipaddress.IPv4Network("10.9.0.0/24")),
    )


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_this_machine_tells_its_own_tables() -> None:
    assert isinstance(neighbours.kernel(), tuple)
    assert any(body for body in netlink.messages(netlink.dump(netlink.GET_LINK), netlink.GET_LINK))


def test_an_interface_that_has_gone_is_called_by_its_number() -> None:
    assert neighbours.interface_name(2**30) == str(2**30)


READERS = [
    lambda raw: neighbours.from_netlink(raw, name_of),
    lambda raw: neighbours.from_windows(raw, name_of),
    lambda raw: neighbours.from_proc(raw.decode("latin-1")),
    lambda raw: attached.attachments(lambda _: raw),
]


@pytest.mark.parametrize("read", READERS)
@given(st.data())
def test_no_bytes_break_a_reader(read: Callable[[bytes], object], data: st.DataObject) -> None:
    raw = bytearray(dump(data.draw(st.sampled_from(list(FILES)))))
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=8)):
        raw[at] = data.draw(st.integers(0, 255))
    read(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
    read(data.draw(st.binary(max_size=200)))


def test_a_flood_of_neighbours_is_cut() -> None:
    line = "10.0.0.1 0x1 0x2 00:1b:21:00:00:01 * eth0\n"
    assert len(neighbours.from_proc("head\n" + line * (neighbours.ENTRY_LIMIT + 5))) == neighbours.ENTRY_LIMIT


# ------------------------------------------------------------------------------------------------ Windows, laid out


class Row(ctypes.Structure):
    """MIB_IPNET_ROW2 as netioapi.h declares it."""

    _fields_ = (
        ("address", ctypes.c_byte * 28),
        ("interface_index", ctypes.c_uint32),
        ("interface_luid", ctypes.c_uint64),
        ("physical_address", ctypes.c_ubyte * 32),
        ("physical_address_length", ctypes.c_uint32),
        ("state", ctypes.c_int32),
        ("flags", ctypes.c_ubyte),
        ("reachability_time", ctypes.c_uint32),
    )


def row(address: str, mac: str, state: int) -> bytes:
    made = Row(interface_index=12, interface_luid=0x6008000000000, state=state)
    parsed = ipaddress.ip_address(address)
    where = b"\x02\0\0\0" + parsed.packed if parsed.version == 4 else b"\x17\0\0\0\0\0\0\0" + parsed.packed + bytes(4)
    ctypes.memmove(made.address, where, len(where))
    raw = bytes.fromhex(mac.replace(":", ""))
    ctypes.memmove(made.physical_address, raw, len(raw))
    made.physical_address_length = len(raw)
    return bytes(made)


def test_windows_rows_are_read_where_the_header_puts_their_fields() -> None:
    rows = [
        row("10.9.0.2", "00:1b:21:00:00:02", 5),
        row("10.9.0.3", "00:1b:21:00:00:03", 4),
        row("2001:db8::2", "00:1b:21:00:00:04", 5),
        row("10.9.0.5", "00:1b:21:00:00:05", 6),
        row("10.9.0.6", "00:00:00:00:00:00", 1),  # incomplete
        row("10.9.0.7", "", 0),  # unreachable
        row("224.0.0.22", "01:00:5e:00:00:16", 6),
        row("10.9.0.255", "ff:ff:ff:ff:ff:ff", 6),
        row("ff02::1", "33:33:00:00:00:01", 6),
    ]
    table = len(rows).to_bytes(8, "little") + b"".join(rows)
    assert neighbours.from_windows(table, name_of) == (
        Entry("10.9.0.2", "00:1b:21:00:00:02", "if12", State.FRESH),
        Entry("10.9.0.3", "00:1b:21:00:00:03", "if12", State.OLD),
        Entry("2001:db8::2", "00:1b:21:00:00:04", "if12", State.FRESH),
        Entry("10.9.0.5", "00:1b:21:00:00:05", "if12", State.FIXED),
    )


def test_a_windows_table_that_claims_more_rows_than_it_has_is_read_as_far_as_it_goes() -> None:
    table = (2**32 - 1).to_bytes(8, "little") + row("10.9.0.2", "00:1b:21:00:00:02", 5) + b"\x02\0"
    assert len(neighbours.from_windows(table, name_of)) == 1


def test_the_address_families_are_those_of_this_platform() -> None:
    assert socket.AF_INET == 2
