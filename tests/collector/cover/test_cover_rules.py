"""Calendars of contracts, cells of services, averages of marks: worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from collector.cover import Contract, Device, Kind
from collector.cover.calendar import What, dates, lines
from collector.cover.marks import By, DeviceMark, Mean, ServiceMark, counts, mean, of_devices
from collector.cover.services import Provision, Service, listed, matrix, shipped

TODAY = date(2026, 11, 22)
ELM = frozenset({"elm"})


def contract(key: str, starts: str, ends: str | None, notice: str = "", provider: str = "P") -> Contract:
    return Contract(
        key, provider, Kind.SUPPORT, date.fromisoformat(starts), date.fromisoformat(ends) if ends else None, ELM,
        notice=date.fromisoformat(notice) if notice else None,
    )  # fmt: skip


def test_the_calendar_names_notice_days_and_ends_by_day_and_says_what_is_renewed() -> None:
    first = contract("a", "2025-01-01", "2026-12-31", "2026-10-01")
    second = contract("b", "2027-01-01", "2027-12-31", provider="Q")  # another provider goes on with the same
    broadband = Provision("s", "broadband", "elm", "FibreCo", ends=date(2026, 12, 24))
    found = dates([second, first], [broadband], date(2026, 9, 1), date(2027, 6, 30))
    assert [(one.day.isoformat(), one.what, one.renewed) for one in found] == [
        ("2026-10-01", What.NOTICE, True), ("2026-12-24", What.END, False), ("2026-12-31", What.END, True),
    ]  # fmt: skip


def test_a_contract_that_begins_a_day_late_renews_nothing() -> None:
    late = contract("b", "2027-01-02", None)
    (found,) = dates([contract("a", "2025-01-01", "2026-12-31"), late], [], TODAY, date(2027, 6, 30))
    assert not found.renewed


def test_contracts_of_one_kind_and_scope_stand_in_one_line() -> None:
    other = Contract("c", "A", Kind.INSURANCE, date(2026, 1, 1), schools=ELM)
    found = lines([contract("b", "2027-01-01", None), other, contract("a", "2025-01-01", "2026-01-01")])
    assert [[one.contract_id for one in line] for line in found] == [["c"], ["a", "b"]]


# ------------------------------------------------------------------------------------------------ services


def test_the_shipped_list_has_what_the_issue_names_each_with_a_source() -> None:
    assert [one.key for one in shipped()] == [
        "broadband", "filtering", "backup", "email", "mis", "helpdesk", "training",
    ]  # fmt: skip
    assert all(one.source and one.what for one in shipped())
    own = Service("x", "Telephony", own=True)
    assert [one.key for one in listed([own], {"mis"})][-2:] == ["training", "x"]
    assert "mis" not in {one.key for one in listed([own], {"mis"})}


def cell(*provisions: Provision, marks: tuple[ServiceMark, ...] = ()):  # type: ignore[no-untyped-def]  # short
    return matrix(["elm", "oak"], shipped(), provisions, marks, TODAY)["elm", "broadband"]


@pytest.mark.parametrize(
    ("provisions", "gap", "contention"),
    [
        ([], True, False),
        ([Provision("1", "broadband", "elm", "FibreCo")], False, False),
        ([Provision("1", "broadband", "oak", "FibreCo")], True, False),
        ([Provision("1", "broadband", "", "FibreCo")], False, False),  # for all schools
        ([Provision("1", "broadband", "", "FibreCo"), Provision("2", "broadband", "elm", "LineCo")], False, True),
        ([Provision("1", "broadband", "", "FibreCo"), Provision("2", "broadband", "elm", "FIBRECO")], False, False),
        ([Provision("1", "broadband", "elm", "FibreCo", ends=date(2026, 11, 21))], True, False),
        ([Provision("1", "broadband", "elm", "FibreCo", ends=TODAY)], False, False),
        ([Provision("1", "broadband", "elm", "FibreCo", starts=date(2026, 11, 23))], True, False),
        ([Provision("1", "filtering", "elm", "SafeNet")], True, False),
    ],
)
def test_a_cell_is_a_gap_or_in_contention(provisions: list[Provision], gap: bool, contention: bool) -> None:
    found = cell(*provisions)
    assert (found.is_gap, found.is_contention) == (gap, contention)


def test_averages_are_by_who_gave_them_and_have_their_counts() -> None:
    marks = tuple(
        ServiceMark(str(n), "elm", "broadband", by, mark, TODAY)
        for n, (by, mark) in enumerate([(By.USERS, 2), (By.USERS, 5), (By.USERS, 3), (By.SCHOOL, 1)])
    )
    assert cell(marks=marks).marks == {By.SCHOOL: Mean(1.0, 1), By.USERS: Mean(10 / 3, 3)}


# ------------------------------------------------------------------------------------------------ marks

DEVICES = [
    Device("d1", "elm", "laptop", model="Latitude 5440", room="R7"), Device("d2", "elm", "laptop", room="R8"),
    Device("d3", "oak", "laptop", model="Latitude 5440", room="R7"), Device("d4", "elm", "switch"),
]  # fmt: skip


def given(mark: int, **words: str) -> DeviceMark:
    return DeviceMark("m", words.pop("school_id", "elm"), mark, TODAY, **words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("marks", "means"),
    [
        ([given(4, device_class="laptop")], {"d1": (4, 1), "d2": (4, 1)}),
        ([given(4, device_class="laptop"), given(2, device_class="laptop")], {"d1": (3, 2), "d2": (3, 2)}),
        ([given(4, device_class="laptop"), given(1, room="r7")], {"d1": (1, 1), "d2": (4, 1)}),
        ([given(5, room="R7"), given(2, model="latitude 5440")], {"d1": (3.5, 2)}),
        ([given(5, room="R7"), given(2, room="R7", model="Latitude 5440")], {"d1": (2, 1)}),
        ([given(5, room="R7"), given(1, device_id="d1")], {"d1": (1, 1)}),
        ([given(3, device_class="switch", school_id="oak")], {}),
        ([], {}),
    ],
)  # fmt: skip
def test_what_looks_closest_at_a_device_counts(
    marks: list[DeviceMark], means: dict[str, tuple[float, int]]
) -> None:  # fmt: skip
    assert {key: (one.value, one.count) for key, one in of_devices(DEVICES, marks).items()} == means


def test_marks_count_for_two_years_and_none_of_tomorrow() -> None:
    days = ("2024-11-20", "2024-11-21", "2026-11-22", "2026-11-23")
    assert [counts(date.fromisoformat(day), TODAY) for day in days] == [False, True, True, False]
    assert mean([]) is None
