"""The collector's certificate authority: makes, signs and checks certificates. It knows no database and no network.

Keys are ECDSA P-256. An agent's certificate carries one URI, `stocktake://<trust>/<agent>`; everything else in a
certificate or request is ignored.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from collector.errors import CallerRefused, StoreError
from stocktake.tokens import AGENTS_SERVER_NAME, BELL_SERVER_NAME, ENROL_SERVER_NAME
from stocktake.wire import BATCH_SIGNATURE_PREFIX

AUTHORITY_LIFE = dt.timedelta(days=20 * 365)
SERVER_LIFE = dt.timedelta(days=730)
SERVER_RENEW_BEFORE = dt.timedelta(days=365)
AGENT_LIFE = dt.timedelta(days=30)
BACKDATE = dt.timedelta(hours=25)  # school servers' clocks run late by a day at the worst


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a certificate says it is."""

    trust_id: str
    agent_id: str
    serial: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key and its certificate chain, PEM, as servers take them."""

    key: bytes
    chain: bytes


class Authority:
    """The CA of one collector, kept in a folder that only the collector can read."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        """Takes the CA's key and its certificate."""
        self._key = key
        self.certificate = certificate

    @classmethod
    def open(cls, folder: Path, now: dt.datetime) -> Authority:
        """The CA in a folder; made there the first time."""
        key_file, certificate_file = folder / "authority.key", folder / "authority.crt"
        if not key_file.exists():
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = _self_signed(key, now)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
            write_private(key_file, _pem(key))
        try:
            loaded = serialization.load_pem_private_key(key_file.read_bytes(), None)
            certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        except (OSError, ValueError) as error:
            raise StoreError(f"the certificate authority in {folder} cannot be read: {error}") from error
        if not isinstance(loaded, ec.EllipticCurvePrivateKey) or loaded.public_key() != certificate.public_key():
            raise StoreError(f"{key_file} and {certificate_file} do not belong together: restore both from one backup")
        return cls(loaded, certificate)

    @staticmethod
    def read(folder: Path) -> x509.Certificate:
        """The CA certificate of a folder, without its key; StoreError where there is none."""
        try:
            return x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
        except (OSError, ValueError) as error:
            raise StoreError(f"there is no certificate of this collector in {folder}: {error}") from error

    @property
    def der(self) -> bytes:
        """The CA certificate, DER: what tokens pin."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The CA certificate, PEM: what servers and Prometheus trust."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def server(self, folder: Path, names: Sequence[str], now: dt.datetime) -> Pair:
        """A server certificate for the collector's names; made anew in its last year or when the names change."""
        key_file, certificate_file = folder / "server.key", folder / "server.crt"
        wanted = {ENROL_SERVER_NAME, AGENTS_SERVER_NAME, BELL_SERVER_NAME, *names}
        if not (key_file.exists() and certificate_file.exists() and _still_good(certificate_file, wanted, now)):
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = self._sign(
                key.public_key(), _names(sorted(wanted)), ExtendedKeyUsageOID.SERVER_AUTH, now, SERVER_LIFE
            )
            write_private(key_file, _pem(key))
            certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + self.pem)
        return Pair(key_file.read_bytes(), certificate_file.read_bytes())

    def agent(self, request: bytes, trust_id: str, agent_id: str, now: dt.datetime) -> x509.Certificate:
        """A certificate for the key of a PKCS#10 request. Raises CallerRefused where the request is none."""
        try:
            parsed = x509.load_der_x509_csr(request)
            key = parsed.public_key()
            proven = parsed.is_signature_valid
        except ValueError as error:
            raise CallerRefused(f"the certificate request cannot be read: {error}") from error
        if not proven or not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            raise CallerRefused("the certificate request must be signed by its own P-256 key")
        names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(f"stocktake://{trust_id}/{agent_id}")]
        return self._sign(key, names, ExtendedKeyUsageOID.CLIENT_AUTH, now, AGENT_LIFE)

    def identify(self, certificate: bytes, now: dt.datetime) -> Identity:
        """Who a DER certificate says it is, if this CA signed it and it is in its time. Raises CallerRefused."""
        parsed = self._own(certificate)
        if not parsed.not_valid_before_utc <= now <= parsed.not_valid_after_utc:
            raise CallerRefused(
                f"the certificate is good from {parsed.not_valid_before_utc} to {parsed.not_valid_after_utc}"
            )
        return identity(parsed)

    def sign(self, octets: bytes) -> bytes:
        """The CA key's own signature (DER) over octets that say what they are."""
        return self._key.sign(octets, ec.ECDSA(hashes.SHA256()))

    def check_batch(self, batch: bytes, certificate: bytes, signature: bytes) -> None:
        """Raise CallerRefused unless the certificate's key signed the batch."""
        if not signed_by(self._own(certificate), signature, BATCH_SIGNATURE_PREFIX + batch):
            raise CallerRefused("the batch is not signed by the key of its certificate")

    def _own(self, certificate: bytes) -> x509.Certificate:
        try:
            parsed = x509.load_der_x509_certificate(certificate)
            parsed.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            raise CallerRefused("the certificate was not signed by this collector") from None
        return parsed

    def _sign(
        self, key: ec.EllipticCurvePublicKey, names: Sequence[x509.GeneralName], usage: x509.ObjectIdentifier,
        now: dt.datetime, life: dt.timedelta,
    ) -> x509.Certificate:  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Stocktake")]))
            .issuer_name(self.certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BACKDATE)
            .not_valid_after(now + life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        return builder.sign(self._key, hashes.SHA256())


def signed_by(certificate: x509.Certificate, signature: bytes, octets: bytes) -> bool:
    """Whether the key of a certificate signed octets."""
    key = certificate.public_key()
    try:
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(signature, octets, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def identity(certificate: x509.Certificate) -> Identity:
    """Who an already trusted certificate says it is; exactly one stocktake:// URI is taken, the subject is ignored."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    except (x509.ExtensionNotFound, ValueError):
        uris = []
    parts = urlsplit(uris[0]) if len(uris) == 1 else None
    if parts is None or parts.scheme != "stocktake" or not parts.netloc or not parts.path.strip("/"):
        raise CallerRefused("the certificate does not name an agent")
    return Identity(parts.netloc, parts.path.strip("/"), format(certificate.serial_number, "x"))


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _self_signed(key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Stocktake collector authority")])
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATE)
        .not_valid_after(now + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _names(names: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return found


def _still_good(path: Path, names: set[str], now: dt.datetime) -> bool:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    there = {*held.get_values_for_type(x509.DNSName), *map(str, held.get_values_for_type(x509.IPAddress))}
    return there == names and now < certificate.not_valid_after_utc - SERVER_RENEW_BEFORE
