"""Units of a text network whose meaning is known: what they respond to is planted, and noise lies over it.

What a unit follows is found here by rules of its own, not by the properties that describing knows.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Float32, Float64

from milan.errors import DataError
from milan.texts import Annotated

__all__ = ["Kind", "PlantedUnit", "PlantedUnits", "plant_text_units"]


class Kind(StrEnum):
    """What a unit responds to."""

    MONTHS = "months"
    NEGATION = "negation"
    NUMERALS = "numerals"
    POSITION = "position"
    FIRST_WORD = "first word"
    SUFFIX = "suffix"
    PAST_TENSE = "past tense"
    PLURAL = "plural"
    WORD = "word"
    EITHER_WORD = "either of two words"
    POLYSEMANTIC = "two unrelated things"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class PlantedUnit:
    """The truth of one unit."""

    kind: Kind
    phrases: tuple[frozenset[str], ...]
    """What must be said: a phrase of each set. Empty for a dead unit."""
    sign: int
    """1 where what it responds to raises the unit, -1 where it lowers it."""

    def is_said_by(self, phrases: Sequence[str]) -> bool:
        """Whether some phrases say all that the unit responds to, and nothing else."""
        return len(phrases) == len(self.phrases) and all(
            any(one in accepted for one in phrases) for accepted in self.phrases
        )


@dataclass(frozen=True, slots=True, eq=False)
class PlantedUnits:
    """Activations and what is true of them."""

    matrix: Float32[np.ndarray, "word unit"]
    held: Float32[np.ndarray, "word unit"]
    """How much of what a unit responds to is in each word, before noise."""
    units: tuple[PlantedUnit, ...]


_Rule = tuple[frozenset[str], Float64[np.ndarray, " word"]]

_MONTHS = re.compile(
    "Jan(uary)?|Feb(ruary)?|Mar(ch)?|Apr(il)?|May|June?|July?|Aug(ust)?|Sept?(ember)?|Oct(ober)?"
    "|Nov(ember)?|Dec(ember)?"
)
_NEGATION = frozenset(
    [
        "no",
        "not",
        "n't",
        "never",
        "none",
        "nothing",
        "nobody",
        "nowhere",
        "neither",
        "nor",
        "cannot",
        "without",
    ]
)
_SUFFIXES = ("ing", "ed", "ly", "er", "ion", "al")
_FEWEST = 30
"""Words of the text that must be what a unit responds to."""


def plant_text_units(
    text: Annotated, n_of_each: int, seed: int = 0, kinds: Sequence[Kind] = tuple(Kind)
) -> PlantedUnits:
    """So many units of each kind over a tagged text, in the order of `kinds`.

    Where its property holds a unit rises by .5 to 1.5, word by word; a tenth of these words leave it cold, a
    fifth as many others wake it, and noise has a spread of .1 to .4. A third of the units are cut off at
    zero, a third has its sign turned, and every one has a scale and an offset. DataError where the text has
    too few such words.
    """
    random = np.random.default_rng(seed)
    rules = _Rules(text, random)
    columns: list[Float64[np.ndarray, " word"]] = []
    every_held: list[Float64[np.ndarray, " word"]] = []
    units: list[PlantedUnit] = []
    for kind in kinds:
        for number in range(n_of_each):
            found = rules.of(kind)
            sign = -1 if number % 3 == 2 and kind is not Kind.DEAD else 1
            units.append(PlantedUnit(kind, tuple(phrases for phrases, _ in found), sign))
            nothing = np.zeros(len(text.sentences))
            held = np.max([nothing, *(held for _, held in found)], axis=0)
            active = _activations(held, random) if found else nothing
            if number % 3 == 1:
                active = np.maximum(active, 0)
            columns.append((sign * active + random.normal()) * np.exp(random.normal()) if found else active)
            every_held.append(held)
    matrix, truth = (np.stack(side, 1).astype(np.float32) for side in (columns, every_held))
    return PlantedUnits(matrix, truth, tuple(units))


def _activations(
    held: Float64[np.ndarray, " word"], random: np.random.Generator
) -> Float64[np.ndarray, " word"]:
    n = len(held)
    rises = held * random.uniform(0.5, 1.5, n) * (random.random(n) > 0.1)
    wakes = (random.random(n) < held.mean() / 5) * random.uniform(0.5, 1.5, n)
    noise: Float64[np.ndarray, " word"] = random.uniform(0.1, 0.4) * random.standard_normal(n)
    return np.asarray(np.maximum(rises, wakes) + noise, np.float64)


class _Rules:
    """Properties of the words of one text with the phrases that say them, drawn where there are several."""

    def __init__(self, text: Annotated, random: np.random.Generator) -> None:
        self._text = text
        self._random = random
        self._words = np.array([word.casefold() for word in text.sentences.words], object)
        kinds, counts = np.unique(self._words.astype(str), return_counts=True)
        # Not the most frequent words: a comma and "the" would make every text unit one of these.
        frequent = zip(kinds.tolist(), counts.tolist(), strict=True)
        most = len(self._words) // 50
        self._tokens = [word for word, n in frequent if word.isalpha() and _FEWEST <= n <= most]
        if len(self._tokens) < 2:
            raise DataError(f"units are planted in texts in which words come {_FEWEST} times: give more text")

    def of(self, kind: Kind) -> list[_Rule]:
        """What one unit of a kind responds to, each part with its phrases."""
        if kind is Kind.DEAD:
            return []
        if kind is Kind.EITHER_WORD:
            return [self._word(token) for token in self._random.choice(self._tokens, 2, replace=False)]
        if kind is Kind.POLYSEMANTIC:
            first, second = self._random.choice(len(self._single), 2, replace=False)
            return [self._single[first](), self._single[second]()]
        found = self._by_kind[kind]()
        if found[1].sum() < _FEWEST:
            raise DataError(f"the text has {found[1].sum():.0f} words for {kind}: {_FEWEST} are needed")
        return [found]

    @property
    def _by_kind(self) -> dict[Kind, Callable[[], _Rule]]:
        return {
            Kind.MONTHS: lambda: self._matching("months", lambda word: bool(_MONTHS.fullmatch(word))),
            Kind.NEGATION: lambda: self._matching("negation", lambda word: word.casefold() in _NEGATION),
            Kind.NUMERALS: self._numerals,
            Kind.POSITION: self._position,
            Kind.FIRST_WORD: self._first_word,
            Kind.SUFFIX: self._suffix,
            Kind.PAST_TENSE: lambda: self._tagged("Tense=Past", "past-tense verbs", "past-tense words"),
            Kind.PLURAL: lambda: self._tagged("Number=Plur", "plural words", "plural nouns"),
            Kind.WORD: lambda: self._word(str(self._random.choice(self._tokens))),
        }

    @property
    def _single(self) -> list[Callable[[], _Rule]]:
        several = (Kind.MONTHS, Kind.NEGATION, Kind.FIRST_WORD, Kind.SUFFIX, Kind.PAST_TENSE, Kind.WORD)
        return [self._by_kind[kind] for kind in several]

    def _matching(self, phrase: str, matches: Callable[[str], bool]) -> _Rule:
        held = np.array([matches(word) for word in self._text.sentences.words], np.float64)
        return frozenset({phrase}), held

    def _word(self, token: str) -> _Rule:
        return frozenset({f"the word '{token}'"}), (self._words == token).astype(np.float64)

    def _numerals(self) -> _Rule:
        held = np.array([part == "NUM" for part in self._text.parts], np.float64)
        return frozenset({"numerals", "cardinal numerals", "cardinal words", "number words"}), held

    def _position(self) -> _Rule:
        place = np.minimum(self._text.sentences.position, 50) / 20
        return frozenset({"words further from the start of the sentence"}), place

    def _first_word(self) -> _Rule:
        held = (self._text.sentences.position == 0).astype(np.float64)
        return frozenset({"the first word of the sentence"}), held

    def _suffix(self) -> _Rule:
        ends = {suffix: [self._ends(word, suffix) for word in self._words] for suffix in _SUFFIXES}
        suffix = str(self._random.choice([own for own, held in ends.items() if sum(held) >= _FEWEST]))
        return frozenset({f"words that end in -{suffix}"}), np.array(ends[suffix], np.float64)

    @staticmethod
    def _ends(word: str, suffix: str) -> bool:
        return word.endswith(suffix) and len(word) > len(suffix) + 1

    def _tagged(self, feature: str, *phrases: str) -> _Rule:
        held = np.array([feature in features for features in self._text.features], np.float64)
        return frozenset(phrases), held
