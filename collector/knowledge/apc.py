"""PowerNet-MIB of APC (Schneider Electric): UPS, rack PDU, transfer switch, environment monitor, and their cards.

A management card says of itself in sysDescr what it runs and what it manages (`AN1:apc_hw02_sumx_372.bin` manages a
Smart-UPS). Where the device behind the card answers, the card is a module of it; else its words stand for the device.
NetBotz appliances and cooling units in detail are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from collector.facts import identifier_text, named_text
from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_text
from stocktake.values import Binding, Cadence, Condition

APC = "1.3.6.1.4.1.318"
HARDWARE, PRODUCTS = f"{APC}.1.1", f"{APC}.1.3"
UPS, SWITCHED, METERED, TRANSFER, MONITOR = (f"{HARDWARE}.{tail}" for tail in ("1.1", "4.1", "12.1", "8.1", "10.3.1"))
#: a subtree that only this kind of device has → class, fact → its object
IDENTITIES: tuple[tuple[str, str, dict[str, str]], ...] = (
    (UPS, "ups", {"model": f"{UPS}.1.1.0", "firmware": f"{UPS}.2.1.0", "serial": f"{UPS}.2.3.0"}),
    (SWITCHED, "pdu", {"firmware": f"{SWITCHED}.2.0", "model": f"{SWITCHED}.4.0", "serial": f"{SWITCHED}.5.0"}),
    (METERED, "pdu", {"firmware": f"{METERED}.3.0", "model": f"{METERED}.5.0", "serial": f"{METERED}.6.0"}),
    (
        TRANSFER,
        "transfer switch",
        {"firmware": f"{TRANSFER}.2.0", "model": f"{TRANSFER}.5.0", "serial": f"{TRANSFER}.6.0"},
    ),
    (f"{MONITOR}.2", "sensor", {"model": f"{MONITOR}.2.0", "firmware": f"{MONITOR}.3.0", "serial": f"{MONITOR}.6.0"}),
)
MANUFACTURED = (f"{UPS}.2.2.0", f"{SWITCHED}.3.0", f"{METERED}.4.0", f"{TRANSFER}.4.0", f"{MONITOR}.5.0")
#: tables with a row for each PDU of a chain: rPDU2, basic rack PDU, CPDU
CHAINS = (
    {"firmware": f"{HARDWARE}.26.2.1.6", "model": f"{HARDWARE}.26.2.1.8", "serial": f"{HARDWARE}.26.2.1.9"},
    {"firmware": f"{HARDWARE}.30.2.1.1.3", "model": f"{HARDWARE}.30.2.1.1.4", "serial": f"{HARDWARE}.30.2.1.1.5"},
    {"firmware": f"{HARDWARE}.32.1.2.1.14", "model": f"{HARDWARE}.32.1.2.1.11", "serial": f"{HARDWARE}.32.1.2.1.12"},
)
#: upsBasicIdentName, upsAdvIdentSkuNumber
NAME, SKU = f"{UPS}.1.2.0", f"{UPS}.2.5.0"
#: what the card runs: the version of its operating system, and of the application that knows the device
CARD_VERSIONS = f"{APC}.1.4.2.4.1.4"
STATUS, REPLACED, CHARGE, TEMPERATURE, RUNTIME, REPLACE, LOAD = (
    f"{HARDWARE}.1.{tail}.0" for tail in ("2.1.1", "2.1.3", "2.2.1", "2.2.2", "2.2.3", "2.2.4", "4.2.3")
)
STATES = {2: "normal", 3: "low", 4: "in fault"}
OUTPUT, TEST = f"{UPS}.4.1.1.0", f"{UPS}.7.2.3.0"  # upsBasicOutputStatus, upsAdvTestDiagnosticsResults
SOURCES = {2: "normal", 3: "battery", 4: "booster", 6: "bypass", 9: "bypass", 10: "bypass", 12: "reducer"}
TESTS = {1: "passed", 2: "failed"}

UNDER = ("318",)
ASKS = (
    Ask(
        "apc",
        scalars=(*(oid for _, _, objects in IDENTITIES for oid in objects.values()), *MANUFACTURED, NAME, SKU,
                 STATUS, REPLACED, CHARGE, TEMPERATURE, RUNTIME, REPLACE, LOAD),
        tables=(*(oid for chain in CHAINS for oid in chain.values()), CARD_VERSIONS),
        condition=Condition(object_id_prefixes=(APC,)),
    ),
    Ask(
        "apc_battery", Cadence.HEALTH, scalars=(STATUS, CHARGE, TEMPERATURE, RUNTIME, REPLACE, LOAD, OUTPUT, TEST),
        condition=Condition(object_id_prefixes=(APC,)),
    ),
)  # fmt: skip

#: sysObjectID → class
CLASSES = {
    # Back-UPS, Smart-UPS, Matrix, Symmetra, DP, three-phase units of several generations, Gutor, Galaxy, PowerChute
    **dict.fromkeys((f"{PRODUCTS}.{n}" for n in (1, 2, 3, 5, 6, 13, 16, 17, 21, 27, 28, 33)), "ups"),
    **dict.fromkeys((f"{PRODUCTS}.4", f"{PRODUCTS}.15", f"{HARDWARE}.30", f"{HARDWARE}.32"), "pdu"),
    **dict.fromkeys((f"{PRODUCTS}.11", f"{PRODUCTS}.19"), "transfer switch"),
    f"{PRODUCTS}.8": "sensor",
    f"{PRODUCTS}.10": "rectifier",
    f"{PRODUCTS}.20": "console server",
    f"{PRODUCTS}.14": "air conditioner",
}
#: what the application of a card manages, by the beginning of its name
APPLICATIONS = {"su": "ups", "sy": "ups", "dp": "ups", "g2": "ups", "rpdu": "pdu", "xpdu": "pdu", "ms": "pdu",
                "ats": "transfer switch", "xats": "transfer switch", "isx": "server", "ems": "sensor", "mem": "sensor",
                "nb": "sensor", "nairfm": "air conditioner", "airfm": "air conditioner",
                "ac": "air conditioner"}  # fmt: skip
FIELD = re.compile(r"\b(PF|AF1|AN1|MN|MOD|Mod|SN|FW): ?([^\s,)]+)")
PLAIN_FIRMWARE = re.compile(r"\((?:FW|SW) v([\d.]+)")  # of cards older than the fields
APPLICATION = re.compile(r"^(?:apc_hw\d+_)?([a-z]+\d?)")
PRODUCT = re.compile(r"^(?:APC|Schneider Electric) (.{3,60}?) \(")
CARD = re.compile(r"^(AP96\d\d|AP064\d)")  # network management cards and what they were before


def read(walk: Walk) -> Iterator[Statement]:
    """Identity, class and battery of an APC device; nothing of others."""
    device_class = walk.of_object_id(CLASSES)
    if device_class:
        yield from walk.vote(device_class, 60, "object_id", OBJECT_ID)
    if walk.of_object_id({APC: True}):
        yield from _card(walk)
    if walk.has(HARDWARE):
        yield from _identity(walk)
        yield from _battery(walk)


def _identity(walk: Walk) -> Iterator[Statement]:
    for place, device_class, objects in IDENTITIES:
        if walk.has(place):
            yield from walk.vote(device_class, 80, f"answers_as_{device_class}".replace(" ", "_"), place)
            yield from walk.states(objects, weight=60)
    yield from walk.state("name", NAME, weight=30)
    yield from walk.state("sku", SKU)
    for index, name in (("1", "system"), ("2", "application")):
        yield from walk.state(name, f"{CARD_VERSIONS}.{index}", component="module/management_card")
    for oid in MANUFACTURED:
        yield from walk.state("manufactured", oid, read=_day)
    for chain in CHAINS:
        members = sorted(walk.column(chain["model"]))
        for index in members[:1]:
            yield from walk.vote("pdu", 80, "chain", f"{chain['model']}.{index}")
            yield from walk.states(
                {"model": f"{chain['model']}.{index}", "serial": f"{chain['serial']}.{index}"}, weight=60
            )
            yield from walk.words(_VERSION, f"{chain['firmware']}.{index}", weight=60)
        for index in members[1:]:
            for name, column in chain.items():
                yield from walk.state(name, f"{column}.{index}", component=f"pdu/{index}")


_VERSION = re.compile(r"^(Ver\.?)?\s*(?P<firmware>\S.*)$")


def _battery(walk: Walk) -> Iterator[Statement]:
    battery = "battery/ups"
    yield from walk.fact("status", STATES.get(walk.integer(STATUS) or 0), STATUS, component=battery)
    yield from walk.state("replaced", REPLACED, read=_day, component=battery)
    yield from walk.fact(
        "to_be_replaced", {1: False, 2: True}.get(walk.integer(REPLACE) or 0), REPLACE, component=battery
    )
    runtime = walk.integer(RUNTIME)
    yield from walk.fact(
        "runtime", None if runtime is None else runtime // 100, RUNTIME, component=battery, unit="seconds"
    )
    yield from walk.fact("charge", walk.integer(CHARGE), CHARGE, component=battery, unit="percent")
    yield from walk.fact("temperature", walk.integer(TEMPERATURE), TEMPERATURE, component=battery, unit="celsius")
    yield from walk.fact("load", walk.integer(LOAD), LOAD, unit="percent")
    yield from walk.fact("output_source", SOURCES.get(walk.integer(OUTPUT) or 0), OUTPUT, weight=55)
    yield from walk.fact("self_test", TESTS.get(walk.integer(TEST) or 0), TEST, weight=55)


def _card(walk: Walk) -> Iterator[Statement]:
    """What the card says of itself, and through that of the device."""
    fields = dict(FIELD.findall(walk.description))
    application = APPLICATION.search(fields.get("AN1", ""))
    managed = next((c for a, c in APPLICATIONS.items() if application and application[1].startswith(a)), None)
    if managed:
        yield from walk.vote(managed, 70, "application", DESCRIPTION)
    if "Management Card" in walk.description or "PowerNet SNMP" in walk.description:
        yield from walk.vote("ups", 35, "management_card", DESCRIPTION)  # what most cards sit in
    number = fields.get("MN") or fields.get("MOD") or fields.get("Mod") or ""
    number = "" if number.startswith("UPS_") else named_text(number)
    serial, version = identifier_text(fields.get("SN", "")), fields.get("AF1") or fields.get("FW")
    plain = PLAIN_FIRMWARE.search(walk.description)
    version = version or (plain[1] if plain else None)
    if managed == "ups" or CARD.match(number):
        told = {"model": number, "serial": serial, "firmware": version}
        for name, value in told.items():
            yield from walk.fact(name, value, DESCRIPTION, component="module/management_card")
    else:
        yield from walk.fact("serial", serial, DESCRIPTION, weight=45)
    yield from walk.fact("firmware", version, DESCRIPTION, weight=30)
    product = PRODUCT.match(walk.description)
    yield from walk.fact("model", f"{product[1]} {number}".strip() if product else "", DESCRIPTION, weight=30)


def _day(binding: Binding) -> str:
    """A date as APC writes it (mm/dd/yy or mm/dd/yyyy) in ISO text; ValueError where it is none."""
    parts = as_text(binding).split("/")
    if parts == [""]:
        return ""
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        raise ValueError(f"no date: {as_text(binding)[:20]}")
    month, day, year = (int(part) for part in parts)
    year += 0 if year > 99 else 1900 if year > 85 else 2000
    return date(year, month, day).isoformat()
