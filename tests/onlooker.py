"""What an onlooker makes of an agent's packets, as `Lab.capture` has them: to whom, which port, how many a second."""

from __future__ import annotations

import bisect
import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

FRAME = re.compile(r"(\d\d):(\d\d):(\d\d\.\d+) .*?, length \d+: (.*)")
ARP = re.compile(r"Request who-has ([\d.]+)|Reply ([\d.]+) is-at")
PACKET = re.compile(r"[\d.]+ > (\d+\.\d+\.\d+\.\d+)(?:\.(\d+))?: ")
NOWHERE = "0.0.0.0"


@dataclass(frozen=True, slots=True)
class Sent:
    """A packet: the second of the day, to which address and port (0: it has none), and whether it is ARP.

    ARP goes to the address that is asked for. Where the machine answers a question, that is its own address.
    """

    at: float
    address: str
    port: int
    arp: bool


def packets(lines: Iterable[str]) -> list[Sent]:
    """What `tcpdump -e -n` printed; a frame that is neither ARP nor IPv4 goes to 0.0.0.0."""
    found = []
    for line in lines:
        if frame := FRAME.match(line):
            hours, minutes, seconds, rest = frame.groups()
            at = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
            if arp := ARP.match(rest):
                found.append(Sent(at, arp[1] or arp[2], 0, arp=True))
            else:
                packet = PACKET.match(rest)
                address, port = (packet[1], int(packet[2] or 0)) if packet else (NOWHERE, 0)
                found.append(Sent(at, address, port, arp=False))
    return found


def outside(sent: Iterable[Sent], networks: Iterable[str]) -> list[Sent]:
    """The packets to addresses outside networks."""
    named = [ipaddress.ip_network(network) for network in networks]
    return [one for one in sent if not any(ipaddress.ip_address(one.address) in network for network in named)]


def busiest_second(sent: Iterable[Sent]) -> int:
    """The most packets that left within a second."""
    times = sorted(one.at for one in sent)
    return max((bisect.bisect_left(times, at + 1.0) - number for number, at in enumerate(times)), default=0)


def busiest_second_of_a_host(sent: Iterable[Sent]) -> int:
    """The most packets that left for one address within a second.

    Without ARP: before the first packet to a host the machine itself asks for its MAC, whoever sends it.
    """
    by_host: dict[str, list[Sent]] = defaultdict(list)
    for one in sent:
        if not one.arp:
            by_host[one.address].append(one)
    return max(map(busiest_second, by_host.values()), default=0)
