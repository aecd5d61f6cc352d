"""What sysDescr calls the device: `24-port Gigabit Switch`, `Network Camera`, `Rack PDU`. No maker, no model is read.

One weak vote for devices that nobody wrote a file for: the first of these words decides, since the specific ones stand
first (a KVM switch is no switch, a wireless router no access point). Descriptions of computers (`Linux HOST …`) hold
names that people gave, and say nothing of this kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Statement, Walk

WEIGHT = 35
COMPUTER = re.compile(r"^(Linux|FreeBSD|NetBSD|OpenBSD|Darwin|SunOS|HP-UX|AIX|Hardware:|Windows|VMware ESX)\b")
#: class → words that name it, tried in this order
WORDS = {
    "label printer": r"label printer",
    "printer": r"printer|laserjet|officejet|\bmfp\b|multi-?function (device|product)|print ?server",
    "projector": r"projector",
    "display": r"digital signage|interactive (display|panel|flat)|\bvideo wall\b",
    "video conference": r"video ?conferenc|telepresence|video ?bar",
    "video recorder": r"\b(nvr|dvr)\b|video recorder",
    "camera": r"\bcamera\b|video encoder",
    "phone": r"\b(ip|sip|voip|desk) ?phone|conference phone",
    "modem": r"cable modem|docsis|dsl modem",
    "voice gateway": r"(voip|voice|analogu?e|fxs|sip) gateway|analogu?e telephone adapt",
    "pbx": r"\b(ip[ -]?)?pbx\b",
    "wireless controller": r"(wireless|wlan|wi-?fi)( lan)? (controller|switch)\b|mobility controller",
    "access point": r"access[ -]?point|\bwireless ap\b",
    "wireless bridge": r"(wireless|radio) bridge|microwave radio",
    "firewall": r"\bfirewall\b|\b(utm|ngfw)\b|security (gateway|appliance)",
    "load balancer": r"load ?balanc|application delivery",
    "transfer switch": r"transfer switch",
    "ups": r"\bups\b|uninterruptible",
    "pdu": r"\b[er]?pdu\b|power distribution",
    "rectifier": r"rectifier|dc power system",
    "kvm": r"\bkvm\b",
    "console server": r"(console|terminal|serial|device) server",
    "management controller": r"\b(ipmi|bmc|idrac|ilo|irmc|ibmc)\b|lights-out|baseboard management",
    "air conditioner": r"air condition|\bchiller\b|precision cooling",
    "sensor": r"temperature|humidity|environment(al)? monitor|thermo(meter|hygro)",
    "time server": r"\b(ntp|time) ?server",
    "storage": r"disk array|storage (system|array)|tape library|\bautoloader\b",
    "nas": r"network[ -]attached storage|\bnas\b",
    "thin client": r"thin ?client",
    "media converter": r"media ?converter",
    "router": r"\brouter\b",
    "switch": r"switch(es)?\b(?! (to|on|off|board)\b)",
}
PATTERNS = tuple((device_class, re.compile(words, re.IGNORECASE)) for device_class, words in WORDS.items())
#: beginnings of which each description that fits a pattern holds one: looked for first, since most hold none
STEMS = ("print", "laserjet", "officejet", "mfp", "multi", "projector", "signage", "interactive", "video", "nvr", "dvr",
         "camera", "telepresence", "phone", "gateway", "analog", "pbx", "control", "access", "wireless", "radio",
         "firewall", "utm", "ngfw", "security", "load", "delivery", "transfer", "ups", "uninterrupt", "pdu", "power",
         "rectifier", "kvm", "server", "ipmi", "bmc", "idrac", "ilo", "irmc", "lights-out", "baseboard",
         "air condition", "chiller", "cooling", "temperature", "humidity", "environment", "thermo", "time", "ntp",
         "storage", "disk", "tape", "autoloader", "nas", "thin", "media", "modem", "docsis", "router",
         "switch")  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """A vote for what the description calls the device."""
    description = walk.description
    lower = description.lower()
    if description and not COMPUTER.match(description) and any(stem in lower for stem in STEMS):
        named = next((device_class for device_class, words in PATTERNS if words.search(description)), None)
        if named:
            yield from walk.vote(named, WEIGHT, "named", DESCRIPTION)
