# SPDX-License-Identifier: Apache-2.0
"""The HTTP server: TLS, routes, metrics, logs, drain."""
