"""Operating system: its own words, on Linux, Windows and macOS."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.host import examine
from agent.host._machine import About, RecordedMachine
from stocktake.values import OperatingSystem, Outcome

MACHINE = RecordedMachine(About(host="lib-pc-07", kernel="6.1.0-25-amd64", architecture="x86_64"))
DEBIAN = """PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
# a comment = not an assignment
ID=debian

VARIANT='School\\'s'
"""
CURRENT_VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"


def system_of(world: Any) -> OperatingSystem:
    [result] = examine(world, only=["os"])
    assert result.outcome is Outcome.COMPLETE
    assert isinstance(result.content, OperatingSystem)
    return result.content


def test_debian_in_its_own_words_with_its_point_release(plant: Any) -> None:
    files = {"etc/os-release": DEBIAN, "etc/debian_version": "12.7\n"}
    assert system_of(plant(files, MACHINE)) == OperatingSystem(
        product="debian",
        name="Debian GNU/Linux 12 (bookworm)",
        version="12",
        edition="School's",
        build="12.7",
        kernel="6.1.0-25-amd64",
        architecture="x86_64",
        host_name="lib-pc-07",
    )


def test_os_release_in_usr_lib_stands_in_and_a_build_of_its_own_wins(plant: Any) -> None:
    system = system_of(plant({"usr/lib/os-release": "ID=steamos\nBUILD_ID=20240216.1\nNAME=SteamOS"}))
    assert (system.product, system.name, system.build) == ("steamos", "SteamOS", "20240216.1")


def test_without_os_release_it_is_some_linux(plant: Any) -> None:
    assert system_of(plant({}, MACHINE)).product == "linux"


@pytest.mark.parametrize(
    ("times", "year"),
    [
        ({"etc/machine-id": 2022, "lost+found": 2021, "var/log/installer": 2023}, 2021),
        ({"etc/machine-id": 2022, "lost+found": 1970}, 2022),  # a clock that had not been set
        ({"etc/machine-id": 2022, "lost+found": 2031}, 2022),  # one that ran ahead
        ({"lost+found": 1999}, None),
        ({}, None),
    ],
)
def test_installed_is_the_earliest_sensible_time_of_what_an_installer_leaves(
    plant: Any, times: dict[str, int], year: int | None
) -> None:
    world = plant(dict.fromkeys(times, ""))
    for name, when in times.items():
        seconds = datetime(when, 6, 1, tzinfo=UTC).timestamp()
        os.utime(world.root / name, (seconds, seconds))
    assert system_of(world).install_time == (datetime(year, 6, 1, tzinfo=UTC) if year else None)


def test_windows_in_its_own_words_even_where_they_mislead(plant_windows: Any) -> None:
    values = {
        "ProductName": "Windows 10 Education",
        "EditionID": "Education",
        "DisplayVersion": "23H2",
        "ReleaseId": "2009",
        "CurrentBuild": "22631",
        "UBR": 4169,
        "InstallDate": 1693564800,
        "DigitalProductId": b"\xa4\x00",
    }
    assert system_of(plant_windows(registry={CURRENT_VERSION: values})) == OperatingSystem(
        product="windows",
        name="Windows 10 Education",
        version="23H2",
        edition="Education",
        build="22631.4169",
        install_time=datetime(2023, 9, 1, 10, 40, tzinfo=UTC),
    )


@pytest.mark.parametrize("seconds", [0, -1, 2**40, "soon", b"\0"])
def test_an_install_date_that_cannot_be_is_left_open(plant_windows: Any, seconds: object) -> None:
    world = plant_windows(registry={CURRENT_VERSION: {"InstallDate": seconds, "ReleaseId": "1809"}})
    assert system_of(world) == OperatingSystem(product="windows", version="1809")


def test_macos_in_its_own_words(plant: Any) -> None:
    told = b"ProductName:\t\tmacOS\nProductVersion:\t\t14.5\nBuildVersion:\t\t23F79\n"
    world = plant({"var/db/.AppleSetupDone": ""}, platform="darwin", run=lambda _: told)
    os.utime(world.root / "var/db/.AppleSetupDone", (1_600_000_000, 1_600_000_000))
    assert system_of(world) == OperatingSystem(
        product="macos",
        name="macOS",
        version="14.5",
        build="23F79",
        install_time=datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC),
    )
