# SPDX-License-Identifier: Apache-2.0
"""The serving certificate: loaded at start, and again when its files change.

Connections that are open keep what they began with; a new one gets the new certificate.
"""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Final

from webhook.server.log import log

EVERY: Final = 5.0
"""Seconds between looks at the files: a Secret's reach a pod within a minute or so."""


class CertificateFault(Exception):
    """The files cannot be served with: which, and why, in one line."""


class Certificate:
    """A certificate with its key, and the TLS context that serves with it."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Load both. Raises CertificateFault naming the file at fault."""
        self._files = (certificate, key)
        self._seen = self._read()
        self._fault = ""
        """What was wrong at the last look: it is told once."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
        self._load(self.context)

    async def watch(self) -> None:
        """Take over what the files become, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            self.renew()

    def renew(self) -> None:
        """Take over what the files have become; what cannot be served with changes nothing."""
        try:
            found = self._read()
            if found == self._seen:
                return
            self._seen = found
            self._load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))  # the one in use stays whole
            self._load(self.context)
        except CertificateFault as fault:
            if str(fault) != self._fault:
                self._fault = str(fault)
                log.error("certificate not renewed, the old one stays in use", error=self._fault)
        else:
            self._fault = ""
            log.info("certificate renewed", file=str(self._files[0]))

    def _read(self) -> tuple[bytes, ...]:
        found = []
        for path in self._files:
            try:
                found.append(path.read_bytes())
            except OSError as error:
                raise CertificateFault(f"cannot read {path}: {error.strerror}") from None
        return tuple(found)

    def _load(self, context: ssl.SSLContext) -> None:
        certificate, key = self._files
        try:
            context.load_cert_chain(certificate, key, password=_no_password)
        except (OSError, ValueError, _EncryptedKey) as error:
            raise CertificateFault(
                f"{certificate} and {key} are no certificate and its own unencrypted key:"
                f" {getattr(error, 'reason', None) or error}"
            ) from None


class _EncryptedKey(Exception):
    """OpenSSL asked for a password; a server has nobody to ask."""


def _no_password() -> str:
    raise _EncryptedKey("the key is encrypted")
