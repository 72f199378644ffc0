# SPDX-License-Identifier: Apache-2.0
"""The one error of this package."""


class CertificateError(Exception):
    """A certificate or key is not usable: what is wrong with which, and the remedy."""
