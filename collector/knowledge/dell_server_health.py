"""Health of Dell servers by iDRAC and OpenManage: fans, currents, batteries, processors, controllers, arrays, disks.

IDRAC-MIB-SMIv2, MIB-Dell-10892 (the same tables in another place) and StorageManagement-MIB. Identity, supplies,
memory and the disks of an iDRAC are in `dell_servers`. The day on which a BIOS was released bounds the age of a server
from below alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from collector.knowledge import (
    LONGEST_INDEX,
    Gauge,
    Statement,
    Walk,
    as_date,
    as_identifier,
    as_maker,
    as_named,
    asked,
)
from collector.readers import SPEED, measure, word

DELL = "1.3.6.1.4.1.674"
CARD, AGENT = f"{DELL}.10892.5.4", f"{DELL}.10892.1"  # iDRAC, OpenManage
DISKS, STORAGE = f"{DELL}.10892.5.5.1.20.130.4.1", f"{DELL}.10893.1.20.130.4.1"
ARRAYS, CONTROLLERS = f"{DELL}.10892.5.5.1.20.140.1.1", f"{DELL}.10892.5.5.1.20.130.1.1"
STATE = word({3: "ok", 4: "warning", 5: "critical", 6: "failed"})  # DellStatus
PROBE = word({3: "ok", 4: "warning", 5: "critical", 6: "failed", 7: "warning", 8: "critical", 9: "failed"})
#: DellPhysicalDiskState
DISK = word({2: "ok", 3: "ok", 4: "critical", 5: "off", 6: "warning", 7: "failed", 8: "ok", 9: "ok"})
ARRAY = word({2: "ok", 3: "failed", 4: "warning"})
VOLTS, MEGABYTES = measure(0.001, 1000, 0.001), measure(1, 2**60, 1 << 20)


def _probes(tree: str) -> tuple[Gauge, ...]:
    """The tables that an iDRAC and OpenManage have alike."""
    return (
        Gauge("fan", "name", f"{tree}.700.12.1.8"),
        Gauge("fan", "status", f"{tree}.700.12.1.5", PROBE),
        Gauge("fan", "speed", f"{tree}.700.12.1.6", SPEED, "revolutions_per_minute"),
        Gauge("sensor/voltage", "name", f"{tree}.600.20.1.8"),
        Gauge("sensor/voltage", "voltage", f"{tree}.600.20.1.6", VOLTS, "volts"),
        Gauge("battery", "name", f"{tree}.600.50.1.7"),
        Gauge("battery", "status", f"{tree}.600.50.1.5", STATE),
        Gauge("processor", "maker", f"{tree}.1100.30.1.8", as_maker),
        Gauge("processor", "name", f"{tree}.1100.30.1.23", as_named),
        Gauge("processor", "status", f"{tree}.1100.30.1.5", STATE),
        Gauge("processor", "cores", f"{tree}.1100.30.1.17", measure(1, 4096)),
    )


ONLY_AGENT = (
    Gauge("sensor", "name", f"{AGENT}.700.20.1.8"),
    Gauge("sensor", "temperature", f"{AGENT}.700.20.1.6", measure(1, 150, 0.1), "celsius"),
    Gauge("power supply", "status", f"{AGENT}.600.12.1.5", STATE),
    Gauge("disk", "name", f"{STORAGE}.2"),
    Gauge("disk", "maker", f"{STORAGE}.3", as_maker),
    Gauge("disk", "model", f"{STORAGE}.6", as_named),
    Gauge("disk", "serial", f"{STORAGE}.7", as_identifier),
    Gauge("disk", "firmware", f"{STORAGE}.8", as_named),
    Gauge("disk", "size", f"{STORAGE}.11", MEGABYTES, "bytes"),
)
ONLY_CARD = (
    Gauge("disk", "status", f"{DISKS}.4", DISK),
    Gauge("array", "name", f"{ARRAYS}.2"),
    Gauge("array", "status", f"{ARRAYS}.4", ARRAY),
    Gauge("array", "size", f"{ARRAYS}.6", MEGABYTES, "bytes"),
    Gauge("controller", "name", f"{CONTROLLERS}.2"),
    Gauge("controller", "firmware", f"{CONTROLLERS}.8", as_named),
    Gauge("controller", "status", f"{CONTROLLERS}.38", STATE),
)
OF_CARD, OF_AGENT = (*_probes(CARD), *ONLY_CARD), (*_probes(AGENT), *ONLY_AGENT)
DAY, WEEK, YEAR = (f"{DISKS}.{number}" for number in (32, 33, 34))  # of a disk's making, as text
BIOS_DAY = "300.50.1.7.1.1"  # systemBIOSReleaseDateName

UNDER = ("674",)
ASKS = (
    asked("dell_card_health", (*OF_CARD, *(Gauge("", "", oid) for oid in (DAY, WEEK, YEAR, f"{CARD}.300.50.1.7"))),
          f"{DELL}.10892.2", f"{DELL}.10892.5", f"{DELL}.10892.6"),
    asked("dell_agent_health", (*OF_AGENT, Gauge("", "", f"{AGENT}.300.50.1.7")),
          answered=f"{AGENT}.300.10.1.11"),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """States and readings of the parts, and when disks were made."""
    for tree, gauges in ((CARD, OF_CARD), (AGENT, OF_AGENT)):
        if walk.has(tree):
            yield from walk.measured(gauges)
            yield from walk.state("bios_date", f"{tree}.{BIOS_DAY}", read=as_date)
    for index in walk.column(YEAR):
        yield from _made(walk, index)


def _made(walk: Walk, index: str) -> Iterator[Statement]:
    """The day of a disk's making, which is told by its week (ISO 8601) and its day in the week."""
    told = [walk.text(f"{column}.{index}") for column in (YEAR, WEEK, DAY)]
    if not all(part.isdecimal() and len(part) <= 4 for part in told) or not int(told[0]):
        return  # a solid state disk tells 0 of all three
    component, oid = f"disk/{index[:LONGEST_INDEX]}", f"{YEAR}.{index}"
    year, week, day = (int(part) for part in told)
    try:
        made = date.fromisocalendar(year, week, min(max(day, 1), 7)) if 1990 <= year <= 2099 else None
    except ValueError:
        made = None
    if made is None:
        yield from walk.unread(f"no date: {'/'.join(told)}", oid)
        return
    yield from walk.fact("manufactured", made.isoformat(), oid, component=component)
    yield from walk.fact("manufactured.raw", "/".join(told), oid, component=component)
