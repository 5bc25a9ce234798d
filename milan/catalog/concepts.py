"""Which units answer to a concept: by the words of their descriptions, and by what they mean.

said = catalog.said()
for answer in answering(said, Concept.of_query("text"), embed_phrases):
    print(answer.unit, answer.phrase, answer.how, answer.score)
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float32, Float64

from milan.catalog.inflection import lemmas
from milan.catalog.meanings import Embed, unit_length
from milan.catalog.words import SaidUnits
from milan.records import Concept, UnitId

__all__ = ["Answer", "answering", "with_vectors"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A unit whose words answer to a concept."""

    unit: UnitId
    phrase: str
    """Its best candidate."""
    how: Literal["word", "meaning"]
    """A description that holds a word answers by that, whatever it means."""
    score: float
    """By a word 1; by meaning the cosine with the closest of the concept's phrases."""
    faithfulness: float | None
    """Correlation of the phrase with the mean activation; None where nothing is stated."""
    said: bool = True
    """Whether the phrase is said of the unit; False where it was held back."""


def with_vectors(said: SaidUnits, embed: Embed) -> SaidUnits:
    """The same units with a vector for every phrase: those that the catalog does not keep are embedded."""
    known = np.asarray(said.vectors.any(axis=1), bool)
    missing = [phrase for phrase, is_known in zip(said.phrases, known.tolist(), strict=True) if not is_known]
    if not missing:
        return said
    new = unit_length(embed(missing))
    vectors = np.zeros((len(said.phrases), new.shape[1]), np.float32)
    if said.vectors.shape[1] == new.shape[1]:
        vectors[known] = said.vectors[known]
    vectors[~known] = new
    return replace(said, vectors=vectors)


def answering(said: SaidUnits, concept: Concept, embed: Embed, *, held_back: bool = False) -> list[Answer]:
    """Units of which something is said that answers to the concept, in the order of `said`.

    With `held_back` also those whose best candidate would answer but predicts its unit too badly to be said.
    `embed` makes vectors of the concept's phrases, and of descriptions that have none in `said`: for many
    concepts ask `with_vectors` once.
    """
    if concept.phrases:
        said = with_vectors(said, embed)
    scores = _scores(said, concept, embed)
    of_phrase = np.append(scores, -np.inf)  # the last is that of units without words
    wanted = np.isfinite(of_phrase[said.phrase])
    if not held_back:
        wanted &= said.is_said
    rows = np.flatnonzero(wanted)
    columns = (  # plain numbers: taking them out of arrays one by one would cost more than all the rest
        said.layer[rows].tolist(),
        said.index[rows].tolist(),
        said.phrase[rows].tolist(),
        of_phrase[said.phrase[rows]].tolist(),
        said.faithfulness[rows, 0].tolist(),
        said.is_said[rows].tolist(),
    )
    return [
        Answer(
            UnitId(said.layers[layer].network, said.layers[layer].name, index),
            said.phrases[phrase],
            "word" if score == _BY_WORD else "meaning",
            min(score, 1.0),
            None if math.isnan(stated) else stated,
            is_said,
        )
        for layer, index, phrase, score, stated, is_said in zip(*columns, strict=True)
    ]


_BY_WORD = 2.0  # above any cosine


def _scores(said: SaidUnits, concept: Concept, embed: Embed) -> Float64[np.ndarray, " phrase"]:
    """`_BY_WORD`, a cosine, or minus infinity for phrases that do not answer."""
    scores = np.full(len(said.phrases), -np.inf)
    if concept.phrases and len(said.phrases):
        asked: Float32[np.ndarray, "query dim"] = unit_length(embed(list(concept.phrases)))
        closest = (said.vectors @ asked.T).max(axis=1).astype(np.float64)
        close = closest >= concept.likeness
        scores[close] = np.minimum(closest[close], 1.0)
        scores[sorted(_holding_any(said, concept.but_not))] = -np.inf
    scores[_holding(said, concept)] = _BY_WORD
    return scores


def _holding(said: SaidUnits, concept: Concept) -> list[int]:
    """Phrases that hold one of the words, outside of what does not count."""
    found = _holding_any(said, concept.words)
    excepted = [lemmas(words) for words in concept.but_not]
    for at in found & _holding_any(said, concept.but_not):
        left = _without(said.lemmas[at], excepted)
        if not any(_places(lemmas(words), left) for words in concept.words):
            found.discard(at)
    return sorted(found)


def _holding_any(said: SaidUnits, several: Sequence[str]) -> set[int]:
    """Phrases that hold one of some words, or of some words that follow each other."""
    found: set[int] = set()
    for words in filter(None, map(lemmas, several)):
        holding = set.intersection(*(set(said.saying.get(word, ())) for word in words))
        found |= {at for at in holding if len(words) == 1 or _places(words, said.lemmas[at])}
    return found


def _places(wanted: Sequence[str], words: Sequence[str]) -> list[int]:
    """Where some words follow each other within others."""
    n = len(wanted)
    return [at for at in range(len(words) - n + 1) if n and tuple(words[at : at + n]) == tuple(wanted)]


def _without(words: Sequence[str], excepted: Sequence[Sequence[str]]) -> list[str]:
    left = list(words)
    for phrase in excepted:
        for at in _places(phrase, words):
            left[at : at + len(phrase)] = [""] * len(phrase)
    return left
