"""Contracts laid over devices: worked by hand, and held against looking at every pair."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.cover import Contract, Cover, Device, Kind, State, Wanted, lay
from collector.cover.counting import count
from collector.cover.laying import covers
from collector.cover.values import ON_RECORD

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
LAPTOP = Device("d1", "elm", "laptop", "staff-1", "Dell", "Latitude 5440", ends=date(2029, 8, 31))
SWITCH = Device("d2", "oak", "switch", "core", "HPE", "2930F")


def contract(
    key: str = "c1", provider: str = "Bluecoat", kind: Kind = Kind.SUPPORT, starts: date = date(2026, 1, 1),
    ends: date | None = date(2027, 8, 31), **scope: frozenset[str],
) -> Contract:  # fmt: skip
    return Contract(key, provider, kind, starts, ends, **scope)  # type: ignore[arg-type]


def one(device: Device, *contracts: Contract) -> Cover:
    return lay([device], contracts, TODAY)[0]


def test_a_contract_without_a_scope_covers_everything() -> None:
    assert [cover.state for cover in lay([LAPTOP, SWITCH], [contract()], TODAY)] == [State.ONE, State.ONE]


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ({"schools": {"elm"}}, True), ({"schools": {"oak"}}, False), ({"classes": {"laptop", "tablet"}}, True),
        ({"classes": {"switch"}}, False), ({"models": {"latitude  5440"}}, True),
        ({"models": {"DELL Latitude 5440"}}, True),
        ({"models": {"Latitude"}}, False), ({"devices": {"d1"}}, True), ({"devices": {"d2"}}, False),
        ({"schools": {"elm"}, "classes": {"laptop"}, "models": {"Latitude 5440"}, "devices": {"d1", "d9"}}, True),
        ({"schools": {"elm"}, "classes": {"switch"}}, False), ({"schools": {"oak"}, "devices": {"d1"}}, False),
    ],
)  # fmt: skip
def test_every_part_of_a_scope_narrows_it(scope: dict[str, set[str]], covered: bool) -> None:
    narrow = contract(**{name: frozenset(values) for name, values in scope.items()})
    assert (one(LAPTOP, narrow).state is State.ONE) is covered


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        (TODAY, TODAY, State.ONE), (TODAY + DAY, None, State.NONE), (date(2020, 1, 1), TODAY - DAY, State.NONE),
        (date(2020, 1, 1), TODAY, State.ONE), (TODAY, None, State.ONE),
    ],
)  # fmt: skip
def test_both_ends_of_a_contract_belong_to_it(starts: date, ends: date | None, state: State) -> None:
    assert one(LAPTOP, contract(starts=starts, ends=ends)).state is state


def test_two_that_do_the_same_are_in_contention_and_are_named() -> None:
    found = one(
        LAPTOP, contract(), contract("c2", "Northern", Kind.MANAGED), contract("c3", "Redwood", Kind.MAINTENANCE)
    )
    assert (found.state, found.number) == (State.SEVERAL, 3)
    assert found.rivals == ("Bluecoat", "Northern")


def test_a_repairer_beside_a_helpdesk_and_an_insurer_is_no_contention() -> None:
    found = one(LAPTOP, contract(), contract("c2", "R", Kind.MAINTENANCE), contract("c3", "I", Kind.INSURANCE))
    assert (found.state, found.rivals) == (State.SEVERAL, ())


def test_the_warranty_on_a_record_counts_unless_a_contract_tells_of_the_same() -> None:
    device = Device("d1", "elm", "laptop", warranty_ends=date(2027, 3, 31))
    alone = one(device)
    assert (alone.state, alone.providers, alone.until) == (State.ONE, (ON_RECORD,), date(2027, 3, 31))
    told_twice = one(device, contract(kind=Kind.WARRANTY, provider="Dell"))
    assert (told_twice.state, told_twice.providers) == (State.ONE, ("Dell",))
    paid_twice = one(device, contract(kind=Kind.MAINTENANCE, provider="Redwood"))
    assert paid_twice.rivals == ("Redwood", ON_RECORD)
    assert one(Device("d1", "elm", "laptop", warranty_ends=TODAY - DAY)).state is State.NONE


@pytest.mark.parametrize(
    ("spans", "until"),
    [
        ([("2026-01-01", "2027-08-31")], "2027-08-31"),
        ([("2026-01-01", "2027-08-31"), ("2027-09-01", "2029-08-31")], "2029-08-31"),  # renewed without a gap
        ([("2026-01-01", "2027-08-31"), ("2027-09-02", "2029-08-31")], "2027-08-31"),  # a day between
        ([("2026-01-01", "2028-08-31"), ("2027-01-01", "2027-02-01")], "2028-08-31"),  # one within the other
        ([("2026-01-01", "2027-01-01"), ("2026-12-01", None)], None),
        ([("2027-01-01", "2029-01-01")], None),  # not covered today
    ],
)
def test_cover_goes_on_as_far_as_there_is_no_gap(spans: list[tuple[str, str | None]], until: str | None) -> None:
    made = [
        contract(f"c{n}", starts=date.fromisoformat(start), ends=date.fromisoformat(end) if end else None)
        for n, (start, end) in enumerate(spans)
    ]
    assert one(LAPTOP, *made).until == (date.fromisoformat(until) if until else None)


@pytest.mark.parametrize(
    ("ends", "device_ends", "short", "untold"),
    [
        ("2029-08-30", "2029-08-31", True, False), ("2029-08-31", "2029-08-31", False, False),
        (None, "2029-08-31", False, False), ("2029-08-30", None, False, True), (None, None, False, False),
    ],
)  # fmt: skip
def test_cover_that_ends_before_its_device_is_told(
    ends: str | None, device_ends: str | None, short: bool, untold: bool
) -> None:
    device = Device("d1", "elm", "laptop", ends=date.fromisoformat(device_ends) if device_ends else None)
    found = one(device, contract(ends=date.fromisoformat(ends) if ends else None))
    assert (found.falls_short, found.end_untold) == (short, untold)


# ------------------------------------------------------------------------------------------------ properties

SCHOOLS, CLASSES, MODELS = ("elm", "oak", "ash"), ("laptop", "switch"), ("A1", "B 2", "")
dates = st.dates(TODAY - 400 * DAY, TODAY + 400 * DAY)


def scopes(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from([value for value in values if value]), max_size=2)


@st.composite
def contracts(draw: st.DrawFn) -> list[Contract]:
    made = []
    for n in range(draw(st.integers(0, 8))):
        starts = draw(dates)
        ends = draw(st.none() | st.integers(0, 500).map(lambda days, start=starts: start + days * DAY))  # type: ignore[misc]
        named = draw(st.just(frozenset[str]()) | scopes(("d0", "d1", "d2", "d3")))
        made.append(
            Contract(f"c{n}", draw(st.sampled_from("XYZ")), draw(st.sampled_from(list(Kind))), starts, ends,
                     draw(scopes(SCHOOLS)), draw(scopes(CLASSES)), draw(scopes(MODELS)), named)
        )  # fmt: skip
    return made


@st.composite
def devices(draw: st.DrawFn) -> list[Device]:
    return [
        Device(f"d{n}", draw(st.sampled_from(SCHOOLS)), draw(st.sampled_from(CLASSES)),
               model=draw(st.sampled_from(MODELS)), warranty_ends=draw(st.none() | dates), ends=draw(st.none() | dates))
        for n in range(draw(st.integers(0, 6)))
    ]  # fmt: skip


def by_hand(device: Device, known: list[Contract], day: date) -> set[str]:
    """What covers a device on a day, found by asking every contract."""
    return {each.contract_id for each in known if covers(each, device) and each.stands(day)}


@settings(max_examples=150, deadline=None)
@given(devices(), contracts(), st.randoms(use_true_random=False))
def test_every_device_is_covered_by_what_asking_each_contract_finds(
    estate: list[Device], known: list[Contract], chance: random.Random
) -> None:
    laid = lay(estate, known, TODAY)
    assert [cover.device for cover in laid] == estate
    for cover in laid:
        assert {each.contract_id for each in cover.contracts} == by_hand(cover.device, known, TODAY)
        bare = cover.number == 0
        day, last = TODAY, TODAY + 1000 * DAY
        warranty = cover.device.warranty_ends or date.min
        while not bare and day <= last and (by_hand(cover.device, known, day) or day <= warranty):
            day += DAY
        assert cover.until == (None if bare or day > last else day - DAY)
    shuffled = known[:]
    chance.shuffle(shuffled)
    assert lay(estate, shuffled, TODAY) == laid


@settings(max_examples=60, deadline=None)
@given(devices(), contracts())
def test_every_count_is_of_the_rows_that_the_same_words_choose(estate: list[Device], known: list[Contract]) -> None:
    laid = lay(estate, known, TODAY)
    counts = count(laid)

    def rows(**words: object) -> int:
        return sum(Wanted(**words).fits(cover) for cover in laid)  # type: ignore[arg-type]

    assert counts.whole.devices == rows() == len(estate)
    for state in State:
        assert counts.whole.states[state] == rows(state=state)
        for school_id, device_class in counts.cells:
            cell = counts.cells[school_id, device_class]
            assert cell.states[state] == rows(state=state, school_id=school_id, device_class=device_class)
    assert all(number == rows(provider=name) for name, number in counts.providers.items())
    assert all(number == rows(contract_id=key) for key, number in counts.contracts.items())
    assert sum(tally.devices for tally in counts.schools.values()) == len(estate)


def test_fifty_thousand_devices_under_two_hundred_contracts_take_less_than_two_seconds() -> None:
    chance = random.Random(1)  # noqa: S311 - a made-up estate
    schools, classes = [f"s{n}" for n in range(50)], [f"c{n}" for n in range(15)]
    estate = [
        Device(f"d{n}", chance.choice(schools), chance.choice(classes), maker="M", model=f"m{n % 300}",
               warranty_ends=TODAY + (n % 900 - 300) * DAY, ends=TODAY + (n % 2000) * DAY)
        for n in range(50_000)
    ]  # fmt: skip
    known = [
        Contract(f"k{n}", f"P{n % 20}", list(Kind)[n % 6], TODAY - 100 * DAY, TODAY + n * DAY,
                 frozenset(chance.sample(schools, n % 5)), frozenset(chance.sample(classes, n % 3)),
                 frozenset({f"m{n}"} if n % 7 == 0 else ()), frozenset({f"d{n * 9}", f"d{n}"} if n % 11 == 0 else ()))
        for n in range(200)
    ]  # fmt: skip
    began = time.process_time()
    counts = count(lay(estate, known, TODAY))
    took = time.process_time() - began
    print(f"50,000 devices under 200 contracts: {took:.2f} s")
    assert counts.whole.devices == 50_000
    assert took < 2
