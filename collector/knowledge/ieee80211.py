"""IEEE802dot11-MIB (IEEE 802.11): what an access point says of its own radios: maker, product, version.

Only resource information is asked for: no station, no network name, no key. That a device has a radio does not make
it an access point (printers have one too), so this file votes weakly.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk
from stocktake.values import Condition

RESOURCES = "1.2.840.10036.3.1.2.1"  # dot11ResourceInfoTable
MAKER, PRODUCT, VERSION = (f"{RESOURCES}.{number}" for number in (2, 3, 4))

#: agents that are known to answer here and say little elsewhere: Ubiquiti under its numbers and under net-snmp's
ASKING = ("1.3.6.1.4.1.41112", "1.3.6.1.4.1.10002", "1.3.6.1.4.1.8072.3.2.10")

ASKS = (Ask("ieee80211", tables=(MAKER, PRODUCT, VERSION), condition=Condition(object_id_prefixes=ASKING)),)


def read(walk: Walk) -> Iterator[Statement]:
    """Maker, model and firmware as the first radio tells them."""
    if not walk.has(RESOURCES):
        return
    for name, column, weight in (("maker", MAKER, 55), ("model", PRODUCT, 52), ("firmware", VERSION, 45)):
        for index in sorted(walk.column(column))[:1]:
            yield from walk.state(name, f"{column}.{index}", weight=weight)
    yield from walk.vote("access point", 15, "radios", RESOURCES)
