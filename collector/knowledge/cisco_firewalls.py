"""Cisco firewalls by sysDescr: Adaptive Security Appliance, Firepower Threat Defense, PIX, FXOS, Meraki MX.

Model and serial of the chassis come from ENTITY-MIB; a threat-defence device tells two versions, of which the first is
its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Statement, Walk

PATTERNS = (
    re.compile(r"^Cisco Fire ?power Threat Defense, Version (?P<firmware>\d\S*(?: \(Build \d+\))?)", re.IGNORECASE),
    re.compile(r"^Cisco Adaptive Security Appliance Version (?P<firmware>\S+)", re.IGNORECASE),
    re.compile(r"^Cisco (?:Secure )?PIX Firewall Version (?P<firmware>\S+)", re.IGNORECASE),
    re.compile(r"^Cisco Secure Firewall .*?Version (?P<firmware>\d[^\s,]*)", re.IGNORECASE),
    re.compile(r"^Cisco FirePOWER FPR-\S+ .*?Version (?P<firmware>\d[^\s,]*)", re.IGNORECASE),
    re.compile(r"^Meraki (?P<model>(?:v?MX|Z)\d\w*(?:-\w+)?)\b"),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class and version, or a Meraki's model."""
    for pattern in PATTERNS:
        if pattern.match(walk.description):
            yield from walk.vote("firewall", 100, "description", DESCRIPTION)
            yield from walk.words(pattern, weight=65)
            return
