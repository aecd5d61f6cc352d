"""Walks over datagrams: how few packets they take, far away and lossy lines, and the zoo of hostile devices."""

from __future__ import annotations

import asyncio
import math
import random
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

import pytest
from snmp_device import DATAGRAM_LIMIT, Answer, Device, RecordedDevice, answered, relay

from agent.budget import Budget, Limits
from agent.snmp.community import CommunitySession, open_session
from agent.snmp.habits import Habit
from agent.snmp.session import Session, Silent
from agent.snmp.usm import Engines
from agent.snmp.usm import open_session as open_v3_session
from agent.snmp.walk import TABLE_BINDINGS, Meter, Walked, fetch, walk
from agent.snmp.wire import over_wire
from stocktake import ber
from stocktake.values import Binding, Credential, Secret

TABLE = "1.3.6.1.2.1.2.2.1"
COLUMNS = [f"{TABLE}.{column}" for column in range(1, 6)]
SCALARS = [f"1.3.6.1.2.1.1.{number}.0" for number in range(1, 46)]
ROWS = [Binding(f"{column}.{row}", ber.INTEGER, ber.encode_integer(row)) for column in COLUMNS for row in range(1, 49)]
VALUES = [Binding(oid, ber.OCTET_STRING, oid.encode()) for oid in SCALARS]
BEHIND = Binding("1.3.6.1.2.1.3.1.0", ber.INTEGER, b"\x01")
SWITCH = [*VALUES, *ROWS, BEHIND]
V3 = Credential(
    "v3",
    "3",
    user="SHA-256/AES",
    auth_protocol="SHA-256",
    auth_key=Secret("authpass12"),
    privacy_protocol="AES",
    privacy_key=Secret("privpass12"),
)


async def opened(budget: Budget, port: int, timeout_seconds: float = 1.5) -> CommunitySession:
    endpoint = await budget.open_endpoint("127.0.0.1", port)
    return CommunitySession(endpoint, ber.VERSION_2C, b"public", timeout_seconds=timeout_seconds)


async def walked(
    budget: Budget, port: int, roots: Sequence[str], habit: Habit | None = None, *, timeout_seconds: float = 1.5
) -> tuple[Walked, ...]:
    session = await opened(budget, port, timeout_seconds)
    try:
        return await walk(session, roots, Meter(), habit or Habit())
    finally:
        await session.close()


# ------------------------------------------------------------------------------------------------ few packets


async def test_a_table_takes_as_few_packets_as_full_frames_allow(device: Device, budget: Budget) -> None:
    port, heard = await device(RecordedDevice(SWITCH))
    (table,) = await walked(budget, port, [TABLE])
    assert list(table.bindings) == ROWS
    assert len(heard) == 1 + math.ceil((len(ROWS) + 1 - 25) / 64)


async def test_five_columns_in_one_question_take_as_many_as_one_alone(device: Device, budget: Budget) -> None:
    port, heard = await device(RecordedDevice(SWITCH))
    tables = await walked(budget, port, COLUMNS)
    assert [binding for table in tables for binding in table.bindings] == ROWS
    assert len(heard) == 1 + math.ceil((48 + 1 - 25 // 5) / (64 // 5))
    questions = [ber.decode_message(data) for data in heard]
    assert {(len(asked.bindings), asked.error_index) for asked in questions} == {(5, 25 // 5), (5, 64 // 5)}


async def test_what_is_not_there_takes_a_packet_for_five(device: Device, budget: Budget) -> None:
    port, heard = await device(RecordedDevice([BEHIND]))
    tables = await walked(budget, port, [f"1.3.6.1.2.1.2.{number}" for number in range(1, 16)])
    assert all(table.complete and not table.bindings for table in tables)
    assert len(heard) == 3


async def test_answers_that_a_device_cuts_short_are_gone_on_from(device: Device, budget: Budget) -> None:
    port, _ = await device(RecordedDevice(SWITCH, largest=150))
    habit = Habit()
    tables = await walked(budget, port, COLUMNS, habit)
    assert [binding for table in tables for binding in table.bindings] == ROWS
    assert habit.repetitions == 25


@pytest.mark.parametrize("how", ["tooBig", "genErr", "silent"])
async def test_a_device_that_cannot_is_asked_for_less_and_that_is_remembered(
    device: Device, budget: Budget, how: str
) -> None:
    """Over 10 rows fail; with five columns that is over two rows of each."""
    switch = RecordedDevice(SWITCH)

    def weak(data: bytes) -> list[bytes]:
        asked = ber.decode_message(data)
        if asked.pdu_type != ber.GET_BULK or asked.error_index * len(asked.bindings) <= 10:
            return switch(data)
        status = {"tooBig": ber.TOO_BIG, "genErr": ber.GEN_ERR, "silent": 0}[how]
        return [answered(asked, *asked.bindings, status=status)] if status else []

    port, heard = await device(weak)
    habit = Habit()
    (table,) = await walked(budget, port, [TABLE], habit, timeout_seconds=0.1)
    assert (table.complete, list(table.bindings), habit.repetitions) == (True, ROWS, 10)
    heard.clear()
    (table,) = await walked(budget, port, [TABLE], habit)
    assert (table.complete, list(table.bindings)) == (True, ROWS)
    assert len(heard) == math.ceil((len(ROWS) + 1) / 10)


async def test_a_device_without_getbulk_is_asked_by_getnext_from_then_on(device: Device, budget: Budget) -> None:
    switch = RecordedDevice(SWITCH)
    port, heard = await device(lambda data: [] if ber.decode_message(data).pdu_type == ber.GET_BULK else switch(data))
    habit = Habit()
    tables = await walked(budget, port, COLUMNS, habit, timeout_seconds=0.1)
    assert [binding for table in tables for binding in table.bindings] == ROWS
    heard.clear()
    await walked(budget, port, COLUMNS, habit)
    assert len(heard) == 48 + 1
    assert {ber.decode_message(data).pdu_type for data in heard} == {ber.GET_NEXT}


@pytest.mark.parametrize(("delay_seconds", "least", "most"), [(0.0, 0.25, 0.9), (0.3, 1.0, 2.0)])
async def test_a_quick_device_is_asked_again_soon_and_a_slow_one_is_given_its_time(
    device: Device, budget: Budget, delay_seconds: float, least: float, most: float
) -> None:
    lost = iter([False, False, True])  # question and answer come through, the next question does not
    port, heard = await device(RecordedDevice(SWITCH), delay_seconds=delay_seconds, lost=lambda: next(lost, False))
    session = await opened(budget, port, timeout_seconds=1.0)
    try:
        await session.next([TABLE], 10)
        begun = time.monotonic()
        await session.next([TABLE], 10)
        waited = time.monotonic() - begun - delay_seconds
    finally:
        await session.close()
    assert len(heard) == 3
    assert least <= waited < most


async def test_a_view_that_is_silent_is_waited_for_no_longer_than_its_device_ever_took(
    device: Device, budget: Budget, public: Credential
) -> None:
    switch = RecordedDevice(SWITCH)
    port, heard = await device(lambda data: switch(data) if ber.decode_message(data).community == b"public" else [])
    sessions = over_wire(budget)
    first = await sessions("127.0.0.1", port, public, "")
    view = None
    try:
        await first.get(SCALARS[:1])
        view = await sessions("127.0.0.1", port, replace(public, community=Secret("public@1002")), "")
        begun = time.monotonic()
        with pytest.raises(Silent):
            await view.get(SCALARS[:1])
    finally:
        await first.close()
        await (view or first).close()
    assert len(heard) == 3
    assert time.monotonic() - begun < 2.8  # two longest waits are 3 s


# ------------------------------------------------------------------------------------------------ far and lossy


class Lossy:
    """Loses one datagram in twenty, the same ones in each run, and counts them."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  the same losses in each run
        self.lost = 0

    def __call__(self) -> bool:
        lost = self._chance.random() < 0.05
        self.lost += lost
        return lost


async def _everything(session: Session) -> tuple[bool, list[Binding]]:
    meter, habit = Meter(), Habit()
    try:
        fetched = await fetch(session, SCALARS[:25], meter)
        tables = await walk(session, COLUMNS[:2], meter, habit)
    finally:
        await session.close()
    complete = fetched.complete and all(table.complete for table in tables)
    return complete, [*fetched.bindings, *(binding for table in tables for binding in table.bindings)]


@pytest.mark.needs("snmpd")
async def test_at_300_ms_and_5_percent_loss_everything_is_complete(device: Device, snmpd: int) -> None:
    """Twenty switches by v2c and four by v3, at once, at the session's own times, each with a budget of its own."""
    lines = [Lossy(seed) for seed in range(24)]
    switch = RecordedDevice(SWITCH)
    ports = [(await device(switch, delay_seconds=0.3, lost=line))[0] for line in lines[:20]]
    asking = [_everything(await opened(Budget(Limits(("127.0.0.1/32",))), port)) for port in ports]
    engines = Engines()
    for line in lines[20:]:
        port, _ = await device(relay(snmpd, lambda _, data: [data]), delay_seconds=0.3, lost=line)
        budget = Budget(Limits(("127.0.0.1/32",)))
        asking.append(_everything(await open_v3_session(budget, "127.0.0.1", port, V3, "", engines)))
    results = await asyncio.gather(*asking)
    assert sum(line.lost for line in lines) > 10
    assert all(complete for complete, _ in results)
    assert all(found == [*VALUES[:25], *ROWS[: 2 * 48]] for _, found in results[:20])
    assert all(len(found) > 5 for _, found in results[20:])


async def test_scalars_survive_a_question_that_was_lost_twice(device: Device, budget: Budget) -> None:
    questions = count()
    port, heard = await device(RecordedDevice(SWITCH), lost=lambda: next(questions) < 2)
    session = await opened(budget, port, 0.3)
    fetched = await fetch(session, SCALARS[:20], Meter())
    assert (fetched.complete, list(fetched.bindings)) == (True, VALUES[:20])
    assert len(heard) == 3
    await session.close()


# ------------------------------------------------------------------------------------------------ the zoo


def _every(make: Callable[[ber.Message, int], bytes]) -> Callable[[], Answer]:
    """A device of the zoo that makes one answer of each question and its number."""

    def fresh() -> Answer:
        turn = count(1)
        return lambda data: [make(ber.decode_message(data), next(turn))]

    return fresh


def _row(number: int, value: bytes = b"\x01", tag: int = ber.INTEGER) -> Binding:
    return Binding(f"{TABLE}.{number}", tag, value)


ZOO: dict[str, tuple[Callable[[], Answer], str]] = {
    "the same OID": (_every(lambda asked, _: answered(asked, _row(1))), "circles"),
    "decreasing": (_every(lambda asked, turn: answered(asked, _row(9 - turn))), "circles"),
    "a circle of three": (_every(lambda asked, turn: answered(asked, _row(turn % 3 + 1))), "circles"),
    "the question itself": (_every(lambda asked, _: answered(asked, *asked.bindings)), "circles"),
    "no binding at all": (_every(lambda asked, _: answered(asked)), "nothing"),
    "without end": (
        _every(lambda asked, turn: answered(asked, *(_row(turn * 100 + number) for number in range(100)))),
        f"more than {TABLE_BINDINGS}",
    ),
    "four times what was asked": (
        _every(lambda asked, _: answered(asked, *(_row(number) for number in range(1, 102)))),
        "answered 101 objects",
    ),
    "values of 60 kB": (
        _every(lambda asked, turn: answered(asked, _row(turn, bytes(60_000), ber.OCTET_STRING))),
        "8 MB",
    ),
    "a datagram as large as there is, of rubbish": (
        _every(lambda _, __: b"\x30\x83\x00\xff\xdf" + bytes(DATAGRAM_LIMIT - 5)),
        "no SNMP",
    ),
    "deep nesting": (_every(lambda _, __: b"\x30\x80" * 30_000), "no SNMP"),
    "tooBig for ever": (_every(lambda asked, _: answered(asked, *asked.bindings, status=ber.TOO_BIG)), "tooBig"),
    "genErr for ever": (_every(lambda asked, _: answered(asked, *asked.bindings, status=ber.GEN_ERR)), "genErr"),
    "another request id": (
        _every(lambda asked, _: answered(replace(asked, request_id=asked.request_id ^ 1), _row(1))),
        "no answer",
    ),
}


@pytest.mark.parametrize("animal", ZOO)
async def test_no_animal_of_the_zoo_is_believed_or_keeps_the_walk_busy(
    device: Device, budget: Budget, animal: str
) -> None:
    make, reason = ZOO[animal]
    port, heard = await device(make())
    (table,) = await walked(budget, port, [TABLE], timeout_seconds=0.1)
    assert not table.complete
    assert reason in table.reason
    assert len(heard) <= TABLE_BINDINGS / 100 + 10
    keys = [ber.oid_key(binding.oid) for binding in table.bindings]
    assert keys == sorted(set(keys))


async def test_a_jump_out_of_the_table_ends_it_and_nothing_of_it_is_kept(device: Device, budget: Budget) -> None:
    port, heard = await device(lambda data: [answered(ber.decode_message(data), _row(1), BEHIND, _row(2))])
    (table,) = await walked(budget, port, [TABLE])
    assert (table.complete, table.bindings) == (True, (_row(1),))
    assert len(heard) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"], ids=["another port", "another address"])
@pytest.mark.parametrize("version", ["2c", "3"])
@pytest.mark.needs("snmpd")
async def test_answers_from_elsewhere_are_not_heard(
    device: Device, budget: Budget, snmpd: int, host: str, version: str
) -> None:
    """A stranger answers first and rightly, but from where nobody asked; then the device does, and is heard."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((host, 0))
        genuine = relay(snmpd, lambda _, answer: [answer])
        heard_from_stranger = count()

        def through(data: bytes) -> list[bytes]:
            (answer,) = genuine(data)
            stranger.sendto(answer, session._endpoint._transport.get_extra_info("sockname"))
            next(heard_from_stranger)
            return []

        port, heard = await device(through)
        session = (
            await open_v3_session(budget, "127.0.0.1", port, V3, "", Engines())
            if version == "3"
            else await open_session(budget, "127.0.0.1", port, Credential("p", "2c", community=Secret("public")))
        )
        session._timeout_seconds = 0.1
        (table,) = await walk(session, ["1.3.6.1.2.1.1"], Meter(), Habit(repetitions=0))
        await session.close()
    assert (table.complete, table.bindings) == (False, ())
    assert "no answer" in table.reason
    assert len(heard) == next(heard_from_stranger) == 2
