"""Whether a phrase finds its own unit again among all units of the layer.

A phrase that fits every unit alike is true and useless. Each phrase is held against the regions of every
unit, by the captioner's likelihood and by the encoder's likeness, and the place of its own unit is noted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from captioner.protocols import Picture
from milan.describe import Voice, gather_evidence
from milan.records import LayerExemplars

__all__ = ["Ranks", "Retrieval"]


@dataclass(frozen=True, slots=True)
class Ranks:
    """A unit's place when its own phrase is asked for, 1 the best; ties count half."""

    by_likelihood: float
    by_encoder: float


class Retrieval:
    """The regions of a layer's units, read once, to be searched by any phrases."""

    def __init__(
        self, exemplars: LayerExemplars, open_view: Callable[[str], Picture], voice: Voice, workers: int
    ) -> None:
        (self._evidence,) = gather_evidence([exemplars], open_view, voice, workers=workers).layers
        self._voice = voice

    def ranks(self, phrases: Mapping[int, str]) -> dict[int, Ranks]:
        """Where each unit stands among all units for its own phrase."""
        units = self._evidence.units
        asked = sorted(set(phrases.values()))
        place = {phrase: at for at, phrase in enumerate(asked)}
        likely = self._log_likelihood(asked)
        alike = self._likeness(asked)
        return {
            unit: Ranks(_rank(likely[:, place[phrases[unit]]], at), _rank(alike[:, place[phrases[unit]]], at))
            for at, unit in enumerate(units)
            if unit in phrases
        }

    def _log_likelihood(self, phrases: Sequence[str]) -> Float64[np.ndarray, "unit phrase"]:
        """log p(phrase | unit): for one phrase its prior is the same everywhere and orders nothing."""
        evidence = [self._evidence.features_of(unit) for unit in self._evidence.units]
        found = self._voice.captioner.log_p_given(evidence, [phrases] * len(evidence))
        return np.stack([own.total for own in found])

    def _likeness(self, phrases: Sequence[str]) -> Float64[np.ndarray, "unit phrase"]:
        vectors = np.stack([self._evidence.vector_of(unit) for unit in self._evidence.units])
        likeness: Float64[np.ndarray, "unit phrase"] = (
            vectors @ self._voice.encoder.embed_phrases(phrases).T
        ).astype(np.float64)
        return likeness


def _rank(scores: Float64[np.ndarray, " unit"], own: int) -> float:
    better = np.count_nonzero(scores > scores[own])
    equal = np.count_nonzero(scores == scores[own]) - 1
    return float(1 + better + equal / 2)
