# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.aws --port 0`: print the URL, and serve until ended."""

from __future__ import annotations

import argparse
import signal
from threading import Event

from tests.aws.fake import FakeAWS


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.aws", description="A fake AWS")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--speed", type=float, default=1.0, help="fake seconds per second")
    parser.add_argument("--seconds", type=float, default=60.0, help="what each job takes")
    options = parser.parse_args()
    ended = Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: ended.set())
    with FakeAWS(port=options.port, speed=options.speed, seconds=options.seconds) as aws:
        print(aws.url, flush=True)  # noqa: T201 - it is what the caller waits for
        ended.wait()


if __name__ == "__main__":
    main()
