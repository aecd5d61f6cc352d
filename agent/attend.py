"""Carries out what people wish for, between and in the midst of sweeps: one thing at a time sends to devices.

A trial interrupts whatever is done, a look interrupts a sweep; what was interrupted begins anew when the wish is
answered. So no device ever has two requests in flight, and the budget is never counted twice. A wish has no more leave
than a sweep: whatever the contract forbids is answered with its sentence.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from agent.budget import Forbidden
from agent.contents import pieces
from agent.errands import Wish
from agent.errors import AgentError
from agent.examine import Target
from agent.examiner import Answer, Question, examine_all
from agent.hand import BEGUN, DONE, REFUSED, Hand
from agent.sweep import Tools, sweep
from agent.targets import look
from agent.trial import FORBIDDEN, GOOD, try_credential
from agent.trial import REFUSED as SAID_NO
from stocktake.values import Outcome

_REPORT_BYTES = 512 * 1024

Value = TypeVar("Value")
Work = Callable[[], Coroutine[Any, Any, Value]]


@dataclass(frozen=True, slots=True)
class Means:
    """With what, and within which limits, a wish is carried out: those of a sweep that began now."""

    networks: tuple[str, ...]
    question: Question
    tools: Tools


class Attendant:
    """Stands beside the work of an agent and answers people in the midst of it.

    `means` are asked for anew for every wish; `objection` says why nothing may be sent now, or "".
    """

    def __init__(self, hand: Hand, means: Callable[[], Awaitable[Means]], objection: Callable[[], str]) -> None:
        self._hand = hand
        self._means = means
        self._objection = objection

    async def beside(self, work: Work[Value]) -> Value:
        """Do work; where somebody wishes for something, leave it, answer, and begin it again."""
        while True:
            task = asyncio.ensure_future(work())
            try:
                if await _done_before(task, self._hand.called):
                    return task.result()
            finally:
                await _end(task)
            await self._serve()

    async def _serve(self) -> None:
        while wish := self._hand.next():
            if objection := self._objection():
                self._hand.tell(wish, REFUSED, objection)
                continue
            task = asyncio.ensure_future(self._answer(wish))
            try:
                while not await _done_before(task, self._hand.called) and not self._is_more_urgent(wish):
                    self._hand.called.clear()
                if not task.done():
                    self._hand.put_back(wish)
            finally:
                await _end(task)

    def _is_more_urgent(self, wish: Wish) -> bool:
        return bool(self._objection()) or (wish.kind != "try" and self._hand.waits_for_trial())

    async def _answer(self, wish: Wish) -> None:
        """Carry out one wish; whatever happens, it is answered."""
        self._hand.tell(wish, BEGUN)
        try:
            means = await self._means()
            state, sentence, answered = await (_try if wish.kind == "try" else _look)(wish, means)
        except Forbidden as forbidden:
            state, sentence, answered = REFUSED, f"Not asked: {forbidden}.", False
        except AgentError as error:
            state, sentence, answered = REFUSED, str(error), False
        except Exception as error:  # noqa: BLE001  # a person waits: what went wrong is the answer
            state, sentence, answered = REFUSED, f"It failed: {type(error).__name__}: {error}", False
        self._hand.tell(wish, state, sentence, answered=answered)


async def _done_before(task: asyncio.Future[Any], called: asyncio.Event) -> bool:
    """Wait until the task is done (True) or somebody calls (False)."""
    calling = asyncio.ensure_future(called.wait())
    try:
        await asyncio.wait({task, calling}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        calling.cancel()
    return task.done()


async def _end(task: asyncio.Future[Any]) -> None:
    """Leave nothing of it running."""
    if not task.done():
        task.cancel()
        await asyncio.wait({task})


# ------------------------------------------------------------------------------------------------ the wishes

Answered = tuple[str, str, bool]


async def _target(address: str, means: Means) -> Target:
    """The device as a sweep would ask it. Forbidden where the contract does not let it be asked."""
    budget = means.tools.budget
    parsed = ipaddress.ip_address(address)
    around = [each for each in map(ipaddress.ip_network, means.networks) if parsed in each]
    network = str(max(around, key=lambda each: each.prefixlen)) if around else ""
    seen = await look("", budget, means.tools.workers, lambda _asked, _total: None, means.tools.trouble)
    mac = next((each.mac for each in seen.sightings if each.address == address), "")
    budget.refuse(address, means.tools.snmp_port, mac)
    return Target(address, mac, network, means.tools.snmp_port)


async def _try(wish: Wish, means: Means) -> Answered:
    """One credential on one device, and what is learnt of it."""
    target = await _target(wish.address, means)
    named = [each for each in means.question.credentials if each.name == wish.credential]
    if not named:
        return REFUSED, f'This agent holds no credential "{wish.credential}".', False
    if named[0].networks and not _lies_in(wish.address, named[0].networks):
        return REFUSED, f'"{wish.credential}" is only for {", ".join(named[0].networks)}.', False
    tools, habit = means.tools, means.tools.habits.of(target.address, target.network)
    verdict = await try_credential(target, named[0], means.question.limits, tools.workers, tools.ledger)
    if verdict.outcome == FORBIDDEN:
        return REFUSED, verdict.sentence, False
    if verdict.outcome == GOOD:
        habit.worked(wish.credential)
    else:
        today = datetime.now().astimezone().date().isoformat()
        habit.failed(wish.credential, today, refused=verdict.outcome == SAID_NO)
    return DONE, verdict.sentence, verdict.outcome == GOOD


def _lies_in(address: str, networks: tuple[str, ...]) -> bool:
    parsed = ipaddress.ip_address(address)
    return any(parsed in ipaddress.ip_network(network, strict=False) for network in networks)


async def _look(wish: Wish, means: Means) -> Answered:
    return await (_look_at_device(wish, means) if wish.address else _look_at_network(wish, means))


async def _look_at_network(wish: Wish, means: Means) -> Answered:
    if wish.network not in means.networks:
        swept = ", ".join(means.networks[:8]) or "none"
        return REFUSED, f"{wish.network} is none of the networks that this agent sweeps ({swept}).", False
    tally = await sweep((wish.network,), means.question, means.tools)
    asked = f"{tally.examinations} devices answered SNMP, {tally.silent} did not"
    seen = tally.sightings + tally.examinations > 0
    return DONE, f"{wish.network}: {tally.sightings} addresses were seen; {asked}.", seen


async def _look_at_device(wish: Wish, means: Means) -> Answered:
    """Examine one device by SNMP. Whether it is there at all, its network's sweep tells."""
    target = await _target(wish.address, means)
    if not means.question.credentials:
        return DONE, f"{wish.address} was not asked: this agent holds no credential.", False
    answers: list[Answer] = []
    tools = means.tools
    tools.habits.of(target.address, target.network).asked.clear()  # everything is due: somebody asked for it
    await examine_all([target], means.question, tools.workers, tools.habits, tools.ledger, answers.append)
    tools.budget.flush()
    found = answers[0].examination
    if found is None:
        why = f": {answers[0].why}" if answers[0].why else " by any credential"
        return DONE, f"{wish.address} did not answer SNMP{why}.", False
    for part in pieces(found, _REPORT_BYTES):
        tools.spool(part, False)  # noqa: FBT003  # not volatile
    cut = sum(group.outcome is not Outcome.COMPLETE for group in found.groups)
    return DONE, f"{wish.address} answered {len(found.groups)} groups of questions, {cut} of them not to the end.", True
