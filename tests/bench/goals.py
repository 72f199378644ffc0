# SPDX-License-Identifier: Apache-2.0
"""What the figures are to reach: goals of the benchmark, never assertions on time."""

from __future__ import annotations

from typing import Final

GOALS: Final = {
    "validate_vs_fastapi_noop": (">=", 0.75),
    "validate_vs_asgi_noop": (">=", 0.3),
    "rss_mib": ("<=", 120.0),
    "rss_all_kinds_mib": ("<=", 150.0),
    "cli_version_vs_python": ("<=", 6.0),
    "cli_one_file_s": ("<=", 0.5),
    "cli_resources_per_s": (">=", 2000.0),
    "cli_rss_mib": ("<=", 500.0),
    "cli_growth": ("<=", 1.25),
    "operators_calls_per_object_minute": ("<=", 0.1),
    "operators_rss_mib": ("<=", 300.0),
}
