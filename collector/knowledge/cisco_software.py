"""Cisco's operating systems by sysDescr: IOS, IOS-XE, IOS XR, NX-OS, SAN-OS and CatOS on switches, routers and radios.

Says class, software and version; model and serial come from ENTITY-MIB, and where a device has none of it, from
OLD-CISCO-CHASSIS-MIB and from what a chassis calls itself. Firewalls, AireOS, Small Business and Meraki have files of
their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

CISCO = "1.3.6.1.4.1.9"
CHASSIS_ID = f"{CISCO}.3.6.3.0"  # chassisId: the serial, unless somebody configured another text
ENTITY = "1.3.6.1.2.1.47.1.1.1.1"

ASKS = (Ask("cisco", scalars=(CHASSIS_ID,), condition=Condition(object_id_prefixes=(CISCO,))),)

IOS = re.compile(
    r"(?:Cisco IOS Software|IOS \(tm\)),?(?: \[\w+\],?)?(?: IOS-XE Software,)? (?P<platform>.{1,60}?) Software "
    r"\((?P<image>[\w.-]+)\),? (?:Experimental )?Version (?P<firmware>[^\s,\[]+)"
)
#: sysDescr of the others; `model` only where it is exact
OTHERS = (
    (re.compile(r"Cisco (?P<os__name>IOS XR) Software \((?:Cisco )?[^)]{1,40}\),? +Version (?P<firmware>[\w.]+)"),
     "router"),
    (re.compile(r"Cisco (?P<os__name>NX-OS|SAN-OS|FX-OS)\(tm\) [^,]{1,60}, Software \((?P<os__image>[\w. -]+)\), "
                r"(?:Interim )?Version (?P<firmware>[^\s,]+)"), "switch"),
    (re.compile(r"Cisco Systems(?:, Inc\.)?,? (?P<model>WS-\S+) .{0,20}Catalyst Operating System Software, "
                r"Version (?P<firmware>[^\s,]+)"), "switch"),
    (re.compile(r"^(?P<model>(?:IE|ME) ?-?\d{4}) (?:Industrial|GigaBit) Ethernet Switch, [Vv]ersion:? "
                r"(?P<firmware>[^#]+)"), "switch"),
)  # fmt: skip
NEXUS = re.compile(r"Cisco NX-OS\(tm\) Nexus(?P<family>[3-9])\d{3} (?P<product>C\d[\w-]+)")
SERIES = re.compile(r"Cisco IOS XR Software \((?:Cisco )?(?P<model>[^)]{3,40})\)")
#: beginnings of platform and image names → class; the first that fits, else it is a router
KINDS = (
    ("access point", re.compile(r"K9W[78]|^ap\d", re.IGNORECASE)),
    ("wireless controller", re.compile(r"Wireless LAN Controller|^C9800|^CT5760", re.IGNORECASE)),
    ("voice gateway", re.compile(r"^VG\d", re.IGNORECASE)),
    ("switch", re.compile(
        r"switch|catalyst|^cat\d|^c(1000\b|23[56]0|29(18|28|40|50|55|6\w|70|75|00XL)|3500XL|35[56]0|3750|45\d\d|6\w+|9[2-6])"
        r"|^(c6sup|CDB|s72033|s3223|s222|s2t54|s6t64|me3|me49|ie\d|cgs|cbs|cigesm|ess\d|ce500|WS-)", re.IGNORECASE)),
)  # fmt: skip
#: what each description holds that one of these patterns fits
SIGNS = ("Cisco", "IOS", " Ethernet Switch, ")
SERIAL = re.compile(r"^[A-Z]{3}\d{4}[0-9A-Z]{4}$")  # place, year, week, number
STACKS = re.compile(r"^(?P<model>[Cc]\d{2}\w{1,3} Stack(?:ing)?)$")  # what the row of a stack is called: `c38xx Stack`
#: sysObjectID of NX-OS (cevChassis) and of CatOS (workgroup): switches, whatever sysDescr was made to say
NUMBERS = {f"{CISCO}.12.3.1.3": "switch", f"{CISCO}.5": "switch"}
PART = re.compile(r"^(?:Cisco )?(?P<model>[A-Z][A-Z0-9]*\d[A-Z0-9]*-[A-Z0-9+-]+)(?: [Cc]hassis)?$")


def read(walk: Walk) -> Iterator[Statement]:
    """Class, software and version from sysDescr; then what fills the gaps of ENTITY-MIB."""
    described = any(sign in walk.description for sign in SIGNS)
    told = [*_ios(walk), *_others(walk)] if described else []
    yield from told
    if not told and walk.of_object_id({CISCO: True}) is None:
        return
    kind = walk.of_object_id(NUMBERS)
    if kind and not told:
        yield from walk.vote(kind, 40, "number", OBJECT_ID)
    chassis = walk.text(CHASSIS_ID)
    if SERIAL.match(chassis):
        yield from walk.state("serial", CHASSIS_ID, weight=40)
    yield from _called(walk)


def _ios(walk: Walk) -> Iterator[Statement]:
    match = IOS.search(walk.description)
    if not match:
        return
    platform, image, firmware = match["platform"], match["image"], match["firmware"]
    kind = next((kind for kind, known in KINDS if known.search(platform) or known.search(image)), "router")
    yield from walk.vote(kind, 80, "platform", DESCRIPTION)
    yield from walk.fact("maker", "Cisco", DESCRIPTION, weight=55)
    yield from walk.fact("firmware", firmware, DESCRIPTION, weight=60)
    yield from walk.fact("os.name", _name(match[0], image), DESCRIPTION)
    yield from walk.fact("os.image", image, DESCRIPTION)


def _name(text: str, image: str) -> str:
    return "IOS-XE" if re.search(r"IOS-?XE|LINUX_IOSD|^CAT[39]K|\[\w+\]", f"{text} {image}") else "IOS"


def _others(walk: Walk) -> Iterator[Statement]:
    for pattern, kind in OTHERS:
        if pattern.search(walk.description):
            yield from walk.vote(kind, 80, "software", DESCRIPTION)
            yield from walk.fact("maker", "Cisco", DESCRIPTION, weight=55)
            yield from walk.words(pattern, weight=60 if "firmware" in pattern.groupindex else 40)
    if nexus := NEXUS.search(walk.description):
        yield from walk.fact("model", f"N{nexus['family']}K-{nexus['product']}", DESCRIPTION, weight=55)
    yield from walk.words(SERIES, weight=15)


def _called(walk: Walk) -> Iterator[Statement]:
    """The model of a chassis that tells none, from a description that is nothing but a part number; else the series."""
    for column in (2, 7):
        yield from walk.words(STACKS, f"{ENTITY}.{column}.1", weight=10)
    for index in walk.column(f"{ENTITY}.2"):
        if walk.integer(f"{ENTITY}.5.{index}") != 3:
            continue
        if match := PART.match(walk.text(f"{ENTITY}.2.{index}")):
            yield from walk.fact("model", match["model"], f"{ENTITY}.2.{index}", weight=35)
            return
