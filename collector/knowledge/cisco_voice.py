"""Cisco telephony, video rooms and servers: Communications Manager, telephone adapters, phones, codecs, ISE and ACS.

By sysDescr and sysObjectID. Communications Manager tells its version in SYSAPPL-MIB alone. Registered phones are not
read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

PRODUCTS, TANDBERG = "1.3.6.1.4.1.9.1", "1.3.6.1.4.1.5596"
PACKAGE_VERSION = "1.3.6.1.2.1.54.1.1.1.1.4.1"  # sysApplInstallPkgVersion of the first package

MANAGER = f"{PRODUCTS}.1348"  # ciscoUCVirtualMachine
#: sysObjectID → class
CLASSES = {
    MANAGER: "pbx", f"{PRODUCTS}.583": "pbx", f"{PRODUCTS}.746": "pbx", f"{PRODUCTS}.1117": "server",
    f"{PRODUCTS}.1425": "server", f"{PRODUCTS}.1426": "server", f"{PRODUCTS}.2139": "server",
    f"{PRODUCTS}.2266": "server", f"{PRODUCTS}.3438": "server", "1.3.6.1.4.1.9.6.1.23": "voice gateway",
    f"{TANDBERG}.130": "video conference", f"{TANDBERG}.150": "video conference",
    f"{TANDBERG}.180": "video conference",
}  # fmt: skip
ASKS = (Ask("cisco_voice", tables=(PACKAGE_VERSION,), condition=Condition(object_id_prefixes=(MANAGER,))),)

KINDS = (
    ("video conference", re.compile(r"(?:Cisco|TANDBERG) (?:Codec|TelePresence\S*),? SoftW: (?P<firmware>\S+) "
                                    r"(?:(?:PAL|NTSC) )?MCU: (?:Cisco (?:TelePresence )?|TANDBERG )?(?P<model>.{2,40}?)"
                                    r" Date: .{0,40}S/N: (?P<serial>\w+)")),
    ("video conference", re.compile(r"^(?:Cisco|TANDBERG) (?P<model>(?:TelePresence )?(?:HD )?"
                                    r"(?:MCU|MPS|MSE|Supervisor MSE|Server|ISDN GW|IP GW)[ -]?(?:MSE )?\w*\d\w*)$")),
    ("video conference", re.compile(r"^TANDBERG (?:Codec|MPS-MCU|VCS|Gatekeeper|Border)\b")),
    ("phone", re.compile(r"^Cisco (?:Unified )?IP Phone,? (?P<model>[\w-]+)")),
    ("voice gateway", re.compile(r"^Cisco (?P<model>VG\d+)\b.* [Vv]ersion (?P<firmware>\S+)")),
    ("pbx", re.compile(r"^Hardware:(?:VMware|(?P<model>[\w-]+)), .*Software:UCOS (?P<firmware>[\d.-]+)")),
    ("voice gateway", re.compile(r"^(?:Linux|Cisco) (?P<model>(?:SPA|ATA) ?\d{3}\w*)\b")),
    ("server", re.compile(r"^Cisco (?P<os__name>Identity Services Engine)(?:,? Version (?P<firmware>[\d.]+))?")),
    ("server", re.compile(r"^Cisco Secure (?P<os__name>Access Control System) (?P<firmware>[\d.]+)")),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Class by number and description, version where it is told."""
    kind = walk.of_object_id(CLASSES)
    if kind:
        yield from walk.vote(kind, 80, "number", OBJECT_ID)
        yield from walk.fact("maker", "Cisco", OBJECT_ID, weight=55)
    for device_class, pattern in KINDS:
        if pattern.search(walk.description):
            yield from walk.vote(device_class, 80, "description", DESCRIPTION)
            yield from walk.words(pattern, weight=60)
    if kind == "pbx":
        yield from walk.state("firmware", PACKAGE_VERSION, weight=65)
