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
#: class → letters of which each description holds some that fits, and the words that name it, tried in this order
WORDS = {
    "label printer": (("label",), r"label printer"),
    "printer": (("print", "laserjet", "officejet", "mfp", "multi"),
                r"printer|laserjet|officejet|\bmfp\b|multi-?function (device|product)|print ?server"),
    "projector": (("projector",), r"projector"),
    "display": (("signage", "interactive", "video wall"),
                r"digital signage|interactive (display|panel|flat)|\bvideo wall\b"),
    "video conference": (("conferenc", "telepresence", "bar"), r"video ?conferenc|telepresence|video ?bar"),
    "video recorder": (("nvr", "dvr", "recorder"), r"\b(nvr|dvr)\b|video recorder"),
    "camera": (("camera", "encoder"), r"\bcamera\b|video encoder"),
    "phone": (("phone",), r"\b(ip|sip|voip|desk) ?phone|conference phone"),
    "modem": (("modem", "docsis"), r"cable modem|docsis|dsl modem"),
    "voice gateway": (("gateway", "analog"),
                      r"(voip|voice|analogu?e|fxs|sip) gateway|analogu?e telephone adapt"),
    "pbx": (("pbx",), r"\b(ip[ -]?)?pbx\b"),
    "wireless controller": (("wireless", "wlan", "wi-fi", "wifi", "mobility"),
                            r"(wireless|wlan|wi-?fi)( lan)? (controller|switch)\b|mobility controller"),
    "access point": (("access", "wireless"), r"access[ -]?point|\bwireless ap\b"),
    "wireless bridge": (("bridge", "microwave"), r"(wireless|radio) bridge|microwave radio"),
    "firewall": (("firewall", "utm", "ngfw", "security"),
                 r"\bfirewall\b|\b(utm|ngfw)\b|security (gateway|appliance)"),
    "load balancer": (("balanc", "delivery"), r"load ?balanc|application delivery"),
    "transfer switch": (("transfer",), r"transfer switch"),
    "ups": (("ups", "uninterruptible"), r"\bups\b|uninterruptible"),
    "pdu": (("pdu", "distribution"), r"\b[er]?pdu\b|power distribution"),
    "rectifier": (("rectifier", "power system"), r"rectifier|dc power system"),
    "kvm": (("kvm",), r"\bkvm\b"),
    "console server": (("server",), r"(console|terminal|serial|device) server"),
    "management controller": (("ipmi", "bmc", "idrac", "ilo", "irmc", "lights-out", "baseboard"),
                              r"\b(ipmi|bmc|idrac|ilo|irmc|ibmc)\b|lights-out|baseboard management"),
    "air conditioner": (("condition", "chiller", "cooling"), r"air condition|\bchiller\b|precision cooling"),
    "sensor": (("temperature", "humidity", "monitor", "thermo"),
               r"temperature|humidity|environment(al)? monitor|thermo(meter|hygro)"),
    "time server": (("server",), r"\b(ntp|time) ?server"),
    "storage": (("disk", "storage", "tape", "autoloader"),
                r"disk array|storage (system|array)|tape library|\bautoloader\b"),
    "nas": (("storage", "nas"), r"network[ -]attached storage|\bnas\b"),
    "thin client": (("thin",), r"thin ?client"),
    "media converter": (("converter",), r"media ?converter"),
    "router": (("router",), r"\brouter\b"),
    "switch": (("switch",), r"switch(es)?\b(?! (to|on|off|board)\b)"),
}  # fmt: skip
PATTERNS = tuple(
    (device_class, sign, re.compile(words, re.IGNORECASE))
    for device_class, (signs, words) in WORDS.items()
    for sign in signs
)


def read(walk: Walk) -> Iterator[Statement]:
    """A vote for what the description calls the device."""
    description = walk.description
    lower = description.lower()
    if not description or COMPUTER.match(description):
        return
    for device_class, sign, words in PATTERNS:
        if sign in lower and words.search(description):
            yield from walk.vote(device_class, WEIGHT, "named", DESCRIPTION)
            return
