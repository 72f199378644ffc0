# SPDX-License-Identifier: Apache-2.0
"""What makes the generated files: run by make, never by the gate itself."""
