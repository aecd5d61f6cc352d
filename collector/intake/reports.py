"""ReportService: keeps evidence and answers after the commit. What the evidence means is found out later, elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import grpc

from collector import journal
from collector.errors import CallerRefused, Refused, StoreError
from collector.intake.certificates import Authority
from collector.intake.peer import Clock, Context, caller, refuse, unavailable
from collector.store import Store, Transaction
from collector.store import evidence as rows
from collector.store.agents import Agent
from stocktake import wire
from stocktake.v1 import report_pb2, report_service_pb2_grpc
from stocktake.v1 import report_service_pb2 as pb
from stocktake.values import Gap, Method, Outcome

REPORT_BYTES = 8 * 2**20  # a report of the largest recorded switch, 78,384 bindings, has 3 MB
GROUP_NAME_LENGTH = 64
ENTRIES = 5_000


@dataclass
class Tally:
    """What intake has counted since it started; read by the metrics."""

    accepted: int = 0
    repeated: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def refuse(self, reason: int, count: int = 1) -> None:
        """Count refusals under the reason's plain name."""
        name = pb.RefusalReason.Name(reason).removeprefix("REFUSAL_REASON_").lower()
        self.refused[name] = self.refused.get(name, 0) + count


class ReportService(report_service_pb2_grpc.ReportServiceServicer):
    """Takes signed batches."""

    def __init__(
        self,
        store: Store,
        authority: Authority,
        clock: Clock,
        *,
        arrived: Callable[[], None],
        tally: Tally | None = None,
    ) -> None:
        """`arrived` is called after each commit, so that interpretation need not wait."""
        self._store = store
        self._authority = authority
        self._clock = clock
        self._arrived = arrived
        self.tally = tally or Tally()

    async def SubmitReports(self, request: pb.SubmitReportsRequest, context: Context) -> pb.SubmitReportsResponse:
        """See report_service.proto."""
        who, agent = await caller(context, self._store)
        now = self._clock()
        try:
            batch = self._check(request.batch, who.agent_id, now)
            incoming, refusals = _incoming(batch)
            answer = await self._store.awrite(lambda c: _keep(c, who.trust_id, agent, batch, incoming, now))
        except CallerRefused as error:
            await refuse(context, grpc.StatusCode.PERMISSION_DENIED, str(error))
        except (Refused, wire.WireError) as error:
            await refuse(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except StoreError as error:
            await unavailable(context, error)
        kept, checkpoint = answer
        self._count(batch, kept, refusals)
        self._arrived()
        return _receipt(batch, kept, refusals, checkpoint)

    def _check(self, signed: report_pb2.SignedBatch, agent_id: str, now: datetime) -> wire.Batch:
        """The batch, if the caller itself signed it."""
        if self._authority.identify(signed.certificate, now).agent_id != agent_id:
            raise CallerRefused("the batch was signed by another agent than the one that brings it")
        self._authority.check_batch(signed.batch, signed.certificate, signed.signature)
        batch = wire.decode_batch(signed.batch)
        if not 8 <= len(batch.stream_id) <= 64 or len(batch.entries) > ENTRIES:
            raise Refused(f"a batch names its stream in 8 to 64 characters and holds at most {ENTRIES:,} reports")
        return batch

    def _count(self, batch: wire.Batch, kept: rows.Kept, refusals: list[pb.Refusal]) -> None:
        self.tally.accepted += kept.fresh
        self.tally.repeated += len(batch.entries) - kept.fresh
        for refusal in refusals:
            self.tally.refuse(refusal.reason)
        self.tally.refuse(pb.REFUSAL_REASON_CONTENT_UNKNOWN, len(kept.unknown_content))


def _keep(
    connection: Transaction,
    trust_id: str,
    agent: Agent,
    batch: wire.Batch,
    incoming: list[rows.IncomingReport],
    now: datetime,
) -> tuple[rows.Kept, journal.Checkpoint | None]:
    if rows.stream_of_another(connection, trust_id, agent.agent_id, batch.stream_id):
        raise CallerRefused(f"the stream {batch.stream_id} belongs to another agent")
    kept = rows.keep(connection, trust_id, agent.agent_id, agent.site_id, batch.stream_id, incoming, now)
    return kept, journal.checkpoint(connection, trust_id)


def _receipt(
    batch: wire.Batch, kept: rows.Kept, refusals: list[pb.Refusal], checkpoint: journal.Checkpoint | None
) -> pb.SubmitReportsResponse:
    answer = pb.SubmitReportsResponse(highest_contiguous_sequence=kept.highest_contiguous, refusals=refusals)
    for sequence in kept.unknown_content:
        message = "a group is called unchanged, but its content is not here: send it in full next time"
        answer.refusals.add(sequence=sequence, reason=pb.REFUSAL_REASON_CONTENT_UNKNOWN, message=message)
    first = min((sequence for sequence, _ in batch.entries), default=0)
    if first > kept.highest_contiguous + 1:
        answer.replay_from = kept.highest_contiguous + 1
    if checkpoint:
        answer.journal_checkpoint.position = checkpoint.position
        answer.journal_checkpoint.hash = checkpoint.hash
    return answer


def _incoming(batch: wire.Batch) -> tuple[list[rows.IncomingReport], list[pb.Refusal]]:
    """The reports of a batch; one that cannot be taken becomes a refused row, so that the stream goes on."""
    incoming, refusals = [], []
    for sequence, raw in batch.entries:
        try:
            if len(raw) > REPORT_BYTES:
                raise Refused(f"the report has {len(raw):,} bytes; at most {REPORT_BYTES:,} are taken")
            incoming.append(incoming_report(sequence, raw))
        except (wire.WireError, Refused) as error:
            too_large = isinstance(error, Refused)
            reason = pb.REFUSAL_REASON_TOO_LARGE if too_large else pb.REFUSAL_REASON_UNREADABLE
            refusals.append(pb.Refusal(sequence=sequence, reason=reason, message=str(error)))
            sent = batch.send_time or datetime.fromtimestamp(0, UTC)
            incoming.append(rows.IncomingReport(sequence, sent, 0.0, "", None, str(error)[:500]))
    return incoming, refusals


def incoming_report(sequence: int, raw: bytes) -> rows.IncomingReport:
    """One report with its contents left as the bytes they came in."""
    report = wire.decode_report_frame(raw)
    if isinstance(report.body, Gap) and not 0 < report.body.first <= report.body.last < sequence:
        raise wire.WireError("a gap stands for sequences before its own")
    body = report.body if isinstance(report.body, Gap) else _examination(report.body)
    return rows.IncomingReport(sequence, report.observe_time, report.boot_seconds, report.boot_id[:64], body)


def _examination(frame: wire.ExaminationFrame) -> rows.IncomingExamination:
    names = [group.name for group in frame.groups]
    if len(set(names)) != len(names) or any(not 0 < len(name) <= GROUP_NAME_LENGTH for name in names):
        raise wire.WireError(f"group names differ from each other and have 1 to {GROUP_NAME_LENGTH} characters")
    for group in frame.groups:
        if (group.outcome in (Outcome.COMPLETE, Outcome.CUT)) != bool(group.content):
            raise wire.WireError(f"group {group.name!r}: content belongs to complete and cut, and only there")
        if group.outcome is Outcome.UNCHANGED and len(group.digest) != 32:
            raise wire.WireError(f"group {group.name!r} is unchanged and must name its content by SHA-256")
    groups = tuple(rows.IncomingGroup(g.name, g.outcome, g.content, g.digest, g.detail[:500]) for g in frame.groups)
    relayed = frame.relayed or frame.method is Method.IMPORTED
    return rows.IncomingExamination(frame.subject, frame.method, frame.plan_digest, relayed, groups)
