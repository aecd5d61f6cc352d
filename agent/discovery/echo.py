"""Who is on an IPv6 network: one echo request to all nodes of the link (ff02::1, RFC 4443 4.1), and the kernel's table.

An IPv6 network is too large to ask every address; but who answers an echo has to find us first, and so the kernel
learns who it is. This module asks only where the whole network that this machine stands on is named, and where the
kernel lets an unprivileged process send echoes (net.ipv4.ping_group_range). Else it takes what the kernel knows, and
sends nothing. Hosts that do not answer multicast echoes, such as Windows with its firewall, are seen only if the kernel
met them.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import struct
import time

from agent.budget import ALL_NODES, Budget, Forbidden, GuardedSocket
from agent.discovery import attached, neighbours
from agent.discovery.attached import Attachment6
from agent.discovery.neighbours import Entry, State, Table
from stocktake.values import Method, Sighting

PASSES = 2
WAIT_SECONDS = 1.0
ANSWERS_LIMIT = 4_096  # of one pass; a flood ends here
_REQUEST = struct.Struct("!BBHHH")  # type, code, checksum, identifier, sequence; the kernel fills in what is zero
_ECHO_REQUEST, _ECHO_REPLY = 128, 129

_log = logging.getLogger(__name__)


async def ask(
    network: ipaddress.IPv6Network, budget: Budget, table: Table = neighbours.kernel
) -> tuple[Method, list[Sighting]]:
    """Who is on one of our IPv6 networks, and how that was found out. OSError where the kernel tells nothing at all."""
    places = [place for place in attached.attachments6() if place.network.overlaps(network)]
    answered: set[tuple[str, str]] = set()
    sent = False
    for place in places:
        if place.network.subnet_of(network):
            heard = await _echo(place, budget)
            answered |= {(address, place.interface) for address in heard or ()}
            sent = sent or heard is not None
    interfaces, own = {place.interface for place in places}, {place.address for place in places}

    def is_here(entry: Entry) -> bool:
        there = entry.state is State.FRESH or (entry.address, entry.interface) in answered
        inside = ":" in entry.address and ipaddress.IPv6Address(entry.address) in network
        return there and inside and entry.interface in interfaces and entry.address not in own

    found = neighbours.sightings(entry for entry in table() if is_here(entry))
    return (Method.TOUCH if sent else Method.NEIGHBOUR_TABLE), found


async def _echo(place: Attachment6, budget: Budget) -> set[str] | None:
    """Who answers echoes to all nodes; None where none may be sent."""
    try:
        sock = _open(place, budget)
    except OSError as error:
        _log.info("no echo on %s, as the system does not let this process: %s", place.interface, error)
        return None
    answered: set[str] = set()
    with sock:
        try:
            for number in range(PASSES):
                await budget.permit(f"{ALL_NODES}%{place.interface}", 0, "multicast echo")
                sock.sendto(_REQUEST.pack(_ECHO_REQUEST, 0, 0, 0, number), (ALL_NODES, 0, 0, place.index))
                answered |= await _answers(sock) if not budget.dry_run else set()
        except (OSError, Forbidden) as reason:
            _log.info("no echo on %s: %s", place.interface, reason)
            return answered or None
    return answered


def _open(place: Attachment6, budget: Budget) -> GuardedSocket:
    """A ping socket that speaks from our address on the network, so that answers come from addresses of it."""
    sock = GuardedSocket(socket.AF_INET6, socket.SOCK_DGRAM, socket.IPPROTO_ICMPV6)
    try:
        sock.settimeout(0)
        sock.guard(budget)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, place.index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
        sock.bind((place.address, 0, 0, place.index))
    except OSError:
        sock.close()
        raise
    return sock


async def _answers(sock: GuardedSocket) -> set[str]:
    """The addresses that answer within the time."""
    loop, deadline = asyncio.get_running_loop(), time.monotonic() + WAIT_SECONDS
    answered: set[str] = set()
    while (left := deadline - time.monotonic()) > 0 and len(answered) < ANSWERS_LIMIT:
        try:
            async with asyncio.timeout(left):
                data, source = await loop.sock_recvfrom(sock, 64)
        except TimeoutError:
            break
        if data[:1] == bytes([_ECHO_REPLY]):
            answered.add(str(source[0]).partition("%")[0])
    return answered
