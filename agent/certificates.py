"""Keys, certificate requests and certificates: what enrolment and uplink have in common.

Only short-lived children import this module, for the memory of it. It decides nothing, stores nothing, and opens no
connection.
"""

from __future__ import annotations

import dataclasses
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from agent.errors import Refused
from agent.state import Identity
from stocktake.values import Secret

_MESSAGE_LIMIT_BYTES = 16 * 1024 * 1024


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def request_for(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A certificate request (PKCS#10, DER) for a key. The collector reads only the key from it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stocktake-agent")])
    return (
        x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    )


def key_text(key: ec.EllipticCurvePrivateKey) -> Secret:
    """A key as PEM."""
    return Secret(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def with_certificate(
    identity: Identity, key: ec.EllipticCurvePrivateKey, certificate: bytes, authority: bytes
) -> Identity:
    """The identity with a new key and its certificate; Refused where the certificate is not for that key."""
    try:
        found = x509.load_der_x509_certificate(certificate)
        x509.load_der_x509_certificate(authority)
    except ValueError:
        raise Refused("The collector answered something that is no certificate.") from None
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if found.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        raise Refused("The collector's certificate is for another key than this machine's.")
    return dataclasses.replace(
        identity,
        key=key_text(key),
        certificate=certificate,
        authority=authority,
        starts=found.not_valid_before_utc,
        ends=found.not_valid_after_utc,
    )


def trust_of(identity: Identity) -> str:
    """The id of the trust that an agent's certificate names; empty where it names none."""
    try:
        found = x509.load_der_x509_certificate(identity.certificate).extensions
        names = found.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return ""
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    return next((urlsplit(uri).netloc for uri in uris if uri.startswith("stocktake://")), "")


def signed_by(authority: bytes, signature: bytes, octets: bytes) -> bool:
    """Whether the key of a certificate (DER) signed octets."""
    key = x509.load_der_x509_certificate(authority).public_key()
    try:
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(signature, octets, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def pem(der: bytes) -> bytes:
    """A certificate as PEM."""
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def channel_options(server_name: str) -> list[tuple[str, str | int]]:
    """Options of gRPC for a channel to the collector, which must show a certificate for `server_name`.

    Proxies named in the environment are ignored, and gRPC repeats nothing by itself: when is the caller's to say.
    """
    return [
        ("grpc.ssl_target_name_override", server_name),
        ("grpc.default_authority", server_name),
        ("grpc.enable_http_proxy", 0),
        ("grpc.enable_retries", 0),
        ("grpc.max_send_message_length", _MESSAGE_LIMIT_BYTES),
        ("grpc.max_receive_message_length", _MESSAGE_LIMIT_BYTES),
    ]
