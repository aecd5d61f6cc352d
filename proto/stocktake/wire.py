"""Turns the plain values of `stocktake.values` into the bytes of `stocktake.v1` and back.

This is the only module where messages and values meet; it does not know who sends, signs or stores the bytes. One table
maps every kind of evidence to its case on the wire, and a test asserts that table, dataclasses and message agree.
Anything that cannot be read raises `WireError` with a sentence; no other exception leaves this module for any input.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from google.protobuf.message import DecodeError, Message

from stocktake import values as v
from stocktake.v1 import control_service_pb2, evidence_pb2, plan_pb2, report_pb2

BATCH_SIGNATURE_PREFIX = b"stocktake.v1.Batch"
CREDENTIAL_SEALING_INFO = b"stocktake.v1.Credential"
ERASURE_SEALING_INFO = b"stocktake.v1.Erasure"
_ERASED_LIMIT = 500  # values of one order

MessageType = TypeVar("MessageType", bound=Message)


class WireError(ValueError):
    """The bytes are not what they should be; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One submission: the stream's name, its entries (sequence, serialised report) in order, and when it was sent."""

    stream_id: str
    entries: tuple[tuple[int, bytes], ...]
    send_time: datetime | None = None


# ------------------------------------------------------------------------------------------------ scalars


def digest(content: bytes) -> bytes:
    """The SHA-256 under which content is known."""
    return hashlib.sha256(content).digest()


def _address_bytes(text: str) -> bytes:
    return ipaddress.ip_address(text.partition("%")[0]).packed if text else b""


def _address_text(raw: bytes) -> str:
    return str(ipaddress.ip_address(raw)) if raw else ""


def _mac_bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def _mac_text(raw: bytes) -> str:
    if len(raw) not in (0, 6, 8):
        raise WireError(f"a link-layer address has 6 or 8 octets, this one has {len(raw)}")
    return raw.hex(":")


def _time(message: Any, name: str) -> datetime | None:
    return getattr(message, name).ToDatetime(tzinfo=UTC) if message.HasField(name) else None


def _parse(kind: type[MessageType], raw: bytes) -> MessageType:
    try:
        return kind.FromString(raw)
    except DecodeError as error:
        raise WireError(f"these {len(raw)} bytes are no {kind.__name__}: {error}") from None


def _reading(decode: Callable[[MessageType], Any], message: MessageType) -> Any:
    """Run a decoder on a message of unknown origin: values out of range become WireError."""
    try:
        return decode(message)
    except WireError:
        raise
    except (ValueError, OverflowError, KeyError) as error:
        raise WireError(f"{type(message).__name__}: {error}") from None


# ------------------------------------------------------------------------------------------------ evidence contents
#
# Most evidence values have the same field names as their messages. Where text and octets differ (addresses, MACs), or a
# field holds other values, the field is named in one of the tables below; all else is carried over as it is.

_CASES: dict[type, str] = {
    v.Sightings: "sightings",
    v.SnmpBindings: "snmp_bindings",
    v.SmbiosTable: "smbios_table",
    v.EdidBlocks: "edid_blocks",
    v.Disks: "disks",
    v.Power: "power",
    v.OperatingSystem: "operating_system",
    v.Load: "load",
    v.NetworkInterfaces: "network_interfaces",
    v.MemoryAndProcessor: "memory_and_processor",
    v.PlatformSecurity: "platform_security",
    v.ImportedRows: "imported_rows",
}
_TYPES = {case: kind for kind, case in _CASES.items()}

#: (value type, field) -> type of the values that the repeated field holds
_NESTED: dict[tuple[type, str], type] = {
    (v.Sightings, "sightings"): v.Sighting,
    (v.EdidBlocks, "blocks"): v.EdidBlock,
    (v.Disks, "disks"): v.Disk,
    (v.Power, "batteries"): v.Battery,
    (v.Load, "volumes"): v.Storage,
    (v.NetworkInterfaces, "interfaces"): v.NetworkInterface,
    (v.ImportedRows, "rows"): v.ImportedRow,
}
#: (value type, field) -> names of the two message fields that hold a pair
_PAIRS: dict[tuple[type, str], tuple[str, str]] = {
    (v.SmbiosTable, "pieces"): ("name", "text"),
    (v.ImportedRow, "columns"): ("name", "text"),
}
_TEXT_AS_OCTETS: dict[tuple[type, str], tuple[Callable[[str], bytes], Callable[[bytes], str]]] = {
    (v.Sighting, "address"): (_address_bytes, _address_text),
    (v.Sighting, "mac"): (_mac_bytes, _mac_text),
    (v.NetworkInterface, "mac"): (_mac_bytes, _mac_text),
    (v.NetworkInterface, "permanent_mac"): (_mac_bytes, _mac_text),
}
_TIMES = {(v.OperatingSystem, "install_time")}


def encode_content(content: v.Content) -> bytes:
    """The serialised Evidence of one content: the same value always gives the same bytes."""
    message = evidence_pb2.Evidence()
    case = getattr(message, _CASES[type(content)])
    case.SetInParent()
    if isinstance(content, v.SnmpBindings):
        _fill_bindings(case, content)
    else:
        _fill(case, content)
    return message.SerializeToString(deterministic=True)


def decode_content(raw: bytes) -> v.Content:
    """The content of a serialised Evidence; WireError also where this version does not know the case."""
    message = _parse(evidence_pb2.Evidence, raw)
    case = message.WhichOneof("content")
    if case is None:
        raise WireError("the evidence is of a kind that this version does not know")
    if case == "snmp_bindings":
        return _bindings(message.snmp_bindings)
    content: v.Content = _reading(lambda m: _value(_TYPES[case], m), getattr(message, case))
    return content


def _fill(message: Any, value: Any) -> None:
    for field in dataclasses.fields(value):
        key, item = (type(value), field.name), getattr(value, field.name)
        if item is None or item in ("", b"", ()):
            continue
        if key in _NESTED:
            for nested in item:
                _fill(getattr(message, field.name).add(), nested)
        elif key in _PAIRS:
            first, second = _PAIRS[key]
            for pair in item:
                getattr(message, field.name).add(**{first: pair[0], second: pair[1]})
        elif key in _TIMES:
            getattr(message, field.name).FromDatetime(item)
        elif isinstance(item, tuple):
            getattr(message, field.name).extend(item)
        else:
            setattr(message, field.name, _TEXT_AS_OCTETS[key][0](item) if key in _TEXT_AS_OCTETS else item)


def _value(kind: type, message: Any) -> Any:
    return kind(**{field.name: _field(kind, field.name, message) for field in dataclasses.fields(kind)})


def _field(kind: type, name: str, message: Any) -> Any:
    key = (kind, name)
    if key in _NESTED:
        return tuple(_value(_NESTED[key], item) for item in getattr(message, name))
    if key in _PAIRS:
        first, second = _PAIRS[key]
        return tuple((getattr(item, first), getattr(item, second)) for item in getattr(message, name))
    if key in _TIMES:
        return _time(message, name)
    descriptor = message.DESCRIPTOR.fields_by_name[name]
    if descriptor.has_presence and not message.HasField(name):
        return None
    item = getattr(message, name)
    if key in _TEXT_AS_OCTETS:
        return _TEXT_AS_OCTETS[key][1](item)
    return tuple(item) if descriptor.is_repeated else item


def _fill_bindings(message: Any, content: v.SnmpBindings) -> None:
    for binding in content.bindings:
        message.bindings.add(oid=binding.oid, type=binding.tag, value=binding.value)
    for table in content.tables:
        message.tables.add(root=table.root, complete=table.complete)


def _bindings(message: evidence_pb2.SnmpBindings) -> v.SnmpBindings:
    return v.SnmpBindings(
        bindings=tuple(v.Binding(b.oid, b.type, b.value) for b in message.bindings),
        tables=tuple(v.TableWalk(t.root, t.complete) for t in message.tables),
    )


# ------------------------------------------------------------------------------------------------ reports


def encode_report(report: v.Report) -> bytes:
    """The serialised Report."""
    message = report_pb2.Report(boot_seconds=report.boot_seconds, boot_id=report.boot_id)
    message.observe_time.FromDatetime(report.observe_time)
    if isinstance(report.body, v.Gap):
        message.gap.first_sequence, message.gap.last_sequence = report.body.first, report.body.last
        message.gap.reason = report.body.reason
    else:
        _fill_examination(message.examination, report.body)
    return message.SerializeToString(deterministic=True)


def decode_report(raw: bytes) -> v.Report:
    """The report of its bytes, with the contents of its groups decoded."""
    report: v.Report = _reading(_report, _parse(report_pb2.Report, raw))
    return report


def _report(message: report_pb2.Report) -> v.Report:
    frame = _report_frame(message)
    body = frame.body if isinstance(frame.body, v.Gap) else _opened(frame.body)
    return v.Report(frame.observe_time, frame.boot_seconds, frame.boot_id, body)


@dataclass(frozen=True, slots=True)
class GroupFrame:
    """A plan group's result with its content as the bytes that were sent."""

    name: str
    outcome: v.Outcome
    content: bytes
    digest: bytes
    detail: str


@dataclass(frozen=True, slots=True)
class ExaminationFrame:
    """An examination whose contents are still bytes: what a keeper of evidence needs to know of it."""

    subject: v.Subject
    method: v.Method
    groups: tuple[GroupFrame, ...]
    plan_digest: bytes
    relayed: bool


@dataclass(frozen=True, slots=True)
class ReportFrame:
    """A report whose contents are still bytes."""

    observe_time: datetime
    boot_seconds: float
    boot_id: str
    body: ExaminationFrame | v.Gap


def decode_report_frame(raw: bytes) -> ReportFrame:
    """The report of its bytes, with the contents of its groups left as they were sent."""
    frame: ReportFrame = _reading(_report_frame, _parse(report_pb2.Report, raw))
    return frame


def _report_frame(message: report_pb2.Report) -> ReportFrame:
    body = message.WhichOneof("body")
    if body is None:
        raise WireError("the report is of a kind that this version does not know")
    observed = _time(message, "observe_time")
    if observed is None:
        raise WireError("the report has no observe_time")
    gap = v.Gap(message.gap.first_sequence, message.gap.last_sequence, message.gap.reason)
    said = _examination_frame(message.examination) if body == "examination" else gap
    return ReportFrame(observed, message.boot_seconds, message.boot_id, said)


def _examination_frame(message: report_pb2.Examination) -> ExaminationFrame:
    return ExaminationFrame(
        subject=decode_subject(message.subject),
        method=_enum(v.Method, message.method),
        groups=tuple(_group_frame(group) for group in message.groups),
        plan_digest=message.plan_digest,
        relayed=message.relayed,
    )


def _group_frame(message: report_pb2.GroupResult) -> GroupFrame:
    known_by = digest(message.content) if message.content else message.digest
    return GroupFrame(message.group, _enum(v.Outcome, message.outcome), message.content, known_by, message.detail)


def encode_examination(examination: v.Examination) -> bytes:
    """The serialised Examination."""
    message = report_pb2.Examination()
    _fill_examination(message, examination)
    return message.SerializeToString(deterministic=True)


def decode_examination(raw: bytes) -> v.Examination:
    """The examination of its bytes."""
    examination: v.Examination = _reading(lambda m: _opened(_examination_frame(m)), _parse(report_pb2.Examination, raw))
    return examination


def _fill_examination(message: report_pb2.Examination, examination: v.Examination) -> None:
    subject = examination.subject
    message.subject.kind = subject.kind.value  # type: ignore[assignment]  # the stub wants its own int type
    message.subject.address = _address_bytes(subject.address)
    message.subject.mac = _mac_bytes(subject.mac)
    message.subject.network = subject.network
    message.subject.source = subject.source
    message.method = examination.method.value  # type: ignore[assignment]  # as above
    message.plan_digest = examination.plan_digest
    message.relayed = examination.relayed
    for group in examination.groups:
        content = encode_content(group.content) if group.content is not None else b""
        message.groups.add(
            group=group.group,
            outcome=group.outcome.value,
            content=content,
            digest=group.digest if group.content is None else b"",
            detail=group.detail,
        )


def _opened(frame: ExaminationFrame) -> v.Examination:
    groups = tuple(
        v.GroupResult(
            group=group.name,
            outcome=group.outcome,
            content=decode_content(group.content) if group.content else None,
            digest=group.digest,
            detail=group.detail,
        )
        for group in frame.groups
    )
    return v.Examination(frame.subject, frame.method, groups, frame.plan_digest, frame.relayed)


def decode_subject(message: report_pb2.Subject) -> v.Subject:
    """The subject of an examination."""
    return v.Subject(
        kind=_enum(v.SubjectKind, message.kind),
        address=_address_text(message.address),
        mac=_mac_text(message.mac),
        network=message.network,
        source=message.source,
    )


Member = TypeVar("Member", bound=enum.Enum)


def _enum(kind: type[Member], number: int) -> Member:
    try:
        return kind(number)
    except ValueError:
        raise WireError(f"{kind.__name__} {number} is not known to this version") from None


# ------------------------------------------------------------------------------------------------ batches


def encode_batch(stream_id: str, entries: Iterable[tuple[int, bytes]], send_time: datetime) -> bytes:
    """The serialised Batch: what an agent signs."""
    message = report_pb2.Batch(stream_id=stream_id)
    message.send_time.FromDatetime(send_time)
    for sequence, report in entries:
        message.entries.add(sequence=sequence, report=report)
    return message.SerializeToString(deterministic=True)


def decode_batch(raw: bytes) -> Batch:
    """The batch of its bytes; its reports stay bytes."""
    message = _parse(report_pb2.Batch, raw)
    entries = tuple((entry.sequence, entry.report) for entry in message.entries)
    return Batch(message.stream_id, entries, _reading(lambda m: _time(m, "send_time"), message))


# ------------------------------------------------------------------------------------------------ plan and credentials


def encode_plan(plan: v.WalkPlan) -> bytes:
    """The serialised WalkPlan, without its digest."""
    message = plan_pb2.WalkPlan()
    for group in plan.groups:
        item = message.groups.add(number=group.number, name=group.name, scalars=group.scalars, tables=group.tables)
        item.cadence = group.cadence.value  # type: ignore[assignment]  # as above
        if group.condition != v.Condition():
            _fill(item.condition, group.condition)
        if group.expansion is not None:
            item.expansion.SetInParent()
            _fill(item.expansion, group.expansion)
    return message.SerializeToString(deterministic=True)


def plan_digest(plan: v.WalkPlan) -> bytes:
    """The digest that names a plan in reports."""
    return digest(encode_plan(plan))


def decode_plan(raw: bytes) -> v.WalkPlan:
    """The plan of its bytes, with its digest. Groups of a cadence that is not known are left out."""
    message = _parse(plan_pb2.WalkPlan, raw)
    known = {cadence.value for cadence in v.Cadence}
    return v.WalkPlan(tuple(_plan_group(g) for g in message.groups if g.cadence in known), digest(raw))


def _plan_group(message: plan_pb2.PlanGroup) -> v.PlanGroup:
    return v.PlanGroup(
        number=message.number,
        name=message.name,
        cadence=v.Cadence(message.cadence),
        scalars=tuple(message.scalars),
        tables=tuple(message.tables),
        condition=_value(v.Condition, message.condition),
        expansion=_value(v.Expansion, message.expansion) if message.HasField("expansion") else None,
    )


_SECRETS = frozenset({"community", "auth_key", "privacy_key"})


def encode_credential(credential: v.Credential) -> bytes:
    """The serialised DeviceCredential, secrets in the clear: only to be sealed or encrypted."""
    message = control_service_pb2.DeviceCredential(networks=credential.networks)
    for field in dataclasses.fields(credential):
        item = getattr(credential, field.name)
        if field.name != "networks":
            setattr(message, field.name, item.reveal() if isinstance(item, v.Secret) else item)
    return message.SerializeToString(deterministic=True)


def decode_credential(raw: bytes) -> v.Credential:
    """The credential of its bytes."""
    message = _parse(control_service_pb2.DeviceCredential, raw)
    fields: dict[str, Any] = {f.name: getattr(message, f.name) for f in dataclasses.fields(v.Credential)}
    fields |= {name: v.Secret(fields[name]) for name in _SECRETS} | {"networks": tuple(message.networks)}
    return v.Credential(**fields)


def encode_erased(items: Iterable[tuple[str, bytes]]) -> bytes:
    """Values that are to be taken out of a spool, (kind, octets) as in `notations.Item`: only to be sealed."""
    message = control_service_pb2.ErasedValues()
    for kind, octets in sorted(set(items)):
        if kind == "mac":
            message.macs.append(octets)
        elif kind == "uuid":
            message.uuids.append(octets)
        else:
            message.texts.append(octets.decode("utf-8", "replace"))
    return message.SerializeToString(deterministic=True)


def decode_erased(raw: bytes) -> tuple[tuple[str, bytes], ...]:
    """The values of their bytes; WireError where they are none, or too many."""
    message = _parse(control_service_pb2.ErasedValues, raw)
    found = [
        *(("mac", octets) for octets in message.macs),
        *(("uuid", octets) for octets in message.uuids),
        *(("text", text.upper().encode()) for text in message.texts),
    ]
    sound = all(len(octets) == {"mac": 6, "uuid": 16}.get(kind, len(octets)) > 0 for kind, octets in found)
    if not sound or len(found) > _ERASED_LIMIT:
        raise WireError("these are no values that can be looked for")
    return tuple(found)
