"""Which volumes count: names and types as agents list them (net-snmp, OpenWrt, Junos, Windows, Linux itself)."""

from __future__ import annotations

import pytest

from collector import volumes
from collector.metrics import told

GIGABYTE = 10**9


@pytest.mark.parametrize(
    "words",
    [
        {"name": "Physical memory", "type": "ram"},
        {"name": "Swap space", "type": "swap"},
        {"name": "Virtual memory", "type": "swap"},
        {"name": "Memory buffers"},
        {"name": "Cached memory"},
        {"name": "/run/lock", "type": "fixed disk"},
        {"name": "/dev/shm", "type": "fixed disk"},
        {"name": "/sys/fs/cgroup", "type": "fixed disk"},
        {"name": "/rom", "type": "fixed disk"},
        {"name": "/snap/core/17200", "file_system": "squashfs"},
        {"name": "/srv/image", "file_system": "iso9660"},
        {"name": "/cache", "file_system": "tmpfs"},
        {"name": "devfs: dev file system, mounted on: /dev", "type": "fixed disk"},
        {"name": "/dev/md0, mounted on: /packages/mnt/jbase", "type": "fixed disk"},
        {"name": "D:\\", "type": "optical disc"},
    ],
    ids=str,
)
def test_memory_and_images_are_full_by_design(words: dict[str, str]) -> None:
    assert not volumes.is_counted(words)


@pytest.mark.parametrize(
    "words",
    [
        {"name": "/", "type": "fixed disk"},
        {"name": "/home/ramona", "file_system": "ext4"},
        {"name": "/dev/hd4", "type": "fixed disk"},  # AIX names the device
        {"name": "C:\\ Label:  Serial Number 5a3f", "type": "fixed disk"},
        {"name": "/runtime"},
        {},
    ],
    ids=str,
)
def test_volumes_that_people_fill_are_counted(words: dict[str, str]) -> None:
    assert volumes.is_counted(words)


def test_memory_has_no_series_of_storage() -> None:
    sizes = {"size": GIGABYTE, "used": GIGABYTE}
    parts = {"volume/1": {"name": "Cached memory", **sizes}, "volume/31": {"name": "/", "type": "fixed disk", **sizes}}
    (samples,) = [
        told.FAMILIES[family] for family in told.FAMILIES if family.name == "device_storage_used_ratio"
    ]  # fmt: skip
    assert list(samples(told.Told("100001", {"d1": parts}))) == [(("100001", "d1", "volume-31"), 1.0)]
