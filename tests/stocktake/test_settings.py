"""Settings: good ones are read, and every bad one is named with its line and what to write instead."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake import kinds
from stocktake.settings import REQUIRED, Setting, SettingsError, Table, example, read, read_file

SCHEMA = (
    Setting("rate", kinds.whole_number(1, 100), 50, "How fast."),
    Setting("name", kinds.text("a name", r"[a-z]{1,8}", '"oak"'), REQUIRED, "What it is called."),
    Setting("wait", kinds.duration(timedelta(seconds=10), timedelta(days=2)), timedelta(hours=1), "Between.", '"1h"'),
    Setting("room", kinds.size(10**6, 10**9), 64 * 10**6, "Space.", '"64MB"'),
    Setting("networks", kinds.many(kinds.network(), 3), (), "Where."),
    Setting("colour", kinds.choice("green", "yellow"), "green", "Which.", '"green"'),
    Setting("on", kinds.flag(), False, "Whether."),
    Setting("macs", kinds.many(kinds.mac_prefix()), (), "Whose."),
    Setting("folder", kinds.path(), Path("/var"), "Where to.", '"/var"'),
    Setting("server", kinds.endpoint(443), "", "To whom."),
    Table("page", (Setting("title", kinds.text(), "", "Its title."),), "A page."),
    Table(
        "login",
        (
            Setting("user", kinds.text(), REQUIRED, "Who."),
            Setting("word", kinds.secret(4, 20), None, "The pass word."),
        ),
        "A login.",
        many=True,
        check=lambda values: [] if values["word"] else [("user", "a user needs a word; write word")],
    ),
)


def values_of(text: str) -> dict[str, Any]:
    return read(f'name = "oak"\n{text}', "a.toml", SCHEMA)


def problem(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        values_of(text)
    assert len(caught.value.problems) == 1, caught.value.problems
    return caught.value.problems[0]


def test_what_is_not_written_has_its_default() -> None:
    values = values_of("")
    assert (values["rate"], values["networks"], values["login"], values["page"]) == (50, (), (), {"title": ""})


def test_good_values_are_read_into_plain_ones() -> None:
    values = values_of(
        'wait = "90s"\nroom = "1 GB"\nnetworks = ["10.1.0.5", "fd00::/8"]\non = true\nmacs = ["00-80-77"]\n'
        'server = "[fd00::1]"\n[page]\ntitle = "Hello"\n[[login]]\nuser = "u"\nword = "secret"\n'
    )
    assert values["wait"] == timedelta(seconds=90)
    assert values["room"] == 10**9
    assert values["networks"] == ("10.1.0.5/32", "fd00::/8")
    assert values["macs"] == ("00:80:77",)
    assert values["server"] == "[fd00::1]:443"
    assert values["page"] == {"title": "Hello"}
    assert values["login"][0]["word"].reveal() == "secret"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("rate = 0", 2, "out of bounds; write a whole number from 1 to 100"),
        ("rate = true", 2, "true is not a whole number"),
        ('rate = "1"', 2, "not a whole number"),
        ("on = 1", 2, "1 is not true or false"),
        ('\nwait = "1 week"', 3, "is not a span of time"),
        ('wait = "9s"', 2, "from 10s to 2d"),
        ('room = "64"', 2, 'such as "64MB"'),
        ('room = "2GB"', 2, "from 1MB to 1GB"),
        ('networks = [\n  "10.1.0.0/24",\n  "10.1.0.5/24",\n]', 4, 'write "10.1.0.0/24"'),
        ('networks = ["ten"]', 2, 'such as "10.1.0.0/22"'),
        ('networks = "10.1.0.0/24"', 2, 'write ["10.1.0.0/24"]'),
        ('networks = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]', 2, "too many"),
        ('colour = "yelow"', 2, 'write "yellow"'),
        ('colour = "puce"', 2, 'one of "green", "yellow"'),
        ('macs = ["00:80"]', 2, "is not a MAC"),
        ('folder = "var"', 2, "does not start at the root"),
        ('server = "a b"', 2, "is not host:port"),
        ('server = "a:99999"', 2, "is not host:port"),
        ("reate = 5", 2, "did you mean rate?"),
        ('zebra = "x"', 2, "known are"),
        ('[page]\ntitel = "x"', 3, 'no setting "titel" in page; did you mean title?'),
        ('[[login]]\nuser = "a"\nword = "wxyz"\n[[login]]\nword = "wxyz"', 5, "user is missing"),
        ('[[login]]\nuser = "a"', 3, "a user needs a word"),
        ('login = "x"', 2, "write [[login]]"),
        ("page = 1", 2, "write [page]"),
        ("rate = = 1", 2, "this is not TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_what_to_write(text: str, line: int, words: str) -> None:
    sentence = problem(text)
    assert sentence.startswith(f"a.toml:{line}: "), sentence
    assert words in sentence


def test_all_mistakes_are_told_at_once_in_order_of_line() -> None:
    with pytest.raises(SettingsError) as caught:
        read('wait = "x"\nrate = 0\n', "a.toml", SCHEMA)
    assert [text.split(":")[1] for text in caught.value.problems] == ["1", "1", "2"]


def test_a_secret_is_never_in_a_message() -> None:
    assert "abc" not in problem('[[login]]\nuser = "u"\nword = "abc"')
    assert "12345" not in problem('[[login]]\nuser = "u"\nword = 12345')


def test_lines_inside_a_long_text_are_no_keys() -> None:
    long_text = '[page]\ntitle = """\nzebra = 1\n"""\nzebra = 2\n'
    with pytest.raises(SettingsError) as caught:
        values_of(long_text)
    assert [text.partition(" ")[0] for text in caught.value.problems] == ["a.toml:3:", "a.toml:6:"]


def test_a_file_that_is_missing_or_no_text_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        read_file(tmp_path / "none.toml", SCHEMA)
    (tmp_path / "bad.toml").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="is not UTF-8"):
        read_file(tmp_path / "bad.toml", SCHEMA)


def test_the_example_names_every_key_and_is_a_good_file() -> None:
    text = example(SCHEMA, "An example.")
    assert all(f"{entry.name}" in text for entry in SCHEMA)
    assert read(text, "example.toml", SCHEMA)["rate"] == 50
    uncommented = re.sub(r"^#(?! )", "", text, flags=re.MULTILINE)
    assert read(uncommented, "example.toml", SCHEMA)["wait"] == timedelta(hours=1)


@given(st.text(max_size=60))
def test_any_text_is_refused_with_sentences(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(f"{text}\nrate = 0", "a.toml", SCHEMA)
    assert all(problem.startswith("a.toml:") for problem in caught.value.problems)


@given(st.integers(1, 10**6))
def test_a_span_is_written_as_it_is_read(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert kinds.duration(timedelta(0), timedelta(days=400)).read(kinds.span_text(span)) == span
