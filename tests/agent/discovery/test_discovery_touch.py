"""Touch on loopback addresses with a clock that only sleeping moves; the real thing is in test_discovery_lab.py."""

from __future__ import annotations

import ipaddress
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.budget import DENIED_PORTS, Budget, GuardedSocket, Ledger, Limits
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
        self.packets: list[tuple[float, str]] = []
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
        assert packets == 1
        self.world.packets.append((self.world.now, address))
        if (port, what) == (str(touch.PORT), "touch"):
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


async def test_everybody_is_touched_once_as_the_kernel_asks_the_silent_again() -> None:
    everybody = addresses(10)
    world = World(everybody[:6])
    round_ = round_of(world)
    await round_.ask(everybody)
    assert set(round_.answered) == set(everybody[:6])
    assert round_.asked == set(everybody)
    assert [address for _, address in world.sent] == everybody
    assert world.now > 2  # the kernel's third question was waited for


async def test_the_budget_counts_what_the_kernel_may_send_for_a_touch() -> None:
    world = World()
    await round_of(world).ask(addresses(10))
    assert [address for _, address in world.packets] == [each for each in addresses(10) for _ in range(3)]


async def test_it_ends_as_soon_as_everybody_answered() -> None:
    world = World(addresses(20))
    await round_of(world).ask(addresses(20))
    assert world.now < 0.5


@pytest.mark.parametrize(("told", "others", "most"), [(None, 0, 768), ("4096", 96, 2976), ("1024", 900, 128)])
async def test_a_quarter_of_the_kernels_table_stays_free_of_young_entries(
    tmp_path: Path, told: str | None, others: int, most: int
) -> None:
    if told:
        (tmp_path / "proc/sys/net/ipv4/neigh/default").mkdir(parents=True)
        (tmp_path / "proc/sys/net/ipv4/neigh/default/gc_thresh3").write_text(f"{told}\n")
    world = World()
    round_ = round_of(world)
    busy = tuple(Entry(f"192.0.2.{n}", MAC, "eth1", State.FRESH, 1.0) for n in range(min(others, 250)))
    busy += tuple(Entry(f"198.51.{n >> 8}.{n & 255}", MAC, "eth1", State.FRESH, 1.0) for n in range(others - len(busy)))
    round_.table, round_.root = lambda: busy, tmp_path
    await round_.ask(addresses(4 * most))
    times = [time for time, _ in world.sent]
    young = [bisect_right(times, time) - bisect_left(times, time - 5) for time in times]
    assert max(young) <= most
    assert len(times) == 4 * most


async def test_who_finds_the_table_full_is_touched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    full = {*addresses(300)[290:]}

    def sendto(self: GuardedSocket, data: bytes, where: tuple[str, int]) -> int:
        if where[0] in full:
            full.discard(where[0])
            raise OSError(105, "No buffer space available")
        return 0

    monkeypatch.setattr(GuardedSocket, "sendto", sendto)
    world = World(addresses(300))
    round_ = round_of(world)
    await round_.ask(addresses(300))
    assert set(round_.answered) == round_.asked == set(addresses(300))
    assert len(world.sent) == 310


async def test_what_others_answered_keeps_nobody_from_being_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = {each: number for number, each in enumerate(addresses(20))}

    def sendto(self: GuardedSocket, data: bytes, where: tuple[str, int]) -> int:
        refusals[where[0]] -= 1
        if refusals[where[0]] >= 0:
            raise ConnectionRefusedError(111, "Connection refused")
        return 0

    monkeypatch.setattr(GuardedSocket, "sendto", sendto)
    round_ = round_of(World(addresses(20)))
    await round_.ask(addresses(20))
    assert round_.asked == set(addresses(20))


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
