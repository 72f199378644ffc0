# SPDX-License-Identifier: Apache-2.0
"""Ports on loopback that nobody uses."""

from __future__ import annotations

import socket


def free_ports(count: int) -> list[int]:
    """Return ports on loopback that are free now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports
