# SPDX-License-Identifier: Apache-2.0
"""What is decided about a CA and a serving certificate that exist, wherever they are kept.

A CA is never replaced by itself; a serving certificate is made anew when it is due, or not of this
CA, these names, or its own key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from certs.authority import (
    Address,
    Pair,
    belongs,
    covers,
    is_due,
    is_issued_by,
    read_certificate,
    read_key,
    seconds_left,
)
from certs.errors import CertificateError


def verify_authority(pair: Pair, certificate: str, key: str, now: datetime) -> None:
    """Check that a CA can issue. Raises CertificateError in terms of where the two are kept."""
    found = read_certificate(pair.certificate, certificate)
    if not belongs(found, read_key(pair.key, key)):
        raise CertificateError(f"{key} does not belong to {certificate}; remove both")
    if seconds_left(found, now) <= 0:
        raise CertificateError(f"{certificate} has expired; remove it and {key}")


def is_usable(
    leaf: Pair, authority: bytes, names: Sequence[str], addresses: Sequence[Address], now: datetime
) -> bool:
    """Whether a serving certificate can be kept; `authority` is the CA's certificate, PEM."""
    try:
        certificate, key = leaf.x509, read_key(leaf.key, "tls.key")
    except CertificateError:
        return False
    return (
        belongs(certificate, key)
        and is_issued_by(certificate, read_certificate(authority, "the CA"))
        and covers(certificate, names, addresses)
        and not is_due(certificate, now)
    )
