"""The main process's end of the uplink: errands for the child, and what its answers mean for the spool.

It starts the child that speaks gRPC, and imports nothing of it. It does not know when to send. What the collector asks
is done to the spool in an order in which a crash loses nothing: a receipt is noted before anything is dropped.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from agent.clock import Clock
from agent.errands import Checkpoint, Orders, Receipt, frame, parse
from agent.errors import BatchRefused, Refused, Unreachable, WorkerFailed
from agent.spool import Spool
from agent.state import WITNESS, StateDirectory
from agent.worker import Worker, Workers
from stocktake.values import Credential
from stocktake.wire import WireError, decode_credential, encode_batch

CHILD_SECONDS = 15 * 60.0
BATCH_BYTES = 256 * 1024
BATCH_REPORTS = 500
WITNESSED_DAYS = 400
REPLAYS_LIMIT = 3  # in one conversation; a collector that asks again and again is told as a trouble

_FAILURES = {kind.__name__: kind for kind in (Unreachable, Refused, BatchRefused)}

_log = logging.getLogger(__name__)


class Link:
    """A child that can reach the collector. One errand at a time; each raises UplinkError where it fails."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def submit(self, batch: bytes) -> Receipt:
        """Bring a serialised batch."""
        header = await self._ask({"do": "submit"}, batch)
        return _read(lambda: Receipt.from_json(header["receipt"]))

    async def sync(self, state: Mapping[str, Any], held: Orders) -> Orders:
        """Tell how the agent is (JSON form of SyncRequest); what to do from now on."""
        header = await self._ask({"do": "sync", "state": state, "orders": held.to_json()})
        return _read(lambda: Orders.from_json(header["orders"]))

    async def renew(self) -> str:
        """Have the certificate renewed; when the new one ends, ISO text."""
        return str((await self._ask({"do": "renew"})).get("ends", ""))

    async def unseal(self, sealed: tuple[bytes, ...]) -> tuple[tuple[Credential, ...], int]:
        """Open credentials that were sealed to this agent; how many were not."""
        header = await self._ask({"do": "unseal", "sealed": [each.hex() for each in sealed]})
        opened = _read(lambda: tuple(decode_credential(bytes.fromhex(each)) for each in header["credentials"]))
        return opened, int(header.get("left_out", 0))

    async def leave(self) -> None:
        """Tell the child that there is nothing more, and wait until it has gone."""
        await self._worker.send(frame({"do": "leave"}))
        async for _ in self._worker:
            pass

    async def _ask(self, header: Mapping[str, Any], body: bytes = b"") -> dict[str, Any]:
        await self._worker.send(frame(header, body))
        try:
            answer, _ = parse(await anext(self._worker))
        except StopAsyncIteration:
            raise WorkerFailed("The uplink ended before it answered.") from None
        if "failed" in answer:
            kind = _FAILURES.get(str(answer.get("kind")), Refused)
            raise kind(str(answer["failed"]), answer.get("retry_after_seconds"))
        return answer


Value = TypeVar("Value")


def _read(read: Callable[[], Value]) -> Value:
    try:
        return read()
    except (KeyError, TypeError, ValueError, WireError) as error:
        raise WorkerFailed(f"The uplink answered something that cannot be read: {error!r}") from None


@contextlib.asynccontextmanager
async def connected(workers: Workers, state: StateDirectory, collector: str) -> AsyncIterator[Link]:
    """A link for a few errands; it holds the gate meanwhile. WorkerFailed where the child fails."""
    request = frame({"state_directory": str(state.path), "collector": collector})
    async with workers.start("agent.uplink:main", request, deadline_seconds=CHILD_SECONDS) as worker:
        link = Link(worker)
        yield link
        await link.leave()


# ------------------------------------------------------------------------------------------------ pushing


async def push(
    link: Link, spool: Spool, state: StateDirectory, clock: Clock, trouble: Callable[[str], object]
) -> tuple[int, float | None]:
    """Send everything that waits; how many reports that were, and how long the collector wants to be left alone.

    Raises:
        UplinkError: what was not acknowledged waits on.
    """
    reports, sent, replays = BATCH_REPORTS, 0, 0
    while batch := spool.pending(BATCH_BYTES, reports):
        stream_id = spool.stream_id
        try:
            receipt = await link.submit(encode_batch(stream_id, batch, clock.wall()))
        except BatchRefused as refused:
            if spool.stream_id != stream_id:
                continue
            _divide(batch, spool, refused, trouble)
            reports = max(1, len(batch) // 2)
            continue
        if spool.stream_id != stream_id:
            continue  # a new stream began meanwhile: this receipt says nothing of its numbers
        reports = min(BATCH_REPORTS, reports * 2)
        sent += len(batch)
        before = spool.acknowledged
        note(receipt, batch, spool, state, trouble)
        replays += receipt.replay_from is not None
        if replays > REPLAYS_LIMIT or (spool.acknowledged <= before and spool.pending(1, 1) == batch[:1]):
            raise Unreachable("The collector takes reports but does not count them as received.")
        if receipt.retry_after_seconds:
            return sent, receipt.retry_after_seconds
    return sent, None


def _divide(
    batch: list[tuple[int, bytes]], spool: Spool, refused: BatchRefused, trouble: Callable[[str], object]
) -> None:
    """Give up a report that is refused even alone; a larger batch is only to be made smaller."""
    if len(batch) > 1:
        return
    if not spool.give_up(batch[0][0], "the collector would not take it, even alone"):
        raise refused
    trouble(f"A report was given up: {refused}")


def note(
    receipt: Receipt,
    batch: list[tuple[int, bytes]],
    spool: Spool,
    state: StateDirectory,
    trouble: Callable[[str], object],
) -> None:
    """Do to the spool what a receipt says."""
    sequences = {sequence for sequence, _ in batch}
    spool.acknowledge(receipt.highest_contiguous, sequences)
    for refusal in receipt.refusals:
        if refusal.sequence in sequences:
            _log.warning("report %d was refused: %s", refusal.sequence, refusal.message)
            if not refusal.content_unknown:
                trouble(f"The collector refused a report: {refusal.message}")
            spool.refuse(refusal.sequence, content_unknown=refusal.content_unknown)
    if receipt.erasures:
        spool.erase(receipt.erasures)
    if receipt.checkpoint:
        _witness(receipt.checkpoint, state, trouble)
    if receipt.replay_from is not None:
        trouble(f"The collector asked for everything from report {receipt.replay_from} on again.")
        spool.replay_from(receipt.replay_from)


def _witness(checkpoint: Checkpoint, state: StateDirectory, trouble: Callable[[str], object]) -> None:
    """Keep the collector's journal's last checkpoint of each day; say so where the journal went back on one."""
    kept = state.load(WITNESS) or {}
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    seen = kept.get("position", 0)
    if not checkpoint.sound or (kept.get("signature") and not checkpoint.signature):
        trouble(f"The collector showed entry {checkpoint.position} of its journal without its signature: not kept.")
    elif not isinstance(seen, int) or checkpoint.position > seen:
        told = {"position": checkpoint.position, "hash": checkpoint.hash, "signature": checkpoint.signature, "day": day}
        earlier = kept.pop("earlier", [])
        if kept.get("signature") and kept.get("day") != day:
            earlier = [*earlier, kept][-WITNESSED_DAYS:]
        state.save(WITNESS, told | {"earlier": earlier})
    elif checkpoint.position < seen or checkpoint.hash != kept.get("hash"):
        trouble(
            f"The collector's journal stood at entry {seen} and now shows another one at {checkpoint.position}: it was "
            "shortened, changed, or restored from a backup."
        )
