"""A small agent for tests of intake: keys, certificate and stub by hand, so that it can also misbehave."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from stocktake import tokens, wire
from stocktake.v1 import (
    control_service_pb2_grpc,
    enrolment_service_pb2,
    enrolment_service_pb2_grpc,
    report_pb2,
    report_service_pb2,
    report_service_pb2_grpc,
)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def request_for(key: ec.EllipticCurvePrivateKey) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def pem(der: bytes) -> bytes:
    return ssl.DER_cert_to_PEM_cert(der).encode()


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def channel(port: int, name: str, credentials: grpc.ChannelCredentials) -> grpc.aio.Channel:
    options = [("grpc.ssl_target_name_override", name), ("grpc.enable_http_proxy", 0)]
    return grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options)


async def enrol(port: int, ca: bytes, token: str, **fields: Any) -> tuple[ec.EllipticCurvePrivateKey, Any]:
    key = new_key()
    asked = {
        "token": tokens.parse(token).secret if "." in token else token,
        "certificate_signing_request": request_for(key),
        "sealing_key": X25519PrivateKey.generate().public_key().public_bytes_raw(),
        "host_name": "server-1",
    } | fields
    credentials = grpc.ssl_channel_credentials(root_certificates=pem(ca))
    async with channel(port, tokens.ENROL_SERVER_NAME, credentials) as open_channel:
        stub = enrolment_service_pb2_grpc.EnrolmentServiceStub(open_channel)
        return key, await stub.Enrol(enrolment_service_pb2.EnrolRequest(**asked), timeout=10)


@dataclass
class Client:
    """An enrolled agent; `certificate` and `key` sign batches, the channel's own may differ in tests."""

    port: int
    ca: bytes
    key: ec.EllipticCurvePrivateKey
    certificate: bytes
    agent_id: str = ""

    def channel(self) -> grpc.aio.Channel:
        credentials = grpc.ssl_channel_credentials(pem(self.ca), key_pem(self.key), pem(self.certificate))
        return channel(self.port, tokens.AGENTS_SERVER_NAME, credentials)

    def sign(self, stream_id: str, entries: list[tuple[int, bytes]]) -> report_pb2.SignedBatch:
        batch = wire.encode_batch(stream_id, entries, datetime.now(UTC))
        signature = self.key.sign(wire.BATCH_SIGNATURE_PREFIX + batch, ec.ECDSA(hashes.SHA256()))
        return report_pb2.SignedBatch(batch=batch, certificate=self.certificate, signature=signature)

    async def submit(self, stream_id: str, entries: list[tuple[int, bytes]]) -> Any:
        return await self.submit_signed(self.sign(stream_id, entries))

    async def submit_signed(self, signed: report_pb2.SignedBatch) -> Any:
        async with self.channel() as open_channel:
            stub = report_service_pb2_grpc.ReportServiceStub(open_channel)
            return await stub.SubmitReports(report_service_pb2.SubmitReportsRequest(batch=signed), timeout=10)

    async def sync(self, request: Any) -> Any:
        async with self.channel() as open_channel:
            return await control_service_pb2_grpc.ControlServiceStub(open_channel).Sync(request, timeout=10)

    async def renew(self, request: Any) -> Any:
        async with self.channel() as open_channel:
            stub = control_service_pb2_grpc.ControlServiceStub(open_channel)
            return await stub.RenewCertificate(request, timeout=10)
