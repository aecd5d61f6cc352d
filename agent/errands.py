"""What the agent's main process and its short-lived children say to each other: plain values and their frames.

A frame is one line of JSON and, after it, bytes that need no escaping. Nothing here sends anything, and no child is
believed: what it says is checked again where it is read.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from agent.errors import EnrolmentFailed, WorkerFailed

TOKEN_VERSION = "stk1"  # noqa: S105  # not a secret: how every token begins
_TOKEN_LENGTH_LIMIT = 512
_PIN_BYTES = 32


class Conversation(Protocol):
    """A child's end of the pipes (`agent.worker`): call it to emit a frame."""

    def __call__(self, frame: bytes, /) -> None:
        """Emit a frame."""

    def receive(self) -> bytes:
        """The next frame of the main process; blocks."""


def frame(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """A frame of a header and a body."""
    return json.dumps(header).encode() + b"\n" + body


def parse(raw: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and body of a frame; WorkerFailed where it is none."""
    line, _, body = raw.partition(b"\n")
    try:
        header = json.loads(line)
    except ValueError:
        header = None
    if not isinstance(header, dict):
        raise WorkerFailed("A child process said something that is no frame.")
    return header, body


# ------------------------------------------------------------------------------------------------ the uplink


@dataclass(frozen=True, slots=True)
class Refusal:
    """A report that the collector did not accept. `content_unknown`: it lacks a content that was called unchanged."""

    sequence: int
    content_unknown: bool
    message: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where the collector's journal ended: entry, hash and signature (hex). `sound`: no false signature is on it."""

    position: int
    hash: str
    signature: str = ""
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the collector answered to a batch."""

    highest_contiguous: int
    refusals: tuple[Refusal, ...] = ()
    replay_from: int | None = None
    retry_after_seconds: float | None = None
    checkpoint: Checkpoint | None = None
    erasures: tuple[bytes, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The receipt as JSON."""
        return asdict(self) | {"erasures": [each.hex() for each in self.erasures]}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Receipt:
        """The receipt of its JSON."""
        checkpoint = found["checkpoint"]
        return cls(
            highest_contiguous=int(found["highest_contiguous"]),
            refusals=tuple(Refusal(**refusal) for refusal in found["refusals"]),
            replay_from=found["replay_from"],
            retry_after_seconds=found["retry_after_seconds"],
            checkpoint=Checkpoint(**checkpoint) if checkpoint else None,
            erasures=tuple(bytes.fromhex(each) for each in found["erasures"]),
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that a person wants done at once: `kind` is `try`, `look`, or empty for what this version lacks.

    It is about a device (`address`) or a network (CIDR); a trial names a credential.
    """

    wish_id: str
    kind: str
    address: str = ""
    network: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Values that people had erased, opened: (kind, octets) as `notations.Item` has them. Empty: not for this agent."""

    erasure_id: str
    values: tuple[tuple[str, bytes], ...] = ()

    def __repr__(self) -> str:
        return f"Erasure({self.erasure_id!r}, {len(self.values)} values)"


@dataclass(frozen=True, slots=True)
class Orders:
    """What the collector told this agent to do, as it told it: nothing of it is within the agent's limits yet.

    `plan` is a serialised walk plan, empty where the built-in one is to be used; `networks` is None until it says.
    `sealed` credentials open only with the agent's sealing key. Intervals are seconds, None where it has no wish.
    `wishes` and `erasures` are of one Sync and never stored. `pause_until` is seconds since the epoch. `bell_key` opens
    the bell. `often` are the addresses of devices whose health is asked in every round.
    """

    plan: bytes = b""
    networks: tuple[str, ...] | None = None
    exclusions: tuple[str, ...] = ()
    sweep_seconds: float | None = None
    host_seconds: float | None = None
    sync_seconds: float | None = None
    credentials_revision: str = ""
    sealed: tuple[bytes, ...] = ()
    wishes: tuple[Wish, ...] = ()
    pause_until: float | None = None
    bell_key: str = ""
    erasures: tuple[Erasure, ...] = ()
    often: tuple[str, ...] = ()

    def pause_left(self, now: datetime) -> float:
        """Seconds for which nothing is to be sent to devices; 0 where there is no pause."""
        return max(0.0, self.pause_until - now.timestamp()) if self.pause_until is not None else 0.0

    def objection(self, now: datetime) -> str:
        """Why nothing may be sent to devices, as far as a pause is concerned; "" where it may."""
        if self.pause_until is None or not self.pause_left(now):
            return ""
        until = datetime.fromtimestamp(self.pause_until, UTC)
        return f"This school is paused until {until:%Y-%m-%d %H:%M} UTC: nothing is sent to its devices."

    def to_json(self) -> dict[str, Any]:
        """The orders as JSON."""
        erasures = [[e.erasure_id, [[kind, octets.hex()] for kind, octets in e.values]] for e in self.erasures]
        plain = asdict(self) | {"plan": self.plan.hex(), "sealed": [each.hex() for each in self.sealed]}
        return plain | {"erasures": erasures}

    @classmethod
    def stored(cls, content: Mapping[str, Any] | None) -> Orders:
        """The orders that were stored; none where nothing readable was."""
        try:
            return cls.from_json(content) if content else cls()
        except (KeyError, TypeError, ValueError):
            return cls()

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Orders:
        """The orders of their JSON. Raises KeyError, TypeError or ValueError for what is none."""
        return cls(
            plan=bytes.fromhex(found["plan"]),
            networks=None if found["networks"] is None else tuple(str(each) for each in found["networks"]),
            exclusions=tuple(str(each) for each in found["exclusions"]),
            sweep_seconds=found["sweep_seconds"],
            host_seconds=found["host_seconds"],
            sync_seconds=found["sync_seconds"],
            credentials_revision=str(found["credentials_revision"]),
            sealed=tuple(bytes.fromhex(each) for each in found["sealed"]),
            wishes=tuple(Wish(**wish) for wish in found.get("wishes", ())),
            pause_until=None if (until := found.get("pause_until")) is None else float(until),
            bell_key=str(found.get("bell_key", "")),
            often=tuple(str(each) for each in found.get("often", ())),
            erasures=tuple(
                Erasure(str(erasure_id), tuple((str(kind), bytes.fromhex(octets)) for kind, octets in values))
                for erasure_id, values in found.get("erasures", ())
            ),
        )


# ------------------------------------------------------------------------------------------------ enrolment


@dataclass(frozen=True, slots=True)
class Token:
    """A one-time token: its secret, and the SHA-256 of the CA certificate (DER) of the collector that made it."""

    secret: str
    pin: bytes

    @classmethod
    def parse(cls, text: str) -> Token:
        """The token of its text `stk1.<secret>.<pin>`, pin in base64url; EnrolmentFailed where it is none."""
        parts = text.strip().split(".")
        if len(parts) != 3 or parts[0] != TOKEN_VERSION or len(text) > _TOKEN_LENGTH_LIMIT or not parts[1]:
            raise EnrolmentFailed(
                f"This is no enrolment token. A token begins with {TOKEN_VERSION}. and has two dots; make one at the "
                "collector with: stocktake-collector token"
            )
        try:
            pin = base64.b64decode(parts[2] + "=" * (-len(parts[2]) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            pin = b""
        if len(pin) != _PIN_BYTES:
            raise EnrolmentFailed("The end of this token is damaged. Copy it again, as a whole.")
        return cls(parts[1], pin)

    def __repr__(self) -> str:
        return "Token(…)"
