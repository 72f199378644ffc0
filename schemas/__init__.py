# SPDX-License-Identifier: Apache-2.0
"""What AWS and the CRDs say about each kind, as generated data, and the one loader of it.

`kinds/` holds a JSON Schema per group and kind, `catalog/` small tables of facts (image
registries, regions, instance types), `SOURCES.json` where each file comes from. Nothing here is
edited by hand: `make schemas` rebuilds all of it.
"""

from schemas.table import Field, Kind, find_kind, kinds, load_table

__all__ = ["Field", "Kind", "find_kind", "kinds", "load_table"]
