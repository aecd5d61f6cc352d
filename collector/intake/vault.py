"""Device credentials at rest and on the way: encrypted under a key file, sealed to one agent, readable by nobody.

The key file lies outside the database, so that a stolen database opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from collector.errors import CallerRefused, StoreError
from collector.intake.certificates import write_private
from collector.store.agents import StoredCredential
from stocktake import wire
from stocktake.values import Credential

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
#: communities that devices come with or that stand in manuals: whoever can reach a device can guess them
FACTORY = frozenset({"public", "private", "community", "admin", "cisco", "snmp", "snmpd", "read", "write", "monitor",
                     "manager", "default", "password", "secret", "test", "guest", "system", "security", "proxy",
                     "internal", "all private", "ilmi", "netman", "apc", "rmon", "router", "switch"})  # fmt: skip


class Vault:
    """Encrypts and seals device credentials with the key in a file; made there the first time."""

    def __init__(self, key_file: Path) -> None:
        """Takes the key file; StoreError where it holds no key."""
        if not key_file.exists():
            write_private(key_file, Fernet.generate_key())
        try:
            self._key = key_file.read_bytes().strip()
            self._fernet = Fernet(self._key)
        except ValueError:
            raise StoreError(f"{key_file} holds no key: restore it from the backup of this collector") from None

    def secret(self, purpose: str) -> bytes:
        """A secret for one purpose that comes from the key file: the same for every process that has the file."""
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).digest()

    def encrypt(self, credential: Credential, school_id: str = "") -> StoredCredential:
        """A credential as it may lie in the database."""
        encrypted = self._fernet.encrypt(wire.encode_credential(credential))
        factory = credential.community.reveal().casefold() in FACTORY if credential.version != "3" else False
        return StoredCredential("", credential.name, credential.version, school_id, encrypted, factory)

    def seal(self, stored: StoredCredential, sealing_key: bytes) -> bytes:
        """A stored credential so that only the holder of a sealing key can open it (HPKE, RFC 9180)."""
        try:
            plain = self._fernet.decrypt(stored.encrypted)
            return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(sealing_key), wire.CREDENTIAL_SEALING_INFO)
        except InvalidToken:
            raise StoreError(
                f"the credential {stored.name} was encrypted under another key file: enter it again"
            ) from None
        except (ValueError, InvalidTag):
            raise CallerRefused("the agent's sealing key is no X25519 key") from None


def seal_erased(values: bytes, sealing_key: bytes) -> bytes:
    """Serialised `ErasedValues` so that only the holder of a sealing key can open them; "" for a key that is none."""
    try:
        return _SUITE.encrypt(values, X25519PublicKey.from_public_bytes(sealing_key), wire.ERASURE_SEALING_INFO)
    except ValueError:
        return b""


def revision(stored: Sequence[StoredCredential]) -> str:
    """A name for a set of credentials that changes whenever one of them does."""
    return hashlib.sha256(b"".join(sorted(hashlib.sha256(item.encrypted).digest() for item in stored))).hexdigest()[:32]
