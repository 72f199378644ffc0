# SPDX-License-Identifier: Apache-2.0
"""The operators on a real API server, against a fake AWS."""
