# SPDX-License-Identifier: Apache-2.0
"""One object of a cluster, read as the user."""

from __future__ import annotations

from typing import Any, Final

import httpx2
from lightkube import Client
from lightkube.config.kubeconfig import SingleConfig
from lightkube.core.exceptions import ApiError, ConfigError
from lightkube.generic_resource import create_namespaced_resource

from webhook.adapters.usercluster import KubeError

TIMEOUT: Final = 15.0
"""Seconds for one answer."""

GROUP, VERSION = "sagemaker.aws.amazon.com", "v1"


class NoObject(Exception):
    """There is no such object: one line that names it."""


class KubeObject:
    """A place in a cluster at which an object may be."""

    def __init__(self, config: SingleConfig, kind: str, name: str, namespace: str) -> None:
        """`kind` is one of our group's. Raises KubeError."""
        self._resource = create_namespaced_resource(GROUP, VERSION, kind, f"{kind.lower()}s")
        self._name, self._namespace = name, namespace
        self._server = config.cluster.server
        try:
            self._client = Client(config=config, timeout=httpx2.Timeout(TIMEOUT))
        except (ConfigError, OSError, ValueError, httpx2.InvalidURL) as error:
            raise KubeError(f"context {config.context_name}: {error}") from None

    def read(self) -> dict[str, Any]:
        """Return the object as it is now. Raises NoObject and KubeError."""
        kind = self._resource._api_info.resource.kind  # noqa: SLF001 - lightkube's own way to it
        try:
            return dict(self._client.get(self._resource, self._name, namespace=self._namespace))
        except ApiError as error:
            if error.response.status_code == httpx2.codes.NOT_FOUND:
                text = f'there is no {kind} "{self._name}" in namespace "{self._namespace}"'
                raise NoObject(f"{text} ({error.status.message})") from None
            raise KubeError(f"{self._server}: {error.status.message}") from None
        except httpx2.HTTPStatusError as error:  # an answer without Kubernetes' own words
            if error.response.status_code == httpx2.codes.NOT_FOUND:
                text = f"{self._server} does not know {GROUP}/{VERSION} {kind}: install its CRD"
                raise KubeError(text) from None
            raise KubeError(f"{self._server}: {error}") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            text = f"cannot reach the cluster at {self._server}: {error or type(error).__name__}"
            raise KubeError(text) from None
        except (ConfigError, OSError, ValueError, KeyError) as error:  # the user's login program
            raise KubeError(f"cannot log in to the cluster: {error}") from None
