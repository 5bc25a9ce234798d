"""Which units of every layer, gate and direction decide between outputs of one input."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from milan.distances import Decisions, DistanceTable, Pair, distance_table, find_pairs
from milan.errors import DataError, UnknownName
from milan.transliteration import Transliteration
from milan.uses.text.study.internals import LAYERS, Layer, read_layers
from milan.uses.text.study.sample import Sample, show_symbol
from milan.uses.text.study.suffix import SuffixTable, follow_suffix

__all__ = ["Studied", "StudyOptions", "study"]

_AT_ONCE = 3
"""Layers of one pass over the text."""


@dataclass(frozen=True, slots=True)
class StudyOptions:
    """What to compare, and how; see `DistanceOptions`."""

    least: int = 300
    n_bins: int = 1000
    repeats: int = 20
    seed: int = 0
    suffix: str | None = None
    """Also look for units that follow this suffix."""
    drawn: tuple[tuple[str, str], ...] = ()
    """Input and output of pairs that have to be there: looked for before anything is read."""


@dataclass(frozen=True, eq=False)
class Studied:
    """Every layer's table of the same pairs."""

    transliteration: Transliteration
    sample: Sample
    pairs: tuple[Pair, ...]
    tables: dict[Layer, DistanceTable]
    means: dict[Layer, Float64[np.ndarray, "pair unit"]]
    """Mean activation where the input has the pair's output: what edges of a diagram carry."""
    suffix: str | None
    """What was asked for, digraphs as one character."""
    suffixes: dict[Layer, SuffixTable]
    """Empty unless a suffix was asked for."""

    @property
    def names(self) -> list[tuple[str, str]]:
        """Input and output of each pair, for people."""
        rules, vocabulary = self.transliteration.rules, self.sample.vocabulary
        return [
            (show_symbol(vocabulary.inputs[a], rules), show_symbol(vocabulary.outputs[b], rules))
            for a, b in self.pairs
        ]

    def pair(self, read: str, told: str) -> int:
        """The pair's number; DataError for one that is too rare, UnknownName for none."""
        known = {f"{a}:{b}": number for number, (a, b) in enumerate(self.names)}
        if f"{read}:{told}" not in known:
            n_is, n_other = self._counts(read, told)
            if n_is:
                raise DataError(
                    f"{read} becomes {told} {n_is} times and another output {n_other} times, one of them too "
                    "rarely: give more text, or lower --least"
                )
            raise UnknownName("pair", f"{read}:{told}", known, f"There are {' '.join(known)}")
        return known[f"{read}:{told}"]

    def _counts(self, read: str, told: str) -> tuple[int, int]:
        """How often the input has the output in the sample, and how often another one."""
        rules, vocabulary = self.transliteration.rules, self.sample.vocabulary
        is_read, is_told = (
            np.array([show_symbol(symbol, rules) == wanted for symbol in symbols])[codes]
            for symbols, wanted, codes in (
                (vocabulary.inputs, read, self.sample.inputs),
                (vocabulary.outputs, told, self.sample.outputs),
            )
        )
        return int((is_read & is_told).sum()), int((is_read & ~is_told).sum())

    def units_of(self, pair: int, layer: Layer, direction: int | None = None) -> list[int]:
        """Units of a layer by what they tell of a pair, most first.

        With a direction only those that read from the start (0) or from the end (1) of a text.
        """
        order = self.tables[layer].units_of(pair).tolist()
        half = self.tables[layer].distance.shape[1] // 2
        return [unit for unit in order if direction is None or unit // half == direction]


def study(
    transliteration: Transliteration,
    sample: Sample,
    options: StudyOptions,
    progress: Callable[[int, int], None] | None = None,
) -> Studied:
    """Distances of all pairs and all units, three layers in memory at a time.

    DataError when no pair is frequent enough, or the suffix is nowhere; UnknownName for a pair to be drawn
    that is not among them.
    """
    pairs = find_pairs(sample.inputs, sample.outputs, options.least)
    if not pairs:
        raise DataError(
            f"no input has an output and another one {options.least} times each in {sample.n_positions} "
            "characters: give more text, or lower --least"
        )
    decisions = Decisions.of(sample.inputs, sample.outputs, pairs)
    suffix = None if options.suffix is None else transliteration.rules.join(options.suffix)
    marks = None if suffix is None else sample.within(suffix)
    if marks is not None and not marks.any():
        raise DataError(f"no word of the text holds {options.suffix!r} behind its first letter")
    studied = Studied(transliteration, sample, tuple(pairs), {}, {}, suffix, {})
    for told in options.drawn:
        studied.pair(*told)
    is_pair = [(sample.inputs == a) & (sample.outputs == b) for a, b in pairs]
    for first in range(0, len(LAYERS), _AT_ONCE):
        read = read_layers(transliteration, sample, LAYERS[first : first + _AT_ONCE])
        for layer in LAYERS[first : first + _AT_ONCE]:
            activations = read.pop(layer)
            studied.tables[layer] = distance_table(
                activations, decisions, n_bins=options.n_bins, repeats=options.repeats, seed=options.seed
            )
            studied.means[layer] = np.stack([activations[at].mean(0, dtype=np.float64) for at in is_pair])
            if marks is not None:
                studied.suffixes[layer] = follow_suffix(activations, marks, sample)
            if progress is not None:
                progress(len(studied.tables), len(LAYERS))
    return studied
