"""Days that tell the age of a device in objects of makers' own: made, installed, battery replaced.

HP-LASERJET-COMMON-MIB (install date), PowerNet-MIB, CPS-MIB and XPPC-MIB (mm/dd/yy), XUPS-MIB (install date),
TRIPPLITE-PRODUCTS, ALCATEL-IND1-CHASSIS-MIB (AOS 6 and 7, by entPhysicalIndex), IMM and XCC of Lenovo (memory),
WLSX-SYSTEMEXT-MIB (cards of a controller). ENTITY-MIB's day is read by `entity`; other makers' with their health. Each
is stated as ISO text, and as it was told (`.raw`); what is a placeholder or no day is counted as unread.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Gauge, Statement, Walk, asked, dated
from collector.readers import month_first_date, named_month_date
from stocktake.values import Cadence

ENTERPRISES = "1.3.6.1.4.1"
#: the number of the maker → prefixes of sysObjectID, days
DAYS: dict[str, tuple[tuple[str, ...], tuple[Gauge, ...]]] = {
    "11": (("11.2.3.9", "11.1", "29999", "26696.1"), dated("", "installed", f"{ENTERPRISES}.11.2.3.9.4.2.1.1.2.8.0")),
    "318": (
        ("318",),
        (
            dated("", "manufactured", f"{ENTERPRISES}.318.1.1.1.1.2.2.0", month_first_date)[1],
            *dated("", "battery.replaced", f"{ENTERPRISES}.318.1.1.1.2.1.3.0", month_first_date),
        ),
    ),
    "3808": (("3808",), dated("", "manufactured", f"{ENTERPRISES}.3808.1.1.1.1.2.2.0", month_first_date)),
    "935": (("935",), (
        *dated("", "manufactured", f"{ENTERPRISES}.935.1.1.1.1.2.2.0", month_first_date),
        *dated("", "battery.replaced", f"{ENTERPRISES}.935.1.1.1.2.1.3.0", month_first_date),
    )),
    "534": (("534",), (
        *dated("", "installed", f"{ENTERPRISES}.534.1.10.8.0", month_first_date),
        *dated("", "battery.replaced", f"{ENTERPRISES}.534.1.2.6.0", month_first_date),
    )),
    "850": (("850",), dated("ups", "installed", f"{ENTERPRISES}.850.1.1.2.1.1.6", month_first_date)),
    "6486": (("6486.800", "6486.801"), (
        *dated("module", "manufactured", f"{ENTERPRISES}.6486.800.1.1.1.1.1.1.1.6", named_month_date),
        *dated("module", "manufactured", f"{ENTERPRISES}.6486.801.1.1.1.1.1.1.1.6", named_month_date),
    )),
    "19046": (("19046",), dated("memory", "manufactured", f"{ENTERPRISES}.19046.11.1.1.5.21.1.5")),
    "2": (("2.3.51",), dated("memory", "manufactured", f"{ENTERPRISES}.2.3.51.3.1.5.21.1.5")),
    "14823": (("14823",), dated("module", "manufactured", f"{ENTERPRISES}.14823.2.2.1.2.1.16.1.8", month_first_date)),
}  # fmt: skip

UNDER = tuple(DAYS)
ASKS = tuple(
    asked(f"days_{number}", gauges, *(f"{ENTERPRISES}.{prefix}" for prefix in prefixes), cadence=Cadence.INVENTORY)
    for number, (prefixes, gauges) in DAYS.items()
)


def read(walk: Walk) -> Iterator[Statement]:
    """The days that the device tells of itself or of its parts."""
    for number in walk.enterprises:
        if number in DAYS:
            yield from walk.measured(DAYS[number][1])
