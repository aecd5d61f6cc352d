"""A collector's end of the wire for tests of the agent: real gRPC, real TLS, and a memory of what came."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from agent.state import Identity, StateDirectory
from stocktake.v1 import (
    control_service_pb2,
    control_service_pb2_grpc,
    enrolment_service_pb2,
    enrolment_service_pb2_grpc,
    report_pb2,
    report_service_pb2,
    report_service_pb2_grpc,
)
from stocktake.values import Credential, Secret
from stocktake.wire import Batch, decode_batch, encode_credential

NAMES = ("enrol.stocktake.internal", "agents.stocktake.internal")
NOW = datetime.datetime.now(datetime.UTC)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Authority:
    """A CA of one test."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's authority")])
        self.certificate = (
            self._builder(name, self.key.public_key(), name, datetime.timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def _builder(
        self, name: x509.Name, public_key: object, issuer: x509.Name, life: datetime.timedelta
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public_key)  # type: ignore[arg-type]  # any public key
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(days=1))
            .not_valid_after(NOW + life)
        )

    def issue(self, public_key: object, *names: str, days: float = 30) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
        builder = self._builder(subject, public_key, self.certificate.subject, datetime.timedelta(days=days))
        alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
        if not names:
            alternatives.append(x509.UniformResourceIdentifier("stocktake://t/agent-1"))
        return builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False).sign(
            self.key, hashes.SHA256()
        )

    @property
    def pin(self) -> bytes:
        return hashlib.sha256(der(self.certificate)).digest()

    def token(self) -> str:
        return f"stk1.a-secret.{base64.urlsafe_b64encode(self.pin).decode().rstrip('=')}"

    def identity(self, collector: str, **changes: object) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.issue(key.public_key())
        values: dict[str, object] = {
            "agent_id": "agent-1", "collector": collector, "trust_name": "Oak Trust", "school_name": "Oak Lane",
            "site_name": "Main", "networks": (), "network_limits": (), "certificate": der(certificate),
            "authority": der(self.certificate), "starts": certificate.not_valid_before_utc,
            "ends": certificate.not_valid_after_utc, "key": Secret(key_pem(key).decode()),
            "sealing_key": Secret(x25519.X25519PrivateKey.generate().private_bytes_raw().hex()),
        }  # fmt: skip
        return Identity(**(values | changes))  # type: ignore[arg-type]  # the fields above


def sealed(identity: Identity, credential: Credential) -> bytes:
    """A credential as a collector seals it to an agent."""
    private = x25519.X25519PrivateKey.from_private_bytes(bytes.fromhex(identity.sealing_key.reveal()))
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    return suite.encrypt(encode_credential(credential), private.public_key(), b"stocktake.v1.Credential")


Answer = Callable[[Batch], report_service_pb2.SubmitReportsResponse]


@dataclass
class FarEnd:
    """What the collector of a test was told, and what it answers."""

    authority: Authority = field(default_factory=Authority)
    address: str = ""
    batches: list[Batch] = field(default_factory=list)
    signed: list[report_pb2.SignedBatch] = field(default_factory=list)
    syncs: list[control_service_pb2.SyncRequest] = field(default_factory=list)
    enrolments: list[enrolment_service_pb2.EnrolRequest] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    failures: list[tuple[grpc.StatusCode, str]] = field(default_factory=list)
    orders: control_service_pb2.SyncResponse = field(default_factory=control_service_pb2.SyncResponse)
    known: set[tuple[str, int]] = field(default_factory=set)
    poison: bytes = b""
    extra_chain: bytes = b""

    def highest(self, stream_id: str) -> int:
        """The highest contiguous sequence that is known of a stream."""
        highest = 0
        while (stream_id, highest + 1) in self.known:
            highest += 1
        return highest

    def fail(self, context: grpc.ServicerContext) -> None:
        if self.failures:
            context.abort(*self.failures.pop(0))

    def sequences(self, stream_id: str) -> list[int]:
        return [sequence for batch in self.batches if batch.stream_id == stream_id for sequence, _ in batch.entries]


class _Reports(report_service_pb2_grpc.ReportServiceServicer):
    def __init__(self, end: FarEnd) -> None:
        self.end = end

    def SubmitReports(  # noqa: N802  # gRPC's name
        self, request: report_service_pb2.SubmitReportsRequest, context: grpc.ServicerContext
    ) -> report_service_pb2.SubmitReportsResponse:
        self.end.fail(context)
        if self.end.poison and self.end.poison in request.batch.batch:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "there is poison in it")
        batch = decode_batch(request.batch.batch)
        self.end.signed.append(request.batch)
        self.end.batches.append(batch)
        if self.end.answers:
            answer = self.end.answers.pop(0)(batch)
            self.end.known |= {(batch.stream_id, n) for n in range(1, answer.highest_contiguous_sequence + 1)}
            return answer
        for sequence, raw in batch.entries:
            report = report_pb2.Report.FromString(raw)
            self.end.known.add((batch.stream_id, sequence))
            if report.HasField("gap"):
                lost = range(report.gap.first_sequence, report.gap.last_sequence + 1)
                self.end.known |= {(batch.stream_id, n) for n in lost}
        return report_service_pb2.SubmitReportsResponse(highest_contiguous_sequence=self.end.highest(batch.stream_id))


class _Control(control_service_pb2_grpc.ControlServiceServicer):
    def __init__(self, end: FarEnd) -> None:
        self.end = end

    def Sync(  # noqa: N802  # gRPC's name
        self, request: control_service_pb2.SyncRequest, context: grpc.ServicerContext
    ) -> control_service_pb2.SyncResponse:
        self.end.fail(context)
        self.end.syncs.append(request)
        return self.end.orders

    def RenewCertificate(  # noqa: N802  # gRPC's name
        self, request: control_service_pb2.RenewCertificateRequest, context: grpc.ServicerContext
    ) -> control_service_pb2.RenewCertificateResponse:
        self.end.fail(context)
        asked = x509.load_der_x509_csr(request.certificate_signing_request)
        certificate = self.end.authority.issue(asked.public_key(), days=60)
        return control_service_pb2.RenewCertificateResponse(
            certificate=der(certificate), certificate_authority=der(self.end.authority.certificate)
        )


class _Enrolment(enrolment_service_pb2_grpc.EnrolmentServiceServicer):
    def __init__(self, end: FarEnd) -> None:
        self.end = end

    def Enrol(  # noqa: N802  # gRPC's name
        self, request: enrolment_service_pb2.EnrolRequest, context: grpc.ServicerContext
    ) -> enrolment_service_pb2.EnrolResponse:
        self.end.fail(context)
        self.end.enrolments.append(request)
        asked = x509.load_der_x509_csr(request.certificate_signing_request)
        return enrolment_service_pb2.EnrolResponse(
            certificate=der(self.end.authority.issue(asked.public_key())),
            certificate_authority=der(self.end.authority.certificate),
            agent_id="agent-1",
            trust_name="Oak Trust",
            school_name="Oak Lane",
            site_name="Main",
        )


@contextmanager
def running(end: FarEnd, *, mutual: bool = True, port: int = 0) -> Iterator[FarEnd]:
    """The far end on a loopback port: mutual TLS for agents, or server TLS alone for enrolment."""
    server = grpc.server(futures.ThreadPoolExecutor(4))
    report_service_pb2_grpc.add_ReportServiceServicer_to_server(_Reports(end), server)
    control_service_pb2_grpc.add_ControlServiceServicer_to_server(_Control(end), server)
    enrolment_service_pb2_grpc.add_EnrolmentServiceServicer_to_server(_Enrolment(end), server)
    key = ec.generate_private_key(ec.SECP256R1())
    chain = pem(end.authority.issue(key.public_key(), *NAMES)) + pem(end.authority.certificate) + end.extra_chain
    credentials = grpc.ssl_server_credentials(
        [(key_pem(key), chain)], pem(end.authority.certificate) if mutual else None, require_client_auth=mutual
    )
    end.address = f"127.0.0.1:{server.add_secure_port(f'127.0.0.1:{port}', credentials)}"
    server.start()
    try:
        yield end
    finally:
        server.stop(0).wait()


def enrolled_state(path: Path, end: FarEnd, **changes: object) -> StateDirectory:
    """A state directory of an agent that the far end knows."""
    state = StateDirectory(path)
    state.prepare()
    state.save_identity(end.authority.identity(end.address, **changes))
    return state
