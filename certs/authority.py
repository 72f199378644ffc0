# SPDX-License-Identifier: Apache-2.0
"""A certificate authority and the serving certificates that it issues.

ECDSA P-256 throughout: every API server takes it, and a handshake costs a tenth of RSA's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from certs.errors import CertificateError

Address = IPv4Address | IPv6Address

CA_LIFE: Final = timedelta(days=3650)
"""Ten years: replacing a CA means touching every webhook configuration."""

LEAF_LIFE: Final = timedelta(days=365)

BACKDATED: Final = timedelta(hours=1)
"""Clocks of nodes differ; an hour covers every one that works at all."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key, both PEM. The key never shows in a representation."""

    certificate: bytes
    key: bytes

    def __repr__(self) -> str:
        return "Pair(…)"

    @property
    def x509(self) -> x509.Certificate:
        """The certificate, parsed. Raises CertificateError."""
        return read_certificate(self.certificate, "certificate")


def make_authority(name: str, now: datetime) -> Pair:
    """Make a CA. `now` is an aware datetime."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        _builder(subject, subject, key.public_key(), now, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    return _pair(builder.sign(key, hashes.SHA256()), key)


def issue(
    authority: Pair, names: Sequence[str], addresses: Sequence[Address], now: datetime
) -> Pair:
    """Issue a serving certificate for DNS names and IP addresses; there is at least one of them.

    Raises CertificateError when the authority is not usable.
    """
    parent = authority.x509
    signer = read_key(authority.key, "CA key")
    if not belongs(parent, signer):
        raise CertificateError("the CA key does not belong to the CA certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    general: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    general += [x509.IPAddress(address) for address in addresses]
    common = (names[0] if names else str(addresses[0]))[:64]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    life = min(LEAF_LIFE, parent.not_valid_after_utc - now)
    builder = (
        _builder(subject, parent.subject, key.public_key(), now, life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(general), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    return _pair(builder.sign(signer, hashes.SHA256()), key)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    return Pair(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


def read_certificate(pem: bytes, what: str) -> x509.Certificate:
    """Parse a PEM certificate. Raises CertificateError naming `what`."""
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise CertificateError(f"{what} is no PEM certificate; make it anew") from None


def read_key(pem: bytes, what: str) -> ec.EllipticCurvePrivateKey:
    """Parse an unencrypted PEM key of ours. Raises CertificateError naming `what`."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError:
        raise CertificateError(f"{what} is encrypted; give an unencrypted one") from None
    except ValueError:
        raise CertificateError(f"{what} is no PEM private key; make it anew") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CertificateError(f"{what} is not an elliptic-curve key; make it anew")
    return key


def belongs(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> bool:
    """Whether key and certificate are of one pair."""
    return certificate.public_key() == key.public_key()


def is_issued_by(leaf: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether the authority signed the leaf."""
    try:
        leaf.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def covers(leaf: x509.Certificate, names: Sequence[str], addresses: Sequence[Address]) -> bool:
    """Whether a certificate is for all these names and addresses."""
    try:
        found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    return set(names) <= set(found.get_values_for_type(x509.DNSName)) and set(addresses) <= set(
        found.get_values_for_type(x509.IPAddress)
    )


def is_due(certificate: x509.Certificate, now: datetime) -> bool:
    """Whether two thirds of a certificate's life are over: then it is to be renewed."""
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return now >= certificate.not_valid_before_utc + life * 2 / 3


def seconds_left(certificate: x509.Certificate, now: datetime) -> float:
    """Return the seconds until a certificate expires, negative when it has."""
    return (certificate.not_valid_after_utc - now).total_seconds()
