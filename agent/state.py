"""The state directory: who this agent is, what the collector last said, and what the agent last did.

Every file is written whole and atomically, readable by its owner alone. This module knows no cryptography: keys and
certificates are bytes to it. The spool beside these files looks after itself.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.errors import NotEnrolled, StateError
from stocktake.values import Secret

_IDENTITY = "identity.json"
ORDERS = "orders.json"  # what the collector last told this agent to do
STATUS = "status.json"  # what the agent last did, for `stocktake-agent status`
WITNESS = "witness.json"  # the last checkpoint of the collector's journal


@dataclass(frozen=True, slots=True)
class Identity:
    """What enrolment made this machine. Certificates are DER; keys are PEM (TLS) and base64 (sealing) text.

    `networks` and `network_limits` are the technician's answers; `starts` and `ends` bound the certificate.
    """

    agent_id: str
    collector: str
    trust_name: str
    school_name: str
    site_name: str
    networks: tuple[str, ...]
    network_limits: tuple[str, ...]
    certificate: bytes
    authority: bytes
    starts: datetime
    ends: datetime
    key: Secret
    sealing_key: Secret


class StateDirectory:
    """The files of one agent."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def spool_path(self) -> Path:
        """Where the spool is."""
        return self.path / "spool.db"

    def prepare(self) -> None:
        """Make the directory, closed to others. Raises StateError where that cannot be done."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(self.path, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(0, "this user may not write in it")
            for draft in self.path.glob("*.json.*.new"):
                draft.unlink()  # of a process that was killed while it wrote
        except OSError as error:
            raise StateError(
                f"The state directory {self.path} cannot be used: {error.strerror}. "
                "Run the agent as the user who owns it, or name another one as state_directory."
            ) from None

    def identity(self) -> Identity | None:
        """Who this agent is, or None where it is not enrolled. Raises StateError for a damaged file."""
        stored = self.load(_IDENTITY)
        if stored is None:
            return None
        try:
            return _identity(stored)
        except (KeyError, TypeError, ValueError) as error:
            place = self.path / _IDENTITY
            raise StateError(f"{place} is damaged ({error!r}). Enrol this machine again with a new token.") from None

    def enrolled(self) -> Identity:
        """Who this agent is; NotEnrolled where it is nobody yet."""
        identity = self.identity()
        if identity is None:
            raise NotEnrolled("This machine is not enrolled yet. Run: stocktake-agent enrol")
        return identity

    def save_identity(self, identity: Identity) -> None:
        """Store all of it at once: key and certificate never part."""
        self.save(_IDENTITY, {f.name: _stored(getattr(identity, f.name)) for f in dataclasses.fields(identity)})

    def load(self, name: str) -> dict[str, Any] | None:
        """A JSON file of this directory, or None where it is missing or no longer readable as such."""
        try:
            content = json.loads((self.path / name).read_text("utf-8"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateError(f"{self.path / name} cannot be read: {error.strerror}.") from None
        except ValueError:
            return None if name != _IDENTITY else {}
        return content if isinstance(content, dict) else None

    def save(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a JSON file: afterwards the old or the new one is there, whatever happens."""
        try:
            write_atomically(self.path / name, json.dumps(content, indent=1).encode())
        except OSError as error:
            raise StateError(f"{self.path / name} cannot be written: {error.strerror}.") from None

    def remove(self, name: str) -> None:
        """Remove a file that may be there."""
        (self.path / name).unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; durable when this returns."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _give_to_owner_of(path.parent, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)


def _give_to_owner_of(directory: Path, file: Path) -> None:
    # root enrols, but the service that reads the result runs as the user who owns the directory
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        owner = directory.stat()
        os.chown(file, owner.st_uid, owner.st_gid)


def sync_directory(path: Path) -> None:
    """Make renames in a directory durable, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _stored(value: object) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Secret):
        return value.reveal()
    return list(value) if isinstance(value, tuple) else value


def _identity(stored: Mapping[str, Any]) -> Identity:
    texts = {name: str(stored[name]) for name in ("agent_id", "collector", "trust_name", "school_name", "site_name")}
    return Identity(
        **texts,
        networks=tuple(stored["networks"]),
        network_limits=tuple(stored["network_limits"]),
        certificate=base64.b64decode(stored["certificate"], validate=True),
        authority=base64.b64decode(stored["authority"], validate=True),
        starts=datetime.fromisoformat(stored["starts"]),
        ends=datetime.fromisoformat(stored["ends"]),
        key=Secret(stored["key"]),
        sealing_key=Secret(stored["sealing_key"]),
    )
