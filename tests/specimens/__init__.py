# SPDX-License-Identifier: Apache-2.0
"""Objects made from the kinds' tables: the least that is valid, faulty ones, random ones."""
