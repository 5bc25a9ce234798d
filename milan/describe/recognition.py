"""How surely phrases are recognised in a unit's own regions, among all phrases of the bank.

The decoder judges how a phrase sounds after such regions, the whole range how well it predicts. Between "an
alarm clock" and "a timepiece", which follow a unit alike, neither is decisive; eyes that look at the regions
themselves are, where they are sharp. They are on drawings, which the decoder hardly knows. On photographs
they are not, and what the strongest regions show is the weaker evidence there (docs/quality.md).
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Float32, Float64
from torch import Tensor

from milan.describe.evidence import LayerEvidence
from milan.describe.reading import SHARP
from milan.describe.voice import Voice

__all__ = ["Recognition"]

_MUCH = 0.5
"""Chance that counts: what half of the regions show is much, what few show is nothing."""


class Recognition:
    """What the encoder recognises in the regions of one layer's units."""

    def __init__(self, evidence: LayerEvidence, voice: Voice) -> None:
        self._evidence = evidence
        self._encoder = voice.encoder
        self._bank = torch.from_numpy(voice.bank.vectors)
        self._place = {phrase: place for place, phrase in enumerate(voice.bank.phrases)}

    def of(self, unit: int, phrases: Sequence[str]) -> Float64[np.ndarray, " phrase"]:
        """How surely regions of the unit show each phrase: log(1 + chance / `_MUCH`), 0 for what none shows.

        Chances are the encoder's softmax over the bank (and the phrase itself, where the bank does not have
        it), 0 in regions where it is not sharp, averaged over the unit's regions.
        """
        sharpness = self._evidence.sharpness_of(unit)
        regions = self._evidence.vectors_of(unit) * sharpness[:, None]
        chances = self._log_chances(regions[sharpness >= SHARP], phrases).exp().sum(0) / len(regions)
        found: Float64[np.ndarray, " phrase"] = np.log1p(chances.double().numpy() / _MUCH)
        return found

    def beside(self, unit: int, phrase: str) -> Float32[np.ndarray, "region side"]:
        """Root of the chance that what lies beside each region shows a phrase; not-a-number where nothing
        does.

        Sides are those of `beside.OPPOSITE`.
        """
        around = self._evidence.beside_of(unit)
        n_regions, n_sides, dim = around.shape
        flat = around.reshape(-1, dim)
        there = np.isfinite(flat[:, 0])
        found = np.full(len(flat), np.nan, np.float32)
        if there.any():
            found[there] = (self._log_chances(flat[there], [phrase])[:, 0] / 2).exp().numpy()
        return found.reshape(n_regions, n_sides)

    def _log_chances(
        self, regions: Float32[np.ndarray, "region dim"], phrases: Sequence[str]
    ) -> Float[Tensor, "region phrase"]:
        seen = torch.from_numpy(regions)
        scores = seen @ torch.from_numpy(self._vectors(phrases)).T
        rivals = (seen @ self._bank.T).logsumexp(1, keepdim=True)
        known = torch.tensor([phrase in self._place for phrase in phrases])
        return scores - torch.where(known, rivals, torch.logaddexp(scores, rivals))

    def _vectors(self, phrases: Sequence[str]) -> Float32[np.ndarray, "phrase dim"]:
        """The bank's own where it has them, so that a phrase and its rivals are rounded alike."""
        vectors = np.empty((len(phrases), self._bank.shape[1]), np.float32)
        new = [at for at, phrase in enumerate(phrases) if phrase not in self._place]
        if new:
            vectors[new] = self._encoder.embed_phrases([phrases[at] for at in new])
        old = [at for at, phrase in enumerate(phrases) if phrase in self._place]
        vectors[old] = self._bank[[self._place[phrases[at]] for at in old]].numpy()
        return vectors
