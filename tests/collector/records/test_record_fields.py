"""Fields of records: days, money and marks as people and spreadsheets write them, and sentences for what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import CollectorError
from collector.facts import IdentifierKind
from collector.records import days, money
from collector.records.fields import FIELDS, STATUSES, Kind, identifiers, key, named, parse, shown, written

ANY = st.one_of(
    st.none(), st.text(max_size=200), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(),
    st.lists(st.text(max_size=40), max_size=30),
)  # fmt: skip


@pytest.mark.parametrize(
    ("written_as", "means"),
    [
        ("2024-09-01", date(2024, 9, 1)), ("01/09/2024", date(2024, 9, 1)), ("1/9/24", date(2024, 9, 1)),
        ("1.9.2024", date(2024, 9, 1)), ("01-09-2024", date(2024, 9, 1)), ("1 Sep 2024", date(2024, 9, 1)),
        ("1st September 2024", date(2024, 9, 1)), ("1-Sep-24", date(2024, 9, 1)), ("45536", date(2024, 9, 1)),
        (45536, date(2024, 9, 1)), (45536.75, date(2024, 9, 1)), ("2024-09-01T10:00:00Z", date(2024, 9, 1)),
        (datetime(2024, 9, 1, 10, tzinfo=UTC), date(2024, 9, 1)), ("01/09/2024 00:00:00", date(2024, 9, 1)),
        ("31/12/85", date(1985, 12, 31)),
    ],
)  # fmt: skip
def test_a_day_is_read_day_first_however_it_is_written(written_as: object, means: date) -> None:
    assert days.read(written_as) == means


@pytest.mark.parametrize(
    ("written_as", "sentence"),
    [
        ("04/25/2024", "no month 25: days are read as day/month/year"), ("31/02/2024", "never was"),
        ("September", "is no day: write it as 01/09/2024"), ("01/09/1066", "between 1980 and 2099"),
        (0, "is no day"), (10**9, "is no day"), (True, "is no day"), (float("nan"), "is no day"), ("1/9", "is no day"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_answered_with_how_to_write_one(written_as: object, sentence: str) -> None:
    with pytest.raises(CollectorError, match=sentence):
        days.read(written_as)


@pytest.mark.parametrize(
    ("written_as", "pence"),
    [
        ("£1,249.99", 124999), ("1249.99", 124999), ("1249", 124900), ("GBP 12.5", 1250), ("12 GBP", 1200),
        (12.1, 1210), (0.1 + 0.2, 30), (1249, 124900), ("0", 0), ("1,000,000.00", 100_000_000),
        (1234.9999999999998, 123500),
    ],
)  # fmt: skip
def test_money_is_read_to_the_penny(written_as: object, pence: int) -> None:
    assert money.read(written_as) == pence


@pytest.mark.parametrize(
    ("written_as", "sentence"),
    [
        ("1.249,99", "comma before the pence"), ("12,5", "comma before the pence"), ("$12", "not in pounds"),
        ("€12", "not in pounds"), ("(12.00)", "less than nothing"), ("-3", "less than nothing"), ("1.2k", "no sum"),
        (12.345, "parts of a penny"), ("12.345", "no sum"), ("1e9", "no sum"), (1e300, "no sum"), (-1, "between"),
        ("1,23,456", "no sum"), (float("nan"), "no sum"), (float("inf"), "no sum"),
    ],
)  # fmt: skip
def test_what_is_no_money_is_answered_with_how_to_write_it(written_as: object, sentence: str) -> None:
    with pytest.raises(CollectorError, match=sentence):
        money.read(written_as)


@given(st.integers(0, money.MOST))
def test_money_comes_back_as_it_was_shown(pence: int) -> None:
    assert money.read(f"£{money.pounds(pence)}") == pence


@given(st.dates(days.EARLIEST, days.LATEST))
def test_a_day_comes_back_in_every_way_of_writing(day: date) -> None:
    for said in (day.isoformat(), days.typed(day.isoformat()), days.said(day.isoformat())):
        assert days.read(said) == day


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_what_is_no_number_of_a_spreadsheet_is_refused_with_a_sentence(number: float) -> None:
    for field in FIELDS.values():
        with pytest.raises(CollectorError, match=r"[a-z]{3} "):
            parse(field, number)


@given(st.sampled_from(sorted(FIELDS)), ANY)
def test_a_field_takes_anything_and_keeps_what_a_form_gives_back(name: str, raw: object) -> None:
    field = FIELDS[name]
    try:
        value = parse(field, raw)  # type: ignore[arg-type]  # anything at all
    except CollectorError:
        return
    if value is not None:
        assert parse(field, written(field, value)) == value
        assert shown(field, value)
        assert len(shown(field, value)) <= max(field.limit, 20 * 34)


@pytest.mark.parametrize("raw", ["N/A", "Default string", "0000000", "x", "To be filled by O.E.M."])
def test_a_placeholder_is_no_serial_number(raw: str) -> None:
    with pytest.raises(CollectorError, match="is no serial number: leave it empty"):
        parse(FIELDS["serial"], raw)


def test_text_is_kept_without_control_and_direction_characters_and_lines_only_in_notes() -> None:
    assert parse(FIELDS["room"], "  R\u202e12\x00 \n annex ") == "R12 annex"
    assert parse(FIELDS["notes"], "one\r\ntwo\x1b[31m\n\n") == "one\ntwo[31m"
    with pytest.raises(CollectorError, match="longer than 120"):
        parse(FIELDS["room"], "r" * 121)


def test_status_and_tags_are_normalised() -> None:
    assert parse(FIELDS["status"], " In_Store ") == "in store"
    assert parse(FIELDS["tags"], "Year 7; trolley A,,year 7") == ["trolley a", "year 7"]
    with pytest.raises(CollectorError, match=f"one of: {', '.join(STATUSES)}"):
        parse(FIELDS["status"], "lost")
    with pytest.raises(CollectorError, match="at most 20"):
        parse(FIELDS["tags"], ",".join(map(str, range(21))))


def test_a_field_that_there_is_not_is_answered_with_those_there_are() -> None:
    with pytest.raises(CollectorError, match=r"no field 'colour'; there are: asset_tag, status"):
        named("colour")


def test_what_identifies_is_compared_without_spaces_and_case() -> None:
    assert key(FIELDS["asset_tag"], "elm 0042") == key(FIELDS["asset_tag"], "ELM0042") == "ELM0042"
    assert key(FIELDS["room"], "12") == ""
    said = {"asset_tag": "elm 42", "serial": "cnd1", "maker": "Hewlett-Packard", "mac": "00:1b:21:00:00:01"}
    told = [(item.kind, item.value) for item in identifiers(said)]  # type: ignore[arg-type]  # a plain dict
    assert told == [
        (IdentifierKind.TAG, "ELM42"), (IdentifierKind.SERIAL, "hp:CND1"), (IdentifierKind.MAC, "00:1b:21:00:00:01"),
    ]  # fmt: skip
    assert identifiers({"serial": "cnd1"})[0].value == "?:CND1"
    assert identifiers({"mac": "02:1b:21:00:00:01"}) == ()


def test_every_kind_of_field_is_there() -> None:
    assert {field.kind for field in FIELDS.values()} == set(Kind)
