"""Schools, their sites and networks as people name them: rules above the rows of `store.places`."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime

from collector import journal
from collector.errors import CollectorError
from collector.store import Transaction, places

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks_within(named: Iterable[str], limits: Iterable[str] | None = None) -> list[str]:
    """The canonical CIDRs of what was named, without what is no network or lies outside the limits."""
    allowed = None if limits is None else [found for limit in limits if (found := _network(limit))]
    kept = []
    for name in named:
        network = _network(name)
        if network is not None and (allowed is None or any(_inside(network, outer) for outer in allowed)):
            kept.append(str(network))
    return list(dict.fromkeys(kept))


def find(connection: Transaction, trust_id: str, name: str) -> places.Place:
    """The site that a person means by a school's name (or `School/Site`); CollectorError lists what there is."""
    known = places.places(connection, trust_id)
    wanted = name.casefold()
    fitting = [p for p in known if wanted in (p.school_name.casefold(), f"{p.school_name}/{p.site_name}".casefold())]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"{p.school_name}/{p.site_name}" for p in known) or "none yet"
    what = "means several sites" if fitting else "is not a school here"
    raise CollectorError(f"'{name}' {what}; known: {listed}")


def find_or_add(connection: Transaction, trust_id: str, name: str, urn: str, now: datetime) -> places.Place:
    """The site of a school by name, made with its first site where it is new."""
    known = [p for p in places.places(connection, trust_id) if p.school_name.casefold() == name.casefold()]
    if known:
        return known[0]
    school_id = places.add_school(connection, trust_id, name, urn, now)
    site_id = places.add_site(connection, trust_id, school_id, "Main site")
    journal.append(
        connection,
        trust_id,
        actor="console",
        action="school_added",
        detail={"school": school_id, "site": site_id},
        now=now,
    )
    return places.Place(school_id, name, site_id, "Main site")


def add_network(connection: Transaction, trust_id: str, place: places.Place, cidr: str, now: datetime) -> None:
    """Name a network of a site: its agents sweep it inside their own limits. CollectorError where it is none."""
    network = _network(cidr)
    if network is None:
        raise CollectorError(f"'{cidr}' is no network: write it as 10.1.0.0/22")
    places.add_networks(connection, trust_id, place.site_id, [str(network)], now)
    detail = {"site": place.site_id, "network": str(network)}
    journal.append(connection, trust_id, actor="console", action="network_added", detail=detail, now=now)


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _inside(network: Network, outer: Network) -> bool:
    return network.version == outer.version and network.subnet_of(outer)  # type: ignore[arg-type]  # same version
