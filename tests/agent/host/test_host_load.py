"""Load: the pulse, and each volume once."""

from __future__ import annotations

from typing import Any

from agent.host import examine
from agent.host._machine import Mount, Pulse, RecordedMachine, Usage
from stocktake.values import Load, Outcome, Storage

MOUNTS = (
    Mount("/dev/sda2", "/", "ext4"),
    Mount("/dev/sda2", "/var/lib/schroot/mount", "ext4"),
    Mount("/dev/loop3", "/snap/core22/1612", "squashfs"),
    Mount("/dev/sda1", "/boot/efi", "vfat"),
    Mount("/dev/sdb1", "/srv/bro\udcffken", "xfs"),
    Mount("D:\\", "D:\\", ""),
)


def test_the_pulse_travels_as_told_and_each_volume_once(plant: Any) -> None:
    usages = {"/": Usage(500, 200), "/boot/efi": Usage(50, 6), "/srv/bro\udcffken": Usage(1000, 0)}
    machine = RecordedMachine(
        recorded_pulse=Pulse((0.5, 0.25, 0.125), 12.5, 2_000_000, 86_400), recorded_mounts=MOUNTS, usages=usages
    )
    [result] = examine(plant(machine=machine), only=["load"])
    assert result.outcome is Outcome.COMPLETE
    volumes = (
        Storage("/", "ext4", 500, 200),
        Storage("/boot/efi", "vfat", 50, 6),
        Storage("/srv/bro?ken", "xfs", 1000, 0),
    )
    assert result.content == Load((0.5, 0.25, 0.125), 12.5, 2_000_000, 86_400, volumes)


def test_a_volume_that_refuses_is_named_without_sizes(plant: Any) -> None:
    machine = RecordedMachine(recorded_mounts=MOUNTS[:1])
    [result] = examine(plant(machine=machine), only=["load"])
    assert (result.outcome, result.content) == (Outcome.CUT, Load(volumes=(Storage("/", "ext4"),)))
    assert result.detail == "Could not read / (Permission denied)."
