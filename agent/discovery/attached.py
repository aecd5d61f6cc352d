"""The networks this machine stands on: where a neighbour can be asked directly, through which interface, as whom.

Asked of the Linux kernel over netlink; nothing is sent. It does not know which networks may be swept.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from agent.discovery import netlink
from agent.discovery.neighbours import mac_text

_LINK = struct.Struct("=BxHiII")  # struct ifinfomsg: family, hardware type, index, flags, change
_LINK_MAC, _LINK_NAME = 1, 3  # IFLA_ADDRESS, IFLA_IFNAME
_ADDRESS = struct.Struct("=BBBBi")  # struct ifaddrmsg: family, prefix length, flags, scope, index
_ADDRESS_OF, _ADDRESS_LOCAL = 1, 2  # IFA_ADDRESS, IFA_LOCAL
_UNUSABLE = 0x40 | 0x08  # IFA_F_TENTATIVE, IFA_F_DADFAILED

_ETHERNET = 1  # ARPHRD_ETHER
_UP, _LOOPBACK, _NO_ARP = 0x1, 0x8, 0x80  # IFF_UP, IFF_LOOPBACK, IFF_NOARP


@dataclass(frozen=True, slots=True)
class Attachment:
    """One IPv4 address of this machine on an Ethernet interface that is up, and the network around it."""

    interface: str
    mac: str
    address: str
    network: ipaddress.IPv4Network


@dataclass(frozen=True, slots=True)
class Attachment6:
    """One IPv6 address of this machine on an Ethernet interface that is up (`index` is its number), and its network."""

    interface: str
    index: int
    address: str
    network: ipaddress.IPv6Network


def attachments(dump: netlink.Dump = netlink.dump) -> tuple[Attachment, ...]:
    """The networks of this machine, narrowest first. Raises OSError where the kernel refuses to tell."""
    links = dict(_links(dump(netlink.GET_LINK)))
    found = _addresses(dump(netlink.GET_ADDRESS), links)
    return tuple(sorted(found, key=lambda a: (-a.network.prefixlen, a.interface, a.address)))


def attachments6(dump: netlink.Dump = netlink.dump) -> tuple[Attachment6, ...]:
    """The IPv6 networks of this machine. Raises OSError where the kernel refuses to tell."""
    links = dict(_links(dump(netlink.GET_LINK)))
    return tuple(_addresses6(dump(netlink.GET_ADDRESS), links))


def _links(answer: bytes) -> Iterator[tuple[int, tuple[str, str]]]:
    for body in netlink.messages(answer, netlink.GET_LINK):
        if len(body) < _LINK.size:
            continue
        _, hardware, index, flags, _ = _LINK.unpack_from(body)
        values = netlink.attributes(body, _LINK.size)
        mac = mac_text(values.get(_LINK_MAC, b""))
        if hardware == _ETHERNET and flags & _UP and not flags & (_LOOPBACK | _NO_ARP) and mac:
            yield index, (values.get(_LINK_NAME, b"").rstrip(b"\0").decode("utf-8", "replace"), mac)


def _addresses(answer: bytes, links: dict[int, tuple[str, str]]) -> Iterator[Attachment]:
    for body in netlink.messages(answer, netlink.GET_ADDRESS):
        if len(body) < _ADDRESS.size:
            continue
        family, prefix, _, _, index = _ADDRESS.unpack_from(body)
        local = netlink.attributes(body, _ADDRESS.size).get(_ADDRESS_LOCAL, b"")
        if family == socket.AF_INET and len(local) == 4 and prefix <= 32 and index in links:
            name, mac = links[index]
            address = ipaddress.IPv4Address(local)
            yield Attachment(name, mac, str(address), ipaddress.IPv4Network((address, prefix), strict=False))


def _addresses6(answer: bytes, links: dict[int, tuple[str, str]]) -> Iterator[Attachment6]:
    for body in netlink.messages(answer, netlink.GET_ADDRESS):
        if len(body) < _ADDRESS.size:
            continue
        family, prefix, flags, _, index = _ADDRESS.unpack_from(body)
        own = netlink.attributes(body, _ADDRESS.size).get(_ADDRESS_OF, b"")
        usable = len(own) == 16 and prefix <= 128 and not flags & _UNUSABLE
        if family == socket.AF_INET6 and usable and index in links:
            address = ipaddress.IPv6Address(own)
            network = ipaddress.IPv6Network((address, prefix), strict=False)
            yield Attachment6(links[index][0], index, str(address), network)
