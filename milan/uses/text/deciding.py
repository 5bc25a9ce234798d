"""`milan text distances`: which units decide between outputs of one input symbol."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from milan.distances import Decisions, DistanceTable, distance_table, find_pairs
from milan.errors import DataError
from milan.texts import Activations, Tagged
from milan.texts.activations import Unit

__all__ = ["Decided", "DistanceOptions", "decide"]


@dataclass(frozen=True, slots=True)
class DistanceOptions:
    """What to compare, and how."""

    layers: tuple[str, ...] = ()
    least: int = 300
    """Positions that a pair needs on both sides."""
    n_bins: int = 1000
    repeats: int = 20
    """Shufflings of the outputs."""
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The table, with symbols and units by name."""

    table: DistanceTable
    symbols: list[tuple[str, str]]
    """Input and output of each pair."""
    units: list[Unit]


def decide(
    activations: Activations,
    tagged: Tagged,
    options: DistanceOptions,
    progress: Callable[[int, int], None] | None = None,
) -> Decided:
    """Distances for a text whose words are input symbols and whose tags are the right outputs.

    DataError when no pair occurs often enough, or texts do not line up.
    """
    rows = activations.rows_of(tagged.sentences)
    used = [number for number in np.flatnonzero(rows >= 0).tolist() if tagged.tags[number] is not None]
    read, inputs = np.unique([tagged.sentences.words[number] for number in used], return_inverse=True)
    told, outputs = np.unique([str(tagged.tags[number]) for number in used], return_inverse=True)
    pairs = find_pairs(inputs, outputs, options.least)
    if not pairs:
        raise DataError(
            f"no input has an output and another one {options.least} times each in {len(used)} positions: "
            "give more text, or lower --least"
        )
    table = distance_table(
        activations.matrix(options.layers, rows[used]),
        Decisions.of(inputs, outputs, pairs),
        n_bins=options.n_bins,
        repeats=options.repeats,
        seed=options.seed,
        progress=progress,
    )
    symbols = [(str(read[pair.input]), str(told[pair.output])) for pair in pairs]
    return Decided(table, symbols, activations.units(options.layers))
