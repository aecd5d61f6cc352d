"""Who was seen on a network: a sighting tells the MAC; the address is a locator, which never identifies."""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import mac
from collector.knowledge import Statement, Witness
from stocktake.values import Sighting

READS = Sighting


def read(content: Sighting, witness: Witness) -> Iterator[Statement]:
    """The MAC of one sighting; its maker follows from it."""
    address = mac(content.mac)
    if address:
        yield from witness.fact("mac", address, content.address)
    elif content.mac:
        yield from witness.unread("the MAC is shared by design, or none", content.address)
