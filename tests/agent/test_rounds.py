"""Rounds of health: who is asked, of what, how often; what is brought of those that stay silent; what never happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.attend import Means
from agent.budget import Budget, Limits
from agent.discovery.neighbours import Entry, State
from agent.examine import Extent, Target, examine
from agent.examiner import Answer, CountingLedger, Question
from agent.progress import Progress
from agent.roll import Roll
from agent.rounds import ROUND_SECONDS, Round, Rounds, go_round
from agent.snmp.habits import Habits
from agent.snmp.recorded import recordings
from agent.sweep import Tools
from agent.targets import Seen
from agent.worker import Workers
from stocktake.values import (
    Cadence,
    Condition,
    Credential,
    Examination,
    GroupResult,
    Method,
    Outcome,
    PlanGroup,
    Secret,
    Subject,
    SubjectKind,
    WalkPlan,
)

NETWORK = "10.1.0.0/24"
PUBLIC = Credential("public", "2c", community=Secret("public"))
DESCRIPTION, OBJECT_ID, UPTIME = (f"1.3.6.1.2.1.1.{n}.0" for n in (1, 2, 3))
FANS, PRINTERS = "1.3.6.1.4.1.9.9.13.1.4.1.3", "1.3.6.1.2.1.43"
PLAN = WalkPlan(
    (
        PlanGroup(1, "system", Cadence.INVENTORY, (DESCRIPTION, OBJECT_ID)),
        PlanGroup(2, "entities", Cadence.INVENTORY, tables=("1.3.6.1.2.1.47.1",)),
        PlanGroup(3, "uptime", Cadence.HEALTH, (UPTIME,)),
        PlanGroup(4, "fans", Cadence.HEALTH, tables=(FANS,), condition=Condition(answered="1.3.6.1.2.1.47.1")),
        PlanGroup(5, "toner", Cadence.HEALTH, tables=(PRINTERS,), condition=Condition(answered="1.3.6.1.2.1.47.9")),
    ),
    digest=b"\x07" * 32,
)
SWITCH = f"""\
{DESCRIPTION}|4|a switch
{OBJECT_ID}|6|1.3.6.1.4.1.9.1.1208
{UPTIME}|67|4711
1.3.6.1.2.1.47.1.1.1.1.2.1|4|chassis
{FANS}.1|2|1
"""
DAY = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
SWITCH_TARGET = Target("10.1.0.1", "00:1b:21:00:00:01", NETWORK)
OTHER_TARGET = Target("10.1.0.2", "00:1b:21:00:00:02", NETWORK)


class School:
    """Two recorded switches, an agent's memory of them, and a clock. Children are played by the recorded twins."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **limits: object) -> None:
        (folder / "switch.snmprec").write_text(SWITCH)
        self.up = {each.address: folder / "switch.snmprec" for each in (SWITCH_TARGET, OTHER_TARGET)}
        self.time = DAY
        self.roll = Roll(self.now)
        self.habits = Habits()
        self.asked: list[Target] = []
        self.spooled: list[Examination] = []
        self.troubles: list[str] = []
        self.why = ""
        self.table: tuple[Entry, ...] = ()
        self.limits = Limits((NETWORK,), **limits)  # type: ignore[arg-type]  # as a test has them
        self.question = Question(PLAN, (PUBLIC,), self.limits)
        monkeypatch.setattr("agent.rounds.examine_all", self.children)

    def now(self) -> float:
        return self.time.timestamp()

    async def children(
        self, targets: Sequence[Target], question: Question, _workers: object, _habits: object, _ledger: object,
        answered: object,
    ) -> None:  # fmt: skip
        """What the child of a round does, on recordings."""
        for target in targets:
            self.asked.append(target)
            found = None if self.why else await self.ask(target, question.extent)
            answered(Answer(target, found, self.why))  # type: ignore[operator]  # what the round handed over

    async def ask(self, target: Target, extent: Extent = Extent.DUE) -> Examination | None:
        """One examination, as a sweep's by default."""
        return await examine(
            target, (PUBLIC,), PLAN, Budget(self.limits), sessions=recordings(self.up), habits=self.habits,
            extent=extent, now=lambda: self.time,
        )  # fmt: skip

    async def sweep(self, *targets: Target) -> None:
        """A sweep meets devices."""
        progress = Progress(self.roll)
        for target in targets:
            progress.answered(Answer(target, await self.ask(target)))

    async def go(self, *often: Target, later: float = ROUND_SECONDS) -> Round | None:
        """The next round, after a while; `asked` and `spooled` are of this one alone."""
        self.time += timedelta(seconds=later)
        self.asked, self.spooled = [], []

        async def means() -> Means:
            ledger = CountingLedger(lambda _lines: None)
            tools = Tools(
                Workers(), Budget(self.limits, ledger=ledger), ledger, self.habits,
                lambda found, volatile: self.spooled.append(found) if volatile else None, self.troubles.append,
            )  # fmt: skip
            return Means((NETWORK,), self.question, tools)

        addresses = frozenset(each.address for each in often)
        return await go_round(self.roll, addresses, means, table=lambda: self.table, now=self.now)

    def groups(self) -> list[str]:
        return [group.group for found in self.spooled for group in found.groups]


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> School:
    return School(tmp_path, monkeypatch)


async def test_a_round_asks_the_health_that_applies_and_nothing_else(school: School) -> None:
    await school.sweep(SWITCH_TARGET)
    assert await school.go(SWITCH_TARGET) is not None
    assert school.groups() == ["uptime", "fans"]
    (found,) = school.spooled
    assert (found.subject.address, found.subject.mac, found.subject.network) == ("10.1.0.1", SWITCH_TARGET.mac, NETWORK)
    assert (found.method, found.plan_digest) == (Method.SNMP_V2C, PLAN.digest)


async def test_what_a_school_stands_on_is_asked_every_five_minutes_and_the_rest_within_half_an_hour(
    school: School,
) -> None:
    await school.sweep(SWITCH_TARGET, OTHER_TARGET)
    asked: list[list[str]] = []
    for _ in range(24):
        await school.go(SWITCH_TARGET)
        asked.append([each.address for each in school.asked])
    assert all("10.1.0.1" in each for each in asked)
    others = [number for number, each in enumerate(asked, 1) if "10.1.0.2" in each]
    assert 4 <= len(others) <= 6
    assert all(4 <= later - sooner <= 6 for sooner, later in zip([0, *others], others, strict=False))


async def test_nobody_is_asked_whom_no_sweep_met_or_whom_the_limits_exclude(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = School(tmp_path, monkeypatch)
    assert await school.go(SWITCH_TARGET) is None
    await school.sweep(SWITCH_TARGET, OTHER_TARGET)
    school.limits = replace(school.limits, exclude=("10.1.0.1",))
    await school.go(SWITCH_TARGET, OTHER_TARGET)
    assert [each.address for each in school.asked] == ["10.1.0.2"]


async def test_in_the_quiet_hours_there_is_no_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    school = School(tmp_path, monkeypatch)
    await school.sweep(SWITCH_TARGET)
    school.limits = replace(school.limits, quiet_hours=("00:00-23:59:59.999999",))
    assert await school.go(SWITCH_TARGET) is None
    assert school.asked == []


async def test_a_device_that_stays_silent_is_brought_as_asked_and_silent_until_it_answers_again(school: School) -> None:
    await school.sweep(SWITCH_TARGET)
    recording = school.up.pop("10.1.0.1")
    for _ in range(3):
        found = await school.go(SWITCH_TARGET)
        assert found is not None
        assert (found.devices, found.silent) == (1, 1)
        (group,) = school.spooled[0].groups
        assert (group.group, group.outcome, group.detail) == ("uptime", Outcome.REFUSED, "It did not answer.")
        assert school.spooled[0].method is Method.SNMP_V2C
    school.up["10.1.0.1"] = recording
    await school.go(SWITCH_TARGET)
    assert school.groups() == ["uptime", "fans"]


async def test_one_that_was_not_asked_is_not_called_silent(school: School) -> None:
    await school.sweep(SWITCH_TARGET)
    school.why = "the examination ended without an answer"
    await school.go(SWITCH_TARGET)
    assert school.spooled == []
    assert school.troubles == [f"1 devices were not asked for their health: {school.why}"]


async def test_who_took_over_an_address_is_left_for_the_next_sweep(school: School) -> None:
    await school.sweep(SWITCH_TARGET)
    school.table = (Entry("10.1.0.1", "00:1b:21:00:00:99", "eth0", State.FRESH),)
    assert await school.go(SWITCH_TARGET) is None
    school.table = ()
    changed = school.up["10.1.0.1"].with_name("printer.snmprec")
    changed.write_text(SWITCH.replace("a switch", "a printer"))
    school.up["10.1.0.1"] = changed
    await school.go(SWITCH_TARGET)
    assert school.spooled == []


async def test_a_device_that_is_down_for_a_day_is_asked_no_more(school: School) -> None:
    await school.sweep(SWITCH_TARGET)
    school.up.clear()
    assert await school.go(SWITCH_TARGET, later=86_000) is not None
    assert await school.go(SWITCH_TARGET, later=1_000) is None


async def test_one_that_a_sweep_sees_without_snmp_is_given_up_after_two_rounds(school: School) -> None:
    await school.sweep(SWITCH_TARGET, OTHER_TARGET)
    progress = Progress(school.roll)
    progress.answered(Answer(SWITCH_TARGET, None))
    assert len(school.roll) == 2
    school.time += timedelta(seconds=2 * ROUND_SECONDS + 1)
    progress.answered(Answer(SWITCH_TARGET, None, "nobody asked it"))
    assert len(school.roll) == 2
    nowhere = Examination(Subject(SubjectKind.NETWORK), Method.TOUCH, (GroupResult("sightings", Outcome.COMPLETE),))
    progress.seen(Seen(NETWORK, nowhere, far=True))
    progress.answered(Answer(SWITCH_TARGET, None))
    assert len(school.roll) == 2  # from afar nobody knows that it is there
    progress.seen(Seen(NETWORK, nowhere))
    progress.answered(Answer(SWITCH_TARGET, None))
    assert len(school.roll) == 1


def test_the_roll_is_kept_over_a_restart_forgets_what_was_erased_and_belongs_to_one_identity() -> None:
    roll = Roll(lambda: 1_000.0)
    for target in (SWITCH_TARGET, OTHER_TARGET):
        roll.answered(target)
    kept = {"roll": [*roll.to_json(), ["10.1.0.3"], "rubbish"], "agent": "a1"}
    again = Roll.stored(kept, "a1", lambda: 2_000.0)
    found = again.targets(161, {"10.1.0.2"}, lambda _address, _mac: True)
    assert found == [SWITCH_TARGET, replace(OTHER_TARGET, often=True)]
    again.forget(lambda text: text == OTHER_TARGET.mac)
    assert [row[0] for row in again.to_json()] == ["10.1.0.1"]
    assert len(Roll.stored(kept, "a2")) == 0
    assert len(Roll.stored(None, "a1")) == 0
    ahead = Roll.stored({"roll": [["10.1.0.1", NETWORK, "", 10**9]], "agent": "a1"}, "a1", lambda: 5.0)
    assert ahead.to_json() == [["10.1.0.1", NETWORK, "", 5]]


def test_rounds_come_at_the_agent_s_own_instants_and_a_slow_one_is_followed_at_once_by_one_only() -> None:
    now = [1_000_000.0]
    rounds = Rounds(0.25, clock=lambda: now[0], now=lambda: now[0])
    begun = []
    for _ in range(5):
        now[0] = max(now[0], rounds.next)
        assert rounds.begins()
        begun.append(now[0])
        assert not rounds.begins()
        now[0] += 20
    assert {time % ROUND_SECONDS for time in begun} == {0.25 * ROUND_SECONDS}
    now[0] = rounds.next
    assert rounds.begins()
    now[0] += 1_000  # it took as long
    assert rounds.begins()
    assert not rounds.begins()
    assert ROUND_SECONDS / 2 <= rounds.next - now[0] <= 1.5 * ROUND_SECONDS
