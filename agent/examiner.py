"""Examines devices in a child process, a chunk of them at a time, and hands over what they said as it comes.

Both ends are here: `examine_all` in the main process, `main` in the child. The child reads what devices send and, where
a credential is for SNMPv3, loads pysnmp; when the chunk is done both are gone, and the gate is free for the uplink. The
child keeps the scan contract with a budget of its own, and tells every packet to the ledger of the main process. This
module does not know what becomes of the evidence.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.budget import Budget, Forbidden, Ledger, Limits
from agent.errands import Conversation, frame, parse
from agent.errors import WorkerFailed
from agent.examine import Extent, Target, examine
from agent.metrics import printable
from agent.snmp.habits import Habits
from agent.snmp.knock import knocking
from agent.snmp.wire import over_wire
from agent.worker import Workers
from stocktake.values import Credential, Examination, WalkPlan
from stocktake.wire import (
    WireError,
    decode_credential,
    decode_examination,
    decode_plan,
    encode_credential,
    encode_examination,
    encode_plan,
)

CHUNK = 512  # devices to a child: half a minute where nothing answers, a minute where all do
AT_ONCE = 512  # all of them, so that the slow ones begin early and nobody waits for them in the end
CHUNK_SECONDS = 20 * 60.0  # longer than any one device may take


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every device of a sweep, or of a round of health, within which limits."""

    plan: WalkPlan
    credentials: tuple[Credential, ...]
    limits: Limits
    extent: Extent = Extent.DUE


@dataclass(frozen=True, slots=True)
class Answer:
    """How one device's examination ended: evidence, or None and why, empty where it was just silent."""

    target: Target
    examination: Examination | None
    why: str = ""


# ------------------------------------------------------------------------------------------------ the main process


class CountingLedger(Ledger):
    """A ledger that also counts packets, and takes over what a child's ledger wrote."""

    packets = 0

    def note(self, address: str, port: str, what: str, packets: int = 1) -> None:
        """Count packets to an address."""
        self.packets += packets
        super().note(address, port, what, packets)

    def note_lines(self, lines: str) -> None:
        """Take over a child's lines; what is none is left out."""
        for line in lines.splitlines():
            _, address, port, what, packets = (*line.split("\t"), "", "", "", "", "")[:5]
            if packets.isdigit():
                self.note(printable(address)[:64], printable(port)[:16], printable(what)[:64], int(packets))


async def examine_all(
    targets: Sequence[Target],
    question: Question,
    workers: Workers,
    habits: Habits,
    ledger: CountingLedger,
    answered: Callable[[Answer], object],
    interlude: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """Ask every target; `answered` gets one answer for each, as they come.

    Between chunks others may use the gate, and `interlude` is awaited.
    """
    for start in range(0, len(targets), CHUNK):
        if start and interlude:
            await interlude()
        waiting = dict(enumerate(targets[start : start + CHUNK]))
        try:
            await _chunk(waiting, question, workers, habits, ledger, answered)
            why = "the examination ended without an answer"
        except WorkerFailed as error:
            why = printable(str(error))
        for target in waiting.values():
            answered(Answer(target, None, why))


async def _chunk(
    waiting: dict[int, Target],
    question: Question,
    workers: Workers,
    habits: Habits,
    ledger: CountingLedger,
    answered: Callable[[Answer], object],
) -> None:
    """Ask one chunk; a target that answered no longer waits."""
    request = _request(list(waiting.values()), question, habits)
    async with workers.start("agent.examiner:main", request, deadline_seconds=CHUNK_SECONDS) as worker:
        async for raw in worker:
            header, body = parse(raw)
            if "ledger" in header:
                ledger.note_lines(str(header["ledger"]))
            elif target := waiting.pop(_index(header), None):
                _learn(habits, target, str(header.get("habit", "")))
                answered(_answer(target, header, body))


def _index(header: dict[str, Any]) -> int:
    index = header.get("target")
    return index if isinstance(index, int) else -1


def _answer(target: Target, header: dict[str, Any], body: bytes) -> Answer:
    if not body:
        return Answer(target, None, printable(str(header.get("why", ""))))
    try:
        return Answer(target, decode_examination(body))
    except WireError as error:
        return Answer(target, None, f"what it said cannot be carried: {error}")


def _habit(habits: Habits, target: Target) -> str:
    """The habit of one device, as `Habits.from_json` reads it."""
    habit = habits.of(target.address, target.network)
    return json.dumps({f"{target.address}@{target.network}": dataclasses.asdict(habit)})


def _learn(habits: Habits, target: Target, text: str) -> None:
    """Take over what a child learnt of one device, and of no other."""
    habit = habits.of(target.address, target.network)
    learnt = Habits.from_json(text).of(target.address, target.network)
    for each in dataclasses.fields(habit):
        setattr(habit, each.name, getattr(learnt, each.name))


def _request(targets: Sequence[Target], question: Question, habits: Habits) -> bytes:
    header = {
        "targets": [dataclasses.asdict(target) for target in targets],
        "habits": [_habit(habits, target) for target in targets],
        "credentials": [encode_credential(credential).hex() for credential in question.credentials],
        "limits": dataclasses.asdict(question.limits),
        "extent": question.extent.value,
    }
    return frame(header, encode_plan(question.plan))


# ------------------------------------------------------------------------------------------------ the child


async def main(request: bytes, emit: Conversation) -> None:
    """Run as a child (`agent.worker`): examine the targets, one frame for each, and frames for the ledger."""
    header, raw_plan = parse(request)
    credentials = [decode_credential(bytes.fromhex(each)) for each in header["credentials"]]
    limits = _limits(header["limits"])
    budget = Budget(limits, ledger=Ledger(lambda lines: emit(frame({"ledger": lines}))))
    plan, sessions, places = decode_plan(raw_plan), over_wire(budget), asyncio.Semaphore(AT_ONCE)
    knock, extent = knocking(budget), Extent(header["extent"])

    async def one(index: int) -> None:
        target, habits = Target(**header["targets"][index]), Habits.from_json(header["habits"][index])
        async with places:
            try:
                found = await examine(
                    target, credentials, plan, budget, sessions=sessions, habits=habits, knock=knock, extent=extent
                )
                why = ""
            except Forbidden as forbidden:
                found, why = None, str(forbidden)
        answer = {"target": index, "why": why, "habit": habits.to_json()}
        emit(frame(answer, encode_examination(found) if found else b""))

    async with asyncio.TaskGroup() as group:
        for index in range(len(header["targets"])):
            group.create_task(one(index))
    budget.flush()


def _limits(told: dict[str, Any]) -> Limits:
    values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in told.items()}
    return Limits(**values)
