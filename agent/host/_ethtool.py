"""The address a network card was made with, asked of its driver: `ethtool -P` without ethtool. Linux only.

It sends nothing to anyone and needs no privilege. It does not know what the address is used for.
"""

from __future__ import annotations

import array
import socket
import struct
import sys

_SIOCETHTOOL = 0x8946  # linux/sockios.h
_ETHTOOL_GPERMADDR = 0x20  # linux/ethtool.h; struct ethtool_perm_addr: u32 cmd, u32 size, then the octets
_HEADER = struct.Struct("=II")
_ROOM = 32  # MAX_ADDR_LEN
_MAC_OCTETS = 6


def permanent_mac(interface: str) -> str:
    """The permanent MAC of an interface, or "" where it has none (virtual), will not tell, or is not an Ethernet."""
    answer = array.array("B", _HEADER.pack(_ETHTOOL_GPERMADDR, _ROOM) + bytes(_ROOM))
    request = struct.pack("16sP16x", interface.encode("utf-8", "replace")[:15], answer.buffer_info()[0])
    if not _ask(request):
        return ""
    size = _HEADER.unpack_from(answer)[1]
    octets = answer.tobytes()[_HEADER.size :][:size]
    return octets.hex(":") if len(octets) == _MAC_OCTETS and any(octets) else ""


if sys.platform == "linux":
    import fcntl

    def _ask(request: bytes) -> bool:
        """Whether the driver answered; the answer is where the request points to."""
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
                fcntl.ioctl(handle, _SIOCETHTOOL, request)
        except OSError:
            return False
        return True

else:

    def _ask(request: bytes) -> bool:
        """Elsewhere nobody answers."""
        return False
