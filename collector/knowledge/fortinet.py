"""Fortinet (FORTINET-CORE-MIB, FORTINET-FORTIGATE-MIB and those of its other products): class, model, serial, version.

Firewalls tell their model in ENTITY-MIB, with the version behind it; else the serial begins with a word for the model.
Its mail, web and management appliances count as firewalls, since no class of their own is asked for. VDOMs,
VPNs, sessions and the access points of a wireless controller are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Condition

FORTINET = "1.3.6.1.4.1.12356"
SERIAL = f"{FORTINET}.100.1.1.1.0"  # fnSysSerial
#: the product is the number behind the maker's: class, model's family, scalar of the version
PRODUCTS = {
    f"{FORTINET}.15": ("firewall", "FortiGate", f"{FORTINET}.101.4.1.1.0"),
    f"{FORTINET}.101": ("firewall", "FortiGate", f"{FORTINET}.101.4.1.1.0"),  # fgSysVersion
    f"{FORTINET}.102": ("firewall", "FortiAnalyzer", f"{FORTINET}.102.2.1.7.0"),
    f"{FORTINET}.103": ("firewall", "FortiManager", f"{FORTINET}.103.2.1.7.0"),  # fmSysVersion
    f"{FORTINET}.103.1": ("firewall", "FortiManager", f"{FORTINET}.103.2.1.7.0"),
    f"{FORTINET}.103.3": ("firewall", "FortiAnalyzer", f"{FORTINET}.103.2.1.7.0"),
    f"{FORTINET}.105": ("firewall", "FortiMail", f"{FORTINET}.105.1.3.0"),
    f"{FORTINET}.106": ("switch", "FortiSwitch", f"{FORTINET}.106.4.1.1.0"),  # fsSysVersion
    f"{FORTINET}.107": ("firewall", "FortiWeb", f"{FORTINET}.107.2.1.3.0"),
    f"{FORTINET}.112": ("load balancer", "FortiADC", f"{FORTINET}.112.1.3.0"),
    f"{FORTINET}.113": ("firewall", "FortiAuthenticator", f"{FORTINET}.113.1.3.0"),
    f"{FORTINET}.118": ("firewall", "FortiSandbox", f"{FORTINET}.118.3.1.1.0"),
    f"{FORTINET}.120": ("access point", "FortiAP", ""),
}
#: products that tell model and serial next to each other: product → (model, serial)
OWN = {number: (f"{FORTINET}.{number}.1.1.0", f"{FORTINET}.{number}.1.2.0") for number in ("105", "107", "112", "113")}
ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
DESCRIPTIONS = (f"{ENTITY}.10.1", f"{ENTITY}.9.1", "1.3.6.1.2.1.1.1.0")  # FortiGate-100E v6.4.8,build1914,211117 (GA)
NAMED = re.compile(
    r"\b(?P<model>Forti(?:Gate|WiFi|Switch|AP|Mail|Web)(?:[- ]?Rugged)?[- ][A-Z0-9][\w-]*) v(?P<version>\d\S*)"
)
SHORT = re.compile(r"^(FGT|FWF|FGR|FSW|S|FS)_(?P<model>[\w-]+)$")
FAMILIES = {"FGT": "FortiGate", "FG": "FortiGate", "FWF": "FortiWiFi", "FW": "FortiWiFi", "FGR": "FortiGate Rugged",
            "FSW": "FortiSwitch", "FS": "FortiSwitch", "S": "FortiSwitch"}  # fmt: skip
SERIALS = re.compile(r"^(?P<family>FGT|FWF|FG|FW)(?P<model>\d{2,3}[A-G])")
READINGS = {f"{FORTINET}.101.4.1.3.0": "processor_load", f"{FORTINET}.101.4.1.4.0": "memory_load"}
SENSORS = f"{FORTINET}.101.4.3.2.1"  # fgHwSensorTable: .2 name, .3 value as text, .4 alarm

UNDER = ("12356",)
ASKS = (
    Ask(
        "fortinet",
        scalars=(
            SERIAL,
            *sorted({version for _, _, version in PRODUCTS.values() if version} | set(READINGS)),
            *(oid for pair in OWN.values() for oid in pair),
        ),
        tables=(f"{SENSORS}.2", f"{SENSORS}.3", f"{SENSORS}.4"),
        condition=Condition(object_id_prefixes=(FORTINET,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity by product; processor and memory load and sensors of firewalls."""
    product = walk.of_object_id(PRODUCTS)
    if product is None:
        return
    device_class, family, version = product
    yield from walk.vote(device_class, 100, "product", OBJECT_ID)
    yield from walk.fact("model", family, OBJECT_ID, weight=20)
    yield from walk.state("serial", SERIAL, weight=70)
    yield from walk.state("firmware", version, weight=70)
    for model, serial in OWN.values():
        yield from walk.state("model", model, weight=70)
        yield from walk.state("serial", serial, weight=70)
    yield from _model(walk)
    yield from _health(walk)


def _model(walk: Walk) -> Iterator[Statement]:
    """Model and version from what the device says of itself, else the model from name or serial."""
    for oid in DESCRIPTIONS:
        match = NAMED.search(walk.text(oid))
        if match:
            yield from walk.fact("model", match["model"].replace("-", " ", 1), oid, weight=65)
            yield from walk.fact("firmware", f"v{match['version']}", oid, weight=55)
    short = SHORT.match(walk.text(f"{ENTITY}.13.1"))
    if short:
        name = f"{FAMILIES[short[1]]} {short['model'].replace('_', '-')}"
        yield from walk.fact("model", name, f"{ENTITY}.13.1", weight=60)
    for oid in (SERIAL, f"{ENTITY}.11.1"):
        match = SERIALS.match(walk.text(oid))
        if match:
            yield from walk.fact("model", f"{FAMILIES[match['family']]} {match['model'].lstrip('0')}", oid, weight=30)


def _health(walk: Walk) -> Iterator[Statement]:
    for oid, name in READINGS.items():
        yield from walk.state(name, oid, read=as_integer, unit="percent")
    for index in walk.column(f"{SENSORS}.2"):
        name, value = walk.text(f"{SENSORS}.2.{index}"), walk.text(f"{SENSORS}.3.{index}")
        if "temp" in name.lower() and re.fullmatch(r"\d{1,3}(\.\d+)?", value):
            component = f"sensor/{index[:64]}"
            yield from walk.fact("name", name, f"{SENSORS}.2.{index}", component=component)
            yield from walk.fact(
                "temperature", float(value), f"{SENSORS}.3.{index}", component=component, unit="celsius"
            )
