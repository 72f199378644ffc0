# SPDX-License-Identifier: Apache-2.0
"""A real editor's language server, and how to speak with it."""
