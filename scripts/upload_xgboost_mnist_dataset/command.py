# SPDX-License-Identifier: Apache-2.0
"""The command line."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Final

from scripts.upload_xgboost_mnist_dataset.dataset import DataError, split
from scripts.upload_xgboost_mnist_dataset.source import read_source
from scripts.upload_xgboost_mnist_dataset.upload import UploadError, upload

PROGRAM: Final = "upload_xgboost_mnist_dataset"


def main() -> int:
    """Read, split, upload; return 0, or 1 after a line on standard error."""
    given = _parser().parse_args()
    try:
        training, test = read_source(given.data, given.sha256)
        upload(split(given.data, training, test), given.s3_bucket, given.s3_prefix)
    except (DataError, UploadError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted, what is up so far stays", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Upload MNIST as CSV to S3, for the XGBoost samples: "
        "<prefix>/train/examples, <prefix>/validation/examples and <prefix>/test/examples.",
        epilog="AWS credentials are found as by the AWS CLI.",
    )
    parser.add_argument("--s3-bucket", required=True, metavar="BUCKET")
    parser.add_argument("--s3-prefix", required=True, metavar="PREFIX", help="e.g. xgboost")
    parser.add_argument(
        "--data",
        required=True,
        metavar="PATH|URL",
        help="a folder or zip with MNIST's four idx files (.gz or not), or an .npz as keras has it",
    )
    parser.add_argument(
        "--sha256", type=_checksum, metavar="HEX", help="of the file; a URL must have it"
    )
    return parser


def _checksum(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError("must be 64 hexadecimal digits")
    return text
