"""Rounds of health, every five minutes: of the devices that answered lately, what of their health is due.

A round asks no more than the health groups of the walk plan, of nobody whom no sweep has met, and brings what it hears
like any other evidence; of a device that stays silent it brings that. Instants are the agent's own, so that no two
agents ask at once; a round that takes longer than the time between two is followed by the next when it has ended. This
module does not know which devices are asked often: that is told.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from agent.attend import Means
from agent.budget import Forbidden
from agent.contents import pieces
from agent.discovery import neighbours
from agent.examine import METHODS, Extent, Target
from agent.examiner import Answer, Question, examine_all
from agent.plan import health_groups, is_health_due, pace
from agent.roll import Roll
from agent.sweep import REPORT_BYTES, Tools
from agent.timing import seconds_until_next
from stocktake.values import Cadence, Examination, GroupResult, Outcome, Subject, SubjectKind

ROUND_SECONDS = 300.0
SILENCE = "It did not answer."


@dataclass(frozen=True, slots=True)
class Round:
    """A round's figures: how long it took, how many devices were asked, and how many of them were silent."""

    seconds: float
    devices: int
    silent: int


class Rounds:
    """When rounds are. `place`, 0 to 1, is where in five minutes this agent's instants are."""

    def __init__(
        self, place: float, clock: Callable[[], float] = time.monotonic, now: Callable[[], float] = time.time
    ) -> None:
        self._place, self._clock, self._now = place, clock, now
        self.next = 0.0  # by the clock
        self.begin()

    def begin(self) -> None:
        """A round begins now: the next one is at the agent's next instant, or when this one has ended, if later."""
        self.next = self._clock() + seconds_until_next(self._now(), ROUND_SECONDS, self._place)

    def begins(self) -> bool:
        """Whether a round is due, which begins then."""
        due = self._clock() >= self.next
        if due:
            self.begin()
        return due


async def go_round(
    roll: Roll,
    often: frozenset[str],
    means: Callable[[], Awaitable[Means]],
    *,
    table: neighbours.Table = neighbours.kernel,
    now: Callable[[], float] = time.time,
) -> Round | None:
    """Ask everybody on the roll what is due, and spool the answers; None where there was nobody to ask.

    Who answers at an address under another MAC by now is left for the next sweep. In the quiet hours nobody is asked.
    """
    begun = time.monotonic()
    if not len(roll):
        return None
    given = await means()
    tools, question = given.tools, replace(given.question, extent=Extent.HEALTH)
    targets = _targets(roll, often, given, table, now()) if question.credentials else []
    if not targets:
        return None
    try:
        tools.budget.refuse(targets[0].address, targets[0].port, targets[0].mac)
    except Forbidden:
        return None
    hearing = _Hearing(roll, question, tools)
    await examine_all(targets, question, tools.workers, tools.habits, tools.ledger, hearing.heard)
    tools.budget.flush()
    for why, count in hearing.reasons.most_common(3):
        tools.trouble(f"{count} devices were not asked for their health: {why}")
    return Round(time.monotonic() - begun, len(targets), hearing.silent)


def _targets(roll: Roll, often: frozenset[str], given: Means, table: neighbours.Table, now: float) -> list[Target]:
    """Whom this round asks. The kernel's table tells who took over an address since the last sweep."""
    tools, groups = given.tools, health_groups(given.question.plan)
    macs = {each.address: each.mac for each in neighbours.read(table)}

    def is_due(target: Target) -> bool:
        asked = tools.habits.of(target.address, target.network).asked
        return is_health_due(groups, asked, now, pace(target.address, target.network), often=target.often)

    return [
        target
        for target in roll.targets(tools.snmp_port, often, tools.budget.allows)
        if (not target.mac or macs.get(target.address, target.mac) == target.mac) and is_due(target)
    ]


class _Hearing:
    """Takes in what comes of one round."""

    def __init__(self, roll: Roll, question: Question, tools: Tools) -> None:
        self._roll, self._question, self._tools = roll, question, tools
        self.silent = 0
        self.reasons: Counter[str] = Counter()

    def heard(self, answer: Answer) -> None:
        """One device answered, or did not."""
        self._roll.asked(answer.target)
        if answer.examination is not None:
            self._roll.answered(answer.target)
            self._spool(answer.examination)
        elif answer.why:
            self.reasons.update([answer.why])
        else:
            self.silent += 1
            habit = self._tools.habits.of(answer.target.address, answer.target.network)
            self._spool(silence(answer.target, self._question, habit.credential))

    def _spool(self, found: Examination | None) -> None:
        for part in pieces(found, REPORT_BYTES) if found and found.groups else ():
            self._tools.spool(part, True)  # noqa: FBT003  # volatile: the next round replaces it


def silence(target: Target, question: Question, credential: str) -> Examination | None:
    """What is brought of a device that did not answer: its first group of health, refused.

    `credential` is the name of the one that it took last; None where it has none: then it did not stay silent.
    """
    taken = next((each for each in question.credentials if each.name == credential), None)
    group = next((each for each in question.plan.groups if each.cadence is Cadence.HEALTH), None)
    if taken is None or group is None:
        return None
    subject = Subject(SubjectKind.ADDRESS, target.address, target.mac, target.network)
    result = GroupResult(group.name, Outcome.REFUSED, detail=SILENCE)
    return Examination(subject, METHODS[taken.version], (result,), question.plan.digest)
