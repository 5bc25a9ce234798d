"""`milan text correlate`: which units of a network others have too, on the same words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from milan.correlation import (
    Explained,
    JointMoments,
    Matches,
    SharedDirections,
    best_matches,
    explained_by,
    linear_fit,
    shared_directions,
)
from milan.errors import DataError
from milan.texts import Activations
from milan.texts.activations import Unit

__all__ = ["Compared", "compare_networks"]

_WORDS = 8192


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """One network against the others."""

    network: str
    units: dict[str, list[Unit]]
    """Of every network."""
    n_words: int
    matches: Matches
    """Closest units; MaxCorr is the largest size over networks, MinCorr the smallest."""
    fit: Float64[np.ndarray, "network unit"]
    """LinReg: share of variance that each other network predicts."""
    directions: dict[str, SharedDirections]
    """SVCCA with each other network."""
    by_position: Explained
    by_token: Explained


def compare_networks(
    networks: Mapping[str, Activations],
    layers: tuple[str, ...] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Compared:
    """Hold the first network against the others, on words that all have; streamed from disk.

    DataError when they are of different texts, or there are fewer than two.
    """
    if len(networks) < 2:
        raise DataError("give activations of two networks or more, of the same words")
    first = next(iter(networks))
    text = networks[first].words
    rows = {name: one.rows_of(text) for name, one in networks.items() if name != first}
    shared = np.flatnonzero(np.all([found >= 0 for found in rows.values()], axis=0))
    rows[first] = np.arange(len(text))
    moments = JointMoments({name: len(one.units(layers)) for name, one in networks.items()})
    for start in range(0, len(shared), _WORDS):
        some = shared[start : start + _WORDS]
        moments.add({name: one.matrix(layers, rows[name][some]) for name, one in networks.items()})
        if progress is not None:
            progress(min(start + _WORDS, len(shared)), len(shared))
    kinds = np.unique(text.words, return_inverse=True)[1]
    return Compared(
        first,
        {name: one.units(layers) for name, one in networks.items()},
        len(shared),
        best_matches(moments, first),
        linear_fit(moments, first),
        {name: shared_directions(moments, first, name) for name in networks if name != first},
        _explained(networks[first], layers, _only(shared, text.position)),
        _explained(networks[first], layers, _only(shared, kinds)),
    )


def _only(
    words: Int64[np.ndarray, " some"], groups: Int64[np.ndarray, " word"]
) -> Int64[np.ndarray, " word"]:
    """The groups of some words, -1 for all others."""
    kept = np.full(len(groups), -1)
    kept[words] = groups[words]
    return kept


def _explained(
    activations: Activations, layers: tuple[str, ...], groups: Int64[np.ndarray, " word"]
) -> Explained:
    """Layer by layer, each read from disk in parts."""
    parts = [
        explained_by(part, groups)
        for name, part in activations.layers.items()
        if not layers or name in layers
    ]
    return Explained(*(np.concatenate(shares) for shares in zip(*parts, strict=True)))
