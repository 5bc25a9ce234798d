"""Where a text decides between outputs of one input symbol, and which of these decisions are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from jaxtyping import Int64

from milan.errors import BadSetting, DataError

__all__ = ["Decisions", "Pair", "find_pairs"]


class Pair(NamedTuple):
    """Given input a: output b against all other outputs."""

    input: int
    output: int


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """The positions at which some pairs are decided, those of one input and one output side by side."""

    pairs: tuple[Pair, ...]
    n_positions: int
    """Length of the text."""
    order: Int64[np.ndarray, " position"]
    """Where in the text each of them is."""
    code: Int64[np.ndarray, " position"]
    """Number of its pair, or beyond the pairs one for what is left of its input; ascends within an input."""
    input_of_pair: Int64[np.ndarray, " pair"]
    input_of_code: Int64[np.ndarray, " code"]
    """Inputs are numbered as they first stand in the pairs."""
    n_is: Int64[np.ndarray, " pair"]
    """Positions where the output is b."""
    n_other: Int64[np.ndarray, " pair"]
    """Positions with the same input where it is not."""

    @classmethod
    def of(
        cls,
        inputs: Int64[np.ndarray, " position"],
        outputs: Int64[np.ndarray, " position"],
        pairs: Sequence[Pair],
    ) -> Self:
        """Sort the positions; DataError for unlike lengths, or a pair with an empty side."""
        _check_lengths(inputs, outputs)
        if not pairs or len(set(pairs)) < len(pairs):
            raise BadSetting(f"pairs are one or more, each given once, got {list(pairs)}")
        symbols = list(dict.fromkeys(pair.input for pair in pairs))
        input_of_pair = np.array([symbols.index(pair.input) for pair in pairs])
        code = np.full(len(inputs), -1)
        for number, symbol in enumerate(symbols):
            code[inputs == symbol] = len(pairs) + number
        for number, pair in enumerate(pairs):
            code[(inputs == pair.input) & (outputs == pair.output)] = number
        input_of_code = np.concatenate([input_of_pair, np.arange(len(symbols))])
        used = np.flatnonzero(code >= 0)
        order = used[np.lexsort((code[used], input_of_code[code[used]]))]
        count = np.bincount(code[used], minlength=len(input_of_code))
        n_is = count[: len(pairs)]
        of_input = np.bincount(input_of_code, weights=count).astype(np.int64)
        n_other = of_input[input_of_pair] - n_is
        for pair, own, other in zip(pairs, n_is, n_other, strict=True):
            if not own or not other:
                raise DataError(
                    f"input {pair.input} has output {pair.output} at {own} positions and another at {other}: "
                    "a distance needs both"
                )
        return cls(tuple(pairs), len(inputs), order, code[order], input_of_pair, input_of_code, n_is, n_other)

    def shuffled(self, rng: np.random.Generator) -> Int64[np.ndarray, " position"]:
        """Codes dealt anew among the positions of each input."""
        inputs = self.input_of_code[self.code]
        dealt = self.code.copy()
        for own in np.split(dealt, np.flatnonzero(np.diff(inputs)) + 1):
            rng.shuffle(own)  # a view: dealt in place
        return dealt


def find_pairs(
    inputs: Int64[np.ndarray, " position"], outputs: Int64[np.ndarray, " position"], least: int = 300
) -> list[Pair]:
    """All pairs that occur often enough on both sides, by input and output."""
    _check_lengths(inputs, outputs)
    both, counts = np.unique(np.stack([inputs, outputs]), axis=1, return_counts=True)
    of_input = dict(zip(*np.unique(inputs, return_counts=True), strict=True))
    return [
        Pair(int(a), int(b))
        for (a, b), count in zip(both.T, counts, strict=True)
        if count >= least and of_input[a] - count >= least
    ]


def _check_lengths(inputs: Int64[np.ndarray, " position"], outputs: Int64[np.ndarray, " position"]) -> None:
    if len(inputs) != len(outputs):
        raise DataError(
            f"every position has an input and an output: got {len(inputs)} inputs, {len(outputs)} outputs"
        )
