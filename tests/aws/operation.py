# SPDX-License-Identifier: Apache-2.0
"""The operation that a request means, by the three ways in which AWS's protocols say it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.session

from tests.aws.message import Request


def operation_of(request: Request, service: str) -> tuple[str, dict[str, Any]]:
    """Return an operation's name and its parameters, as far as they are easily read.

    A request that names none is called by its method. Raises SerializationException for a body
    that is not JSON where the protocol is.
    """
    if target := request.headers.get("x-amz-target"):
        return target.rpartition(".")[2], request.json
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = {key: values[0] for key, values in parse_qs(request.body.decode()).items()}
        return str(form.pop("Action", request.method)), form
    if service == "s3":
        return _of_s3(request)
    return request.method, dict(request.query)


def _of_s3(request: Request) -> tuple[str, dict[str, Any]]:
    """Return the S3 operation with the most literal query parameters among those that fit."""
    bucket, _, key = request.path.strip("/").partition("/")
    place = {"Bucket": bucket, "Key": key}
    parameters = {name: value for name, value in place.items() if value}
    for name, method, path, literals in _s3_operations():
        fits = method == request.method and path == tuple(parameters)
        if fits and all(request.query.get(k) == v for k, v in literals.items()):
            return name, parameters | request.query
    return request.method, parameters | request.query


@cache
def _s3_operations() -> list[tuple[str, str, tuple[str, ...], dict[str, str]]]:
    model = botocore.session.get_session().get_service_model("s3")
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        parts = urlsplit(http["requestUri"])
        path = tuple(re.findall(r"\{(\w+)\+?\}", parts.path))
        literals = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        found.append((name, http["method"], path, literals))
    # of operations that differ by headers only, the plain one: PutObject before CopyObject
    rare = {"CopyObject", "SelectObjectContent", "UploadPartCopy", "RenameObject"}
    return sorted(found, key=lambda each: (-len(each[3]), each[0] in rare))
