"""Numbers that a phrase has: MILAN's orderings (section 5), as far as phrases of a few words have them."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float32, Float64

from milan.uses.language.parts_of_speech import PartOfSpeech, tag, words_of

__all__ = ["Embed", "properties_of"]

Embed = Callable[[list[str]], Float32[np.ndarray, "phrase dim"]]
"""Vectors of unit length."""

_COUNTED = {
    "nouns": PartOfSpeech.NOUN,
    "verbs": PartOfSpeech.VERB,
    "adjectives": PartOfSpeech.ADJECTIVE,
    "prepositions": PartOfSpeech.PREPOSITION,
}


def properties_of(
    phrases: Sequence[str], embed: Embed, concept: str | None = None
) -> dict[str, Float64[np.ndarray, " phrase"]]:
    """Each property of each phrase, by name.

    `words`, `nouns`, `verbs`, `adjectives` and `prepositions` are counts. `word-difference` is the largest
    Euclidean distance between the vectors of two of its nouns, verbs and adjectives, 0 to 2, and 0 for fewer
    than two: MILAN takes all tokens, and then most phrases score how far an article lies from a noun. With a
    concept, `concept` is the cosine of the phrase with it.
    """
    distinct = list(dict.fromkeys(phrases))
    tagged = [tag(phrase) for phrase in distinct]
    counts = [Counter(part for _, part in words) for words in tagged]
    found = {"words": [float(len(words_of(phrase))) for phrase in distinct]}
    for name, part in _COUNTED.items():
        found[name] = [float(count[part]) for count in counts]
    found["word-difference"] = _differences(
        [[word for word, part in words if part in _TELLING] for words in tagged], embed
    )
    if concept is not None:
        found["concept"] = _cosines(distinct, concept, embed)
    place = {phrase: at for at, phrase in enumerate(distinct)}
    rows = np.array([place[phrase] for phrase in phrases], np.int64)
    return {name: np.array(values, np.float64)[rows] for name, values in found.items()}


_TELLING = frozenset({PartOfSpeech.NOUN, PartOfSpeech.VERB, PartOfSpeech.ADJECTIVE})


def _differences(phrases: Sequence[Sequence[str]], embed: Embed) -> list[float]:
    words = sorted({word for phrase in phrases for word in phrase})
    if not words:
        return [0.0] * len(phrases)
    vectors = dict(zip(words, np.asarray(embed(words), np.float64), strict=True))
    return [_largest_distance([vectors[word] for word in phrase]) for phrase in phrases]


def _largest_distance(vectors: Sequence[Float64[np.ndarray, " dim"]]) -> float:
    if len(vectors) < 2:
        return 0.0
    stacked = np.stack(vectors)
    return float(np.linalg.norm(stacked[:, None] - stacked[None], axis=2).max())


def _cosines(phrases: Sequence[str], concept: str, embed: Embed) -> list[float]:
    if not phrases:
        return []
    vectors = np.asarray(embed([concept, *phrases]), np.float64)
    return [float(value) for value in vectors[1:] @ vectors[0]]
