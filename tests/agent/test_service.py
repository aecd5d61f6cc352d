"""The service at work against a real far end: what it brings by itself, and that nothing it meets ends it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from far_end import FarEnd, enrolled_state, running, sealed
from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st

from agent.config import Config
from agent.errors import NotEnrolled
from agent.metrics import TROUBLES_LIMIT, Numbers, printable, resident_bytes
from agent.service import Service
from agent.state import ORDERS, STATUS, StateDirectory
from agent.timing import Backoff, renewal_time, seconds_until_next, share
from stocktake.v1.control_service_pb2 import AgentNumbers
from stocktake.values import Cadence, Credential, Examination, Method, PlanGroup, Secret, SubjectKind, WalkPlan
from stocktake.wire import decode_report, encode_plan

FAST = Config(
    sweep_interval=timedelta(hours=1),
    host_interval=timedelta(hours=1),
    load_interval=timedelta(hours=1),
    sync_interval=timedelta(seconds=1),
)


@pytest.fixture
def end() -> Iterator[FarEnd]:
    with running(FarEnd()) as far_end:
        yield far_end


@asynccontextmanager
async def at_work(service: Service) -> AsyncIterator[Service]:
    work = asyncio.create_task(service.run())
    try:
        yield service
        if work.done():
            work.result()
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def until(happened: Callable[[], object], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110  # what is waited for happens in another process
            await asyncio.sleep(0.05)


def bodies(end: FarEnd) -> list[Examination]:
    found = [decode_report(raw).body for batch in end.batches for _, raw in batch.entries]
    return [body for body in found if isinstance(body, Examination)]


def brought(end: FarEnd, kind: SubjectKind) -> list[Examination]:
    return [body for body in bodies(end) if body.subject.kind is kind]


async def test_an_agent_with_no_network_brings_its_own_machine_and_what_its_kernel_knows(
    end: FarEnd, tmp_path: Path
) -> None:
    async with at_work(Service(FAST, enrolled_state(tmp_path / "s", end))) as service:
        await until(lambda: brought(end, SubjectKind.HOST) and brought(end, SubjectKind.NETWORK))
        await until(lambda: len(end.syncs) >= 2)
        assert end.syncs[-1].numbers.sweeps == 1
        assert end.syncs[-1].numbers.packets_sent == 0
        await until(lambda: service.spool.numbers().pending_reports == 0)
    (host,) = brought(end, SubjectKind.HOST)
    assert host.method is Method.HOST
    assert {"smbios", "operating_system"} & {group.group for group in host.groups} or len(host.groups) > 5
    assert (service.state.load(STATUS) or {})["push"]


async def test_networks_that_the_collector_adds_inside_the_limit_are_swept_at_once_and_others_told(
    end: FarEnd, tmp_path: Path
) -> None:
    state = enrolled_state(tmp_path / "s", end, network_limits=("127.0.1.0/24",))
    async with at_work(Service(FAST, state)):
        await until(lambda: brought(end, SubjectKind.NETWORK))
        end.orders.scope.networks.extend(["127.0.1.0/30", "127.0.9.0/30"])
        await until(lambda: len(brought(end, SubjectKind.NETWORK)) >= 2)
        await until(lambda: any("127.0.9.0/30" in trouble for trouble in end.syncs[-1].troubles))
    assert brought(end, SubjectKind.NETWORK)[-1].subject.network == "127.0.1.0/30"
    assert list(end.syncs[-1].networks) == ["127.0.1.0/30"]


async def test_plan_and_credentials_are_kept_sealed_over_a_restart_and_used(end: FarEnd, tmp_path: Path) -> None:
    state = enrolled_state(tmp_path / "s", end)
    identity = state.identity()
    assert identity is not None
    end.orders.plan.ParseFromString(
        encode_plan(WalkPlan((PlanGroup(1, "mine", Cadence.HEALTH, ("1.3.6.1.2.1.1.1.0",)),)))
    )
    end.orders.credentials.revision = "r7"
    end.orders.credentials.sealed.append(sealed(identity, Credential("x", "2c", community=Secret("not-for-disk"))))
    async with at_work(Service(FAST, state)):
        await until(lambda: end.syncs and end.syncs[-1].credentials_revision == "r7")
    assert b"not-for-disk" not in b"".join(each.read_bytes() for each in state.path.iterdir())
    again = Service(FAST, state)
    assert [group.name for group in again.plan().groups] == ["mine"]
    assert [each.community.reveal() for each in await again._credentials(again.workers)] == ["not-for-disk"]
    again.spool.close()


async def test_new_credentials_are_used_at_once(end: FarEnd, tmp_path: Path) -> None:
    state = enrolled_state(tmp_path / "s", end)
    async with at_work(Service(FAST, state)) as service:
        await until(lambda: service.numbers.sweeps == 1)
        end.orders.credentials.revision = "r1"
        await until(lambda: service.numbers.sweeps == 2)


async def test_a_plan_beyond_the_bounds_is_not_followed(end: FarEnd, tmp_path: Path) -> None:
    state = enrolled_state(tmp_path / "s", end)
    group = PlanGroup(1, "all", Cadence.HEALTH, tables=("1",))
    service = Service(FAST, state)
    service.orders = replace(service.orders, plan=encode_plan(WalkPlan((group,))))
    assert "all" not in [each.name for each in service.plan().groups]
    assert "is not followed" in service.numbers.recent_troubles()[0]
    service.spool.close()


async def test_while_the_collector_is_away_evidence_waits_and_arrives_once_afterwards(tmp_path: Path) -> None:
    end = FarEnd()
    with running(end):
        state = enrolled_state(tmp_path / "s", end)
        port = int(end.address.rpartition(":")[2])
    async with at_work(Service(FAST, state, dice=lambda low, _: low + 0.2)) as service:
        await until(lambda: service.numbers.recent_troubles() and service.spool.numbers().pending_reports >= 2)
        assert "is not to be had" in service.numbers.recent_troubles()[0]
        with running(end, port=port):
            await until(lambda: service.spool.numbers().pending_reports == 0 and end.batches)
            assert sorted(end.sequences(service.spool.stream_id)) == list(range(1, service.spool.acknowledged + 1))


async def test_a_revoked_agent_goes_on_spooling_and_says_why(end: FarEnd, tmp_path: Path) -> None:
    end.failures.extend([(grpc.StatusCode.PERMISSION_DENIED, "revoked")] * 50)
    state = enrolled_state(tmp_path / "s", end)
    async with at_work(Service(FAST, state, dice=lambda low, _: low + 0.5)) as service:
        await until(lambda: service.spool.numbers().pending_reports >= 2 and service.numbers.recent_troubles())
    assert any("PERMISSION_DENIED: revoked" in trouble for trouble in service.numbers.recent_troubles())
    assert "revoked" in (state.load(STATUS) or {})["failure"]


async def test_a_certificate_past_two_thirds_of_its_life_is_renewed(end: FarEnd, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    state = enrolled_state(tmp_path / "s", end, starts=now - timedelta(days=29), ends=now + timedelta(days=1))
    before = state.identity()
    async with at_work(Service(FAST, state)) as service:
        await until(lambda: end.syncs)
    assert before is not None
    assert service.identity.key.reveal() != before.key.reveal()
    assert service.identity.ends > now + timedelta(days=30)


async def test_a_clock_that_does_not_fit_the_certificate_is_told(tmp_path: Path) -> None:
    end = FarEnd(address="127.0.0.1:9")
    now = datetime.now(UTC)
    state = enrolled_state(tmp_path / "s", end, starts=now + timedelta(days=3650), ends=now + timedelta(days=3680))
    async with at_work(Service(FAST, state)) as service:
        await until(lambda: any("Set the clock right" in each for each in service.numbers.recent_troubles()))


def test_a_machine_that_is_not_enrolled_is_told_how(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolled, match="stocktake-agent enrol"):
        Service(FAST, StateDirectory(tmp_path))


async def test_orders_that_were_damaged_on_disk_are_asked_for_again(end: FarEnd, tmp_path: Path) -> None:
    state = enrolled_state(tmp_path / "s", end)
    (state.path / ORDERS).write_text('{"plan": "zz"}')
    service = Service(FAST, state)
    assert service.orders.networks is None
    service.spool.close()


# ------------------------------------------------------------------------------------------------ times and numbers


@given(st.floats(0, 4e9), st.floats(1, 1e6), st.text(min_size=1, max_size=8))
def test_an_agent_s_instants_are_its_own_and_at_least_half_an_interval_away(
    now: float, interval: float, agent_id: str
) -> None:
    place = share(agent_id, "sweep")
    wait = seconds_until_next(now, interval, place)
    assert 0 <= place < 1
    assert interval / 2 <= wait <= 1.5 * interval + 1e-6
    assert place == share(agent_id, "sweep")


def test_many_agents_spread_over_the_whole_interval() -> None:
    places = [int(10 * share(f"agent-{n}", "sync")) for n in range(1000)]
    assert all(60 <= places.count(tenth) <= 140 for tenth in range(10))


def test_waits_grow_to_a_quarter_of_an_hour_and_never_undercut_the_collector_s_wish() -> None:
    backoff = Backoff(dice=lambda _, high: high)
    assert [backoff.failed() for _ in range(12)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    backoff.worked()
    assert backoff.failed(30) == 31
    assert Backoff(dice=lambda low, _: low).failed(None) == 0
    assert Backoff(dice=lambda low, _: low).failed(1e9) == 900


def test_renewals_lie_around_two_thirds_of_a_certificate_s_life() -> None:
    starts = datetime(2026, 1, 1, tzinfo=UTC)
    times = [(renewal_time(starts, starts + timedelta(days=30), f"a{n}") - starts).days for n in range(200)]
    assert min(times) == 18
    assert max(times) == 21


def test_troubles_are_few_recent_printable_and_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    numbers = Numbers()
    with caplog.at_level(logging.CRITICAL, "agent.metrics"):
        for n in range(30):
            numbers.trouble(f"trouble {n}", now=lambda: 0.0)
        numbers.trouble("trouble 20", now=lambda: 1.0)
        numbers.trouble("a device said \x1b[31mred\u202e", now=lambda: 2.0)
    recent = numbers.recent_troubles(now=lambda: 3.0)
    assert len(recent) == TROUBLES_LIMIT
    assert recent[-2:] == ["trouble 20", "a device said \\x1b[31mred\\u202e"]
    assert numbers.recent_troubles(now=lambda: 90000.0) == []
    assert printable("é\n") == "\\xe9\\n"


def test_the_numbers_are_those_of_the_wire() -> None:
    told = Numbers(last_sweep_time=datetime.now(UTC)).to_wire(datetime.now(UTC))
    assert ParseDict(told, AgentNumbers()).HasField("last_sweep_time")
    assert (resident_bytes() or 10**7) > 10**6
    assert resident_bytes(Path("/nonexistent")) is None
