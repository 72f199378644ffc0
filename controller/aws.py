# SPDX-License-Identifier: Apache-2.0
"""The door to AWS: boto3 in a bounded pool of threads, paced by operation, never retried in secret.

Credentials are those of boto3's default chain (IRSA above all). SageMaker's endpoint is the
object's `sageMakerEndpoint`, else AWS_DEFAULT_SAGEMAKER_ENDPOINT, else AWS's own.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Final

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    TokenRetrievalError,
)
from botocore.exceptions import (
    ConnectionError as NoConnection,
)

from controller.breaker import Breaker
from controller.failure import THROTTLED, AwsError
from controller.metrics import Metrics
from controller.pace import Pace, most
from controller.step import SAGEMAKER, AwsCall
from webhook.version import VERSION

THREADS: Final = 16
"""Calls under way at once."""

CONNECT_SECONDS: Final = 5
READ_SECONDS: Final = 30.0
"""Until a call without an answer is given up."""

_CREDENTIALS: Final = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    TokenRetrievalError,
)


class Aws:
    """Clients by service, region and endpoint, made at first use."""

    def __init__(self, metrics: Metrics, read_seconds: float = READ_SECONDS) -> None:
        """Nothing is asked before the first call."""
        self._read_seconds = read_seconds
        self._breakers: dict[tuple[str, str, str | None], Breaker] = {}
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="aws")
        self._session = boto3.Session()
        self._clients: dict[tuple[str, str, str | None], Any] = {}
        self._lock = Lock()
        self._paces: dict[tuple[str, str], Pace] = {}
        self._default = os.environ.get("AWS_DEFAULT_SAGEMAKER_ENDPOINT") or None
        self._metrics = metrics

    async def call(
        self, call: AwsCall, region: str, endpoint: str | None
    ) -> Mapping[str, Any] | AwsError:
        """Make a call; return its answer, or what went wrong."""
        where = self._where(call.service, region, endpoint)
        breaker = self._breakers.setdefault(where, Breaker())
        loop = asyncio.get_running_loop()
        if breaker.is_open(loop.time()):
            return AwsError(call.operation, "", f"{breaker.last} (tried again now and then)")
        key = (call.operation, region)
        pace = self._paces.get(key)
        if pace is None:
            pace = self._paces[key] = Pace(most(call.operation))
        await pace.wait()
        sent = loop.time()
        answer = await loop.run_in_executor(self._pool, self._answer, call, where)
        if isinstance(answer, AwsError) and not answer.code:
            breaker.unheard(loop.time(), answer.message)
        else:
            breaker.heard()
        code = (answer.code or "none") if isinstance(answer, AwsError) else ""
        self._metrics.aws_calls.labels(call.operation, code).inc()
        if code in THROTTLED:
            pace.throttled(sent, loop.time())
        else:
            pace.answered()
        return answer

    def _answer(
        self, call: AwsCall, where: tuple[str, str, str | None]
    ) -> Mapping[str, Any] | AwsError:
        return self._unsigned(call.operation) or self._call(call, where)

    def _call(
        self, call: AwsCall, where: tuple[str, str, str | None]
    ) -> Mapping[str, Any] | AwsError:
        try:
            client = self._client(where)
            answer: dict[str, Any] = getattr(client, xform_name(call.operation))(**call.parameters)
        except ClientError as error:
            found = error.response.get("Error", {})
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            code, message = str(found.get("Code", "")), str(found.get("Message", ""))
            return AwsError(call.operation, code or str(status), message, status)
        except ParamValidationError as error:
            return AwsError(call.operation, "ParamValidationError", str(error), 400)
        except _CREDENTIALS as error:
            return AwsError(call.operation, "CredentialsError", str(error))
        except (NoConnection, HTTPClientError, OSError) as error:
            return AwsError(call.operation, "", str(error))
        except (BotoCoreError, ValueError) as error:  # a region or endpoint that can be none
            return AwsError(call.operation, type(error).__name__, str(error), 400)
        answer.pop("ResponseMetadata", None)
        return answer

    def _unsigned(self, operation: str) -> AwsError | None:
        """Return why a call cannot be signed: whatever STS calls it, the call is not to blame."""
        try:
            with self._lock:
                found = self._session.get_credentials()
            if found is None:
                raise NoCredentialsError
            found.get_frozen_credentials()
        except (NoConnection, HTTPClientError) as error:
            return AwsError(operation, "", str(error))
        except (BotoCoreError, ClientError, OSError, ValueError) as error:
            return AwsError(operation, "CredentialsError", str(error))
        return None

    def _where(
        self, service: str, region: str, endpoint: str | None
    ) -> tuple[str, str, str | None]:
        return (service, region, (endpoint or self._default) if service == SAGEMAKER else None)

    def _client(self, where: tuple[str, str, str | None]) -> Any:
        service, region, endpoint = where
        with self._lock:
            if where not in self._clients:
                self._clients[where] = self._session.client(
                    service,
                    region_name=region,
                    endpoint_url=endpoint,
                    config=Config(
                        connect_timeout=CONNECT_SECONDS,
                        read_timeout=self._read_seconds,
                        retries={"total_max_attempts": 1},
                        max_pool_connections=THREADS,
                        user_agent_extra=f"kube-sagemaker/{VERSION} sagemaker-on-kubernetes",
                    ),
                )
            return self._clients[where]

    def close(self) -> None:
        """Wait for the calls under way."""
        self._pool.shutdown(wait=True)
