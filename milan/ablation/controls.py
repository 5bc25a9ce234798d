"""Units that nobody chose: what switching off as many of any kind does."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from milan.errors import BadSetting
from milan.records import UnitId

__all__ = ["layer_matched", "random_units"]


def random_units(pool: Sequence[UnitId], n: int, seed: int) -> list[UnitId]:
    """So many of a pool, drawn without putting back; BadSetting when there are fewer."""
    if n > len(pool):
        raise BadSetting(f"asked for {n} random units of {len(pool)}: ask for fewer")
    drawn = np.random.default_rng(seed).permutation(len(pool))[:n]
    return [pool[at] for at in drawn]


def layer_matched(order: Sequence[UnitId], pool: Sequence[UnitId], seed: int) -> list[UnitId]:
    """A random order that visits layers as the given one does: its k-th unit is of the same layer.

    Units of early layers are few and matter more, so an order that prefers a depth must be held against
    random units of that depth. Units of the order itself may be drawn. BadSetting when the pool lacks units
    of a layer.
    """
    by_layer: dict[str, list[UnitId]] = defaultdict(list)
    for unit in random_units(pool, len(pool), seed):
        by_layer[unit.layer].append(unit)
    for layer, n in Counter(unit.layer for unit in order).items():
        if len(by_layer[layer]) < n:
            raise BadSetting(f"a control needs {n} units of {layer}, the pool has {len(by_layer[layer])}")
    return [by_layer[unit.layer].pop() for unit in order]
