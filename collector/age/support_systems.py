"""Which system a device runs, other than Windows, and which versions of it are told: one table.

Versions are read from what an agent or SNMP tells of the operating system, and from the firmware where the firmware is
the system. It knows no dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.age import About
from collector.facts import maker_key

SYSTEM, FIRMWARE = "operating system", "firmware"


@dataclass(frozen=True, slots=True)
class System:
    """How a product is recognised: by what an agent calls it, by its name, or by maker, class and model.

    `firmware` is set where the device's firmware is the system, so that its version counts; `told_by` names the rule
    that must have told it, where another part of the machine (a management controller) has a firmware, too.
    """

    product: str
    title: str
    what: str = SYSTEM
    ids: frozenset[str] = frozenset()
    name: str = ""
    maker: str = ""
    kinds: frozenset[str] = frozenset()
    model: str = ""
    firmware: bool = False
    told_by: str = ""
    least: int = 0  # major versions below are of another system of the maker

    def fits(self, about: About) -> bool:
        """Whether a device runs it."""
        if self.maker and maker_key(about.maker) != self.maker:
            return False
        if self.kinds and about.kind not in self.kinds:
            return False
        if self.model and not re.search(self.model, about.model, re.IGNORECASE):
            return False
        name = about.text("os.name")
        if self.ids and about.text("os.product").lower() in self.ids:
            return "stream" not in name.lower()  # CentOS Stream is served differently from CentOS Linux
        return bool(self.name and re.search(self.name, name, re.IGNORECASE)) or bool(self.maker and not self.name)


def _ids(*names: str) -> frozenset[str]:
    return frozenset(names)


SWITCHES_AND_ROUTERS = frozenset({"switch", "router", "access point", "wireless bridge"})
SYSTEMS = (
    System("macos", "macOS", ids=_ids("macos"), name=r"^(macOS|Mac OS X|OS X)\b"),
    System("ipados", "iPadOS", ids=_ids("ipados"), name=r"^iPadOS\b"),
    System("ios", "iOS", ids=_ids("ios"), name=r"^iOS \d", kinds=_ids("phone", "tablet", "unknown")),
    System("android", "Android", ids=_ids("android"), name=r"^Android\b"),
    System("chromeos", "ChromeOS", ids=_ids("chromeos", "chrome os", "chromiumos"), name=r"^Chrome ?OS\b"),
    System("proxmox-ve", "Proxmox VE", ids=_ids("proxmox"), name=r"^Proxmox"),
    System("xcp-ng", "XCP-ng", name=r"^XCP-ng"),
    System("openwrt", "OpenWrt", FIRMWARE, ids=_ids("openwrt"), name=r"^OpenWrt", firmware=True,
           told_by="soho_routers"),
    System("debian", "Debian", ids=_ids("debian"), name=r"^Debian\b"),
    System("ubuntu", "Ubuntu", ids=_ids("ubuntu"), name=r"^Ubuntu\b"),
    System("rhel", "Red Hat Enterprise Linux", ids=_ids("rhel"), name=r"^Red Hat Enterprise Linux(?! or)"),
    System("almalinux", "AlmaLinux", ids=_ids("almalinux"), name=r"^AlmaLinux"),
    System("rocky-linux", "Rocky Linux", ids=_ids("rocky"), name=r"^Rocky Linux"),
    System("centos", "CentOS Linux", ids=_ids("centos"), name=r"^CentOS (?!Stream)"),
    System("fedora", "Fedora", ids=_ids("fedora"), name=r"^Fedora\b"),
    System("sles", "SUSE Linux Enterprise Server", ids=_ids("sles"), name=r"^SUSE Linux Enterprise Server"),
    System("vmware-esxi", "VMware ESXi", name=r"^VMware ESX", firmware=True, told_by="vmware"),
    System("vmware-vcenter", "VMware vCenter", name=r"^VMware vCenter", firmware=True, told_by="vmware"),
    System("fortios", "FortiOS", FIRMWARE, maker="fortinet", kinds=_ids("firewall"), model=r"^FortiGate",
           firmware=True),
    System("pan-os", "PAN-OS", FIRMWARE, maker="palo", kinds=_ids("firewall"), firmware=True),
    System("sns-firmware", "Stormshield firmware", FIRMWARE, maker="stormshield", firmware=True),
    System("cisco-ios-xe", "Cisco IOS-XE", FIRMWARE, maker="cisco", name=r"^IOS-XE", firmware=True),
    System("routeros", "RouterOS", FIRMWARE, maker="mikrotik", kinds=SWITCHES_AND_ROUTERS, model=r"^(?!CSS)",
           firmware=True, least=5),  # its smaller switches run SwOS, of version 2
)  # fmt: skip
DOTTED, WHOLE = re.compile(r"(?<![\d.])\d+(?:\.\d+)+"), re.compile(r"(?<![\d.\w])\d+(?![\d\w-])")


def versions(system: System, about: About) -> Iterator[str]:
    """The versions of the system that are told, none that are below those of this system."""
    texts = [about.text("os.version"), about.text("os.name")]
    if system.firmware:
        said = about.told.get("firmware", ())
        texts += [str(fact.value) for fact in said if not fact.rule or fact.rule.startswith(system.told_by)]
    for text in texts:
        match = DOTTED.search(text) or WHOLE.search(text)
        if match and parts(match[0])[0] >= system.least:
            yield match[0]


def parts(version: str) -> tuple[int, ...]:
    """The numbers of a version."""
    return tuple(int(part[:9]) for part in version.split(".") if part)
