"""After redaction a value stands nowhere, however it was written; what does not hold it stays as it was."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stocktake import notations, wire
from stocktake.notations import MAC, TEXT, UUID_KIND, Item, NotErasable, item
from stocktake.redaction import Sought, without_random_macs
from stocktake.values import (
    Binding,
    Content,
    Disk,
    Disks,
    EdidBlock,
    EdidBlocks,
    Examination,
    Gap,
    GroupResult,
    Method,
    NetworkInterface,
    NetworkInterfaces,
    Outcome,
    Report,
    Sighting,
    Sightings,
    SmbiosTable,
    SnmpBindings,
    Subject,
    SubjectKind,
    TableWalk,
)

PHONE = "00:1b:21:9a:0e:c1"
RAW = bytes.fromhex("001b219a0ec1")
ARCS = "0.27.33.154.14.193"
FDB = "1.3.6.1.2.1.17.4.3.1"


def wanted(*items: Item) -> Sought:
    return Sought(items)


def redacted(content: Content, *items: Item) -> Content:
    return wire.decode_content(wanted(*items).redact(wire.encode_content(content)).raw)


MACS = st.binary(min_size=6, max_size=6).filter(lambda raw: any(raw) and raw != b"\xff" * 6)
SERIALS = st.text("ABCDEFGHJKLMNPQRSTUVWYZ0123456789-", min_size=6, max_size=20)
AROUND = st.binary(max_size=12)


def spellings(octets: bytes) -> list[bytes]:
    """A MAC in every notation that the promise names."""
    pairs = [f"{n:02x}" for n in octets]
    texts = [sep.join(pairs) for sep in ("", ":", "-", ".", " ", "_", "/")]
    texts += [text.upper() for text in texts]
    texts += [".".join(octets.hex()[at : at + 4] for at in (0, 4, 8)), ":".join(f"{n:x}" for n in octets)]
    texts.append("".join(f"\\x{pair}" for pair in pairs))
    found = [text.encode(encoding) for text in texts for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return [octets, *found]


@settings(max_examples=50, deadline=None)
@given(MACS, st.data(), AROUND, AROUND)
def test_a_mac_is_gone_from_octets_in_every_notation(octets: bytes, data: st.DataObject, a: bytes, b: bytes) -> None:
    try:
        sought = wanted(item(MAC, octets.hex()))
    except NotErasable:
        assume(False)
    written = data.draw(st.sampled_from(spellings(octets)))
    content = SnmpBindings((Binding("1.3.6.1.2.1.1.1.0", 4, a + b"|" + written + b"|" + b),))
    done = sought.redact(wire.encode_content(content))
    assert done.places
    wire.decode_content(done.raw)
    assert octets not in done.raw

    assert not sought.occurs(done.raw)
    flat = re.sub(rb"[^0-9A-Za-z]", b"", written).lower()
    if len(written) > 6 and len(flat) == 12:
        assert flat not in re.sub(rb"[^0-9A-Za-z]", b"", done.raw).lower()


@settings(max_examples=50, deadline=None)
@given(SERIALS, st.data(), AROUND, AROUND)
def test_a_serial_is_gone_from_octets_in_every_notation(serial: str, data: st.DataObject, a: bytes, b: bytes) -> None:
    try:
        sought = wanted(item(TEXT, serial))
    except NotErasable:
        assume(False)
    spelt = data.draw(st.sampled_from([serial, serial.lower(), serial.encode().hex(), serial.encode().hex(":")]))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
    content = SnmpBindings((Binding("1.3.6.1.2.1.1.1.0", 4, a + spelt.encode(encoding) + b),))
    done = sought.redact(wire.encode_content(content))
    assert done.places
    wire.decode_content(done.raw)
    assert not sought.occurs(done.raw)
    assert serial.lower() not in done.raw.replace(b"\0", b"").decode("latin-1").lower()


@settings(max_examples=40, deadline=None)
@given(MACS, st.lists(st.integers(0, 400), min_size=1, max_size=6), st.lists(st.integers(0, 400), max_size=6))
def test_a_mac_is_gone_from_the_arcs_of_oids(octets: bytes, before: list[int], after: list[int]) -> None:
    try:
        sought = wanted(item(MAC, octets.hex()))
    except NotErasable:
        assume(False)
    dotted = ".".join(map(str, octets))
    oid = ".".join(["1.3.6.1.4.1", *map(str, before), dotted, *map(str, after)])
    content = SnmpBindings((Binding(oid, 4, b"x"),), (TableWalk(oid, complete=True),))
    done = wire.decode_content(sought.redact(wire.encode_content(content)).raw)
    assert isinstance(done, SnmpBindings)
    for binding in done.bindings:
        assert f".{dotted}." not in f".{binding.oid}."
        assert all(arc.isdecimal() for arc in binding.oid.split("."))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_hostile_bytes_are_answered_and_never_raise(raw: bytes) -> None:
    sought = wanted(item(MAC, PHONE), item(TEXT, "1234567"), item(UUID_KIND, "4c4c4544-0042-3510-8043-b2c04f564d31"))
    for hostile in (raw, raw[:5] + RAW + raw[5:], raw + b"1234567"):
        assert not sought.occurs(sought.redact(hostile).raw)
        assert not sought.occurs(sought.redact_report(hostile).raw)
        without_random_macs(hostile, (FDB,), lambda _: True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=20), max_size=8))
def test_what_does_not_hold_the_value_stays_byte_for_byte(values: list[bytes]) -> None:
    sought = wanted(item(MAC, PHONE))
    others = tuple(
        Binding(f"1.3.6.1.2.1.1.{n}", 4, value) for n, value in enumerate(values) if not sought.occurs(value)
    )
    holding = Binding(f"{FDB}.1.{ARCS}", 4, RAW)
    raw = wire.encode_content(SnmpBindings(others))
    assert sought.redact(raw).raw == raw
    done = redacted(SnmpBindings((*others, holding)), *sought.items)
    assert isinstance(done, SnmpBindings)
    assert done.bindings[:-1] == others
    assert done.bindings[-1] == Binding(f"{FDB}.1.0.0.0.0.0.0", 4, bytes(6))


def test_a_sighting_of_the_value_goes_whole_and_the_others_stay() -> None:
    other = Sighting("10.1.0.6", "00:1b:21:9a:0e:c2", "eth0")
    content = Sightings((Sighting("10.1.0.5", PHONE, "eth0"), other), swept=True)
    assert redacted(content, item(MAC, PHONE)) == Sightings((other,), swept=True)


def test_the_address_that_is_made_of_a_mac_goes_with_it() -> None:
    made = Sighting("fe80::21b:21ff:fe9a:ec1", "02:00:00:00:00:01")
    assert redacted(Sightings((made,)), item(MAC, PHONE)) == Sightings(())
    interface = NetworkInterface("eth0", PHONE, ("2001:db8::21b:21ff:fe9a:ec1/64", "10.1.0.5/24"))
    done = redacted(NetworkInterfaces((interface,)), item(MAC, PHONE))
    assert done == NetworkInterfaces(
        (NetworkInterface("eth0", "00:00:00:00:00:00", ("2001:db8::0:0:0:0/64", "10.1.0.5/24")),)
    )


def test_a_serial_in_the_index_of_a_table_does_not_leave_its_length() -> None:
    arcs = ".".join(str(ord(c)) for c in "CN7AB42")
    done = redacted(SnmpBindings((Binding(f"1.3.6.1.4.1.9.1.7.{arcs}.3", 4, b"up"),)), item(TEXT, "CN7AB42"))
    assert done == SnmpBindings((Binding("1.3.6.1.4.1.9.1.0.3", 4, b"up"),))


def test_a_uuid_goes_in_both_orders_of_its_octets() -> None:
    uuid = UUID("4c4c4544-0042-3510-8043-b2c04f564d31")
    table = b"\x01\x1b\x01\x00" + uuid.bytes_le + b"Dell\0" + str(uuid).encode() + b"\0\0"
    done = redacted(SmbiosTable(table=table, pieces=(("product_uuid", str(uuid)),)), item(UUID_KIND, str(uuid)))
    nothing = str(UUID(int=0))
    wiped = b"\x01\x1b\x01\x00" + bytes(16) + b"Dell\0" + nothing.encode() + b"\0\0"
    assert done == SmbiosTable(table=wiped, pieces=(("product_uuid", nothing),))


def test_a_monitor_keeps_the_layout_of_its_block() -> None:
    block = bytearray(128)
    block[12:16] = (1234567).to_bytes(4, "little")
    block[54:72] = b"\0\0\0\xff\0" + b"CN0F523N1234\n"
    done = redacted(EdidBlocks((EdidBlock("DP-1", bytes(block)),)), item(TEXT, "CN0F523N1234"), item(TEXT, "1234567"))
    assert isinstance(done, EdidBlocks)
    (left,) = done.blocks
    assert (len(left.block), sum(left.block) % 256, left.block[12:16]) == (128, 0, bytes(4))
    assert left.block[59:72] == b"\n".ljust(13)


def test_a_serial_that_is_told_as_a_number_goes_too() -> None:
    content = SnmpBindings(
        (Binding("1.3.6.1.4.1.1.1", 0x42, (7654321).to_bytes(3)), Binding("1.3.6.1.4.1.1.2", 2, b"\7"))
    )
    assert redacted(content, item(TEXT, "7654321")) == SnmpBindings(
        (Binding("1.3.6.1.4.1.1.1", 0x42, b"\0"), Binding("1.3.6.1.4.1.1.2", 2, b"\7"))
    )


def test_json_of_a_disk_stays_json() -> None:
    disk = Disk("sda", "SSD", "S4EVNF0M1", smart_json=b'{"serial_number": "S4EVNF0M1", "wwn": 5}')
    done = redacted(Disks((disk,)), item(TEXT, "S4EVNF0M1"))
    assert done == Disks((Disk("sda", "SSD", "XXXXXXXX", smart_json=b'{"serial_number": "XXXXXXXX", "wwn": 5}'),))


@pytest.mark.parametrize(
    ("kind", "value"),
    [(MAC, "00:00:00:00:00:00"), (MAC, "ff:ff:ff:ff:ff:ff"), (MAC, "printer"), (TEXT, "0000"), (TEXT, "xxxxx"),
     (TEXT, "abc"), (UUID_KIND, "00000000-0000-0000-0000-000000000000"), (UUID_KIND, "x")],
)  # fmt: skip
def test_what_identifies_nothing_is_not_looked_for(kind: str, value: str) -> None:
    with pytest.raises(NotErasable):
        item(kind, value)


def test_nothing_prints_a_value() -> None:
    phone = item(MAC, PHONE)
    assert PHONE not in f"{phone!r} {Sought((phone,))!r}"


def test_a_report_is_redacted_with_its_subject_and_keeps_the_rest() -> None:
    def examination(mac: str, *groups: GroupResult) -> Examination:
        return Examination(Subject(SubjectKind.ADDRESS, "10.1.0.5", mac, "10.1.0.0/24"), Method.SNMP_V2C, groups)

    system = GroupResult("system", Outcome.COMPLETE, SnmpBindings((Binding("1.3.6.1.2.1.1.5.0", 4, b"sw1"),)))
    table = GroupResult("arp", Outcome.CUT, SnmpBindings((Binding("1.3.6.1.2.1.4.22.1.2.1.10.1.0.9", 4, RAW),)))
    when = datetime(2026, 11, 22, tzinfo=UTC)
    raw = wire.encode_report(Report(when, 7.0, "boot", examination(PHONE, system, table)))
    done = wire.decode_report(wanted(item(MAC, PHONE)).redact_report(raw).raw)
    assert isinstance(done.body, Examination)
    assert (done.observe_time, done.boot_id) == (when, "boot")
    assert done.body.subject == Subject(SubjectKind.ADDRESS, "10.1.0.5", "00:00:00:00:00:00", "10.1.0.0/24")
    assert done.body.groups[0].content == system.content
    left = done.body.groups[1].content
    assert isinstance(left, SnmpBindings)
    assert left.bindings[0].value == bytes(6)
    gap = wire.encode_report(Report(when, 7.0, "boot", Gap(1, 2, "the spool was full")))
    assert wanted(item(MAC, PHONE)).redact_report(gap).raw == gap


def test_every_value_of_a_content_is_a_candidate() -> None:
    content = SnmpBindings(
        (Binding(f"{FDB}.1.{ARCS}", 4, b"\4" + RAW), Binding("1.3.6.1.2.1.1.1.0", 4, b"HP 2920, SN CN7AB42"))
    )
    found = notations.candidates(content)
    assert {item(MAC, PHONE), item(TEXT, "cn7ab42")} <= found
    assert item(MAC, PHONE) in set(notations.written("seen 001b.219a.0ec1 at port 3"))


def test_random_macs_leave_tables_and_the_others_stay() -> None:
    made_up, own = bytes.fromhex("02aa00000001"), bytes.fromhex("001b21000001")
    rows = tuple(
        Binding(f"{FDB}.{column}.{'.'.join(map(str, octets))}", tag, value)
        for octets in (made_up, own)
        for column, tag, value in ((1, 4, octets), (2, 2, b"\7"))
    )
    raw = wire.encode_content(SnmpBindings(rows))
    done = without_random_macs(raw, (f"{FDB}.",), lambda octets: bool(octets[0] & 2))
    assert (wire.decode_content(done.raw), done.places) == (SnmpBindings(rows[2:]), 2)
