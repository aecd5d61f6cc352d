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
FAMILY = re.compile(r"^(?:Cisco )?Meraki (?P<family>MR|CW|MX|vMX|MS|MG|MV|MT|Z)\b")  # a name that tells no model
CLASSES = {"MR": "access point", "CW": "access point", "MX": "firewall", "vMX": "firewall", "MS": "switch",
           "C9": "switch", "IE": "switch", "MG": "router", "Z": "firewall", "MV": "camera", "MT": "sensor"}  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Class and model by the letters of the model."""
    match = MERAKI.match(walk.description)
    told = match or FAMILY.match(walk.description)
    if told:
        yield from walk.vote(CLASSES[told["family"]], 90, "model" if match else "family", DESCRIPTION)
        yield from walk.fact("maker", "Cisco Meraki" if "Meraki" not in told[0] else "Meraki", DESCRIPTION, weight=55)
    if match:
        yield from walk.fact("model", match["model"], DESCRIPTION, weight=60)
