"""Making a description again from what the catalog says made it.

In: a catalog, a unit, its network and images. Out: a `Rebuilt`: the unit as it was and as it is now, what
differs between them, and what differs in what made them.

    rebuilt = rebuild_unit("units.db", unit, lambda layer: network, RebuildOptions(images=Path("photos")))
    assert rebuilt.is_same, rebuilt.differences
"""

from milan.uses.rebuild.differences import Rebuilt
from milan.uses.rebuild.rebuilding import RebuildOptions, rebuild_unit

__all__ = ["RebuildOptions", "Rebuilt", "rebuild_unit"]
