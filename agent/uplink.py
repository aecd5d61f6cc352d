"""The uplink: a short-lived child that signs batches, speaks gRPC with the collector, and answers the main process.

It lives while there is something to say, so that gRPC and cryptography cost no memory at other times. It knows nothing
of spool and schedule. Errands come as frames, one at a time: submit, sync, renew, unseal; one frame answers each. Who
the collector is, is told by its certificate alone: the CA that was pinned at enrolment is the only root.
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import ParseDict

from agent.certificates import channel_options, new_key, pem, request_for, signed_by, trust_of, with_certificate
from agent.errands import Checkpoint, Conversation, Erasure, Orders, Receipt, Refusal, Wish, frame, parse
from agent.errors import AgentError, BatchRefused, NotEnrolled, Refused, Unreachable, UplinkError
from agent.metrics import printable
from agent.state import Identity, StateDirectory
from agent.version import agent_version
from stocktake.checkpoints import signed_octets
from stocktake.v1 import control_service_pb2, control_service_pb2_grpc, report_pb2, report_service_pb2
from stocktake.v1.report_service_pb2_grpc import ReportServiceStub
from stocktake.wire import (
    BATCH_SIGNATURE_PREFIX,
    CREDENTIAL_SEALING_INFO,
    ERASURE_SEALING_INFO,
    decode_credential,
    decode_erased,
)

SERVER_NAME = "agents.stocktake.internal"
SUBMIT_SECONDS = 60.0
CONTROL_SECONDS = 30.0
_DETAIL_CHARACTERS = 200
_WISHES = 16  # that are heard in one Sync
_OFTEN = 4_096  # addresses, likewise
_ERASURES = 16
_NAME_CHARACTERS = 64  # of a credential, an id, a network
_KINDS = {
    control_service_pb2.WISH_KIND_TRY_CREDENTIAL: "try",
    control_service_pb2.WISH_KIND_LOOK_AGAIN: "look",
}

#: worth trying again: the collector is away, busy or slow, and nothing is wrong with what was sent
_PASSING = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.ABORTED,
}


def main(request: bytes, conversation: Conversation) -> None:
    """Run as a child (`agent.worker`): `request` names the state directory and the collector; then errands follow."""
    header, _ = parse(request)
    uplink = Uplink(StateDirectory(Path(header["state_directory"])), header["collector"])
    while True:
        errand, body = parse(conversation.receive())
        if errand["do"] == "leave":
            return
        conversation(answer(uplink, errand, body))


def answer(uplink: Uplink, errand: Mapping[str, Any], body: bytes) -> bytes:
    """Run one errand; what went wrong is an answer too."""
    errands: dict[str, Callable[[], bytes]] = {
        "submit": lambda: frame({"receipt": uplink.submit(body).to_json()}),
        "sync": lambda: frame({"orders": uplink.sync(errand["state"], Orders.from_json(errand["orders"])).to_json()}),
        "renew": lambda: frame({"ends": uplink.renew().isoformat()}),
        "unseal": lambda: frame(uplink.unseal(errand["sealed"])),
    }
    try:
        return errands[errand["do"]]()
    except UplinkError as error:
        wait = error.retry_after_seconds
        return frame({"failed": str(error), "kind": type(error).__name__, "retry_after_seconds": wait})
    except AgentError as error:
        return frame({"failed": str(error), "kind": Refused.__name__, "retry_after_seconds": None})


class Uplink:
    """One connection to the collector as one agent."""

    def __init__(self, state: StateDirectory, collector: str) -> None:
        self._state = state
        self._collector = collector
        self._identity = _enrolled(state)
        self._channel: grpc.Channel | None = None

    def submit(self, batch: bytes) -> Receipt:
        """Sign a serialised batch and bring it; the receipt comes after the collector has committed it."""
        signed = report_pb2.SignedBatch(
            batch=batch, certificate=self._identity.certificate, signature=sign(self._identity, batch)
        )
        request = report_service_pb2.SubmitReportsRequest(batch=signed)
        stub = ReportServiceStub(self._connected())
        return _receipt(self._call(lambda: stub.SubmitReports(request, timeout=SUBMIT_SECONDS)), self._identity)

    def sync(self, state: Mapping[str, Any], held: Orders) -> Orders:
        """Tell the collector how the agent is (JSON form of SyncRequest); what to do, where `held` is what it was."""
        request = ParseDict(
            {"version": agent_version(), **state}, control_service_pb2.SyncRequest(), ignore_unknown_fields=True
        )
        stub = control_service_pb2_grpc.ControlServiceStub(self._connected())
        response = self._call(lambda: stub.Sync(request, timeout=CONTROL_SECONDS))
        opened = (open_erasure(self._identity, each) for each in response.erase_orders[:_ERASURES])
        return replace(_orders(response, held), erasures=tuple(opened))

    def renew(self) -> datetime.datetime:
        """Get a certificate for a fresh key and store both; when the new certificate ends."""
        key = new_key()
        request = control_service_pb2.RenewCertificateRequest(certificate_signing_request=request_for(key))
        stub = control_service_pb2_grpc.ControlServiceStub(self._connected())
        response = self._call(lambda: stub.RenewCertificate(request, timeout=CONTROL_SECONDS))
        self._identity = with_certificate(
            self._identity, key, response.certificate, response.certificate_authority or self._identity.authority
        )
        self._state.save_identity(self._identity)
        self.close()
        return self._identity.ends

    def unseal(self, sealed: list[str]) -> dict[str, Any]:
        """Open sealed credentials with the agent's sealing key; all are hex. Those not for this agent are counted."""
        opened = [open_sealed(self._identity, bytes.fromhex(each)) for each in sealed]
        good = [each.hex() for each in opened if each is not None]
        return {"credentials": good, "left_out": len(opened) - len(good)}

    def close(self) -> None:
        """Close the connection; the next errand opens another."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _connected(self) -> grpc.Channel:
        if self._channel is None:
            credentials = grpc.ssl_channel_credentials(
                root_certificates=pem(self._identity.authority),
                private_key=self._identity.key.reveal().encode(),
                certificate_chain=pem(self._identity.certificate),
            )
            self._channel = grpc.secure_channel(
                self._collector, credentials, channel_options(SERVER_NAME), grpc.Compression.Gzip
            )
        return self._channel

    def _call(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except grpc.RpcError as error:
            raise failure(error, self._collector) from None


def _enrolled(state: StateDirectory) -> Identity:
    identity = state.identity()
    if identity is None:
        raise NotEnrolled("This machine is not enrolled. Run: stocktake-agent enrol")
    return identity


def failure(error: Any, collector: str) -> UplinkError:
    """What a failed call (grpc.RpcError) means: whether trying again can help, and a sentence."""
    code, details = error.code(), printable(error.details() or "")[:_DETAIL_CHARACTERS]
    # gRPC's own limit on a message's size speaks with the code of a busy collector, and will say so for ever
    if code is grpc.StatusCode.INVALID_ARGUMENT or "larger than max" in details:
        return BatchRefused(f"The collector at {collector} does not take this batch: {details}")
    if code in _PASSING:
        return Unreachable(f"The collector at {collector} is not to be had: {details}", _pushback(error))
    return Refused(f"The collector at {collector} says {code.name}: {details}")


def _pushback(error: Any) -> float | None:
    """The wait that a busy collector asks for, in seconds (gRPC's own trailer, in milliseconds)."""
    trailers: dict[str, str | bytes] = dict(error.trailing_metadata() or ())
    text = str(trailers.get("grpc-retry-pushback-ms", ""))
    return int(text) / 1000 if text.isdigit() else None


# ------------------------------------------------------------------------------------------------ keys


def sign(identity: Identity, batch: bytes) -> bytes:
    """The signature of a batch by the agent's TLS key: ECDSA with SHA-256, DER."""
    key = serialization.load_pem_private_key(identity.key.reveal().encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise NotEnrolled("The agent's key is of a wrong kind. Enrol this machine again.")
    return key.sign(BATCH_SIGNATURE_PREFIX + batch, ec.ECDSA(hashes.SHA256()))


def open_sealed(identity: Identity, sealed: bytes) -> bytes | None:
    """One credential, opened (HPKE, RFC 9180); None where it is none, or not for this agent."""
    try:
        opened = _unsealed(identity, sealed, CREDENTIAL_SEALING_INFO)
        decode_credential(opened)
    except (InvalidTag, ValueError):
        return None
    return opened


def open_erasure(identity: Identity, order: control_service_pb2.EraseOrder) -> Erasure:
    """What is to be erased; without values where it is nothing, or not for this agent."""
    try:
        values = decode_erased(_unsealed(identity, order.sealed, ERASURE_SEALING_INFO))
    except (InvalidTag, ValueError):
        values = ()
    return Erasure(order.id[:_NAME_CHARACTERS], values)


def _unsealed(identity: Identity, sealed: bytes, info: bytes) -> bytes:
    key = x25519.X25519PrivateKey.from_private_bytes(bytes.fromhex(identity.sealing_key.reveal()))
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305).decrypt(sealed, key, info)


# ------------------------------------------------------------------------------------------------ messages


def _receipt(response: report_service_pb2.SubmitReportsResponse, identity: Identity) -> Receipt:
    unknown = report_service_pb2.REFUSAL_REASON_CONTENT_UNKNOWN
    return Receipt(
        highest_contiguous=response.highest_contiguous_sequence,
        refusals=tuple(
            Refusal(each.sequence, each.reason == unknown, printable(each.message)[:_DETAIL_CHARACTERS])
            for each in response.refusals
        ),
        replay_from=response.replay_from if response.HasField("replay_from") else None,
        retry_after_seconds=_seconds(response.retry_after) if response.HasField("retry_after") else None,
        checkpoint=_checkpoint(response.journal_checkpoint, identity)
        if response.HasField("journal_checkpoint")
        else None,
        erasures=tuple(each.digest for each in response.erasures),
    )


def _checkpoint(told: report_service_pb2.JournalCheckpoint, identity: Identity) -> Checkpoint:
    signed = signed_octets(trust_of(identity), told.position, told.hash)
    sound = not told.signature or signed_by(identity.authority, told.signature, signed)
    return Checkpoint(told.position, told.hash.hex(), told.signature.hex(), sound=sound)


def _orders(response: control_service_pb2.SyncResponse, held: Orders) -> Orders:
    """The orders after a Sync: what is absent stays as it was."""
    schedule, credentials = response.schedule, response.credentials

    def interval(name: str, before: float | None) -> float | None:
        return _seconds(getattr(schedule, name)) if schedule.HasField(name) else before

    scope = response.scope if response.HasField("scope") else None
    new_credentials = response.HasField("credentials")
    return Orders(
        plan=response.plan.SerializeToString(deterministic=True) if response.HasField("plan") else held.plan,
        networks=tuple(scope.networks) if scope is not None else held.networks,
        exclusions=tuple(scope.exclusions) if scope is not None else held.exclusions,
        sweep_seconds=interval("sweep_interval", held.sweep_seconds),
        host_seconds=interval("host_interval", held.host_seconds),
        sync_seconds=interval("sync_interval", held.sync_seconds),
        credentials_revision=credentials.revision if new_credentials else held.credentials_revision,
        sealed=tuple(credentials.sealed) if new_credentials else held.sealed,
        wishes=tuple(_wish(each) for each in response.wishes[:_WISHES]),
        pause_until=response.pause_until.ToNanoseconds() / 1e9 if response.HasField("pause_until") else None,
        bell_key=response.bell_key,
        often=tuple(_addresses(response.often[:_OFTEN])),
    )


def _addresses(told: Iterable[bytes]) -> Iterator[str]:
    """Addresses as text; what is none is left out."""
    for octets in told:
        with contextlib.suppress(ValueError):
            yield str(ipaddress.ip_address(octets))


def _wish(message: control_service_pb2.Wish) -> Wish:
    """A wish as plain values; what cannot be one has no kind, and is refused where wishes are carried out."""
    try:
        address = str(ipaddress.ip_address(message.address)) if message.address else ""
    except ValueError:
        return Wish(message.id[:_NAME_CHARACTERS], "")
    parts = (part[:_NAME_CHARACTERS] for part in (message.network, message.credential))
    return Wish(message.id[:_NAME_CHARACTERS], _KINDS.get(message.kind, ""), address, *parts)


def _seconds(duration: Duration) -> float:
    return duration.seconds + duration.nanos / 1e9
