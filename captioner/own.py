"""Our own captioner: a backbone's features, a projector into the phrases' space and a small decoder."""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from captioner.backbone import Backbone
from captioner.decoder import Memory, PhraseDecoder
from captioner.dual import DualEncoder
from captioner.fluency import fluent
from captioner.packing import pack
from captioner.protocols import LogLikelihood
from captioner.words import Words

__all__ = ["OwnCaptioner"]

_UNITS = 32  # scored or searched together
_PRIOR_PHRASES = 64  # packed into one sequence when there is no evidence to share
_NEW_TOKENS = 12

Evidence = Float32[np.ndarray, "region feature"]


class OwnCaptioner:
    """A `Captioner`; evidence comes from `reader.read`, any number of regions a unit (0 asks the prior)."""

    def __init__(self, name: str, encoder: DualEncoder, decoder: PhraseDecoder, words: Words) -> None:
        self.name = name
        self.encoder = encoder
        self.decoder = decoder.eval().requires_grad_(False)
        self.words = words

    @classmethod
    def from_pretrained(cls, source: str | Path = "default") -> "OwnCaptioner":
        """Open what ships, by name (`default`, `lite1`, `lite0`), or a folder of `save_pretrained`.

        UnknownCaptioner for another name, WeightsError for a folder in which something is missing or damaged.
        `captioner.pretrained.open_captioner` also opens captioners of other kinds, and takes care that no
        network is described through its own eyes.
        """
        from captioner.pretrained import open_head

        return open_head(source)

    def save_pretrained(self, folder: str | Path) -> None:
        """Write config.json, model.safetensors (a byte a number, see `captioner.quantised`) and its words.

        The backbone is named, not written; the folder is made where there is none.
        """
        from captioner.pretrained import save_head

        save_head(self, Path(folder))

    @property
    def reader(self) -> Backbone:
        """The backbone that reads the regions, shared with `encoder`."""
        return self.encoder.reader

    def propose(self, evidence: Sequence[Evidence], n: int) -> list[list[str]]:
        """Up to n different phrases a unit, likeliest first, by a beam of n."""
        return self._generated(evidence, n, sampled=False)

    def sample(self, evidence: Sequence[Evidence], n: int, seed: int) -> list[list[str]]:
        """Up to n different phrases a unit, drawn from p(d|E); the same seed draws the same."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return self._generated(evidence, n, sampled=True)

    def log_p_given(
        self, evidence: Sequence[Evidence], phrases: Sequence[Sequence[str]]
    ) -> list[LogLikelihood]:
        """log p(d|E) of each unit's own phrases; the evidence is attended to once a unit."""
        found: list[LogLikelihood] = []
        with torch.inference_mode():
            for start in range(0, len(evidence), _UNITS):
                some = phrases[start : start + _UNITS]
                memory = self._memory(evidence[start : start + _UNITS])
                found += self._log_likelihoods(memory, some)
        return found

    def log_p_prior(self, phrases: Sequence[str]) -> LogLikelihood:
        """log p(d): the same decoder with no evidence."""
        groups = [phrases[start : start + _PRIOR_PHRASES] for start in range(0, len(phrases), _PRIOR_PHRASES)]
        found: list[LogLikelihood] = []
        with torch.inference_mode():
            for start in range(0, len(groups), _UNITS):
                some = groups[start : start + _UNITS]
                found += self._log_likelihoods(self.decoder.prior_memory(len(some)), some)
        if not found:
            return LogLikelihood(np.zeros(0), np.zeros(0))
        return LogLikelihood(
            np.concatenate([part.total for part in found]), np.concatenate([part.n_tokens for part in found])
        )

    def _memory(self, evidence: Sequence[Evidence]) -> Memory:
        longest = max(1, *(len(regions) for regions in evidence))
        n_features = sum(self.decoder.shape.depths)
        features = np.zeros((len(evidence), longest, n_features), np.float32)
        present = torch.zeros(len(evidence), longest, dtype=torch.bool)
        for unit, regions in enumerate(evidence):
            features[unit, : len(regions)] = regions
            present[unit, : len(regions)] = True
        known = torch.from_numpy(features)
        # the decoder learnt the depths of photographs: of a unit shown by drawings it is told the meaning
        drawn = (self.encoder.drawn(known) & present).sum(1) * 2 > present.sum(1)
        return self.decoder.remember(known, self.encoder.place(known), present, depths_present=~drawn)

    def _log_likelihoods(self, memory: Memory, phrases: Sequence[Sequence[str]]) -> list[LogLikelihood]:
        packed = pack([[self.words.encode(phrase) for phrase in own] for own in phrases])
        of_tokens = self.decoder.token_log_probs(memory, packed)
        phrase = packed.phrase[packed.phrase >= 0]
        totals = _sums(of_tokens, phrase, packed.n_phrases)
        counts = _sums(torch.ones_like(of_tokens), phrase, packed.n_phrases)
        ends = list(accumulate(len(own) for own in phrases))
        return [
            LogLikelihood(totals[end - len(own) : end], counts[end - len(own) : end])
            for own, end in zip(phrases, ends, strict=True)
        ]

    def _generated(self, evidence: Sequence[Evidence], n: int, sampled: bool) -> list[list[str]]:
        found: list[list[str]] = []
        generate = self.decoder.sample if sampled else self.decoder.beam
        with torch.inference_mode():
            for start in range(0, len(evidence), _UNITS):
                numbers = generate(self._memory(evidence[start : start + _UNITS]), n, _NEW_TOKENS)
                for own in numbers.tolist():
                    said = (fluent(self.words.decode(phrase), self.words.spoken) for phrase in own)
                    found.append(list(dict.fromkeys(phrase for phrase in said if phrase is not None)))
        return found


def _sums(values: Tensor, index: Tensor, length: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Sum values that share an index."""
    return torch.zeros(length, dtype=torch.float64).index_add(0, index, values.double()).numpy()
