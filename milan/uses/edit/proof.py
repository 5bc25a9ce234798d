"""An edit held against edits that nobody reasoned about, on images that decided nothing."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Bool

from milan.ablation import Levels, TestImages, layer_matched, outcome, random_units, switched_off
from milan.networks import Network
from milan.records import UnitId
from milan.statistics import paired_difference, share
from milan.uses.edit.report import Arm, Retrained, TestedSet

__all__ = ["CHECKED", "prove"]

CHECKED = (4, 8)
"""Numbers of units at which arms are compared besides the chosen one."""

Right = Bool[np.ndarray, "*repeat image"]


def prove(  # noqa: PLR0913 (the edit, then what it is held against)
    network: Network,
    sets: Mapping[str, TestImages],
    order: Sequence[UnitId],
    n: int,
    *,
    levels: Levels | None,
    sorted_all: Mapping[str, Sequence[UnitId]],
    pool: Sequence[UnitId],
    seeds: int,
    retrained: Mapping[str, Retrained],
    progress: Callable[[int, int], None],
) -> list[TestedSet]:
    """Accuracy on each set before and after, and of controls with as many units switched off.

    `order` are the candidates in their order and `sorted_all` orders of all units, by name; random units are
    drawn from `pool` by as many `seeds`, once from all of it and once layer by layer as the edit takes them.
    Whatever is switched off is held at the same `levels`.
    """
    counts = sorted({n, *(count for count in CHECKED if count <= len(order))} - {0})
    arms = {("edit", count): [list(order[:count])] for count in counts} | {
        (name, count): orders
        for count in counts
        for name, orders in _controls(order[:count], sorted_all, pool, seeds).items()
    }
    passes, done = len(sets) * (1 + sum(map(len, arms.values()))), 0
    tested = []
    for name, images in sets.items():
        before = outcome(network, images).right
        right: dict[tuple[str, int], Right] = {}
        done += 1
        for arm, orders in arms.items():
            right[arm] = np.stack(
                [outcome(network, images, switched_off(units, levels)).right for units in orders]
            )
            done += len(orders)
            progress(done, passes)
        after = right["edit", n][0] if n else before
        tested.append(
            TestedSet(
                name=name,
                before=share(before),
                after=share(after),
                change=paired_difference(after, before),
                arms=tuple(_arm(arm, right) for arm in right),
                retrained=retrained.get(name),
                paths=images.paths,
                right_before=before,
                right_after=after,
            )
        )
    return tested


def _controls(
    units: Sequence[UnitId], sorted_all: Mapping[str, Sequence[UnitId]], pool: Sequence[UnitId], seeds: int
) -> dict[str, list[list[UnitId]]]:
    n = len(units)
    return {name: [list(order[:n])] for name, order in sorted_all.items()} | {
        "random": [random_units(pool, n, seed) for seed in range(seeds)],
        "layer-matched random": [layer_matched(units, pool, seed) for seed in range(seeds)],
    }


def _arm(arm: tuple[str, int], right: Mapping[tuple[str, int], Right]) -> Arm:
    name, count = arm
    own = right[arm]
    difference = None if name == "edit" else paired_difference(right["edit", count], own)
    return Arm(name, count, share(own), difference)
