"""A checkpoint of the collector's journal as it is signed: the same octets for who signs it and for who checks it."""

from __future__ import annotations

_PREFIX = b"stocktake journal checkpoint 1\0"


def signed_octets(trust_id: str, position: int, chain: bytes) -> bytes:
    """What the collector's CA key signs (ECDSA P-256, SHA-256): that entry `position` of a trust ends in `chain`."""
    return _PREFIX + f"{trust_id}\0{position}\0".encode() + chain
