"""ReportService: keeps evidence and answers after the commit. What the evidence means is found out later, elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import grpc

from collector import journal, screening
from collector.errors import CallerRefused, Refused, StoreError
from collector.intake import incoming
from collector.intake.certificates import Authority
from collector.intake.incoming import Reason, RefusedReport
from collector.intake.peer import Clock, Context, caller, refuse, unavailable
from collector.store import Store, Transaction
from collector.store import evidence as rows
from collector.store.agents import Agent
from stocktake import wire
from stocktake.v1 import report_pb2, report_service_pb2_grpc
from stocktake.v1 import report_service_pb2 as pb

ENTRIES = 5_000


@dataclass
class Tally:
    """What intake has counted since it started; read by the metrics."""

    accepted: int = 0
    repeated: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def refuse(self, reason: Reason, count: int = 1) -> None:
        """Count refusals under the reason's plain name."""
        name = reason.name.lower()
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
        keys: screening.Keys | None = None,
    ) -> None:
        """`arrived` is called after each commit, so that interpretation need not wait.

        With `keys`, what people had erased is redacted before it is kept, where it is of the time before, or kept away.
        """
        self._store = store
        self._authority = authority
        self._clock = clock
        self._arrived = arrived
        self.tally = tally or Tally()
        self._keys = keys

    async def SubmitReports(self, request: pb.SubmitReportsRequest, context: Context) -> pb.SubmitReportsResponse:
        """See report_service.proto."""
        who, agent = await caller(context, self._store)
        now = self._clock()
        try:
            batch = self._check(request.batch, who.agent_id, now)
            reports, refused = incoming.read_batch(batch)
            watch = await asyncio.to_thread(self._watch, who.trust_id)
            screened = await asyncio.to_thread(watch.screen, reports) if watch else reports
            answer = await self._store.awrite(
                lambda c: _keep(c, who.trust_id, agent, batch, screened, now, self._authority.sign)
            )
        except CallerRefused as error:
            await refuse(context, grpc.StatusCode.PERMISSION_DENIED, str(error))
        except (Refused, wire.WireError) as error:
            await refuse(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except StoreError as error:
            await unavailable(context, error)
        kept, checkpoint = answer
        self._count(batch, kept, refused)
        self._arrived()
        return _receipt(batch, kept, refused, checkpoint)

    def _check(self, signed: report_pb2.SignedBatch, agent_id: str, now: datetime) -> wire.Batch:
        """The batch, if the caller itself signed it."""
        if self._authority.identify(signed.certificate, now).agent_id != agent_id:
            raise CallerRefused("the batch was signed by another agent than the one that brings it")
        self._authority.check_batch(signed.batch, signed.certificate, signed.signature)
        batch = wire.decode_batch(signed.batch)
        if not 8 <= len(batch.stream_id) <= 64 or len(batch.entries) > ENTRIES:
            raise Refused(f"a batch names its stream in 8 to 64 characters and holds at most {ENTRIES:,} reports")
        return batch

    def _watch(self, trust_id: str) -> screening.Watch | None:
        """What must not be kept of what arrives, where there is anything."""
        if self._keys is None:
            return None
        with self._store.reader() as connection:
            watch = screening.Watch.of(connection, trust_id, self._keys)
        return watch if watch else None

    def _count(self, batch: wire.Batch, kept: rows.Kept, refused: list[RefusedReport]) -> None:
        self.tally.accepted += kept.fresh
        self.tally.repeated += len(batch.entries) - kept.fresh
        for item in refused:
            self.tally.refuse(item.reason)
        self.tally.refuse(Reason.CONTENT_UNKNOWN, len(kept.unknown_content))


def _keep(
    connection: Transaction,
    trust_id: str,
    agent: Agent,
    batch: wire.Batch,
    reports: list[rows.IncomingReport],
    now: datetime,
    sign: journal.Sign,
) -> tuple[rows.Kept, journal.Checkpoint | None]:
    if rows.stream_of_another(connection, trust_id, agent.agent_id, batch.stream_id):
        raise CallerRefused(f"the stream {batch.stream_id} belongs to another agent")
    kept = rows.keep(connection, trust_id, agent.agent_id, agent.site_id, batch.stream_id, reports, now)
    return kept, journal.checkpoint(connection, trust_id, sign)


def _receipt(
    batch: wire.Batch, kept: rows.Kept, refused: list[RefusedReport], checkpoint: journal.Checkpoint | None
) -> pb.SubmitReportsResponse:
    answer = pb.SubmitReportsResponse(highest_contiguous_sequence=kept.highest_contiguous)
    message = "a group is called unchanged, but its content is not here: send it in full next time"
    unknown = [RefusedReport(sequence, Reason.CONTENT_UNKNOWN, message) for sequence in kept.unknown_content]
    for item in (*refused, *unknown):
        answer.refusals.add(sequence=item.sequence, reason=item.reason.value, message=item.message)
    first = min((sequence for sequence, _ in batch.entries), default=0)
    if first > kept.highest_contiguous + 1:
        answer.replay_from = kept.highest_contiguous + 1
    if checkpoint:
        answer.journal_checkpoint.position = checkpoint.position
        answer.journal_checkpoint.hash = checkpoint.hash
        answer.journal_checkpoint.signature = checkpoint.signature
    return answer
