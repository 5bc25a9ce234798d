"""How many characters are told right, text by text, so that intervals can be taken over texts."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Int64

from milan.transliteration.romanise import Aligned
from milan.transliteration.vocabulary import UNKNOWN, Vocabulary

__all__ = ["Counts", "Right", "count_right"]


class Counts(NamedTuple):
    """Of each text: characters told right, and characters."""

    right: Int64[np.ndarray, " text"]
    n: Int64[np.ndarray, " text"]

    @property
    def share(self) -> float:
        """Of all characters together."""
        return float(self.right.sum() / max(1, self.n.sum()))


class Right(NamedTuple):
    """Kinds of characters; those that the network does not tell apart are in none."""

    letters: Counts
    """Places where a letter of the script was romanised, or what is left over of one."""
    latin: Counts
    """Latin letters that were Latin before: to be left as they are."""
    everything: Counts
    """Both, with blanks, signs and figures."""


def count_right(
    texts: Sequence[Aligned], told: Sequence[Int64[np.ndarray, " position"]], vocabulary: Vocabulary
) -> Right:
    """Hold outputs, by number, against what was meant."""
    rows: list[list[tuple[int, int]]] = [[], [], []]
    for text, codes in zip(texts, told, strict=True):
        is_right = codes == vocabulary.encode_outputs(text.letters)
        is_unknown = vocabulary.encode_inputs(text.latin) == vocabulary.inputs.index(UNKNOWN)
        is_kept = np.array([one == other for one, other in zip(text.latin, text.letters, strict=True)], bool)
        is_latin = np.array([one.isascii() and one.isalpha() for one in text.latin], bool)
        kinds = (~is_kept & ~is_unknown, is_kept & is_latin & ~is_unknown, ~is_unknown)
        for row, kind in zip(rows, kinds, strict=True):
            row.append((int((is_right & kind).sum()), int(kind.sum())))
    return Right(*(Counts(*np.array(row, np.int64).reshape(-1, 2).T) for row in rows))
