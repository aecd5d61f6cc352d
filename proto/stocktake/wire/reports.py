"""Reports, examinations and batches to bytes and back; their contents only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from stocktake import values as v
from stocktake.v1 import report_pb2
from stocktake.wire.contents import decode_content, encode_content
from stocktake.wire.parts import (
    WireError,
    address_bytes,
    address_text,
    digest,
    mac_bytes,
    mac_text,
    member,
    parse,
    reading,
    time_of,
)


@dataclass(frozen=True, slots=True)
class Batch:
    """One submission: the stream's name, its entries (sequence, serialised report) in order, and when it was sent."""

    stream_id: str
    entries: tuple[tuple[int, bytes], ...]
    send_time: datetime | None = None


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
    report: v.Report = reading(_report, parse(report_pb2.Report, raw))
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
    frame: ReportFrame = reading(_report_frame, parse(report_pb2.Report, raw))
    return frame


def _report_frame(message: report_pb2.Report) -> ReportFrame:
    body = message.WhichOneof("body")
    if body is None:
        raise WireError("the report is of a kind that this version does not know")
    observed = time_of(message, "observe_time")
    if observed is None:
        raise WireError("the report has no observe_time")
    gap = v.Gap(message.gap.first_sequence, message.gap.last_sequence, message.gap.reason)
    said = _examination_frame(message.examination) if body == "examination" else gap
    return ReportFrame(observed, message.boot_seconds, message.boot_id, said)


def _examination_frame(message: report_pb2.Examination) -> ExaminationFrame:
    return ExaminationFrame(
        subject=decode_subject(message.subject),
        method=member(v.Method, message.method),
        groups=tuple(_group_frame(group) for group in message.groups),
        plan_digest=message.plan_digest,
        relayed=message.relayed,
    )


def _group_frame(message: report_pb2.GroupResult) -> GroupFrame:
    known_by = digest(message.content) if message.content else message.digest
    return GroupFrame(message.group, member(v.Outcome, message.outcome), message.content, known_by, message.detail)


def encode_examination(examination: v.Examination) -> bytes:
    """The serialised Examination."""
    message = report_pb2.Examination()
    _fill_examination(message, examination)
    return message.SerializeToString(deterministic=True)


def decode_examination(raw: bytes) -> v.Examination:
    """The examination of its bytes."""
    examination: v.Examination = reading(lambda m: _opened(_examination_frame(m)), parse(report_pb2.Examination, raw))
    return examination


def _fill_examination(message: report_pb2.Examination, examination: v.Examination) -> None:
    subject = examination.subject
    message.subject.kind = subject.kind.value  # type: ignore[assignment]  # the stub wants its own int type
    message.subject.address = address_bytes(subject.address)
    message.subject.mac = mac_bytes(subject.mac)
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
        kind=member(v.SubjectKind, message.kind),
        address=address_text(message.address),
        mac=mac_text(message.mac),
        network=message.network,
        source=message.source,
    )


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
    message = parse(report_pb2.Batch, raw)
    entries = tuple((entry.sequence, entry.report) for entry in message.entries)
    return Batch(message.stream_id, entries, reading(lambda m: time_of(m, "send_time"), message))
