"""Networks as people write them, and the addresses in them that a sweep may ask.

It does not know which interfaces or routes there are, and sends nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from agent.errors import ConfigurationError

#: 65,534 addresses: two minutes at 500 packets a second, an afternoon if a /8 was meant to be a /18
SHORTEST_PREFIX = 16


def parse(text: str) -> ipaddress.IPv4Network:
    """A network ("10.1.0.0/22") or a single address; raises ConfigurationError that says what to write instead."""
    written = text.strip()
    try:
        interface = ipaddress.ip_interface(written)
    except ValueError:
        raise ConfigurationError(
            f"{written!r} is not a network. Write an address with a prefix length, such as 10.1.0.0/22, or one address."
        ) from None
    if isinstance(interface, ipaddress.IPv6Interface):
        raise ConfigurationError(
            f"{written} is an IPv6 network, and those are too large to ask every address. Name IPv4 networks; IPv6 "
            "neighbours are reported as this machine meets them."
        )
    network = interface.network
    if network.network_address != interface.ip:
        raise ConfigurationError(f"{written} names an address inside a network. Write {network} or {interface.ip}.")
    if network.prefixlen < SHORTEST_PREFIX:
        raise ConfigurationError(
            f"{network} has {network.num_addresses} addresses; a sweep takes at most a /{SHORTEST_PREFIX}. "
            "Name the networks that are in use."
        )
    return network


def parse_ipv6(text: str) -> ipaddress.IPv6Network | None:
    """The IPv6 network that a text names, or None where it names none: whoever is on it can be met, but not counted."""
    try:
        return ipaddress.IPv6Network(text.strip())
    except ValueError:
        return None


def hosts(network: ipaddress.IPv4Network, exclude: Iterable[str] = ()) -> Iterator[str]:
    """The addresses of a network that a host can have, in order, without those in the excluded networks or addresses.

    Raises ConfigurationError for an exclusion that is none.
    """
    excluded = [_exclusion(text) for text in exclude]
    for address in network.hosts():
        if not any(address in other for other in excluded):
            yield str(address)


def _exclusion(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise ConfigurationError(f"{text!r} is no network or address that could be excluded.") from None
