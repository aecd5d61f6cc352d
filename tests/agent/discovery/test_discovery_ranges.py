from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.discovery import ranges
from agent.errors import ConfigurationError


def test_a_network_has_the_addresses_between_its_ends() -> None:
    assert list(ranges.hosts(ranges.parse(" 10.1.0.0/29 "))) == [f"10.1.0.{n}" for n in range(1, 7)]
    assert list(ranges.hosts(ranges.parse("10.1.0.0/31"))) == ["10.1.0.0", "10.1.0.1"]


def test_one_address_is_a_network_too() -> None:
    assert list(ranges.hosts(ranges.parse("10.1.0.5"))) == ["10.1.0.5"]


def test_excluded_networks_and_addresses_are_left_out() -> None:
    kept = ranges.hosts(ranges.parse("10.1.0.0/29"), exclude=("10.1.0.4/31", "10.1.0.1", "2001:db8::/32"))
    assert list(kept) == ["10.1.0.2", "10.1.0.3", "10.1.0.6"]
    with pytest.raises(ConfigurationError, match="could be excluded"):
        list(ranges.hosts(ranges.parse("10.1.0.0/29"), exclude=("printers",)))


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("printers", "not a network. Write"),
        ("", "not a network. Write"),
        ("10.1.0.0/33", "not a network. Write"),
        ("10.1.0.7/24", r"Write 10\.1\.0\.0/24 or 10\.1\.0\.7\."),
        ("10.0.0.0/8", "16777216 addresses; a sweep takes at most a /16"),
        ("fd00::/64", "IPv6"),
    ],
)
def test_what_cannot_be_swept_is_answered_with_what_to_write(written: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        ranges.parse(written)


@given(st.integers(0, 2**32 - 1), st.integers(16, 32))
def test_every_network_up_to_the_limit_is_taken_as_it_is(number: int, prefix: int) -> None:
    network = ipaddress.IPv4Network((number, prefix), strict=False)
    assert ranges.parse(str(network)) == network


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        ranges.parse(text)
    except ConfigurationError as error:
        assert str(error).endswith(".")  # noqa: PT017 -- most texts are no network, a few are
