"""The wire: every value survives the way there and back, and no bytes make it raise anything but WireError."""

from __future__ import annotations

import contextlib
import dataclasses
import typing
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake import values as v
from stocktake import wire
from stocktake.v1 import evidence_pb2

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CONTENTS: list[v.Content] = [
    v.Sightings((v.Sighting("10.1.0.5", "00:1b:21:00:00:01", "eth0"), v.Sighting("fe80::1", "", "")), swept=True),
    v.SnmpBindings((v.Binding("1.3.6.1.2.1.1.5.0", 4, b"sw\xff"),), (v.TableWalk("1.3.6.1.2.1.2.2", complete=False),)),
    v.SmbiosTable(b"_SM3_", b"\x01\x02", (("sys_vendor", "HP"),)),
    v.EdidBlocks((v.EdidBlock("DP-1", b"\x00\xff"),)),
    v.Disks((v.Disk("sda", "M", "S", "F", 0, rotational=False, smart_json=b"{}"), v.Disk("sdb"))),
    v.Power((v.Battery("BAT0", "Sony", cycle_count=0),), mains_online=False),
    v.OperatingSystem("debian", "Debian 12", "12", install_time=WHEN),
    v.Load((0.5, 0.25, 0.0), 12.5, 1, 0, (v.Storage("/", "ext4", 10, 0),)),
    v.NetworkInterfaces((v.NetworkInterface("eth0", "00:1b:21:00:00:01", ("10.1.0.5/24",), "physical", up=True),)),
    v.MemoryAndProcessor(2**40, "CPU", "GenuineIntel", 1, 4, 8, "kvm"),
    v.PlatformSecurity(tpm_present=False, tpm_version="", secure_boot=True, firmware_mode="uefi"),
    v.ImportedRows((v.ImportedRow((("serial", "A1"), ("name", "x"))),)),
]


@pytest.mark.parametrize("content", CONTENTS, ids=lambda c: type(c).__name__)
def test_every_kind_of_evidence_survives_the_way_there_and_back(content: v.Content) -> None:
    assert wire.decode_content(wire.encode_content(content)) == content


@pytest.mark.parametrize("content", CONTENTS, ids=lambda c: type(c).__name__)
def test_an_empty_content_keeps_its_kind_and_absence_stays_absence(content: v.Content) -> None:
    required = [f for f in dataclasses.fields(content) if f.default is dataclasses.MISSING]
    empty = type(content)(*[() for _ in required])
    assert wire.decode_content(wire.encode_content(empty)) == empty


def test_values_table_and_message_know_the_same_kinds_of_evidence() -> None:
    cases = {field.name for field in evidence_pb2.Evidence.DESCRIPTOR.oneofs_by_name["content"].fields}
    assert set(wire.contents.CASES) == set(typing.get_args(v.Content)) == {type(c) for c in CONTENTS}
    assert set(wire.contents.CASES.values()) == cases


def examination(*groups: v.GroupResult) -> v.Examination:
    subject = v.Subject(v.SubjectKind.ADDRESS, "10.1.0.5", "00:1b:21:00:00:01", "10.1.0.0/24")
    return v.Examination(subject, v.Method.SNMP_V2C, groups, plan_digest=b"\x01" * 32, relayed=True)


def test_a_report_keeps_outcomes_and_digests() -> None:
    groups = (
        v.GroupResult("system", v.Outcome.COMPLETE, CONTENTS[1]),
        v.GroupResult("entity", v.Outcome.CUT, v.SnmpBindings(()), detail="no progress for 10 s"),
        v.GroupResult("printer", v.Outcome.REFUSED, detail="authorizationError"),
        v.GroupResult("interfaces", v.Outcome.UNCHANGED, digest=b"\x02" * 32),
    )
    read = wire.decode_report(wire.encode_report(v.Report(WHEN, 12.5, "boot", examination(*groups))))
    assert isinstance(read.body, v.Examination)
    assert [(g.group, g.outcome, g.content, g.detail) for g in read.body.groups] == [
        (g.group, g.outcome, g.content, g.detail) for g in groups
    ]
    assert read.body.groups[0].digest == wire.digest(wire.encode_content(CONTENTS[1]))
    assert read.body.groups[3].digest == b"\x02" * 32
    assert dataclasses.replace(read.body, groups=()) == examination()


def test_a_gap_survives() -> None:
    report = v.Report(WHEN, 0.0, "", v.Gap(3, 9, "the disk was full"))
    assert wire.decode_report(wire.encode_report(report)) == report


def test_a_batch_keeps_reports_as_bytes() -> None:
    batch = wire.decode_batch(wire.encode_batch("s1", [(1, b"abc"), (2, b"\xff")], WHEN))
    assert batch == wire.Batch("s1", ((1, b"abc"), (2, b"\xff")), WHEN)


def test_a_plan_carries_its_digest() -> None:
    condition = v.Condition(("1.3.6.1.4.1.11",), "1.3.6.1.2.1.17", "1.3.6.1.2.1.1.1.0", b"HP")
    groups = (
        v.PlanGroup(1, "system", v.Cadence.HEALTH, scalars=("1.3.6.1.2.1.1.1.0",)),
        v.PlanGroup(
            2,
            "vlan",
            v.Cadence.TABLES,
            (),
            ("1.3.6.1.2.1.17",),
            condition,
            v.Expansion("1.3", "@", "vlan-", left_out=("1002",)),
        ),
        v.PlanGroup(3, "vrf", v.Cadence.TABLES, expansion=v.Expansion("1.3", spelled=True, name_separator="@")),
    )
    plan = v.WalkPlan(groups)
    assert wire.decode_plan(wire.encode_plan(plan)) == v.WalkPlan(groups, wire.plan_digest(plan))


def test_a_credential_survives_and_never_prints_its_secret() -> None:
    credential = v.Credential(
        "core", "3", user="u", auth_protocol="SHA", auth_key=v.Secret("hidden-1"), networks=("10.0.0.0/8",)
    )
    read = wire.decode_credential(wire.encode_credential(credential))
    assert read == credential
    assert read.auth_key.reveal() == "hidden-1"
    assert "hidden-1" not in f"{read!r} {read.auth_key}"


@settings(max_examples=300, deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_wire_error(raw: bytes) -> None:
    for decode in (
        wire.decode_report,
        wire.decode_examination,
        wire.decode_content,
        wire.decode_batch,
        wire.decode_plan,
    ):
        with contextlib.suppress(wire.WireError):
            decode(raw)


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, 500), octet=st.integers(0, 255))
def test_a_damaged_report_is_read_or_refused_with_a_wire_error(place: int, octet: int) -> None:
    groups = tuple(v.GroupResult(f"g{n}", v.Outcome.COMPLETE, c) for n, c in enumerate(CONTENTS))
    raw = bytearray(wire.encode_report(v.Report(WHEN, 1.0, "b", examination(*groups))))
    raw[place % len(raw)] = octet
    with contextlib.suppress(wire.WireError):
        wire.decode_report(bytes(raw))
