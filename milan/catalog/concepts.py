"""Which units answer to a concept: by the words of their descriptions, and by what they mean.

said = catalog.said()
for answer in answering(said, Concept.of_query("text"), embed_phrases):
    print(answer.unit, answer.phrase, answer.how, answer.score)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float32, Float64

from milan.catalog.inflection import lemmas
from milan.catalog.search import Embed, unit_length
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
    return [_answer(said, int(row), float(of_phrase[said.phrase[row]])) for row in np.flatnonzero(wanted)]


_BY_WORD = 2.0  # above any cosine


def _answer(said: SaidUnits, row: int, score: float) -> Answer:
    stated = float(said.faithfulness[row, 0])
    by_word = score == _BY_WORD
    return Answer(
        unit=said.unit(row),
        phrase=said.phrases[int(said.phrase[row])],
        how="word" if by_word else "meaning",
        score=1.0 if by_word else score,
        faithfulness=None if np.isnan(stated) else stated,
        said=bool(said.is_said[row]),
    )


def _scores(said: SaidUnits, concept: Concept, embed: Embed) -> Float64[np.ndarray, " phrase"]:
    """`_BY_WORD`, a cosine, or minus infinity for phrases that do not answer."""
    scores = np.full(len(said.phrases), -np.inf)
    if concept.phrases and len(said.phrases):
        asked: Float32[np.ndarray, "query dim"] = unit_length(embed(list(concept.phrases)))
        closest = (said.vectors @ asked.T).max(axis=1).astype(np.float64)
        close = closest >= concept.likeness
        scores[close] = np.minimum(closest[close], 1.0)
        scores[[at for at in np.flatnonzero(close) if _is_excepted(said.lemmas[at], concept)]] = -np.inf
    scores[_holding(said, concept)] = _BY_WORD
    return scores


def _holding(said: SaidUnits, concept: Concept) -> list[int]:
    """Phrases that hold one of the words, outside of what does not count."""
    excepted = [lemmas(words) for words in concept.but_not]
    found = set()
    for wanted in filter(None, map(lemmas, concept.words)):
        for at in said.saying.get(wanted[0], ()):
            if at not in found and _places(wanted, _without(said.lemmas[at], excepted)):
                found.add(at)
    return sorted(found)


def _is_excepted(words: Sequence[str], concept: Concept) -> bool:
    return any(_places(lemmas(excepted), words) for excepted in concept.but_not)


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
