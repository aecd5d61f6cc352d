"""Enrolment: a one-time token and a fresh key become an identity. Runs as a short-lived child.

Nothing is trusted on first use: the token carries the SHA-256 of the collector's CA certificate, and the token is only
sent to a machine that shows that certificate and speaks under it. Questions to the technician are not asked here.
"""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import grpc
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL

from agent.certificates import channel_options, new_key, pem, request_for, with_certificate
from agent.errands import Conversation, Token, frame, parse
from agent.errors import AgentError, EnrolmentFailed, UplinkError
from agent.metrics import printable
from agent.state import Identity, StateDirectory
from stocktake.v1 import enrolment_service_pb2
from stocktake.v1.enrolment_service_pb2_grpc import EnrolmentServiceStub
from stocktake.values import Secret

SERVER_NAME = "enrol.stocktake.internal"
CONNECT_SECONDS = 10.0
ENROL_SECONDS = 30.0
_CHAIN_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the technician answered, and what the machine is called."""

    collector: str
    networks: tuple[str, ...]
    network_limits: tuple[str, ...]
    host_name: str
    version: str


def main(request: bytes, conversation: Conversation) -> None:
    """Run as a child (`agent.worker`): header with state directory and wishes, the token as body; one frame answers."""
    header, token = parse(request)
    wishes = Wishes(
        collector=header["collector"],
        networks=tuple(header["networks"]),
        network_limits=tuple(header["network_limits"]),
        host_name=header["host_name"],
        version=header["version"],
    )
    try:
        identity = enrol(Token.parse(token.decode()), wishes)
        StateDirectory(Path(header["state_directory"])).save_identity(identity)
    except AgentError as error:
        conversation(frame({"failed": str(error)}))
        return
    conversation(
        frame(
            {
                "agent_id": identity.agent_id,
                "trust_name": identity.trust_name,
                "school_name": identity.school_name,
                "site_name": identity.site_name,
                "ends": identity.ends.isoformat(),
            }
        )
    )


def enrol(token: Token, wishes: Wishes) -> Identity:
    """The identity that a collector gives for a token.

    Raises:
        EnrolmentFailed: with a sentence that says which of the two sides to look at.
    """
    authority = pinned(shown_certificates(wishes.collector), token.pin, wishes.collector)
    key, sealing_key = new_key(), x25519.X25519PrivateKey.generate()
    request = enrolment_service_pb2.EnrolRequest(
        token=token.secret,
        certificate_signing_request=request_for(key),
        sealing_key=sealing_key.public_key().public_bytes_raw(),
        host_name=wishes.host_name,
        networks=wishes.networks,
        network_limits=wishes.network_limits,
        version=wishes.version,
    )
    response = _asked(request, wishes.collector, authority)
    now = datetime.now(UTC)
    blank = Identity(
        agent_id=response.agent_id,
        collector=wishes.collector,
        trust_name=response.trust_name,
        school_name=response.school_name,
        site_name=response.site_name,
        networks=wishes.networks,
        network_limits=wishes.network_limits,
        certificate=b"",
        authority=authority,
        starts=now,
        ends=now,
        key=Secret(""),
        sealing_key=Secret(sealing_key.private_bytes_raw().hex()),
    )
    try:
        # the pinned certificate stays the only root, whatever the answer names as one
        return with_certificate(blank, key, response.certificate, authority)
    except UplinkError as error:
        raise EnrolmentFailed(str(error)) from None


def _asked(
    request: enrolment_service_pb2.EnrolRequest, collector: str, authority: bytes
) -> enrolment_service_pb2.EnrolResponse:
    credentials = grpc.ssl_channel_credentials(root_certificates=pem(authority))
    connection = grpc.secure_channel(collector, credentials, channel_options(SERVER_NAME))
    try:
        response: enrolment_service_pb2.EnrolResponse = EnrolmentServiceStub(connection).Enrol(
            request, timeout=ENROL_SECONDS
        )
    except grpc.RpcError as error:
        details = printable(error.details() or "")[:300]
        raise EnrolmentFailed(
            _SENTENCES.get(error.code(), _OTHER).format(collector=collector, details=details)
        ) from None
    finally:
        connection.close()
    return response


_OTHER = "The collector at {collector} did not enrol this machine: {details}"
_SENTENCES = {
    grpc.StatusCode.UNAUTHENTICATED: "The collector does not accept this token: {details}",
    grpc.StatusCode.UNAVAILABLE: "The connection to {collector} broke: {details}",
    grpc.StatusCode.DEADLINE_EXCEEDED: "The collector at {collector} did not answer in time. Try again.",
}


# ------------------------------------------------------------------------------------------------ the pin


def pinned(chain: Sequence[bytes], pin: bytes, collector: str) -> bytes:
    """The certificate (DER) of a chain that the token names; EnrolmentFailed where it is not among them."""
    for certificate in chain:
        if hashlib.sha256(certificate).digest() == pin:
            return certificate
    raise EnrolmentFailed(
        f"The machine at {collector} is not the collector that made this token. Check the address; if it is right, "
        "something between here and the collector opens TLS connections, and must let this one pass. "
        "The token was not sent."
    )


def shown_certificates(collector: str, timeout_seconds: float = CONNECT_SECONDS) -> list[bytes]:
    """The certificates (DER) that a machine shows, believing none of them."""
    host, _, port = collector.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout_seconds) as connection:
            return _shown(connection, time.monotonic() + timeout_seconds)
    except OSError as error:
        raise EnrolmentFailed(f"There is no way to {collector}: {error.strerror or error}.") from None
    except SSL.Error as error:
        raise EnrolmentFailed(f"The machine at {collector} does not speak TLS as a collector does: {error}.") from None


def _shown(connection: socket.socket, deadline: float) -> list[bytes]:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_verify(SSL.VERIFY_NONE)
    context.set_alpn_protos([b"h2"])
    tls = SSL.Connection(context, connection)
    tls.set_tlsext_host_name(SERVER_NAME.encode())
    tls.set_connect_state()
    while True:
        try:
            tls.do_handshake()
            break
        except (SSL.WantReadError, SSL.WantWriteError):
            if time.monotonic() > deadline:
                raise TimeoutError("it does not answer") from None
            time.sleep(0.01)
    chain = tls.get_peer_cert_chain() or []
    return [each.to_cryptography().public_bytes(Encoding.DER) for each in chain[:_CHAIN_LIMIT]]
