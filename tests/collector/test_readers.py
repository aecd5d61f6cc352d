"""Readers of one value: measures keep to what can be, and days are believed only where they are days."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.readers import (
    CELSIUS,
    PERCENT,
    as_date,
    as_told,
    day_first_date,
    measure,
    month_first_date,
    named_month_date,
    word,
)
from stocktake import ber
from stocktake.values import Binding

DAYS = (as_date, month_first_date, day_first_date, named_month_date)
Day = Callable[[Binding], str]


def octets(value: bytes | str) -> Binding:
    return Binding("1.3", ber.OCTET_STRING, value.encode() if isinstance(value, str) else value)


def number(value: int) -> Binding:
    return Binding("1.3", ber.INTEGER, ber.encode_integer(value))


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (bytes.fromhex("07df0a0d00000000"), "2015-10-13"),
        (bytes.fromhex("07df0a0d000000002b0000"), "2015-10-13"),
        (bytes.fromhex("07e104120000000000000000"), "2017-04-18"),
        (bytes.fromhex("07e4040f"), "2020-04-15"),
        ("2016-03-21", "2016-03-21"),
        ("2016/9/2 10:11", "2016-09-02"),
        ("20160321", "2016-03-21"),
        ("201604011230Z", "2016-04-01"),
        ("20180521000000.000000+000", "2018-05-21"),
        (bytes(8), ""),
        (bytes(11), ""),
        ("", ""),
    ],
)
def test_a_day_is_read_in_every_form_that_devices_have(raw: bytes | str, day: str) -> None:
    assert as_date(octets(raw)) == day


@pytest.mark.parametrize(
    "raw",
    [
        bytes.fromhex("07d908060d1e1e01"), bytes.fromhex("07df170700000000"), bytes.fromhex("0ea00b0400000000"),
        bytes.fromhex("07cf0c1b00000000"), bytes.fromhex("07df0a0d19000000"), bytes.fromhex("07df0a20"),
        "2000-01-01", "1999-12-27", "2001-01-01", "INVALID", "199000300000", "NA", "00000000", "2010120456",
        "2054160512", "13100101", "F" * 32, b"\xff" * 9,
    ],
)  # fmt: skip
def test_what_is_no_day_or_a_placeholder_is_refused_with_what_was_told(raw: bytes | str) -> None:
    told = raw if isinstance(raw, str) else raw.hex()
    with pytest.raises(ValueError, match=told[:16]):
        as_date(octets(raw))


def test_a_number_is_no_day() -> None:
    with pytest.raises(ValueError, match="type 2"):
        as_date(number(323229675))


@pytest.mark.parametrize(
    ("read", "raw", "day"),
    [
        (month_first_date, "04/30/25", "2025-04-30"),
        (month_first_date, "11/06/99", "1999-11-06"),
        (month_first_date, "03/14/2021", "2021-03-14"),
        (month_first_date, "2019-02-11", "2019-02-11"),
        (day_first_date, "21062018", "2018-06-21"),
        (day_first_date, "20160321", "2016-03-21"),
        (named_month_date, "AUG 15 2015", "2015-08-15"),
    ],
)
def test_days_in_the_order_of_their_maker(read: Day, raw: str, day: str) -> None:
    assert read(octets(raw)) == day
    assert as_told(read)(octets(raw)) == raw


@pytest.mark.parametrize(("read", "raw"), [(month_first_date, "13/41/2011"), (month_first_date, "--/--/----"),
                                           (month_first_date, "01/01/2000"), (named_month_date, "FOO 15 2015"),
                                           (day_first_date, "32062018")])  # fmt: skip
def test_a_day_that_is_none_is_refused_in_every_order(read: Day, raw: str) -> None:
    with pytest.raises(ValueError, match=r"date|factories"):
        read(octets(raw))
    assert as_told(read)(octets(raw)) == ""


def test_what_was_told_is_kept_in_hex_where_it_is_no_text() -> None:
    assert as_told(as_date)(octets(bytes.fromhex("07e4040f"))) == "07e4040f"
    assert as_told(as_date)(number(5)) == ""


@given(st.sampled_from(DAYS), st.integers(0, 255), st.binary(max_size=40) | st.text(max_size=20).map(str.encode))
def test_a_reader_of_days_answers_a_day_or_says_why_not(read: Day, tag: int, raw: bytes) -> None:
    try:
        day = read(Binding("1.3", tag, raw))
    except ValueError as error:
        assert str(error)  # noqa: PT017  either outcome is right, and a refusal must say why
    else:
        assert day == "" or "1990-01-02" <= day <= "2099-12-31"


def test_measures_are_read_from_numbers_and_texts_and_kept_to_what_can_be() -> None:
    assert CELSIUS(number(47)) == 47
    assert CELSIUS(octets("58.000000 C")) == 58.0
    assert CELSIUS(number(65535)) == ""
    assert PERCENT(octets(" 23% of maximum")) == 23
    assert measure(0, 1000, 0.1)(number(2390)) == 239.0
    with pytest.raises(ValueError, match="no number: soon"):
        PERCENT(octets("soon"))


def test_a_word_that_is_not_known_is_not_stated() -> None:
    assert [word({1: "ok"})(number(state)) for state in (1, 9)] == ["ok", ""]
