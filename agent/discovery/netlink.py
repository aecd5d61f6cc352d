"""Questions to the Linux kernel about its own tables, over a netlink socket (RFC 3549, rtnetlink(7)).

Asking needs no capability and sends nothing to the network. It does not know what the tables mean: `neighbours` and
`attached` read them. A recorded answer is the bytes that `dump` returns.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterator

#: asks for one whole table, named by its request type, and returns the messages as they came
Dump = Callable[[int], bytes]

# linux/rtnetlink.h; the answer to a request of type N has type N - 2
GET_LINK, GET_ADDRESS, GET_NEIGHBOUR = 18, 22, 30
#: the fixed part of each request, left zero for "all": ifinfomsg, ifaddrmsg, ndmsg
_FIXED_BYTES = {GET_LINK: 16, GET_ADDRESS: 8, GET_NEIGHBOUR: 12}

ANSWER_LIMIT_BYTES = 32 * 1024 * 1024  # a neighbour takes about 100 octets, so this is beyond any table
PATIENCE_SECONDS = 5.0

_HEADER = struct.Struct("=IHHII")  # struct nlmsghdr: length, type, flags, sequence, port
_ATTRIBUTE = struct.Struct("=HH")  # struct rtattr: length, type
_ERROR, _DONE = 2, 3
_REQUEST_DUMP = 0x301  # NLM_F_REQUEST | NLM_F_ROOT | NLM_F_MATCH
_TYPE_MASK = 0x3FFF  # above are flags: nested, network byte order


def dump(request: int) -> bytes:
    """All messages of a table, up to and with the one that ends it. Raises OSError where the kernel refuses."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as kernel:  # 0 is NETLINK_ROUTE
        kernel.settimeout(PATIENCE_SECONDS)
        kernel.bind((0, 0))
        everything = bytes(_FIXED_BYTES[request])
        kernel.send(_HEADER.pack(_HEADER.size + len(everything), request, _REQUEST_DUMP, 1, 0) + everything)
        answer = bytearray()
        while len(answer) < ANSWER_LIMIT_BYTES:
            part = kernel.recv(65536)
            answer += part
            if _is_last(part):
                break
        return bytes(answer)


def _is_last(part: bytes) -> bool:
    for kind, body in _split(part):
        if kind == _ERROR and body[:4] != bytes(4):
            code = -int(struct.unpack_from("=i", body)[0])
            raise OSError(code, os.strerror(code))
        if kind in (_ERROR, _DONE):
            return True
    return False


def messages(answer: bytes, request: int) -> Iterator[bytes]:
    """The bodies of the messages that answer a request; what is cut off or malformed ends them."""
    return (body for kind, body in _split(answer) if kind == request - 2)


def attributes(body: bytes, fixed: int) -> dict[int, bytes]:
    """The attributes of a message after its `fixed` octets: type → value, the last one of each type."""
    found, offset = {}, fixed
    while offset + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, offset)
        if not _ATTRIBUTE.size <= length <= len(body) - offset:
            break
        found[kind & _TYPE_MASK] = body[offset + _ATTRIBUTE.size : offset + length]
        offset += _aligned(length)
    return found


def _split(raw: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset + _HEADER.size <= len(raw):
        length, kind, _, _, _ = _HEADER.unpack_from(raw, offset)
        if not _HEADER.size <= length <= len(raw) - offset:
            return
        yield kind, raw[offset + _HEADER.size : offset + length]
        offset += _aligned(length)


def _aligned(length: int) -> int:
    return (length + 3) & ~3
