"""How far words can be trusted: what they predict on images that chose neither exemplars nor words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "Band",
    "CounterExemplar",
    "CounterKind",
    "Explanation",
    "Faithfulness",
    "Figure",
    "Meaning",
    "TopWord",
    "WeightedPhrase",
]


class Figure(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """How well words predict a unit's activation on held-out images."""

    n_measured: int
    """Images; under 200 nothing is stated (in a preview under 30)."""
    mean: Figure
    """Correlation with the mean activation, the headline."""
    peak: Figure
    """Correlation with the peak activation."""
    auprc: Figure
    """Average precision in finding the images of highest mean activation; chance is .05."""
    f1: Figure
    """F1 of the images in which the words are most present against those of highest mean activation."""


@dataclass(frozen=True, slots=True)
class WeightedPhrase:
    """One term of an explanation."""

    phrase: str
    weight: float
    """Of standardised presence, for a standardised mean activation; negative where it speaks against."""
    peak_weight: float = 0.0
    """The same for the peak activation, of presence where it is largest."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Up to five weighted phrases that together follow a unit, the heaviest first."""

    terms: tuple[WeightedPhrase, ...]

    @property
    def sentence(self) -> str:
        """The terms as one sentence: what drives the unit, then what speaks against it.

        >>> Explanation((WeightedPhrase("wheels", 0.4), WeightedPhrase("a face", -0.1))).sentence
        'wheels; not a face'
        """
        drives = [term.phrase for term in self.terms if term.weight > 0]
        against = [term.phrase for term in self.terms if term.weight < 0]
        return "; ".join(
            [
                *(phrase if at == 0 else f"also {phrase}" for at, phrase in enumerate(drives)),
                *(f"not {phrase}" for phrase in against),
            ]
        )


class CounterKind(StrEnum):
    """How an image speaks against words."""

    UNEXPLAINED = "unexplained"
    """The unit is strong, but the words do not fit."""
    SILENT = "silent"
    """The words fit, but the unit is silent."""


@dataclass(frozen=True, slots=True)
class CounterExemplar:
    """An image that speaks against a unit's words."""

    image: str
    """Relative path."""
    kind: CounterKind
    activation: float
    """The unit's mean activation in it."""
    presence: float
    """Of the words, 0 to 1, averaged over the image's patches."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One of several things that a unit responds to: exemplars that are alike, and a phrase of their own."""

    phrase: str
    ranks: tuple[int, ...]
    """Which exemplars, by rank."""


@dataclass(frozen=True, slots=True)
class TopWord:
    """A word to which a text unit answers strongly wherever it stands."""

    word: str
    activation: float
    """Mean over its places, in standard deviations of the unit from its own mean."""
    n: int
    """How often it stands in the text."""


@dataclass(frozen=True, slots=True)
class Band:
    """One level of a unit's activation, and what sets its images apart from all weaker ones."""

    low: float
    """Share of images that the unit answers more weakly, 0 to 1: .9 and .98 bound the 2 to 10 % strongest."""
    high: float
    phrase: str
    difference: float
    """Of the phrase's presence between the band's images and all weaker ones, in standard deviations."""

    @property
    def level(self) -> str:
        """Which of the strongest images.

        >>> Band(0.9, 0.98, "cars", 1.5).level, Band(0.98, 1, "wheels", 2.0).level
        ('2 to 10 %', 'top 2 %')
        """
        least, most = (f"{100 * (1 - share):.3g}" for share in (self.high, self.low))
        return f"top {most} %" if self.high == 1 else f"{least} to {most} %"
