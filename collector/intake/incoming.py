"""Reads what arrives: a batch's bytes to rows that can be kept, and a reason for each report that cannot. Pure.

The contents of evidence are left as the bytes they came in; what they mean is found out later, elsewhere.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.errors import Refused
from collector.store.evidence import IncomingExamination, IncomingGroup, IncomingReport
from stocktake import wire
from stocktake.values import Gap, Method, Outcome

REPORT_BYTES = 8 * 2**20  # a report of the largest recorded switch, 78,384 bindings, has 3 MB
GROUP_NAME_LENGTH = 64


class Reason(enum.Enum):
    """Why a report is not accepted; the number is RefusalReason's on the wire."""

    UNREADABLE = 1
    CONTENT_UNKNOWN = 2
    TOO_LARGE = 3


@dataclass(frozen=True, slots=True)
class RefusedReport:
    """A report that cannot be taken, and why, in a sentence for the agent's technician."""

    sequence: int
    reason: Reason
    message: str


def read_batch(batch: wire.Batch) -> tuple[list[IncomingReport], list[RefusedReport]]:
    """The reports of a batch; one that cannot be taken becomes a refused row, so that the stream goes on."""
    incoming, refused = [], []
    for sequence, raw in batch.entries:
        try:
            if len(raw) > REPORT_BYTES:
                raise Refused(f"the report has {len(raw):,} bytes; at most {REPORT_BYTES:,} are taken")
            incoming.append(read_report(sequence, raw))
        except (wire.WireError, Refused) as error:
            reason = Reason.TOO_LARGE if isinstance(error, Refused) else Reason.UNREADABLE
            refused.append(RefusedReport(sequence, reason, str(error)))
            sent = batch.send_time or datetime.fromtimestamp(0, UTC)
            incoming.append(IncomingReport(sequence, sent, 0.0, "", None, str(error)[:500]))
    return incoming, refused


def read_report(sequence: int, raw: bytes) -> IncomingReport:
    """One report; WireError where it is none."""
    report = wire.decode_report_frame(raw)
    if isinstance(report.body, Gap) and not 0 < report.body.first <= report.body.last <= sequence:
        raise wire.WireError("a gap stands for its own sequence and ones before it, never for later ones")
    body = report.body if isinstance(report.body, Gap) else _examination(report.body)
    return IncomingReport(sequence, report.observe_time, report.boot_seconds, report.boot_id[:64], body)


def _examination(frame: wire.ExaminationFrame) -> IncomingExamination:
    names = [group.name for group in frame.groups]
    if len(set(names)) != len(names) or any(not 0 < len(name) <= GROUP_NAME_LENGTH for name in names):
        raise wire.WireError(f"group names differ from each other and have 1 to {GROUP_NAME_LENGTH} characters")
    for group in frame.groups:
        if (group.outcome in (Outcome.COMPLETE, Outcome.CUT)) != bool(group.content):
            raise wire.WireError(f"group {group.name!r}: content belongs to complete and cut, and only there")
        if group.outcome is Outcome.UNCHANGED and len(group.digest) != 32:
            raise wire.WireError(f"group {group.name!r} is unchanged and must name its content by SHA-256")
    groups = tuple(IncomingGroup(g.name, g.outcome, g.content, g.digest, g.detail[:500]) for g in frame.groups)
    relayed = frame.relayed or frame.method is Method.IMPORTED
    return IncomingExamination(frame.subject, frame.method, frame.plan_digest, relayed, groups)
