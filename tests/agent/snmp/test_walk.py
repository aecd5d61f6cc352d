"""Walks of devices that behave, and of those that do not. Each device here is a session in itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.budget import Forbidden
from agent.snmp.habits import Habit
from agent.snmp.recorded import RecordedSession
from agent.snmp.session import Refused, Silent, SnmpError
from agent.snmp.walk import (
    DEVICE_BINDINGS,
    DEVICE_SECONDS,
    TABLE_BINDINGS,
    TABLE_OCTETS,
    Meter,
    fetch,
    walk,
)
from stocktake import ber
from stocktake.values import Binding

TABLE = "1.3.6.1.2.1.2.2"
ROWS = [Binding(f"{TABLE}.1.{column}.{row}", ber.INTEGER, b"\x01") for column in range(1, 5) for row in range(1, 31)]
ROOM = 1_340  # octets
BEHIND = Binding("1.3.6.1.2.1.3.1.0", ber.INTEGER, b"\x01")


class Answering:
    """A device that answers what a function says."""

    room = ROOM

    def __init__(self, answer: Callable[[Sequence[str], int], Sequence[Binding]]) -> None:
        self.answer = answer
        self.asked: list[tuple[tuple[str, ...], int]] = []

    async def get(self, oids: Sequence[str]) -> tuple[Binding, ...]:
        self.asked.append((tuple(oids), 0))
        return tuple(self.answer(oids, 0))

    async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        self.asked.append((tuple(oids), repetitions))
        return tuple(self.answer(oids, repetitions))

    async def close(self) -> None: ...


class Choosy(RecordedSession):
    """A recorded device that refuses some questions."""

    room = ROOM

    def __init__(self, bindings: Sequence[Binding], refuse: Callable[[Sequence[str], int], SnmpError | None]) -> None:
        super().__init__(bindings)
        self.refuse = refuse
        self.asked: list[tuple[int, int]] = []  # columns, repetitions

    async def get(self, oids: Sequence[str]) -> tuple[Binding, ...]:
        self.asked.append((len(oids), 0))
        if error := self.refuse(oids, 0):
            raise error
        return await super().get(oids)

    async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        self.asked.append((len(oids), repetitions))
        if error := self.refuse(oids, repetitions):
            raise error
        return await super().next(oids, repetitions)


def never(_oids: Sequence[str], _repetitions: int) -> SnmpError | None:
    return None


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_table_is_read_to_where_it_is_left() -> None:
    device = Choosy([*ROWS, BEHIND], never)
    (table,) = await walk(device, [TABLE], Meter(), Habit())
    assert table.complete
    assert list(table.bindings) == ROWS
    assert device.asked == [(1, 25), (1, 64), (1, 64)]


@pytest.mark.parametrize(("octets", "rows"), [(1, 64), (8, 51), (40, 25), (255, 25)])
async def test_a_device_that_answers_is_asked_for_a_frame_of_rows_by_the_size_of_its_last_answer(
    octets: int, rows: int
) -> None:
    wide = [Binding(f"{TABLE}.1.2.{row}", ber.OCTET_STRING, bytes(octets)) for row in range(1000, 1200)]
    device = Choosy(wide, never)
    (table,) = await walk(device, [TABLE], Meter(), Habit())
    assert list(table.bindings) == wide
    assert device.asked[:2] == [(1, 25), (1, rows)]


@pytest.mark.parametrize(("error", "failures"), [(Refused("tooBig", ber.TOO_BIG), 1), (Silent("silent"), 3)])
async def test_a_device_that_does_not_answer_a_whole_frame_is_asked_for_25_rows(
    error: SnmpError, failures: int
) -> None:
    device = Choosy([*ROWS, BEHIND], lambda _oids, n: error if n > 25 else None)
    habit = Habit()
    (table,) = await walk(device, [TABLE], Meter(), habit)
    assert (table.complete, list(table.bindings), habit.repetitions) == (True, ROWS, 25)
    assert device.asked.count((1, 64)) == failures
    assert device.asked.count((1, 25)) == 5


async def test_a_row_may_follow_whose_index_is_shorter_or_has_a_dot() -> None:
    oids = [f"{TABLE}.1.2.{index}" for index in ("2.1", "2.11", "3", "27", "105", "105.1", "2000000000")]
    rows = [Binding(oid, ber.INTEGER, b"\x01") for oid in oids]
    device = Answering(lambda _oids, _n: [*rows, BEHIND])
    (table,) = await walk(device, [TABLE], Meter(), Habit())
    assert (table.complete, list(table.bindings)) == (True, rows)


@pytest.mark.parametrize(("first", "second"), [("2612", "27.1"), ("261", "3.1"), ("10", "9"), ("7.1", "7"), ("7", "7")])
async def test_a_row_that_only_looks_larger_ends_a_table(first: str, second: str) -> None:
    rows = [Binding(f"{TABLE}.1.2.{index}", ber.INTEGER, b"\x01") for index in (first, second)]
    (table,) = await walk(Answering(lambda _oids, _n: rows), [TABLE], Meter(), Habit())
    assert "circles" in table.reason
    assert list(table.bindings) == rows[:1]


async def test_a_table_is_read_to_the_end_of_the_tree() -> None:
    (table,) = await walk(RecordedSession(ROWS), [TABLE], Meter(), Habit())
    assert table.complete
    assert len(table.bindings) == len(ROWS)


async def test_a_table_that_is_not_there_is_complete_and_empty() -> None:
    (table,) = await walk(RecordedSession([BEHIND]), [TABLE], Meter(), Habit())
    assert (table.complete, table.bindings, table.reason) == (True, (), "")


async def test_several_tables_share_one_question() -> None:
    device = Choosy([*ROWS, BEHIND], never)
    roots = [f"{TABLE}.1.{column}" for column in range(1, 7)]
    tables = await walk(device, roots, Meter(), Habit())
    assert [table.root for table in tables] == roots
    assert all(table.complete for table in tables)
    assert [len(table.bindings) for table in tables] == [30, 30, 30, 30, 0, 0]
    assert [binding for table in tables for binding in table.bindings] == ROWS
    assert len(device.asked) < 10


async def test_values_that_leave_no_room_for_others_are_asked_for_by_themselves() -> None:
    addresses = [Binding(f"1.3.6.1.2.1.17.7.1.2.2.1.2.1.{n}", ber.INTEGER, b"\x01") for n in range(1, 401)]
    maps = [Binding(f"1.3.6.1.2.1.17.7.1.4.2.1.3.0.{n}", ber.OCTET_STRING, bytes(1_300)) for n in range(1, 5)]
    device = RecordedSession([*addresses, *maps])

    def into_a_frame(found: Sequence[Binding]) -> Sequence[Binding]:
        octets = accumulate(len(binding.value) + 20 for binding in found)
        return found[: sum(octet <= 1_400 for octet in octets)]

    class Framed(Answering):
        async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
            self.asked.append((tuple(oids), repetitions))
            return tuple(into_a_frame(await device.next(oids, repetitions)))

    framed = Framed(lambda _oids, _n: ())
    tables = await walk(framed, ["1.3.6.1.2.1.17.7.1.2.2.1.2", "1.3.6.1.2.1.17.7.1.4.2.1.3"], Meter(), Habit())
    assert [table.bindings for table in tables] == [tuple(addresses), tuple(maps)]
    assert all(table.complete for table in tables)
    assert len(framed.asked) < 20


@pytest.mark.parametrize(
    "answer",
    [
        lambda _oids, _n: [ROWS[0]],
        lambda oids, _n: [Binding(oids[0], ber.INTEGER, b"\x01")],
        lambda oids, _n: [ROWS[2] if oids[0] == TABLE else ROWS[1]],
        lambda oids, _n: [ROWS[(ROWS_BY_OID.get(oids[0], -1) + 1) % 3]],
        lambda _oids, _n: [*ROWS[:10], *ROWS[5:15]],
    ],
    ids=["the same for ever", "what was asked", "backwards", "a circle of three", "again within one answer"],
)
async def test_a_device_that_goes_in_circles_is_left(
    answer: Callable[[Sequence[str], int], Sequence[Binding]],
) -> None:
    (table,) = await walk(Answering(answer), [TABLE], Meter(), Habit())
    assert not table.complete
    assert "circles" in table.reason
    assert len({binding.oid for binding in table.bindings}) == len(table.bindings)


ROWS_BY_OID = {binding.oid: number for number, binding in enumerate(ROWS)}


async def test_an_empty_answer_ends_a_walk_without_completing_it() -> None:
    device = Answering(lambda _oids, _n: [])
    (table,) = await walk(device, [TABLE], Meter(), Habit())
    assert (table.complete, table.reason) == (False, "the device answered with nothing")
    assert len(device.asked) == 1


async def test_a_table_without_end_is_cut_at_its_limit() -> None:
    rows = count(1)
    device = Answering(lambda _oids, n: [Binding(f"{TABLE}.{next(rows)}", ber.INTEGER, b"\x01") for _ in range(n * 4)])
    (table,) = await walk(device, [TABLE], Meter(), Habit())
    assert not table.complete
    assert len(table.bindings) == TABLE_BINDINGS


async def test_a_table_of_huge_values_is_cut_at_its_limit() -> None:
    rows = count(1)
    device = Answering(lambda _oids, _n: [Binding(f"{TABLE}.{next(rows)}", ber.OCTET_STRING, bytes(64_000))])
    (table,) = await walk(device, [TABLE], Meter(), Habit())
    assert "8 MB" in table.reason
    assert sum(len(binding.value) for binding in table.bindings) <= TABLE_OCTETS


async def test_a_device_without_end_is_cut_at_its_limit() -> None:
    meter = Meter()
    meter.progress(DEVICE_BINDINGS - 30)
    tables = await walk(RecordedSession(ROWS), [f"{TABLE}.1.1", f"{TABLE}.1.2", f"{TABLE}.1.3"], meter, Habit())
    assert [table.complete for table in tables] == [False] * 3
    assert str(DEVICE_BINDINGS) in tables[0].reason
    assert sum(len(table.bindings) for table in tables) < 30 + 64


async def test_where_nothing_new_comes_for_ten_seconds_nothing_more_is_asked() -> None:
    clock = Clock()
    device = Choosy(ROWS, never)
    meter = Meter(clock)
    clock.now += 10
    tables = await walk(device, [f"{TABLE}.1.1", f"{TABLE}.1.2"], meter, Habit())
    assert device.asked == []
    assert [table.reason for table in tables] == ["nothing new came for 10 s"] * 2


async def test_a_device_that_drips_is_left_after_fifteen_minutes() -> None:
    clock = Clock()
    rows = count(1)

    def drip(_oids: Sequence[str], _n: int) -> list[Binding]:
        clock.now += 1.4
        return [Binding(f"{TABLE}.{next(rows)}", ber.INTEGER, b"\x01")]

    (table,) = await walk(Answering(drip), [TABLE], Meter(clock), Habit())
    assert "15 minutes" in table.reason
    assert len(table.bindings) == pytest.approx(DEVICE_SECONDS / 1.4, abs=2)


@pytest.mark.parametrize("error", [Refused("tooBig", ber.TOO_BIG), Refused("genErr", ber.GEN_ERR), Silent("silent")])
@pytest.mark.parametrize(("answers", "steps"), [(10, [25, 10]), (1, [25, 10, 1]), (0, [25, 10, 1, 0])])
async def test_portions_get_smaller_until_the_device_answers_and_that_is_remembered(
    error: SnmpError, answers: int, steps: list[int]
) -> None:
    device = Choosy([*ROWS, BEHIND], lambda _oids, n: error if n > answers else None)
    habit = Habit()
    (table,) = await walk(device, [TABLE], Meter(), habit)
    assert table.complete
    assert list(table.bindings) == ROWS
    assert [n for _, n in device.asked][: len(steps)] == steps
    assert habit.repetitions == answers
    device.asked.clear()
    await walk(device, [TABLE], Meter(), habit)
    assert {n for _, n in device.asked} == {answers}


async def test_a_lost_packet_does_not_make_portions_smaller() -> None:
    questions = count()
    habit = Habit()
    device = Choosy(ROWS, lambda _oids, _n: Silent("lost") if next(questions) == 2 else None)
    (table,) = await walk(device, [TABLE], Meter(), habit)
    assert table.complete
    assert habit.repetitions == 25


@pytest.mark.parametrize("lost", [{1}, {1, 2}, {1, 3}, {1, 2, 4}])
async def test_portions_grow_again_where_packets_got_lost(lost: set[int]) -> None:
    questions = count(1)
    device = Choosy([*ROWS, BEHIND], lambda _oids, _n: Silent("lost") if next(questions) in lost else None)
    habit = Habit()
    (table,) = await walk(device, [TABLE], Meter(), habit)
    assert (table.complete, list(table.bindings)) == (True, ROWS)
    assert habit.repetitions == 25


async def test_a_portion_that_is_never_answered_is_tried_three_times() -> None:
    device = Choosy([*ROWS, BEHIND], lambda _oids, n: Silent("too large") if n > 10 else None)
    await walk(device, [TABLE], Meter(), Habit())
    assert [n for _, n in device.asked][:7] == [25, 10, 25, 10, 25, 10, 10]


async def test_a_device_without_getbulk_is_not_asked_by_it_again() -> None:
    device = Choosy([*ROWS, BEHIND], lambda _oids, n: Silent("no such thing") if n else None)
    habit = Habit()
    await walk(device, [f"{TABLE}.1.{column}" for column in range(1, 5)], Meter(), habit)
    assert [n for _, n in device.asked][:5] == [25 // 4, 10 // 4, 1, 0, 0]
    assert habit.repetitions == 0


async def test_a_dead_device_leaves_its_habit_as_it_was() -> None:
    habit = Habit()
    device = Choosy(ROWS, lambda _oids, _n: Silent("no answer"))
    (table,) = await walk(device, [TABLE], Meter(), habit)
    assert (table.complete, table.reason) == (False, "no answer")
    assert habit.repetitions == 25
    assert len(device.asked) == 4


async def test_a_device_that_is_gone_is_asked_no_more() -> None:
    device = Choosy(ROWS, lambda _oids, _n: Silent("nothing listens", closed=True))
    meter = Meter()
    tables = await walk(device, [f"{TABLE}.1.{column}" for column in range(1, 20)], meter, Habit())
    assert len(device.asked) == 1
    assert {table.reason for table in tables} == {"nothing listens"}
    assert meter.exhausted() == "nothing listens"


async def test_the_one_table_that_a_device_fails_on_does_not_take_the_others_along() -> None:
    bad = f"{TABLE}.1.2"
    device = Choosy(
        ROWS,
        lambda oids, _n: Refused("genErr", ber.GEN_ERR) if any(oid.startswith(bad) for oid in oids) else None,
    )
    habit = Habit()
    tables = await walk(device, [f"{TABLE}.1.{column}" for column in range(1, 5)], Meter(), habit)
    assert [table.complete for table in tables] == [True, False, True, True]
    assert tables[1].reason == "genErr"
    assert habit.repetitions == 25


async def test_the_contract_ends_a_walk_and_what_came_stays() -> None:
    questions = count()

    def forbid(_oids: Sequence[str], _n: int) -> None:
        if next(questions) == 1:
            raise Forbidden("quiet hours")

    meter = Meter()
    (table,) = await walk(Choosy(ROWS, forbid), [TABLE], meter, Habit())
    assert (len(table.bindings), table.complete, table.reason) == (25, False, "quiet hours")
    assert meter.exhausted() == "quiet hours"


oid_arcs = st.lists(st.integers(0, 4), min_size=0, max_size=3)
inside = oid_arcs.map(lambda arcs: ".".join(map(str, (TABLE, *arcs))))
outside = oid_arcs.map(lambda arcs: ".".join(map(str, ("1.3.6.1.2.1", *arcs, 1))))
tags = st.sampled_from([ber.INTEGER, ber.INTEGER, ber.INTEGER, ber.END_OF_MIB_VIEW, ber.NO_SUCH_OBJECT])
any_answer = st.lists(st.builds(Binding, st.one_of(inside, inside, outside), tags, st.just(b"")), max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(any_answer, min_size=1, max_size=6))
async def test_whatever_a_device_answers_a_walk_ends_and_its_oids_increase(answers: list[list[Binding]]) -> None:
    turn = count()
    device = Answering(lambda _oids, _n: answers[next(turn) % len(answers)])
    for table in await walk(device, [TABLE, f"{TABLE}.1"], Meter(), Habit()):
        keys = [ber.oid_key(binding.oid) for binding in table.bindings]
        assert keys == sorted(set(keys))
        assert all(binding.oid.startswith(f"{table.root}.") for binding in table.bindings)
        assert table.complete == (not table.reason)


# ------------------------------------------------------------------------------------------------ scalars

SCALARS = [f"1.3.6.1.2.1.1.{number}.0" for number in range(1, 46)]
VALUES = [Binding(oid, ber.INTEGER, b"\x01") for oid in SCALARS]


async def test_scalars_are_fetched_in_portions_and_in_their_order() -> None:
    device = Choosy(VALUES, never)
    fetched = await fetch(device, SCALARS, Meter())
    assert (fetched.complete, list(fetched.bindings)) == (True, VALUES)
    assert device.asked == [(20, 0), (20, 0), (5, 0)]


async def test_scalars_that_are_not_there_are_left_out() -> None:
    fetched = await fetch(RecordedSession(VALUES[:3]), SCALARS, Meter())
    assert (fetched.complete, list(fetched.bindings)) == (True, VALUES[:3])


async def test_a_question_that_is_too_big_is_asked_in_halves() -> None:
    device = Choosy(VALUES, lambda oids, _n: Refused("tooBig", ber.TOO_BIG) if len(oids) > 6 else None)
    fetched = await fetch(device, SCALARS, Meter())
    assert (fetched.complete, list(fetched.bindings)) == (True, VALUES)


async def test_one_scalar_that_a_device_fails_on_does_not_take_the_others_along() -> None:
    device = Choosy(VALUES, lambda oids, _n: Refused("genErr", ber.GEN_ERR) if SCALARS[7] in oids else None)
    fetched = await fetch(device, SCALARS, Meter())
    assert list(fetched.bindings) == [*VALUES[:7], *VALUES[8:]]
    assert (fetched.complete, fetched.reason) == (False, f"{SCALARS[7]}: genErr")


def _failing(error: Exception, first: int, last: int) -> Callable[[Sequence[str], int], SnmpError | None]:
    """Raises an error for these questions, from 0."""
    questions = count()

    def fail(_oids: Sequence[str], _n: int) -> None:
        if first <= next(questions) <= last:
            raise error

    return fail


async def test_one_silence_is_asked_again() -> None:
    device = Choosy(VALUES, _failing(Silent("no answer"), 1, 1))
    fetched = await fetch(device, SCALARS, Meter())
    assert (fetched.complete, list(fetched.bindings)) == (True, VALUES)
    assert len(device.asked) == 4


@pytest.mark.parametrize(
    ("error", "questions"), [(Silent("no answer"), 3), (Silent("gone", closed=True), 2), (Forbidden("quiet hours"), 2)]
)
async def test_silence_that_lasts_and_the_contract_end_the_fetching(error: Exception, questions: int) -> None:
    device = Choosy(VALUES, _failing(error, 1, 99))
    fetched = await fetch(device, SCALARS, Meter())
    assert (len(fetched.bindings), fetched.complete, fetched.reason) == (20, False, str(error))
    assert len(device.asked) == questions


async def test_nothing_is_fetched_where_the_meter_is_at_its_end() -> None:
    meter = Meter()
    meter.progress(DEVICE_BINDINGS)
    device = Choosy(VALUES, never)
    fetched = await fetch(device, SCALARS, meter)
    assert (device.asked, fetched.complete) == ([], False)
