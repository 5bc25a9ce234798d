"""Nouns of sentences, and which number a translation gives each of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from milan.translation import Translation, Translator
from milan.translation.vocabulary import Word
from milan.uses.text.number import FrenchNumber, Number, english_numbers, french_numbers

__all__ = ["Noun", "nouns_of", "rendered"]


_DETERMINERS = frozenset(
    {
        *(
            "a",
            "an",
            "the",
            "this",
            "that",
            "these",
            "those",
            "his",
            "her",
            "their",
            "its",
            "one",
            "two",
            "three",
        ),
        *("four", "five", "six", "several", "some", "many", "few", "both", "another", "each", "every"),
    }
)
_REACH = 4
"""A determiner stands at most so many words before its noun."""


class Noun(NamedTuple):
    """A noun of a sentence that is read."""

    sentence: int
    """Number of the sentence, from 0."""
    word: Word
    number: Number
    before: tuple[Word, ...] = ()
    """Words of its phrase before it, from the determiner on: `a small` of `a small dog`."""


def nouns_of(translator: Translator, sentences: Sequence[str]) -> list[Noun]:
    """All nouns of English sentences with their number, by `english_numbers`."""
    found = []
    for at, sentence in enumerate(sentences):
        words = translator.source.words(translator.source.tokens(sentence))
        numbers = english_numbers([word.text for word in words])
        for place, number in enumerate(numbers):
            if number is not None:
                found.append(Noun(at, words[place], number, tuple(_before(words, numbers, place))))
    return found


def _before(words: Sequence[Word], numbers: Sequence[Number | None], place: int) -> Sequence[Word]:
    """The nearest determiner and what stands behind it, unless another noun or a sign stands between."""
    for start in range(place - 1, max(place - 1 - _REACH, -1), -1):
        if words[start].text.lower() in _DETERMINERS:
            return words[start:place]
        if numbers[start] is not None or not words[start].text[0].isalnum():
            break
    return ()


def rendered(
    translator: Translator,
    sentences: Sequence[str],
    translations: Sequence[Translation],
    nouns: Sequence[Noun],
) -> list[FrenchNumber | None]:
    """The number that each noun has in French; None where no noun is its translation.

    A French noun translates the English word that the network attended to most while it wrote it (of several
    such nouns, that which attended most).
    """
    said: dict[tuple[int, int], tuple[float, FrenchNumber]] = {}
    for at, (sentence, translation) in enumerate(zip(sentences, translations, strict=True)):
        read = translator.source.words(translator.source.tokens(sentence))
        written = translator.target.words(translation.tokens)
        looked = _by_word(translation, read, written)
        numbers = french_numbers([word.text for word in written])
        for place, number in enumerate(numbers):
            if number is not None:
                chosen = int(looked[place].argmax())
                share, key = float(looked[place, chosen]), (at, read[chosen].start)
                if key not in said or said[key][0] < share:
                    said[key] = (share, number)
    return [said.get((noun.sentence, noun.word.start), (0.0, None))[1] for noun in nouns]


def _by_word(
    translation: Translation, read: Sequence[Word], written: Sequence[Word]
) -> Float64[np.ndarray, "written read"]:
    """Attention summed over the tokens of a word that is read, averaged over those of one that is written."""
    looked = np.zeros((len(written), len(read)))
    for row, word in enumerate(written):
        mean = translation.attention[word.start : word.end].mean(0)
        looked[row] = [mean[other.start : other.end].sum() for other in read]
    return looked
