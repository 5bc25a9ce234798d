"""Phrases worth judging for a unit: from its own regions, the phrase bank, and units that look alike."""

from dataclasses import dataclass

import faiss
import numpy as np
from jaxtyping import Float32

from captioner.composing import compose
from milan.describe.evidence import LayerEvidence
from milan.describe.pmi import PmiSettings
from milan.describe.sparing import Shorter
from milan.describe.voice import Voice
from milan.describe.whole_range import WholeRange

__all__ = ["CHUNK", "CandidateFinder", "UnitCandidates"]

CHUNK = 64  # units that go through the captioner together
BORROWED = 4  # phrases taken from each look-alike unit and source
COMPOSED_FROM = 8  # of the phrases that follow a unit best


@dataclass(frozen=True, slots=True)
class UnitCandidates:
    """One unit's phrases and where each came from, without repetition."""

    phrases: list[str]
    sources: list[str]


class CandidateFinder:
    """Finds the candidates of a layer's units, the same whichever units are asked for.

    Units are cut into fixed chunks, and the decoder proposes for a chunk as a whole, once, when the
    first of its units (or of their look-alikes) is asked for.
    """

    def __init__(
        self,
        evidence: LayerEvidence,
        voice: Voice,
        settings: PmiSettings,
        whole_range: WholeRange | None = None,
    ) -> None:
        self.evidence, self.voice, self.settings = evidence, voice, settings
        self.whole_range = whole_range
        units = evidence.units
        self.chunks = [units[start : start + CHUNK] for start in range(0, len(units), CHUNK)]
        self._place = {unit: place for place, unit in enumerate(units)}
        vectors = np.stack([evidence.vector_of(unit) for unit in units])
        self._shared = vectors.mean(axis=0) if len(vectors) > 1 else np.zeros_like(vectors[0])
        self._retrieved = self.near(vectors, settings.n_retrieved)
        self._alike = _nearest_others(vectors, settings.n_lookalikes)
        self._proposed: dict[int, list[list[str]]] = {}
        self._shorter = Shorter(voice.bank.phrases)

    def of(self, unit: int) -> UnitCandidates:
        """One unit's candidates; a phrase found twice keeps its first source.

        In turn: decoder, bank, whole range, compositions of what follows best, look-alikes.
        """
        place = self._place[unit]
        found = dict.fromkeys(self._proposals(place), "decoder")
        for phrase in self._retrieved[place]:
            found.setdefault(phrase, "bank")
        if self.whole_range is not None:
            following = self.whole_range.following(unit, self.settings.n_following)
            for phrase in following:
                found.setdefault(phrase, "range")
            for phrase in following[:COMPOSED_FROM]:
                for shorter in self._shorter.than(phrase):
                    found.setdefault(shorter, "range")
            composed = compose(following[:COMPOSED_FROM], self.settings.n_composed)
            for phrase in composed:
                found.setdefault(phrase, "composed")
        for other in self._alike[place]:
            for phrase in (*self._proposals(other)[:BORROWED], *self._retrieved[other][:BORROWED]):
                found.setdefault(phrase, "lookalike")
        return UnitCandidates(list(found), list(found.values()))

    def _proposals(self, place: int) -> list[str]:
        if self.settings.n_proposed == 0:
            return []
        number, row = divmod(place, CHUNK)
        if number not in self._proposed:
            regions = [self.evidence.features_of(unit) for unit in self.chunks[number]]
            self._proposed[number] = self.voice.captioner.propose(regions, self.settings.n_proposed)
        return self._proposed[number][row]

    def near(self, vectors: Float32[np.ndarray, "unit dim"], n: int) -> list[list[str]]:
        """The n nearest phrases of the bank, after the layer's mean direction is taken away.

        All regions of a layer share much (the photographs, the typical mask); what they share says nothing
        about one unit, and without it fewer units end at the same few phrases.
        """
        if n == 0:
            return [[] for _ in vectors]
        own = vectors - self._shared
        own = own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-12)
        near = self.voice.bank.nearest(own.astype(np.float32), n)
        return [[self.voice.bank.phrases[i] for i in row] for row in near.indices.tolist()]


def _nearest_others(vectors: Float32[np.ndarray, "unit dim"], count: int) -> list[list[int]]:
    """Places of the units whose regions lie nearest, the unit itself left out."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    _, near = index.search(vectors, min(count + 1, len(vectors)))
    return [[other for other in row if other != here][:count] for here, row in enumerate(near.tolist())]
