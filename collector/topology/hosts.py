"""How the MACs of one edge port share it: directly, behind a phone, a hypervisor, an access point, a hub.

Said by what the devices are known to be, and by what introduces itself at the port. Where nothing of that decides, it
is a `shared port`: a hub and an unmanaged switch look alike from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from collector.topology.heard import Neighbour
from collector.topology.network import (
    BEHIND_ACCESS_POINT,
    BEHIND_HYPERVISOR,
    BEHIND_PHONE,
    BEHIND_UNREAD_SWITCH,
    DIRECT,
    SHARED,
    UNMANAGED,
)

#: classes that let others through, the strongest reason first → how the others hang there
THROUGH = (
    ("switch", BEHIND_UNREAD_SWITCH),
    ("access point", BEHIND_ACCESS_POINT),
    ("wireless bridge", BEHIND_ACCESS_POINT),
    ("hypervisor", BEHIND_HYPERVISOR),
    ("phone", BEHIND_PHONE),
)
MOST_BEHIND_PHONE = 3  # devices: a computer with two cards and its virtual machine
#: classes that let nobody through: two of them at one port need something between
ENDS = {"printer", "label printer", "desktop", "laptop", "thin client", "camera", "projector", "display", "ups", "pdu",
        "nas", "storage", "management controller", "video recorder", "phone", "sensor", "time server"}  # fmt: skip
#: blocks that hypervisors give to virtual machines: VMware, Hyper-V, VirtualBox, Xen, Parallels, Nutanix, QEMU, Proxmox
VIRTUAL = ("00:05:69", "00:0c:29", "00:1c:14", "00:50:56", "00:15:5d", "08:00:27", "00:16:3e", "00:1c:42", "50:6b:8d",
           "52:54:00", "bc:24:11")  # fmt: skip

Hanging = tuple[str, str, str]  # how, via, why


def share(
    macs: Sequence[str], heard: Iterable[Neighbour], known: Mapping[str, str], classes: Mapping[str, str]
) -> dict[str, Hanging]:
    """How each of the MACs at one port hangs there, by MAC."""
    owners = {mac: known.get(mac, mac) for mac in macs}
    said, unread = _classes(owners, heard, known, classes)
    if unread:
        why = f"{unread} is heard here and was not read"
        return {mac: (DIRECT if mac == unread else BEHIND_UNREAD_SWITCH, unread, why) for mac in macs}
    devices = sorted(set(owners.values()))
    if len(devices) == 1:
        return dict.fromkeys(macs, (DIRECT, "", "nothing else is at this port"))
    via, how, why = _through(devices, said, owners)
    return {mac: (DIRECT, "", "") if owners[mac] == via else (how, via, why) for mac in macs}


def _classes(
    owners: Mapping[str, str], heard: Iterable[Neighbour], known: Mapping[str, str], classes: Mapping[str, str]
) -> tuple[dict[str, str], str]:
    """The classes of the devices at a port; and the name of a switch that is heard there and has not been read."""
    said = {device: classes[device] for device in owners.values() if classes.get(device)}
    unread = ""
    for neighbour in heard:
        device = known.get(neighbour.mac, neighbour.mac)
        told = classes.get(device) or neighbour.device_class
        if told == "switch":
            unread = max(unread, neighbour.name or neighbour.mac)
        elif told and device:
            said.setdefault(device, told)
    return said, unread


def _through(devices: Sequence[str], said: Mapping[str, str], owners: Mapping[str, str]) -> tuple[str, str, str]:
    """(the device that the others are behind, how, why); the device is "" where it is not known."""
    for device_class, how in THROUGH:
        those = [device for device in devices if said.get(device) == device_class]
        few = device_class != "phone" or len(devices) <= MOST_BEHIND_PHONE + 1
        if len(those) == 1 and few:
            return those[0], how, f"one of {len(devices)} devices at this port is a {device_class}: {those[0]}"
    virtual = {owners[mac] for mac in owners if mac.startswith(VIRTUAL) or said.get(owners[mac]) == "virtual machine"}
    real = [device for device in devices if device not in virtual]
    if virtual and len(real) <= 1:
        return "".join(real), BEHIND_HYPERVISOR, "all others at this port are virtual machines"
    ends = [device for device in devices if said.get(device) in ENDS]
    if len(ends) > 1:
        kinds = ", ".join(sorted({said[device] for device in ends}))
        return "", UNMANAGED, f"{len(ends)} of {len(devices)} devices at this port let nobody through ({kinds})"
    return "", SHARED, f"{len(devices)} devices at this port, and none is known to let others through"
