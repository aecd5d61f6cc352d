"""pfSense and OPNsense: firewalls on any hardware, told by sysDescr, by BEGEMOT-PF-MIB or by the HardenedBSD kernel.

They run on hardware of many makers and tell nothing of it by SNMP, so the model is the product and the processor's
architecture, and the maker that of the software, at a low weight: SMBIOS or a neighbour's word stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, Ask, Statement, Walk
from stocktake.values import Condition

PF = "1.3.6.1.4.1.12325.1.200.1"  # BEGEMOT-PF-MIB: pfMIBObjects
RUNNING = f"{PF}.1.1.0"
PFSENSE = re.compile(
    r"pfSense(?: Plus)?(?: \S+)? (?P<firmware>\d[\w.]*-\w+(?:-p\d+)?) .*?"
    r"(?P<architecture>amd64|i386|arm64|armv\d|aarch64)?$"
)
OPNSENSE = re.compile(
    r"^FreeBSD .*?(?P<firmware>\d+\.\d+-RELEASE(?:-p\d+)?(?:-HBSD)?) .*(?P<architecture>amd64|i386|arm64|aarch64)"
)
NAMES = (("pfsense", "pfSense"), ("opnsense", "OPNsense"), ("-HBSD", "OPNsense"), ("/sensey:", "OPNsense"))
#: product → who makes it, and appliances for it; weaker than the maker of a MAC
MAKERS = {"pfSense": "Netgate", "OPNsense": "Deciso"}
HINT = 4

ASKS = (
    Ask(
        "pf",
        scalars=(RUNNING,),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.8072.3.2.8", "1.3.6.1.4.1.12325")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, product and version."""
    told, lowered = walk.description, walk.description.lower()
    product = next((name for sign, name in NAMES if sign in told or sign in lowered), "")
    if product:
        yield from walk.vote("firewall", 100, "product", DESCRIPTION)
        yield from walk.fact("os.name", product, DESCRIPTION, weight=70)
        yield from walk.fact("maker", MAKERS[product], DESCRIPTION, weight=HINT)
        yield from _version(walk, product)
    elif walk.has(PF):  # a packet filter is configured on servers, too
        yield from walk.vote("firewall", 35, "packet_filter", PF)
    if "netgate" in lowered:
        yield from walk.fact("maker", "Netgate", DESCRIPTION, weight=70)


def _version(walk: Walk, product: str) -> Iterator[Statement]:
    match = (PFSENSE if product == "pfSense" else OPNSENSE).search(walk.description)
    if match is None:
        return
    yield from walk.fact("firmware", match["firmware"], DESCRIPTION, weight=60)
    if match["architecture"]:
        yield from walk.fact("model", f"{product} on {match['architecture']}", DESCRIPTION, weight=15)
