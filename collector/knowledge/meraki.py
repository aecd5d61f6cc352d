"""Cisco Meraki: what each device says of itself (MERAKI-CLOUD-CONTROLLER-MIB numbers, sysDescr).

Meraki devices tell neither serial nor firmware by SNMP; only their cloud does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Statement, Walk

MERAKI = re.compile(
    r"^=?(?=Meraki |Cisco Meraki |.*Cloud[- ]Managed)(?:Cisco )?(?:Meraki |Wireless |Catalyst )?"
    r"(?P<model>(?P<family>MR|CW|MX|vMX|MS|MG|MV|MT|Z|C9|IE)-?\w*\d[\w-]*)\b"
)
CLASSES = {"MR": "access point", "CW": "access point", "MX": "firewall", "vMX": "firewall", "MS": "switch",
           "C9": "switch", "IE": "switch", "MG": "router", "Z": "firewall", "MV": "camera", "MT": "sensor"}  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Class and model by the letters of the model."""
    match = MERAKI.match(walk.description)
    if match:
        yield from walk.vote(CLASSES[match["family"]], 90, "model", DESCRIPTION)
        yield from walk.fact("maker", "Cisco Meraki" if "Meraki" not in match[0] else "Meraki", DESCRIPTION, weight=55)
        yield from walk.fact("model", match["model"], DESCRIPTION, weight=60)
