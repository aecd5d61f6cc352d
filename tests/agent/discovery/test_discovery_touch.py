"""Touch on loopback addresses with a clock that only sleeping moves; the real thing is in test_discovery_lab.py."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from agent.budget import DENIED_PORTS, Budget, Ledger, Limits
from agent.discovery import touch
from agent.discovery.neighbours import Entry, State
from agent.discovery.touch import Touch

MAC = "00:1b:21:00:00:01"


class World:
    """A clock, and a neighbour table in which some addresses answer a while after they were first touched."""

    def __init__(self, answering: Iterable[str] = (), state: State = State.FRESH) -> None:
        self.now = 0.0
        self.answering = set(answering)
        self.state = state
        self.sent: list[tuple[float, str]] = []
        self.looks = 0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 0.000_1)

    def ledger(self) -> Ledger:
        return Notes(self)

    def table(self) -> tuple[Entry, ...]:
        self.looks += 1
        touched = {address for time, address in self.sent if time + 0.1 <= self.now}
        return tuple(Entry(address, MAC, "eth0", self.state, 500.0) for address in touched & self.answering)


class Notes(Ledger):
    """A ledger that tells the world what was sent, and when."""

    def __init__(self, world: World) -> None:
        super().__init__(lambda lines: None)
        self.world = world

    def note(self, address: str, port: str, what: str, packets: int = 1) -> None:
        assert (port, what, packets) == (str(touch.PORT), "touch", 1)
        self.world.sent.append((self.world.now, address))


def round_of(world: World, **limits: object) -> Touch:
    budget = Budget(
        Limits(("127.0.0.0/8",), packets_per_second=2000, **limits),  # type: ignore[arg-type] -- by the test's name
        clock=world.clock,
        sleep=world.sleep,
        ledger=world.ledger(),
        local_time=lambda: datetime(2026, 1, 1, 12, tzinfo=UTC),
    )
    return Touch(budget, world.table, world.clock, world.sleep)


def addresses(count: int) -> list[str]:
    first = int(ipaddress.ip_address("127.0.4.0"))
    return [str(ipaddress.ip_address(first + n)) for n in range(count)]


async def test_who_answers_is_touched_once_and_who_does_not_a_second_time() -> None:
    everybody = addresses(10)
    world = World(everybody[:6])
    round_ = round_of(world)
    await round_.ask(everybody)
    assert set(round_.answered) == set(everybody[:6])
    assert round_.asked == set(everybody)
    assert sorted(address for _, address in world.sent) == sorted(everybody + everybody[6:])


async def test_it_ends_as_soon_as_everybody_answered() -> None:
    world = World(addresses(20))
    await round_of(world).ask(addresses(20))
    assert world.now < 0.5


async def test_the_kernels_table_never_gets_more_than_half_full_of_young_entries() -> None:
    world = World()
    await round_of(world).ask(addresses(1500))
    for time, _ in world.sent:
        young = {address for other, address in world.sent if time - 5 <= other <= time}
        assert len(young) <= 512


async def test_an_entry_from_yesterday_is_no_answer() -> None:
    world = World(addresses(3), State.OLD)
    round_ = round_of(world)
    await round_.ask(addresses(3))
    assert round_.answered == {}
    assert world.now > touch.OLD_SECONDS  # the kernel was given the time to ask again


def test_what_counts_as_an_answer() -> None:
    def entry(state: State, confirmed: float | None) -> Entry:
        return Entry("10.0.0.1", MAC, "eth0", state, confirmed)

    assert touch.is_answer(entry(State.FRESH, 1.0))
    assert touch.is_answer(entry(State.UNTOLD, None))
    assert touch.is_answer(entry(State.OLD, 20.0))
    assert not touch.is_answer(entry(State.OLD, 60.0))  # what the kernel gives to an entry that nobody confirmed
    assert not touch.is_answer(entry(State.OLD, None))
    assert not touch.is_answer(entry(State.FIXED, None))


async def test_when_the_quiet_hours_begin_it_ends_with_what_it_has(caplog: pytest.LogCaptureFixture) -> None:
    world = World(addresses(50))
    round_ = round_of(world, quiet_hours=("13:00-14:00",))
    round_.budget._local_time = lambda: datetime(2026, 1, 1, 12 if len(world.sent) < 20 else 13, tzinfo=UTC)
    with caplog.at_level("INFO"):
        await round_.ask(addresses(50))
    assert len(round_.asked) == 19  # the twentieth was permitted, but then refused by the socket itself
    assert "quiet hours" in caplog.text


async def test_a_dry_run_touches_nobody_twice_and_sends_nothing() -> None:
    world = World()
    budget = Budget(
        Limits(("10.0.0.0/8",)), clock=world.clock, sleep=world.sleep, ledger=world.ledger(), dry_run=True
    )  # were anything sent, this process would not be allowed to
    await Touch(budget, world.table, world.clock, world.sleep).ask(["10.0.0.1", "10.0.0.2"])
    assert [address for _, address in world.sent] == ["10.0.0.1", "10.0.0.2"]


def test_the_port_is_none_that_may_print() -> None:
    assert touch.PORT not in DENIED_PORTS
