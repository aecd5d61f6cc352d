"""Who passes by is counted and not tracked; and nobody is kept longer than the retention says.

A machine that made up its address, and everybody on a network of guests, is counted for the day and becomes no device.
The set that is counted by lives in memory alone, under a key that dies with the process. What is kept for how long is
the configuration's; this module knows what the words mean, and no clock.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from collector import journal, tenure
from collector.errors import CollectorError
from collector.facts import IdentifierKind, Reading, locally_administered, text
from collector.restate import restate
from collector.store import Transaction, erasure, forgetting, places, tombstones
from stocktake.redaction import without_random_macs

#: kinds of marks by which a device is more than whoever has an address
IDENTIFYING = frozenset({"SERIAL", "UUID", "ENGINE", "AGENT", "TAG"})
#: facts that say nothing of a machine but that it was there
PASSING_FACTS = frozenset({"mac", "address", "maker", "name", "class", "interface", "last_seen"})
#: columns whose rows are numbered by a MAC: dot1dTpFdbTable (RFC 4188), dot1qTpFdbTable (RFC 4363)
NUMBERED_BY_MAC = ("1.3.6.1.2.1.17.4.3.1.", "1.3.6.1.2.1.17.7.1.2.2.1.")


# ------------------------------------------------------------------------------------------------ counted, not tracked


def countable(reading: Reading, *, guest: bool = False) -> bool:
    """Whether a reading is of a machine that is counted and becomes no device.

    That is one with made-up addresses alone, of which nothing was read but that it was there; on a network of guests,
    one with any address. What told more of itself, or is identified by more, is a device.
    """
    kinds = {each.kind for each in reading.identifiers}
    plain = {IdentifierKind.LOCAL_MAC, IdentifierKind.MAC} if guest else {IdentifierKind.LOCAL_MAC}
    return bool(kinds) and kinds <= plain and all(fact.name in PASSING_FACTS for fact in reading.facts)


class Passers:
    """Counts machines a day and network. One a process; after a restart a day is never counted lower than before."""

    def __init__(self, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._key = draw(32)
        self._day: date | None = None
        self._seen: dict[tuple[str, str, str], set[bytes]] = {}

    def note(
        self, connection: Transaction, trust_id: str, place: tuple[str, str], day: date, readings: Iterable[Reading]
    ) -> int:
        """Count readings that are `countable` on a network (site, CIDR) on a London day; how many it has had so far."""
        if day != self._day:
            self._day, self._seen = day, {}
        seen = self._seen.setdefault((trust_id, *place), set())
        for reading in readings:
            marks = sorted(each.value for each in reading.identifiers)
            if marks:
                seen.add(hashlib.blake2b(marks[0].encode(), key=self._key, digest_size=8).digest())
        if seen:
            tombstones.note_count(connection, trust_id, place, day, len(seen))
        return len(seen)

    def sift(
        self, connection: Transaction, trust_id: str, place: tuple[str, str], day: date, readings: Sequence[Reading]
    ) -> list[Reading]:
        """The readings that are of devices; the others are counted, on the network (site, CIDR) of the lane."""
        named, passing = part(connection, trust_id, place[0], readings)
        if passing:
            self.note(connection, trust_id, place, day, passing)
        return named


def part(
    connection: Transaction, trust_id: str, site_id: str, readings: Iterable[Reading]
) -> tuple[list[Reading], list[Reading]]:
    """Readings that are of devices, and those of machines that pass by, at a site with its networks of guests."""
    guests = [ipaddress.ip_network(cidr) for cidr in tombstones.guests(connection, trust_id, site_id)]
    named: list[Reading] = []
    passing: list[Reading] = []
    for reading in readings:
        (passing if countable(reading, guest=_is_guest(reading, guests)) else named).append(reading)
    return named, passing


def _is_guest(reading: Reading, guests: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    if not guests:
        return False
    try:
        addresses = [ipaddress.ip_address(locator) for locator in reading.locators]
    except ValueError:
        return False
    return any(address in network for address in addresses for network in guests)


def set_guest(
    connection: Transaction, trust_id: str, place: tuple[str, str], *, guest: bool, actor: str, now: datetime
) -> None:
    """Say that everybody on a network (site, CIDR) is a guest, or that they are not. CollectorError for no network."""
    site_id, cidr = place
    for school_id in {each.school_id for each in places.places(connection, trust_id) if each.site_id == site_id}:
        tenure.require(connection, trust_id, school_id)
    if not tombstones.mark_guest(connection, trust_id, site_id, cidr, guest=guest):
        raise CollectorError(f"this school names no network {text(cidr, 64)}: see its networks, or add it first")
    detail: dict[str, str | int] = {"site": site_id, "guest": int(guest)}
    journal.append(connection, trust_id, actor=actor, action="network_guest", detail=detail, now=now)


# ------------------------------------------------------------------------------------------------ retention


def is_random(octets: bytes) -> bool:
    """Whether six octets are a MAC that a machine made up."""
    return len(octets) == 6 and not octets[0] & 1 and locally_administered(octets.hex(":"))


def fade(connection: Transaction, trust_id: str, groups: Collection[str], before: datetime) -> int:
    """Take made-up MACs out of tables that were last observed before a time; how many contents changed."""
    aged = [
        (digest, done.raw)
        for digest, raw in erasure.aged_contents(connection, trust_id, groups, before)
        if (done := without_random_macs(raw, NUMBERED_BY_MAC, is_random)).places
    ]
    for digest, raw in aged:
        said = "redacted: made-up addresses are kept for as long as the retention says"
        erasure.replace_content(connection, trust_id, digest, raw, said)
    return len(aged)


def forget_strangers(connection: Transaction, trust_id: str, unseen_since: datetime, now: datetime) -> int:
    """Forget devices that nobody recorded, that an address alone identifies, and that were not seen since a time."""
    found = erasure.strangers(connection, trust_id, unseen_since, IDENTIFYING)
    gone = [each for one in found for each in forgetting.with_aliases(connection, trust_id, one)]
    for device_id in found:
        forgetting.forget_device(connection, trust_id, device_id)
    if found:
        restate(connection, trust_id, gone, "erase", now)
        detail: dict[str, Any] = {"devices": len(found)}
        journal.append(connection, trust_id, actor="retention", action="strangers_forgotten", detail=detail, now=now)
    return len(found)
