"""The scan contract: what may be sent, how fast, when, and what the ledger says of it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.budget import DENIED_PORTS, Budget, Forbidden, Ledger, Limits

NETWORK = Limits(("10.1.0.0/24",))


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def budget_at(time: Time, limits: Limits = NETWORK, ledger: Ledger | None = None) -> Budget:
    return Budget(limits, clock=time, sleep=time.sleep, ledger=ledger)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


# ------------------------------------------------------------------------------------------------ where


@pytest.mark.parametrize(
    ("address", "mac", "allowed"),
    [
        ("10.1.0.7", "", True),
        ("10.1.0.7", "00:1b:21:00:00:01", True),
        ("10.1.0.9", "", False),
        ("10.1.0.65", "", False),
        ("10.1.1.7", "", False),
        ("10.1.0.7", "B8:27:EB:00:00:01", False),
        ("10.1.0.7", "b8-27-eb-00-00-01", False),
        ("fd00::7", "", True),
        ("fe80::1%eth0", "", True),
        ("fd01::7", "", False),
        ("switch.example", "", False),
        ("", "", False),
    ],
)
def test_only_named_networks_without_the_exclusions_are_allowed(address: str, mac: str, *, allowed: bool) -> None:
    limits = Limits(
        ("10.1.0.0/24", "fd00::/64", "fe80::/10"), exclude=("10.1.0.9", "10.1.0.64/26"), exclude_macs=("b8:27:eb",)
    )
    assert Budget(limits).allows(address, mac) is allowed


def test_without_a_network_nothing_is_allowed() -> None:
    assert not Budget(Limits(())).allows("10.1.0.7")


def test_no_excluded_maker_excludes_nobody() -> None:
    assert Budget(NETWORK).allows("10.1.0.7", "b8:27:eb:00:00:01")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"networks": ("10.1.0.0/33",)}, "'10.1.0.0/33' is no network; write"),
        ({"networks": ("10.1.0.0/24",), "exclude": ("printer",)}, "'printer' is no network; write"),
        ({"networks": (), "quiet_hours": ("8-15",)}, "write two local times, such as 08:30-15:30"),
        ({"networks": (), "packets_per_second": 0}, "at least 1"),
    ],
)
def test_limits_that_cannot_be_read_say_what_to_write(wrong: dict[str, tuple[str, ...]], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Limits(**wrong)  # type: ignore[arg-type]


async def test_what_is_forbidden_says_which_limit_and_why() -> None:
    budget = Budget(Limits(("10.1.0.0/24",), exclude=("10.1.0.9",), exclude_macs=("00:80:77",)))
    for address, port, mac, why in (
        ("10.2.0.1", 161, "", "none of the networks"),
        ("10.1.0.9", 161, "", "excluded"),
        ("10.1.0.8", 161, "00:80:77:00:00:01", "by its maker"),
        ("10.1.0.8", 9100, "", "port 9100"),
    ):
        with pytest.raises(Forbidden, match=why):
            await budget.permit(address, port, "test", mac=mac)


# ------------------------------------------------------------------------------------------------ ports


def test_the_ports_of_printers_are_denied() -> None:
    assert {515, 9100, 9109, 9112, 9116, 9999} <= DENIED_PORTS
    assert not {161, 9110, 9111, 631, 443} & DENIED_PORTS
    assert len(DENIED_PORTS) == 17


LOOPBACK = Limits(("127.0.0.0/8",))


@pytest.fixture(params=sorted(DENIED_PORTS))
def denied(request: pytest.FixtureRequest) -> Iterator[int]:
    return request.param  # type: ignore[no-any-return]


async def test_no_socket_sends_to_a_denied_port(denied: int) -> None:
    budget = Budget(LOOPBACK)
    there = ("127.0.0.1", denied)
    with budget.open_socket(kind=socket.SOCK_STREAM) as tcp, budget.open_socket() as udp:
        for send in (
            lambda: tcp.connect(there),
            lambda: tcp.connect_ex(there),
            lambda: udp.connect(there),
            lambda: udp.sendto(b"x", there),
            lambda: udp.sendto(b"x", 0, there),
            lambda: udp.sendmsg([b"x"], [], 0, there),
        ):
            with pytest.raises(Forbidden, match=f"port {denied}"):
                send()
    with pytest.raises(Forbidden):
        await budget.open_endpoint("127.0.0.1", denied)
    with pytest.raises(Forbidden):
        await budget.permit("127.0.0.1", denied, "test")


async def test_asyncio_cannot_reach_a_denied_port_over_a_guarded_socket() -> None:
    loop = asyncio.get_running_loop()
    with Budget(LOOPBACK).open_socket(kind=socket.SOCK_STREAM) as tcp, pytest.raises(Forbidden):
        await loop.sock_connect(tcp, ("127.0.0.1", 9100))
    with Budget(LOOPBACK).open_socket() as udp, pytest.raises(Forbidden):
        await loop.sock_sendto(udp, b"x", ("127.0.0.1", 515))


def test_a_socket_sends_nowhere_outside_the_networks() -> None:
    with Budget(LOOPBACK).open_socket() as udp:
        with pytest.raises(Forbidden, match="none of the networks"):
            udp.sendto(b"x", ("10.1.0.1", 161))
        with pytest.raises(Forbidden, match="no address"):
            udp.sendto(b"x", ("localhost", 161))
        with pytest.raises(Forbidden, match="file"):
            udp.sendfile(None)


# ------------------------------------------------------------------------------------------------ how fast


def most_in_a_second(times: list[float]) -> int:
    almost = 1 - 1e-6  # floating point may put a packet a hair before the end of a second
    return max(sum(1 for other in times if begin <= other < begin + almost) for begin in times)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 120), st.integers(1, 60))
async def test_no_second_has_more_packets_than_the_limits(rate: int, host_rate: int) -> None:
    time = Time()
    limits = Limits(("10.1.0.0/24",), packets_per_second=rate, packets_per_second_per_host=host_rate)
    budget = budget_at(time, limits)
    sent: dict[str, list[float]] = {}

    async def host(address: str) -> None:
        for _ in range(50):
            await budget.permit(address, 161, "test")
            sent.setdefault(address, []).append(time.now)

    await asyncio.gather(*(host(f"10.1.0.{number}") for number in range(1, 5)))
    assert most_in_a_second(sorted(moment for moments in sent.values() for moment in moments)) <= rate
    for moments in sent.values():
        assert most_in_a_second(moments) <= host_rate


async def test_a_lone_packet_waits_for_nothing() -> None:
    time = Time()
    await budget_at(time).permit("10.1.0.1", 161, "test")
    assert time.now == 1000.0


async def test_forty_packets_to_one_host_take_a_second() -> None:
    time = Time()
    budget = budget_at(time)
    for _ in range(44):
        await budget.permit("10.1.0.1", 161, "test")
    assert time.now == pytest.approx(1001.0)


async def test_hosts_that_were_asked_long_ago_are_forgotten() -> None:
    time = Time()
    limits = Limits(("10.0.0.0/8",), packets_per_second=10_000)
    budget = budget_at(time, limits)
    for number in range(50_000):
        time.now += 0.001
        await budget.permit(f"10.0.{number // 250}.{number % 250}", 161, "test")
    assert len(budget._hosts) <= 41_000


async def test_a_burst_takes_half_of_the_pace_and_gives_it_back() -> None:
    time = Time()
    lines: list[str] = []
    limits = Limits(("10.1.0.0/24",), exclude=("10.1.0.2",), packets_per_second=100)
    budget = budget_at(time, limits, Ledger(lines.append))
    addresses = ["10.1.0.1", "10.1.0.2", "10.1.0.3", "10.2.0.1"]
    async with budget.permit_burst(addresses, "arp", packets=3) as burst:
        assert burst.addresses == ("10.1.0.1", "10.1.0.3")
        assert burst.packets_per_second == burst.limits.packets_per_second == 50
        assert burst.limits.exclude == ("10.1.0.2",)
        for number in range(55):
            await budget.permit(f"10.1.0.{number + 10}", 161, "test")
        assert time.now == pytest.approx(1001.0)
    budget.flush()
    assert lines[0].splitlines()[0].split("\t")[1:] == ["10.1.0.1-10.1.0.3", "-", "arp", "6"]
    begun = time.now
    for number in range(110):
        await budget.permit(f"10.1.0.{number + 10}", 161, "test")
    assert time.now - begun == pytest.approx(1.0, abs=0.11)


# ------------------------------------------------------------------------------------------------ one at a time


async def test_one_request_is_in_flight_to_one_device() -> None:
    budget = Budget(NETWORK)
    flying = most = 0

    async def ask() -> None:
        nonlocal flying, most
        async with budget.device("10.1.0.1"):
            flying += 1
            most = max(most, flying)
            await asyncio.sleep(0)
            flying -= 1

    await asyncio.gather(*(ask() for _ in range(20)))
    assert most == 1
    assert budget._devices == {}


async def test_at_most_64_requests_are_in_flight_to_all() -> None:
    budget = Budget(NETWORK)
    flying = most = 0

    async def ask(number: int) -> None:
        nonlocal flying, most
        async with budget.device(f"10.1.0.{number}"):
            flying += 1
            most = max(most, flying)
            await asyncio.sleep(0.01)
            flying -= 1

    await asyncio.gather(*(ask(number) for number in range(200)))
    assert most == 64


# ------------------------------------------------------------------------------------------------ when


@pytest.mark.parametrize(
    ("hours", "time", "quiet"),
    [
        ("08:30-15:30", at(8, 29), False),
        ("08:30-15:30", at(8, 30), True),
        ("08:30-15:30", at(15, 29), True),
        ("08:30-15:30", at(15, 30), False),
        ("22:00-06:00", at(23), True),
        ("22:00-06:00", at(5, 59), True),
        ("22:00-06:00", at(6), False),
        ("22:00-06:00", at(12), False),
    ],
)
async def test_nothing_is_sent_in_quiet_hours(hours: str, time: datetime, *, quiet: bool) -> None:
    budget = Budget(Limits(("127.0.0.0/8",), quiet_hours=(hours,)), local_time=lambda: time)
    if not quiet:
        await budget.permit("127.0.0.1", 161, "test")
        return
    with pytest.raises(Forbidden, match=f"quiet hours {hours}"):
        await budget.permit("127.0.0.1", 161, "test")
    with pytest.raises(Forbidden, match="quiet hours"):
        async with budget.permit_burst(["127.0.0.1"], "arp"):
            pass
    with budget.open_socket() as udp, pytest.raises(Forbidden, match="quiet hours"):
        udp.sendto(b"x", ("127.0.0.1", 161))


async def test_who_waits_into_the_quiet_hours_sends_nothing() -> None:
    time = Time()
    lines: list[str] = []
    budget = Budget(
        Limits(("10.1.0.0/24",), packets_per_second_per_host=1, quiet_hours=("08:30-15:30",)),
        clock=time,
        sleep=time.sleep,
        local_time=lambda: at(8, 29) + timedelta(seconds=59.5 + time.now - 1000),
        ledger=Ledger(lines.append),
    )
    await budget.permit("10.1.0.1", 161, "test")
    with pytest.raises(Forbidden, match="quiet hours"):
        await budget.permit("10.1.0.1", 161, "test")
    budget.flush()
    assert lines[0].endswith("\t1")


# ------------------------------------------------------------------------------------------------ the ledger


def test_packets_of_one_kind_within_seconds_share_a_line() -> None:
    now = at(9)
    lines: list[str] = []
    ledger = Ledger(lines.append, now=lambda: now)
    for _ in range(3):
        ledger.note("10.1.0.1", "161", "snmp v2c")
    ledger.note("10.1.0.2", "161", "snmp v2c")
    assert lines == []
    now = at(9, 1)
    ledger.note("10.1.0.1", "161", "snmp v2c")
    ledger.flush()
    ledger.flush()
    assert "\n".join(lines).splitlines() == [
        "2026-03-02T09:00:00+00:00\t10.1.0.1\t161\tsnmp v2c\t3",
        "2026-03-02T09:00:00+00:00\t10.1.0.2\t161\tsnmp v2c\t1",
        "2026-03-02T09:01:00+00:00\t10.1.0.1\t161\tsnmp v2c\t1",
    ]


def test_a_ledger_of_many_addresses_does_not_wait() -> None:
    lines: list[str] = []
    ledger = Ledger(lines.append)
    for number in range(1_000):
        ledger.note(f"10.1.{number // 250}.{number % 250}", "161", "touch")
    assert len(lines[0].splitlines()) == 1_000


def test_a_ledger_file_is_bounded_and_keeps_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "ledger.tsv"
    ledger = Ledger.to_file(path, limit_bytes=500)
    for number in range(100):
        ledger.note("10.1.0.1", "161", f"packet {number}")
        ledger.flush()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["ledger.tsv.1"] or [file.name for file in files] == [
        "ledger.tsv",
        "ledger.tsv.1",
    ]
    assert all(file.stat().st_size < 600 for file in files)
    assert "packet 99" in "".join(file.read_text() for file in files)


# ------------------------------------------------------------------------------------------------ dry run


async def test_a_dry_run_writes_the_ledger_and_sends_nothing() -> None:
    lines: list[str] = []
    budget = Budget(LOOPBACK, ledger=Ledger(lines.append), dry_run=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.05)
        port = listener.getsockname()[1]
        endpoint = await budget.open_endpoint("127.0.0.1", port)
        await endpoint.send(b"hello", "test")
        with pytest.raises(TimeoutError):
            await endpoint.receive(5)
        await endpoint.close()
        with budget.open_socket() as udp, budget.open_socket(kind=socket.SOCK_STREAM) as tcp:
            assert udp.sendto(b"hello", ("127.0.0.1", port)) == 5
            assert udp.sendmsg([b"hel", b"lo"], [], 0, ("127.0.0.1", port)) == 5
            tcp.connect(("127.0.0.1", port))
            assert tcp.connect_ex(("127.0.0.1", port)) == 0
            assert tcp.send(b"hello") == 5
            tcp.sendall(b"hello")
        with pytest.raises(TimeoutError):
            listener.recv(100)
    async with budget.permit_burst(["127.0.0.1"], "arp") as burst:
        assert burst.addresses == ()
    budget.flush()
    assert [line.split("\t")[3] for line in lines[0].splitlines()] == ["test", "arp"]


async def test_a_dry_run_still_forbids() -> None:
    with Budget(LOOPBACK, dry_run=True).open_socket() as udp, pytest.raises(Forbidden):
        udp.sendto(b"x", ("127.0.0.1", 9100))


# ------------------------------------------------------------------------------------------------ the endpoint


async def test_an_endpoint_speaks_and_hears() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        endpoint = await Budget(LOOPBACK).open_endpoint("127.0.0.1", listener.getsockname()[1])
        await endpoint.send(b"hello", "test")
        data, source = listener.recvfrom(100)
        listener.sendto(data.upper(), source)
        assert await endpoint.receive(1) == b"HELLO"
        with pytest.raises(TimeoutError):
            await endpoint.receive(0.01)
        await endpoint.close()


async def test_a_flood_is_dropped() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        endpoint = await Budget(LOOPBACK).open_endpoint("127.0.0.1", listener.getsockname()[1])
        there = endpoint._transport.get_extra_info("sockname")
        for _ in range(300):
            listener.sendto(b"flood", there)
        await asyncio.sleep(0.05)
        heard = 0
        with contextlib.suppress(TimeoutError):
            while await endpoint.receive(0.01):
                heard += 1
        assert 0 < heard <= 64
        await endpoint.close()


def test_a_socket_without_a_budget_sends_nothing() -> None:
    from agent.budget import GuardedSocket  # noqa: PLC0415  nobody but this test makes one by hand

    with GuardedSocket(socket.AF_INET, socket.SOCK_DGRAM) as udp, pytest.raises(Forbidden, match="needs a budget"):
        udp.sendto(b"x", ("127.0.0.1", 161))
