"""The physical disks of the machine, with what smartctl says of each where it is installed.

Nothing here reads SMART: smartctl's output travels unedited. Left out are disks that are none (loop, RAM, device
mapper, RAID sets: what has no device of its own), optical and floppy drives, empty card readers, and USB sticks, which
belong to whoever carries them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from agent.host._world import World, plain, reason
from stocktake.values import Disk, Disks

GROUP = "disks"
NOTHING = Disks(())

_BLOCK = "sys/block"
_SECTOR = 512  # sysfs counts in 512 octets, whatever the disk's own sectors are
_SMART_OCTETS = 256 * 1024
_MOST_DISKS = 256
# by name, for the kinds that have a device or may be given one; loop, ram and the like mostly have none
_NOT_DISKS = ("loop", "ram", "zram", "dm-", "md", "sr", "fd", "nbd")
_NOT_DISKS_END = ("boot0", "boot1", "rpmb")  # partitions of an eMMC that look like disks
_MODEL = ("device/model", "device/name")  # SCSI, ATA and NVMe; eMMC
_SERIAL = ("device/serial", "serial")  # NVMe and eMMC; virtio
_FIRMWARE = ("device/firmware_rev", "device/rev", "device/fwrev")  # NVMe; SCSI and ATA; eMMC


class _Smart:
    """smartctl, asked disk by disk until it proves to be missing or to hang.

    A disk that makes smartctl hang is dying, and holds its controller: asking for the next may take 20 seconds each.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._gone = False

    def run(self, *arguments: str) -> bytes:
        """What smartctl prints (its exit status is a bit mask that says nothing of the output), or b""."""
        if self._gone:
            return b""
        try:
            output = self._world.run(["smartctl", "--json", *arguments])
        except FileNotFoundError:
            self._gone = True
            return b""
        except OSError as error:
            self._gone = True
            self._world.missed(f"smartctl {arguments[-1]} and the disks after it ({reason(error)})")
            return b""
        if len(output) > _SMART_OCTETS:
            self._world.missed(f"smartctl {arguments[-1]} (longer than {_SMART_OCTETS} octets)")
            return b""
        return output


def read(world: World) -> Disks:
    """The disks by name: from sysfs on Linux, elsewhere as smartctl finds them."""
    if world.platform == "linux":
        names = [name for name in world.names(_BLOCK) if _is_disk(world, name)]
        smart = _Smart(world)
        return Disks(tuple(_disk(world, smart, name) for name in names[:_MOST_DISKS]))
    return Disks(_by_smartctl(world))


def _is_disk(world: World, name: str) -> bool:
    """Whether an entry of /sys/block is a disk of this machine."""
    folder = f"{_BLOCK}/{name}"
    if name.startswith(_NOT_DISKS) or name.endswith(_NOT_DISKS_END) or not world.exists(f"{folder}/device"):
        return False
    # one path of several to an NVMe disk, which is listed under its own name
    if world.number(f"{folder}/hidden") == 1 or not world.number(f"{folder}/size"):
        return False
    # not "removable" alone: servers say so of hot-plug SATA bays
    return not (world.number(f"{folder}/removable") == 1 and "/usb" in world.target(folder))


def _disk(world: World, smart: _Smart, name: str) -> Disk:
    folder = f"{_BLOCK}/{name}"
    sectors = world.number(f"{folder}/size", 2**54)
    rotational = world.number(f"{folder}/queue/rotational")
    device = "/dev/" + name.replace("!", "/")  # sysfs writes / as ! (cciss!c0d0)
    return Disk(
        name=plain(name),
        model=_first(world, folder, _MODEL),
        serial=_first(world, folder, _SERIAL) or _unit_serial(world.octets(f"{folder}/device/vpd_pg80")),
        firmware=_first(world, folder, _FIRMWARE),
        size_bytes=None if sectors is None else sectors * _SECTOR,
        rotational=None if rotational is None else rotational == 1,
        smart_json=smart.run("--all", device),
    )


def _first(world: World, folder: str, attributes: Sequence[str]) -> str:
    texts = (world.text(f"{folder}/{attribute}") for attribute in attributes)
    return next((text for text in texts if text), "")


def _unit_serial(page: bytes) -> str:
    """The serial in a SCSI unit serial number page (SPC-4 7.8.15): page code 80h, length at 2, text from 4."""
    if len(page) < 4 or page[1] != 0x80:
        return ""
    return plain(page[4 : 4 + int.from_bytes(page[2:4], "big")].decode("ascii", "replace"))


def _by_smartctl(world: World) -> tuple[Disk, ...]:
    """The disks as smartctl finds them. Without it we cannot tell whether there are any, so this fails then."""
    found = world.run(["smartctl", "--json", "--scan"])
    smart = _Smart(world)
    return tuple(Disk(plain(name), smart_json=smart.run("--all", name)) for name in _scanned(found)[:_MOST_DISKS])


def _scanned(output: bytes) -> list[str]:
    """The device names in the output of `smartctl --json --scan`, which has no list where it finds none."""
    found = json.loads(output)
    devices = found.get("devices", []) if isinstance(found, dict) else []
    names = [device.get("name") for device in devices if isinstance(device, dict)]
    return [name for name in names if isinstance(name, str) and name.startswith("/dev/")]
