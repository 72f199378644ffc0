# SPDX-License-Identifier: Apache-2.0
"""Any JSON at all, for tests that must hold for it."""

from __future__ import annotations

from hypothesis import strategies as st

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)
"""Also what JSON itself has no words for: NaN and the infinities."""
