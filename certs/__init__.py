# SPDX-License-Identifier: Apache-2.0
"""Certificates of the gate: a CA of its own, serving certificates, and when to renew them.

Pure but for `folder.py`: time is an argument, nothing is fetched, and no key is ever in the
repository or in a message.
"""
