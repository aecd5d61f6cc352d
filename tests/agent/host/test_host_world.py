"""The outside world: bounded, gentle, and clear on what is not there and what was refused."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.host._world import FOLDER_NAMES, PROGRAM_OCTETS, plain, read_file, run_program


def test_what_is_not_there_is_empty_and_nobody_is_told(plant: Any, heard: list[str]) -> None:
    world = plant({"sys/block": "a file where a folder should be"}, missed=heard.append)
    assert (world.octets("none"), world.text("none"), world.lines("none"), world.number("none")) == (b"", "", [], None)
    assert (world.names("none"), world.names("sys/block"), world.exists("none"), world.modified("none")) == (
        [],
        [],
        False,
        None,
    )
    assert heard == []


@pytest.mark.parametrize("number", [errno.ENODATA, errno.ENODEV, errno.EINVAL, errno.ENXIO])
def test_an_attribute_without_a_value_is_not_there(plant: Any, refuse: Any, heard: list[str], number: int) -> None:
    world = plant({"a": "1"}, read=refuse("a", number=number), missed=heard.append)
    assert (world.number("a"), heard) == (None, [])


def test_a_refusal_is_told_once_for_each_reading(plant: Any, refuse: Any, heard: list[str]) -> None:
    world = plant({"a": "1"}, read=refuse("a"), missed=heard.append)
    assert world.text("a") == ""
    assert heard == ["/a (Permission denied)"]


def test_a_file_longer_than_its_limit_is_refused_and_not_cut(plant: Any, heard: list[str]) -> None:
    world = plant({"a": b"x" * 101}, missed=heard.append)
    assert world.octets("a", 101) == b"x" * 101
    assert world.octets("a", 100) == b""
    assert heard == ["/a (longer than 100 octets)"]


def test_reading_never_takes_more_than_the_limit() -> None:
    with pytest.raises(OSError, match="longer than 1000 octets"):
        read_file(Path("/dev/zero"), 1000)


def test_a_folder_with_too_many_entries_is_cut_and_told(plant: Any, heard: list[str]) -> None:
    world = plant({f"many/{number:05}": "" for number in range(FOLDER_NAMES + 1)}, missed=heard.append)
    assert len(world.names("many")) == FOLDER_NAMES
    assert heard == [f"/many (more than {FOLDER_NAMES} entries)"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("12\n", 12), ("0", 0), ("-1", None), ("", None), ("1e3", None), ("٣", None), ("9" * 4000, None), ("101", None)],
)
def test_a_number_is_decimal_and_in_its_range(plant: Any, text: str, number: int | None) -> None:
    assert plant({"a": text}).number("a", 100) == number


def test_text_is_always_utf8_and_trimmed_and_bounded(plant: Any) -> None:
    assert plant({"a": b" Caf\xe9\x00\n"}).text("a") == "Caf\ufffd"
    assert plain("broken \udcff name") == "broken ? name"
    assert len(plain("x" * 5000)) == 1024


def test_a_time_before_1970_or_far_in_the_future_is_none(plant: Any) -> None:
    world = plant({"old": "", "new": "", "good": ""})
    os.utime(world.root / "old", (-5, -5))
    os.utime(world.root / "new", (2**34, 2**34))
    os.utime(world.root / "good", (1_600_000_000, 1_600_000_000))
    assert (world.modified("old"), world.modified("new")) == (None, None)
    assert world.modified("good") == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)


def test_a_program_answers_whatever_its_exit_status(install: Any) -> None:
    run = install("teller", 'echo "$1"; echo aside >&2; exit 68')
    assert run(["teller", "a b; c"]) == b"a b; c\n"


def test_a_program_that_is_missing_is_told_apart() -> None:
    with pytest.raises(FileNotFoundError, match="not installed"):
        run_program(["no-such-program-here"])


def test_a_program_in_the_current_folder_is_not_run(install: Any, tmp_path: Path) -> None:
    install("planted", "echo gotcha")
    here = os.path.relpath(tmp_path / "bin")
    with pytest.raises(FileNotFoundError, match="not installed"):
        run_program(["planted"], search=here)


def test_a_program_that_hangs_is_killed_even_when_its_child_stays(install: Any) -> None:
    run = install("hanger", "sleep 3 & echo begun; exec sleep 30", seconds=0.3)
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match=r"no answer within 0\.3 seconds"):
        run(["hanger"])
    assert time.monotonic() - begun < 2


def test_a_program_that_prints_too_much_is_cut(install: Any) -> None:
    run = install("printer", "head -c 3000000 /dev/zero")
    assert len(run(["printer"])) == PROGRAM_OCTETS


def test_a_link_is_followed_below_the_root(plant: Any) -> None:
    world = plant({"sys/block/sdb": Path("sys/devices/usb1/block/sdb")})
    assert world.target("sys/block/sdb").endswith("/sys/devices/usb1/block/sdb")
    assert replace(world, platform="win32").exists("sys/block/sdb")
