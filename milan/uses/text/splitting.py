"""Which sentences a probe learns from, which choose its penalty, and which it is measured on."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Int64

from milan.errors import DataError
from milan.texts import Sentences

__all__ = ["Sides", "split_words"]

_SHARES = (0.6, 0.2)  # and the rest to measure on


class Sides(NamedTuple):
    """Numbers of words, by what they serve."""

    train: Int64[np.ndarray, " word"]
    dev: Int64[np.ndarray, " other"]
    test: Int64[np.ndarray, " third"]


def split_words(sentences: Sentences, words: Int64[np.ndarray, " some"], seed: int) -> Sides:
    """Split words by their sentences: 60 % to learn from, 20 % to choose with, 20 % to measure on.

    Equal sentences fall on the same side: a sentence that was learnt by heart measures nothing. DataError
    when there are fewer than five different ones.
    """
    each = sentences.each()
    used = sentences.sentence[words]
    kinds = {each[number]: 0 for number in used.tolist()}
    if len(kinds) < 5:
        raise DataError(f"{len(kinds)} different sentences cannot be split into three sides: give more text")
    order = np.random.default_rng(seed).permutation(len(kinds))
    kinds = dict(zip(kinds, order.tolist(), strict=True))
    place = np.array([kinds[each[number]] for number in used.tolist()])
    ends = [round(sum(_SHARES[:n]) * len(kinds)) for n in (1, 2)]
    return Sides(
        words[place < ends[0]], words[(place >= ends[0]) & (place < ends[1])], words[place >= ends[1]]
    )
