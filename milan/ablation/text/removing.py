"""Quality against the number of units, or directions, that are taken away."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Float64
from torch import Tensor

from milan.ablation.text.task import LOW_IS_GOOD, Task
from milan.errors import BadSetting
from milan.networks.interventions import change
from milan.networks.interventions.change import altered
from milan.records import Edit, Figure
from milan.statistics.corpus import CorpusCounts, corpus_difference, corpus_figure

__all__ = ["DirectionSet", "Removed", "Which", "projected_out", "removal_curve"]

Which = Literal["none", "top", "random", "bottom"]
Progress = Callable[[int, int], None]
Counts = Mapping[str, Float64[np.ndarray, "sentence count"]]


class Removed(NamedTuple):
    """A network without some of its units or directions."""

    which: Which
    n: int
    """How many are gone."""
    quality: Mapping[str, Figure]
    """Each of the task's; intervals are over sentences drawn anew, and over random draws."""
    lost: Mapping[str, Figure]
    """How much worse it is than before, on the same sentences: perplexity rises, the others fall."""


class DirectionSet(NamedTuple):
    """Directions in a layer, the first to go first."""

    layer: str
    rows: Float[np.ndarray, "direction unit"]
    """As `milan.correlation.shared_directions` has them."""
    mean: Float[np.ndarray, " unit"]
    """Of the layer's activations."""


def removal_curve(
    task: Task,
    layer: str,
    order: Sequence[int],
    counts: Sequence[int],
    *,
    n_random: int = 3,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Removed]:
    """Zero the first, the last and random units of a layer, at all positions (Bau et al., ICLR 2019).

    The order names each unit of the layer once, BadSetting otherwise, and for a count beyond it.
    """
    n_units = task.units.layer(layer).n_units
    if sorted(order) != list(range(n_units)):
        raise BadSetting(f"{layer} has {n_units} units, and an order names each once; got {len(order)}")

    def without(units: Sequence[int]) -> AbstractContextManager[None]:
        return change(task.units, [Edit.zero(layer, units)])

    return _curve(task, order, counts, without, n_random, seed, progress)


def projected_out(
    task: Task,
    directions: DirectionSet,
    counts: Sequence[int],
    *,
    n_random: int = 3,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Removed]:
    """Keep of a layer only what lies in the other directions (Bau et al., ICLR 2019).

    E' = E C (C^T C)^-1 C^T, the columns of C being the directions that are kept. Projected is what a
    unit is off its mean: a layer without any direction stays at its mean.
    """
    rows, middle = (
        torch.from_numpy(np.asarray(part, np.float32)) for part in (directions.rows, directions.mean)
    )
    layer = task.units.layer(directions.layer)

    def without(gone: Sequence[int]) -> AbstractContextManager[None]:
        left = np.setdiff1d(np.arange(len(rows)), np.array(gone, np.int64))
        kept = rows[torch.from_numpy(left)]
        onto = torch.linalg.pinv(kept) @ kept

        def project(emitted: Tensor) -> Tensor:
            projected: Tensor = middle + (emitted - middle) @ onto
            return projected

        return altered(task.units.module, [(layer, project)])

    return _curve(task, range(len(rows)), counts, without, n_random, seed, progress)


def _curve(
    task: Task,
    order: Sequence[int],
    counts: Sequence[int],
    without: Callable[[Sequence[int]], AbstractContextManager[None]],
    n_random: int,
    seed: int,
    progress: Progress | None,
) -> list[Removed]:
    if any(not 0 < count <= len(order) for count in counts):
        raise BadSetting(
            f"there are {len(order)} to take away: ask for 1 to {len(order)}, got {list(counts)}"
        )
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(len(order)) for _ in range(n_random)]
    sets: list[tuple[Which, int, list[list[int]]]] = []
    for count in counts:
        sets.append(("top", count, [list(order[:count])]))
        sets.append(("random", count, [[order[at] for at in draw[:count].tolist()] for draw in drawn]))
        sets.append(("bottom", count, [list(order[-count:])]))
    intact = _counts(task, nullcontext)
    found = [_removed(task, "none", 0, intact, intact)]
    for number, (which, count, members) in enumerate(sets):
        runs = [_counts(task, partial(without, gone)) for gone in members]
        found.append(
            _removed(
                task,
                which,
                count,
                intact,
                {name: np.concatenate([run[name] for run in runs]) for name in intact},
            )
        )
        if progress is not None:
            progress(number + 1, len(sets))
    return found


def _counts(
    task: Task, within: Callable[[], AbstractContextManager[None]]
) -> dict[str, Float64[np.ndarray, "1 sentence count"]]:
    with within():
        return {name: counts[None] for name, counts in task.run().items()}


def _removed(
    task: Task,
    which: Which,
    n: int,
    intact: Mapping[str, Float64[np.ndarray, "1 sentence count"]],
    left: Mapping[str, Float64[np.ndarray, "repeat sentence count"]],
) -> Removed:
    pairs = {
        name: (CorpusCounts(intact[name], score), CorpusCounts(left[name], score))
        for name, score in task.qualities.items()
    }
    return Removed(
        which,
        n,
        {name: corpus_figure(after) for name, (_, after) in pairs.items()},
        {
            name: corpus_difference(after, before)
            if name in LOW_IS_GOOD
            else corpus_difference(before, after)
            for name, (before, after) in pairs.items()
        },
    )
