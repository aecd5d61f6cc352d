"""One sweep, in order: discover who is there, examine whom we may, spool every answer.

This module knows the order and nothing else: how hosts are found, asked and kept is its neighbours' business, and when
a sweep begins is the service's.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from agent.budget import Budget, Limits
from agent.config import Config
from agent.contents import pieces
from agent.examiner import Answer, CountingLedger, Question, examine_all
from agent.scope import Scope
from agent.snmp.habits import Habits
from agent.targets import Seen, choose, look
from agent.worker import Workers
from stocktake.values import Examination

REPORT_BYTES = 512 * 1024


class Watcher:
    """What somebody who watches a sweep learns; this one looks away."""

    def looking(self, network: str) -> None:
        """A network's turn has come; empty for the neighbour table as it stands."""

    def asked(self, done: int, total: int) -> None:
        """So many addresses of the network were asked."""

    def seen(self, seen: Seen) -> None:
        """Who was seen on the network."""

    def examining(self, count: int) -> None:
        """So many devices will be asked by SNMP."""

    def answered(self, answer: Answer) -> None:
        """One of them answered, or did not."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a sweep works with. `spool` takes evidence, and whether it is volatile; `trouble` a sentence for people.

    `interlude` is awaited wherever a sweep can make room for something else for a while.
    """

    workers: Workers
    budget: Budget
    ledger: CountingLedger
    habits: Habits
    spool: Callable[[Examination, bool], object]
    trouble: Callable[[str], object]
    watcher: Watcher = field(default_factory=Watcher)
    snmp_port: int = 161
    interlude: Callable[[], Awaitable[object]] | None = None


@dataclass(slots=True)
class Tally:
    """A sweep's figures."""

    seconds: float = 0.0
    sightings: int = 0
    examinations: int = 0
    silent: int = 0


async def sweep(networks: tuple[str, ...], question: Question, tools: Tools) -> Tally:
    """Look at every network; without one, at what the kernel knows, sending nothing. Forbidden in the quiet hours."""
    tally, begun = Tally(), time.monotonic()
    for network in networks or ("",):
        if tools.interlude:
            await tools.interlude()
        seen = await _discover(network, tools, tally)
        await _examine(seen, question, tools, tally)
    tools.budget.flush()
    tally.seconds = time.monotonic() - begun
    return tally


async def _discover(network: str, tools: Tools, tally: Tally) -> Seen:
    tools.watcher.looking(network)
    seen = await look(network, tools.budget, tools.workers, tools.watcher.asked, tools.trouble)
    tools.spool(seen.evidence, True)  # noqa: FBT003  # volatile: the next sweep replaces it
    tools.watcher.seen(seen)
    tally.sightings += len(seen.sightings)
    return seen


async def _examine(seen: Seen, question: Question, tools: Tools, tally: Tally) -> None:
    targets = choose(seen, tools.snmp_port, tools.budget, tools.trouble) if question.credentials else []
    tools.watcher.examining(len(targets))
    for target in targets[:1]:
        tools.budget.refuse(target.address, target.port, target.mac)  # the quiet hours end the sweep, not each question

    reasons: Counter[str] = Counter()

    def answered(answer: Answer) -> None:
        if answer.examination is None:
            tally.silent += 1
            reasons.update([answer.why] if answer.why else [])
        else:
            tally.examinations += 1
            for part in pieces(answer.examination, REPORT_BYTES):
                tools.spool(part, False)  # noqa: FBT003  # not volatile
        tools.watcher.answered(answer)

    await examine_all(targets, question, tools.workers, tools.habits, tools.ledger, answered, tools.interlude)
    for why, count in reasons.most_common(3):
        tools.trouble(f"{count} devices of {seen.network} were not examined: {why}")


def limits_of(config: Config, scoped: Scope) -> Limits:
    """The scan contract of one sweep."""
    return Limits(
        networks=scoped.networks,
        exclude=scoped.exclusions,
        exclude_macs=config.exclude_macs,
        packets_per_second=config.packets_per_second,
        packets_per_second_per_host=config.packets_per_second_per_host,
        quiet_hours=config.quiet_hours,
    )
