# SPDX-License-Identifier: Apache-2.0
"""How a verdict is printed."""
