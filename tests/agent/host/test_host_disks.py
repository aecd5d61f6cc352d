"""Disks: the physical ones, with smartctl's own words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent.host import examine
from stocktake.values import Disk, Disks, Outcome

NVME_SMART = (
    '{"json_format_version": [1, 0], "device": {"name": "/dev/nvme0n1", "protocol": "NVMe"}, '
    '"model_name": "KBG40ZNV256G KIOXIA", "power_on_time": {"hours": 3127}}\n'
)
SATA_SMART = '{"smartctl": {"exit_status": 64}, "device": {"name": "/dev/sda"}, "power_on_time": {"hours": 20894}}\n'

# tells of each disk as smartctl would; a disk with old errors in its log ends with bit 6 of the exit status
SMARTCTL = f"""
[ "$1 $2" = "--json --all" ] || exit 1
case "$3" in
/dev/nvme0n1) cat <<'END'
{NVME_SMART}END
;;
/dev/sda) cat <<'END'
{SATA_SMART}END
exit 68;;
*) exit 2;;
esac
"""


def disk_tree() -> dict[str, str | bytes | Path | None]:
    nvme, sata = "sys/devices/pci0000:00/nvme/nvme0/nvme0n1", "sys/devices/pci0000:00/ata1/block/sda"
    stick = "sys/devices/pci0000:00/usb2/block/sdb"
    page = b"\x00\x80\x00\x14      S3YJNX0K904172"
    return {
        "sys/block/nvme0n1": Path(nvme),
        f"{nvme}/device/model": "KBG40ZNV256G KIOXIA                     \n",
        f"{nvme}/device/serial": "Y0SPA1ZVQ0A3        \n",
        f"{nvme}/device/firmware_rev": "AEGA0103\n",
        f"{nvme}/size": "500118192\n",
        f"{nvme}/queue/rotational": "0\n",
        f"{nvme}/hidden": "0\n",
        "sys/block/sda": Path(sata),
        f"{sata}/device/vendor": "ATA     \n",
        f"{sata}/device/model": "ST1000DM010-2EP1\n",
        f"{sata}/device/rev": "CC43\n",
        f"{sata}/device/vpd_pg80": page,
        f"{sata}/size": "1953525168\n",
        f"{sata}/queue/rotational": "1\n",
        f"{sata}/removable": "1\n",  # a hot-plug bay says so
        "sys/block/sdb": Path(stick),
        f"{stick}/device/model": "DataTraveler 3.0\n",
        f"{stick}/size": "60437492\n",
        f"{stick}/removable": "1\n",
    }


NOT_DISKS: dict[str, str | bytes | Path | None] = {
    "sys/block/loop0/size": "204800",
    "sys/block/ram0/size": "8192",
    "sys/block/zram0/size": "4194304",
    "sys/block/dm-0/size": "1000000",
    "sys/block/md127/size": "1000000",
    "sys/block/sr0/size": "2097151",
    "sys/block/sr0/device/model": "DVD-RAM UJ8HC",
    "sys/block/sdc/size": "0",  # a card reader without a card
    "sys/block/sdc/device/model": "SD/MMC Reader",
    "sys/block/mmcblk0boot0/size": "8192",
    "sys/block/mmcblk0boot0/device/name": "DF4032",
    "sys/block/nvme0c0n1/size": "500118192",  # one path to nvme0n1
    "sys/block/nvme0c0n1/hidden": "1",
    "sys/block/nvme0c0n1/device/model": "KBG40ZNV256G KIOXIA",
}

NVME = Disk("nvme0n1", "KBG40ZNV256G KIOXIA", "Y0SPA1ZVQ0A3", "AEGA0103", 256060514304, False)
SATA = Disk("sda", "ST1000DM010-2EP1", "S3YJNX0K904172", "CC43", 1000204886016, True)


def with_smart(disk: Disk, text: str) -> Disk:
    return Disk(disk.name, disk.model, disk.serial, disk.firmware, disk.size_bytes, disk.rotational, text.encode())


def test_physical_disks_come_with_the_unedited_words_of_smartctl(plant: Any, install: Any) -> None:
    [result] = examine(plant({**disk_tree(), **NOT_DISKS}, run=install("smartctl", SMARTCTL)), only=["disks"])
    assert (result.outcome, result.detail) == (Outcome.COMPLETE, "")
    assert result.content == Disks((with_smart(NVME, NVME_SMART), with_smart(SATA, SATA_SMART)))


def test_without_smartctl_the_disks_are_complete_without_smart(plant: Any) -> None:
    [result] = examine(plant({**disk_tree(), **NOT_DISKS}), only=["disks"])
    assert (result.outcome, result.content) == (Outcome.COMPLETE, Disks((NVME, SATA)))


def test_a_smartctl_that_hangs_is_asked_once_and_the_disks_remain(plant: Any, install: Any) -> None:
    run = install("smartctl", "exec sleep 30", seconds=0.2)
    [result] = examine(plant(disk_tree(), run=run), only=["disks"])
    assert (result.outcome, result.content) == (Outcome.CUT, Disks((NVME, SATA)))
    assert (
        result.detail == "Could not read smartctl /dev/nvme0n1 and the disks after it (no answer within 0.2 seconds)."
    )


def test_smartctl_output_beyond_its_bound_is_left_out_and_told(plant: Any) -> None:
    [result] = examine(plant(disk_tree(), run=lambda _: b"{" * 262_145), only=["disks"])
    assert (result.outcome, result.content) == (Outcome.CUT, Disks((NVME, SATA)))
    assert "smartctl /dev/sda (longer than 262144 octets)" in result.detail


def test_garbage_in_sysfs_leaves_a_disk_with_what_is_sane(plant: Any) -> None:
    files = {
        "sys/block/sda/size": "999999999999999999",
        "sys/block/sda/device/model": b"\xff\xfeWD\x00\n",
        "sys/block/sda/device/vpd_pg80": b"\x00\x80\xff\xff\xc3\x28",
        "sys/block/sda/queue/rotational": "maybe",
        "sys/block/sdb/size": "-5",
        "sys/block/sdb/device/model": "negative",
    }
    [result] = examine(plant(files), only=["disks"])
    assert result.content == Disks((Disk("sda", "\ufffd\ufffdWD", "\ufffd("),))


def test_emmc_and_virtio_disks_say_their_names_elsewhere(plant: Any) -> None:
    files = {
        "sys/block/mmcblk0/size": "61071360",
        "sys/block/mmcblk0/device/name": "DF4032",
        "sys/block/mmcblk0/device/serial": "0x3a1f88c2",
        "sys/block/mmcblk0/device/fwrev": "0x0200000000000000",
        "sys/block/vda/size": "2048",
        "sys/block/vda/serial": "boot-volume",
        "sys/block/vda/device/vendor": "0x1af4",
        "sys/block/cciss!c0d0/size": "2048",
        "sys/block/cciss!c0d0/device/model": "LOGICAL VOLUME",
    }
    asked: list[str] = []

    def run(arguments: list[str]) -> bytes:
        asked.append(arguments[-1])
        return b"{}"

    [result] = examine(plant(files, run=run), only=["disks"])
    assert isinstance(result.content, Disks)
    assert [(disk.model, disk.serial) for disk in result.content.disks] == [
        ("LOGICAL VOLUME", ""),
        ("DF4032", "0x3a1f88c2"),
        ("", "boot-volume"),
    ]
    assert asked == ["/dev/cciss/c0d0", "/dev/mmcblk0", "/dev/vda"]


def test_on_windows_the_disks_are_those_that_smartctl_finds(plant: Any) -> None:
    scan = {"devices": [{"name": "/dev/sda", "type": "ata"}, {"name": "--evil"}, {"name": 7}, "odd"]}
    answers = {"--scan": json.dumps(scan).encode(), "/dev/sda": SATA_SMART.encode()}
    world = plant(platform="win32", run=lambda arguments: answers[arguments[-1]])
    [result] = examine(world, only=["disks"])
    assert (result.outcome, result.content) == (
        Outcome.COMPLETE,
        Disks((Disk("/dev/sda", smart_json=SATA_SMART.encode()),)),
    )


def test_on_windows_a_scan_that_finds_none_has_no_list(plant: Any) -> None:
    [result] = examine(plant(platform="win32", run=lambda _: b'{"json_format_version": [1, 0]}'), only=["disks"])
    assert (result.outcome, result.content) == (Outcome.COMPLETE, Disks(()))


def test_on_windows_without_smartctl_there_is_no_telling(plant: Any) -> None:
    [result] = examine(plant(platform="win32"), only=["disks"])
    assert (result.outcome, result.detail) == (Outcome.REFUSED, "Could not read disks (not installed).")


def test_on_windows_a_scan_that_is_no_json_is_refused(plant: Any) -> None:
    [result] = examine(plant(platform="win32", run=lambda _: b""), only=["disks"])
    assert result.outcome is Outcome.REFUSED
