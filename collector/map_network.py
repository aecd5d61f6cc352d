"""The order in which tables become a map: load → read → connect → keep → note who is there. It exists once, here.

It follows `understand`, which leaves a mark where the tables of a site changed. This module knows the order and nothing
else: what a table says and how switches hang together is `topology`'s, which device has which MAC is the register's.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from collector.errors import StoreError
from collector.store import Store, Transaction, presence, wiring
from collector.store.presence import Heard
from collector.store.wiring import Due, Owner, Told
from collector.topology import links, tables
from collector.topology.network import Network
from collector.topology.tables import Tables
from stocktake import wire
from stocktake.values import Binding, SnmpBindings

log = logging.getLogger(__name__)


def map_changed(store: Store, trust_id: str, now: datetime) -> int:
    """Draw the sites whose tables changed, each once; returns how many. One that cannot be drawn is passed by."""
    with store.reader() as connection:
        waiting = wiring.due(connection, trust_id, now)
    return _map(store, trust_id, waiting, now)


def map_all(store: Store, trust_id: str, now: datetime) -> int:
    """Draw every site anew, by the rules of today; returns how many."""
    with store.reader() as connection:
        waiting = wiring.every(connection, trust_id)
    return _map(store, trust_id, waiting, now)


def _map(store: Store, trust_id: str, waiting: Sequence[Due], now: datetime) -> int:
    for site in waiting:
        try:
            map_network(store, trust_id, site, now)
        except StoreError:
            raise  # not the tables' fault: the site keeps its mark until the store is well again
        except Exception:  # one site's fault must not stop the others
            log.exception("the network of site %s cannot be drawn", site.site_id)
            _pass_by(store, trust_id, site)
    return len(waiting)


def _pass_by(store: Store, trust_id: str, site: Due) -> None:
    store.write(lambda connection: wiring.give_up(connection, trust_id, site.site_id))


def map_network(store: Store, trust_id: str, site: Due, now: datetime) -> Network:
    """Draw one site from what its switches and routers told within the hour, and note who is there."""
    with store.reader() as connection:
        told = wiring.told(connection, trust_id, site)
    read = [tables.read(one.device_id, decode(one), _cut(one)) for one in told]
    with store.reader() as connection:
        known = wiring.owners(connection, trust_id, site.site_id, _macs(read))
        spoken = {known[mac].device_id for mac in _introduced(read) if mac in known}
        unexamined = spoken - wiring.examined(connection, trust_id, spoken)
    network = links.connect(read, _owned(known), _classes(known.values()), unexamined)
    reached = (site.evidence_id, max((one.observed for one in told), default=None))

    def write(connection: Transaction) -> None:
        wiring.keep(connection, trust_id, site.site_id, network, read, now, reached)
        presence.note(connection, trust_id, site.site_id, heard(network, told, read, known), now)

    store.write(write)
    return network


def decode(told: Told) -> dict[str, tuple[Binding, ...]]:
    """What a device answered, by group; what is no evidence that this version can read is left out."""
    found: dict[str, tuple[Binding, ...]] = {}
    for name, group in told.groups.items():
        try:
            content = wire.decode_content(group.content)
        except wire.WireError:  # understanding the lane has said so already
            continue
        if isinstance(content, SnmpBindings):
            found[name] = content.bindings
    return found


def _cut(told: Told) -> Collection[str]:
    return [name for name, group in told.groups.items() if not group.complete]


def _macs(read: Iterable[Tables]) -> set[str]:
    """Every MAC that is spoken of."""
    learned = {mac for one in read for _, mac in one.forwarding}
    return learned | _introduced(read) | {entry.mac for one in read for entry in one.arp.values()}


def _introduced(read: Iterable[Tables]) -> set[str]:
    """The MACs of neighbours that introduce themselves to a switch."""
    return {neighbour.mac for one in read for neighbour in one.neighbours if neighbour.mac}


def _owned(owners: Mapping[str, Owner]) -> dict[str, str]:
    return {mac: one.device_id for mac, one in owners.items()}


def _classes(owners: Iterable[Owner]) -> dict[str, str]:
    return {one.device_id: one.device_class for one in owners if one.device_class != "unknown"}


# ------------------------------------------------------------------------------------------------ who is there


def heard(
    network: Network, told: Sequence[Told], read: Sequence[Tables], known: Mapping[str, Owner]
) -> dict[str, Heard]:
    """Of every device that is there now, who heard it last. Those that answered themselves were met already."""
    by = {one.device_id: one for one in told}
    at = {one.mac: by[one.place.device] for one in network.attachments}
    located = dict(_located(read))
    found: dict[str, Heard] = {}
    for mac in sorted(network.present & known.keys()):
        device_id = known[mac].device_id
        if device_id in by:
            continue
        router, address = located.get(mac, ("", ""))
        witness = by[router] if router else at.get(mac) or told[-1]
        one = Heard(witness.lane_id, witness.observed, address)
        if device_id not in found or _rank(found[device_id]) < _rank(one):
            found[device_id] = one
    return found


def _rank(one: Heard) -> tuple[bool, datetime, int]:
    return bool(one.address), one.observed, one.lane_id


def _located(read: Iterable[Tables]) -> Iterator[tuple[str, tuple[str, str]]]:
    """(MAC, (router, address)) where one address stands for it: confirmed before remembered, IPv4 before IPv6."""
    entries: dict[str, dict[tuple[bool, bool], list[tuple[str, str]]]] = {}
    for one in read:
        for address, entry in sorted(one.arp.items()):
            kind = (not entry.confirmed, ":" in address)
            entries.setdefault(entry.mac, {}).setdefault(kind, []).append((one.device, address))
    for mac, kinds in entries.items():
        best = kinds[min(kinds)]
        if len({address for _, address in best}) == 1:
            yield mac, min(best)
