"""The one-time enrolment token as people carry it, and the names under which a collector's services are found.

A token is `stk1.<secret>.<pin>`: the secret opens once, the pin is the SHA-256 of the collector's CA certificate (DER),
so that the agent trusts nothing on first use. Both parts are base64url without padding.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

#: One TCP port serves all: the collector tells them apart by the name in the TLS greeting (SNI, RFC 6066)
ENROL_SERVER_NAME = "enrol.stocktake.internal"
AGENTS_SERVER_NAME = "agents.stocktake.internal"
BELL_SERVER_NAME = "bell.stocktake.internal"

PREFIX = "stk1"
SECRET_BYTES = 16


class TokenError(ValueError):
    """The text is no token; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Token:
    """The two parts of a token. `repr` hides the secret."""

    secret: str
    pin: bytes

    def __repr__(self) -> str:
        return f"Token(…, pin={self.pin.hex()[:16]}…)"

    def text(self) -> str:
        """The token as one word."""
        return f"{PREFIX}.{self.secret}.{_encode(self.pin)}"


def make(random: bytes, ca_certificate: bytes) -> Token:
    """A token of 16 random octets for the collector with this CA certificate (DER)."""
    if len(random) != SECRET_BYTES:
        raise ValueError(f"a token needs {SECRET_BYTES} random octets, not {len(random)}")
    return Token(_encode(random), hashlib.sha256(ca_certificate).digest())


def parse(text: str) -> Token:
    """The token of its text; TokenError says what is wrong."""
    parts = text.strip().split(".")
    if len(parts) != 3 or parts[0] != PREFIX:
        raise TokenError(f"a token looks like {PREFIX}.….… and comes from 'stocktake-collector token'")
    try:
        pin = base64.urlsafe_b64decode(parts[2] + "=")
    except (binascii.Error, ValueError):
        pin = b""
    if len(pin) != 32 or not parts[1]:
        raise TokenError("the token is cut short or mistyped: copy it again, whole")
    return Token(parts[1], pin)


def secret_hash(secret: str) -> bytes:
    """What a collector keeps of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
