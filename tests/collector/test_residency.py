"""Where a device lived and what became of it: by when it was seen, whatever order that came in."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.residency import Life, Rules, Said, Seen, State, Stay, Watch, life, residencies

JUNE = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = date(2026, 10, 30)


def term_time(day: date) -> bool:
    return day.weekday() < 5 and day.month != 8


RULES = Rules(term_time)


def at(site: str, first: int, last: int, *, told_of: bool = False) -> Seen:
    return Seen(site, JUNE + first * DAY, JUNE + last * DAY, told_of)


def told(
    last_seen: date | None, watch: Watch | None = None, said: Said | None = None, stays: tuple[Stay, ...] = (),
    today: date = TODAY,
) -> Life:  # fmt: skip
    yesterday = today - DAY
    return life(said or Said(), last_seen, stays, watch or Watch(yesterday), today, RULES)


# ------------------------------------------------------------------------------------------------ residency


def test_a_device_that_moves_between_schools_has_two_residencies() -> None:
    assert residencies([at("elm", 0, 10), at("oak", 12, 40)]) == (
        Stay("elm", JUNE, JUNE + 12 * DAY),
        Stay("oak", JUNE + 12 * DAY),
    )


def test_a_device_that_comes_back_lived_there_twice() -> None:
    stays = residencies([at("elm", 0, 50), at("oak", 12, 40)])
    assert [(stay.site_id, (stay.since - JUNE).days) for stay in stays] == [("elm", 0), ("oak", 12), ("elm", 50)]


def test_to_be_told_of_elsewhere_is_no_move() -> None:
    assert residencies([at("elm", 0, 10), at("oak", 5, 40, told_of=True)]) == (Stay("elm", JUNE),)
    assert residencies([at("oak", 5, 40, told_of=True)]) == (Stay("oak", JUNE + 5 * DAY),)
    assert residencies([]) == ()


spans = st.builds(lambda site, first, length: at(site, first, first + length), st.sampled_from("abc"),
                  st.integers(0, 50), st.integers(0, 50))  # fmt: skip


@given(st.lists(spans, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_residencies_follow_from_when_it_was_seen_never_from_the_order_it_came_in(
    seen: list[Seen], chance: object
) -> None:
    stays = residencies(seen)
    chance.shuffle(seen)  # type: ignore[attr-defined]  # hypothesis lends a random.Random
    assert residencies(seen + seen[:2]) == stays
    assert stays[0].since == min(item.first for item in seen)
    assert stays[-1].until is None
    for one, following in itertools.pairwise(stays):
        assert one.until == following.since
        assert one.site_id != following.site_id


# ------------------------------------------------------------------------------------------------ absence


def test_a_device_is_missing_after_twenty_days_of_term_on_which_it_was_looked_for() -> None:
    assert told(date(2026, 10, 5)).state is State.IN_USE
    assert told(date(2026, 10, 1)).state is State.MISSING
    assert told(date(2026, 10, 1)).sentence == (
        "not seen on 20 term-time days since 1 October 2026; its school was scanned on 29 October 2026"
    )


def test_august_is_no_absence() -> None:
    july = date(2026, 7, 20)
    assert told(july, today=date(2026, 9, 1)).state is State.IN_USE
    assert told(july, today=date(2026, 9, 18)).state is State.MISSING


SPRING = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("watch", "state", "sentence"),
    [
        (Watch(), State.NOT_SCANNED, "no agent of its school has reported yet, so nobody looked for it"),
        (
            Watch(date(2026, 5, 8)),
            State.NOT_SCANNED,
            "no agent of its school has reported since 8 May 2026, so nobody looked for it",
        ),
        (
            Watch(date(2026, 10, 29), "10.1.0.0/24", date(2026, 5, 8)),
            State.NOT_SCANNED,
            "its network 10.1.0.0/24 was not swept since 8 May 2026",
        ),
        (
            Watch(date(2026, 10, 29), behind="sw-2", behind_heard=date(2026, 5, 8)),
            State.NOT_REACHABLE,
            "the switch that it hung on, sw-2, has been silent since 8 May 2026",
        ),
        (
            Watch(date(2026, 10, 29), agent="elm-server", agent_heard=None),
            State.NOT_REACHABLE,
            "the agent that saw it, elm-server, was never heard",
        ),
        (
            Watch(date(2026, 10, 29), "10.1.0.0/24", date(2026, 10, 28), "sw-2", date(2026, 10, 28)),
            State.MISSING,
            "not seen on 108 term-time days since 1 May 2026; 10.1.0.0/24 was swept on 28 October 2026",
        ),
        (
            Watch(date(2026, 10, 29), agent="laptop", agent_heard=SPRING, on_it=True),
            State.MISSING,
            "not seen on 108 term-time days since 1 May 2026; its school was scanned on 29 October 2026",
        ),
    ],
    ids=["no agent", "agent gone", "not swept", "switch silent", "agent silent", "missing", "its own agent"],
)
def test_missing_is_told_from_not_scanned_and_not_reachable(watch: Watch, state: State, sentence: str) -> None:
    assert told(SPRING, watch) == Life(state, sentence)


# ------------------------------------------------------------------------------------------------ what people say


@pytest.mark.parametrize(
    ("said", "last_seen", "state", "sentence"),
    [
        (Said("expected"), None, State.EXPECTED, "nothing has seen it yet"),
        (Said("expected"), date(2026, 10, 29), State.IN_USE, "seen on 29 October 2026"),
        (Said("in store"), SPRING, State.IN_STORE, "a person says it is in store; it was last seen on 1 May 2026"),
        (Said("on loan"), None, State.ON_LOAN, "a person says it is on loan"),
        (Said("retired"), None, State.RETIRED, "a person says it is retired"),
        (Said("leased"), None, State.IN_USE, "a person says it is leased; nothing has ever seen it"),
        (
            Said("disposed", date(2026, 6, 2), certificate=True),
            SPRING,
            State.DISPOSED,
            "disposed on 2 June 2026, with certificate",
        ),
        (
            Said("disposed", date(2026, 6, 2)),
            date(2026, 10, 29),
            State.DISPOSED,
            "disposed on 2 June 2026, without certificate; but it was seen after that, on 29 October 2026",
        ),
    ],
)
def test_what_a_person_says_stands_and_what_speaks_against_it_is_told(
    said: Said, last_seen: date | None, state: State, sentence: str
) -> None:
    assert told(last_seen, said=said) == Life(state, sentence)


def test_a_device_that_is_said_to_be_in_use_may_still_be_missing() -> None:
    assert told(SPRING, said=Said("in use")).state is State.MISSING


def test_a_device_that_changed_its_site_is_called_moved_for_a_while() -> None:
    stays = residencies([at("elm", 0, 10), at("oak", 12, 151)])
    assert told(date(2026, 6, 30), stays=stays, today=date(2026, 7, 1)) == Life(
        State.MOVED, "seen at oak since 13 June 2026, before that at elm"
    )
    assert told(TODAY - DAY, stays=stays).state is State.IN_USE
