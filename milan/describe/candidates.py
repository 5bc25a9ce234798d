"""Phrases worth judging for a unit: from its own regions, from the phrase bank, from units that look alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import faiss
import numpy as np
from jaxtyping import Float32

from milan.describe.evidence import LayerEvidence
from milan.describe.pmi import PmiSettings
from milan.describe.voice import Voice

__all__ = ["UnitCandidates", "gather_candidates"]

UNITS_AT_ONCE = 64  # one call of the decoder; fixed, so that a unit's neighbours in a batch never change
BORROWED = 4  # phrases taken from each look-alike unit


@dataclass(frozen=True, slots=True)
class UnitCandidates:
    """One unit's phrases and where each came from, without repetition."""

    phrases: list[str]
    sources: list[str]


def gather_candidates(
    evidence: LayerEvidence, voice: Voice, settings: PmiSettings
) -> dict[int, UnitCandidates]:
    """Candidates of every unit that takes part.

    A phrase found twice keeps its first source, in the order decoder, bank, look-alike.
    """
    units = evidence.units
    if not units:
        return {}
    vectors = np.stack([evidence.vector_of(unit) for unit in units])
    proposed = _propose(evidence, units, voice, settings)
    retrieved = _retrieve(vectors, voice, settings)
    alike = _lookalikes(vectors, settings.n_lookalikes)
    found: dict[int, UnitCandidates] = {}
    for position, unit in enumerate(units):
        borrowed = [
            phrase
            for other in alike[position]
            for phrase in (*proposed[other][:BORROWED], *retrieved[other][:BORROWED])
        ]
        sources: dict[str, str] = {}
        for source, phrases in (
            ("decoder", proposed[position]),
            ("bank", retrieved[position]),
            ("lookalike", borrowed),
        ):
            for phrase in phrases:
                sources.setdefault(phrase, source)
        found[unit] = UnitCandidates(list(sources), list(sources.values()))
    return found


def _propose(
    evidence: LayerEvidence, units: Sequence[int], voice: Voice, settings: PmiSettings
) -> list[list[str]]:
    if settings.n_proposed == 0:
        return [[] for _ in units]
    proposed: list[list[str]] = []
    for start in range(0, len(units), UNITS_AT_ONCE):
        regions = [evidence.features_of(unit) for unit in units[start : start + UNITS_AT_ONCE]]
        proposed += voice.captioner.propose(regions, settings.n_proposed)
    return proposed


def _retrieve(
    vectors: Float32[np.ndarray, "unit dim"], voice: Voice, settings: PmiSettings
) -> list[list[str]]:
    """Nearest phrases of the bank, after the layer's mean direction is taken away.

    All regions of a layer share much (the photographs, the typical mask); what they share says nothing about one
    unit, and without it fewer units end at the same few phrases.
    """
    count = min(settings.n_retrieved, len(voice.bank.phrases))
    if count == 0:
        return [[] for _ in vectors]
    own = vectors - vectors.mean(axis=0) if len(vectors) > 1 else vectors
    own = own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-12)
    near, _ = voice.bank.nearest(own.astype(np.float32), count)
    return [[voice.bank.phrases[i] for i in row] for row in near.tolist()]


def _lookalikes(vectors: Float32[np.ndarray, "unit dim"], count: int) -> list[list[int]]:
    """Positions of the units whose regions lie nearest, the unit itself left out."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    _, near = index.search(vectors, min(count + 1, len(vectors)))
    return [[other for other in row if other != here][:count] for here, row in enumerate(near.tolist())]
