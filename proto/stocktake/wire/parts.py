"""What all of the wire needs: its error, digests, and the parts that several messages have."""

from __future__ import annotations

import enum
import hashlib
import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from google.protobuf.message import DecodeError, Message

MessageType = TypeVar("MessageType", bound=Message)


class WireError(ValueError):
    """The bytes are not what they should be; the text says what is wrong."""


def digest(content: bytes) -> bytes:
    """The SHA-256 under which content is known."""
    return hashlib.sha256(content).digest()


def address_bytes(text: str) -> bytes:
    """An IP address as octets, without its zone; none for no address."""
    return ipaddress.ip_address(text.partition("%")[0]).packed if text else b""


def address_text(raw: bytes) -> str:
    """Octets as an IP address; ValueError for another number of them."""
    return str(ipaddress.ip_address(raw)) if raw else ""


def mac_bytes(text: str) -> bytes:
    """A link-layer address as octets."""
    return bytes.fromhex(text.replace(":", ""))


def mac_text(raw: bytes) -> str:
    """Octets as a link-layer address; WireError for another number of them."""
    if len(raw) not in (0, 6, 8):
        raise WireError(f"a link-layer address has 6 or 8 octets, this one has {len(raw)}")
    return raw.hex(":")


def time_of(message: Any, name: str) -> datetime | None:
    """A time of a message, None where it says none."""
    return getattr(message, name).ToDatetime(tzinfo=UTC) if message.HasField(name) else None


def parse(kind: type[MessageType], raw: bytes) -> MessageType:
    """The message that octets hold; WireError where they hold none."""
    try:
        return kind.FromString(raw)
    except DecodeError as error:
        raise WireError(f"these {len(raw)} bytes are no {kind.__name__}: {error}") from None


def reading(decode: Callable[[MessageType], Any], message: MessageType) -> Any:
    """Run a decoder on a message of unknown origin: values out of range become WireError."""
    try:
        return decode(message)
    except WireError:
        raise
    except (ValueError, OverflowError, KeyError) as error:
        raise WireError(f"{type(message).__name__}: {error}") from None


Member = TypeVar("Member", bound=enum.Enum)


def member(kind: type[Member], number: int) -> Member:
    """A member of an enum; WireError for one that a later version knows."""
    try:
        return kind(number)
    except ValueError:
        raise WireError(f"{kind.__name__} {number} is not known to this version") from None
