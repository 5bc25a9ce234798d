"""Properties of words by place and size: in the sentence, beside other words, how long and how common."""

from collections import Counter

import numpy as np
from jaxtyping import Int64

from milan.describe.text.properties import Gathering, groups_of
from milan.describe.text.spelling import beside
from milan.texts import Annotated, Sentences

__all__ = ["add_neighbours", "add_places", "add_quantities"]

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MOST_WORDS, _MOST_LETTERS = 50, 15
"""Of a sentence, and of a word: what is longer counts as so long."""


def add_places(gathering: Gathering, text: Sentences) -> None:
    """The first ten places of a sentence, and the last two."""
    for place, ordinal in enumerate(_ORDINALS):
        gathering.add(f"the {ordinal} word of the sentence", "place", np.flatnonzero(text.position == place))
    left = _words_left(text)
    gathering.add("the last word of the sentence", "place", np.flatnonzero(left == 0))
    gathering.add("the last word but one of the sentence", "place", np.flatnonzero(left == 1))


def add_neighbours(gathering: Gathering, text: Annotated, parts_of_speech: dict[str, str]) -> None:
    """What stands right before and right after in the sentence: a word, or a part of speech."""
    words = [word.casefold() for word in text.sentences.words]
    parts = [None if part is None else parts_of_speech.get(part) for part in text.parts]
    for values, is_word in ((words, True), (parts, False)):
        if not values:
            continue
        before = [None, *values[:-1]]
        after = [*values[1:], None]
        starts = text.sentences.position == 0
        ends = _words_left(text.sentences) == 0
        for neighbours, cut, side in ((before, starts, "after"), (after, ends, "before")):
            held = [
                None if at_edge else value for value, at_edge in zip(neighbours, cut.tolist(), strict=True)
            ]
            for value, rows in groups_of(held).items():
                gathering.add(f"words {side} {beside(value) if is_word else value}", "neighbour", rows)


def add_quantities(gathering: Gathering, text: Sentences) -> None:
    """Quantities and their opposites: place in the sentence, length of it and the word, how common it is."""
    left = _words_left(text)
    place, to_end = (np.minimum(count, _MOST_WORDS) / _MOST_WORDS for count in (text.position, left))
    size = np.minimum(text.position + left + 1, _MOST_WORDS) / _MOST_WORDS
    letters = np.minimum([len(word) for word in text.words], _MOST_LETTERS) / _MOST_LETTERS
    folded = [word.casefold() for word in text.words]
    counts = Counter(folded)
    common = np.log([counts[word] for word in folded]) / np.log(max(2, *counts.values()))
    for values, more, less in (
        (place, "words further from the start of the sentence", "words nearer to the start of the sentence"),
        (to_end, "words further from the end of the sentence", "words nearer to the end of the sentence"),
        (size, "words of long sentences", "words of short sentences"),
        (letters, "long words", "short words"),
        (common, "common words", "rare words"),
    ):
        gathering.add_quantity(more, values.astype(np.float32))
        gathering.add_quantity(less, (1 - values).astype(np.float32))


def _words_left(text: Sentences) -> Int64[np.ndarray, " word"]:
    """How many words of its sentence follow each word."""
    sizes = np.bincount(text.sentence, minlength=text.n_sentences)
    return np.asarray(sizes[text.sentence] - 1 - text.position, np.int64)
