# SPDX-License-Identifier: Apache-2.0
"""Parts into S3, each in pieces that go up side by side while the next are made."""

from __future__ import annotations

from typing import Any, Final

from scripts.upload_xgboost_mnist_dataset.csvstream import open_csv, size_of
from scripts.upload_xgboost_mnist_dataset.dataset import Part
from scripts.upload_xgboost_mnist_dataset.progress import Progress

PIECE: Final = 16 * 1024 * 1024
"""Bytes of a piece. Some ten are in memory at once."""


class UploadError(Exception):
    """A part is not in S3: one line with bucket, key and AWS's words."""


def upload(parts: list[Part], bucket: str, prefix: str) -> None:
    """Put each part to `<prefix>/<part>/examples`; stop at the first that fails.

    Raises UploadError.
    """
    import boto3  # noqa: PLC0415 - not before the data is known to be good
    from boto3.exceptions import Boto3Error  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    start, at = "/".join(step for step in prefix.split("/") if step), f"s3://{bucket}"
    try:
        client = boto3.client("s3")
        for part in parts:
            key = "/".join(step for step in (start, part.name, "examples") if step)
            at = f"s3://{bucket}/{key}"
            _put(client, part, bucket, key)
    except (ClientError, BotoCoreError, Boto3Error) as error:
        raise UploadError(f"{at}: {error}") from None


def _put(client: Any, part: Part, bucket: str, key: str) -> None:
    from boto3.s3.transfer import TransferConfig  # noqa: PLC0415

    where = f"s3://{bucket}/{key}"
    with Progress(where, size_of(part)) as progress, open_csv(part) as stream:
        client.upload_fileobj(
            stream,
            bucket,
            key,
            ExtraArgs={"ContentType": "text/csv"},
            Config=TransferConfig(multipart_threshold=PIECE, multipart_chunksize=PIECE),
            Callback=progress.add,
        )
    print(f"{where}: {len(part.images)} examples, {size_of(part)} bytes", flush=True)
