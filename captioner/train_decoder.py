"""Trains the decoder on groups of regions that share a phrase, and on phrases that no picture shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float32
from torch import Tensor

from captioner.decoder import DecoderShape, Memory, PhraseDecoder
from captioner.dual import RegionProjector
from captioner.features import SampleFeatures
from captioner.groups import PhraseIndex
from captioner.packing import pack
from captioner.sentences import sentence_encoder
from captioner.words import Words

__all__ = ["DecoderTraining", "train_decoder"]

_MOST_REGIONS = 15
_TEXT_REGIONS = 4  # imagined places a phrase without a picture


@dataclass(frozen=True, slots=True)
class DecoderTraining:
    """How a decoder is trained."""

    steps: int = 2500
    batch: int = 96
    """Groups a step."""
    rate: float = 1.5e-3
    seed: int = 0
    memory_dropout: float = 0.15
    """Share of groups shown without evidence: they teach the prior."""
    depth_dropout: float = 0.15
    """Share of groups of which only the regions' place among the phrases is shown."""
    stray: float = 0.15
    """Share of regions that do not belong to their group, in half of the batches."""
    text_share: float = 0.25
    """Phrases known from text alone, as a share of the groups of a step."""
    kind_weights: Mapping[str, float] = field(default_factory=dict)


class _Imagined:
    """Places where regions of a phrase would lie: the phrase's own, off by what a real region was off."""

    def __init__(self, phrases: Sequence[str], gaps: Tensor) -> None:
        self.phrases = list(phrases)
        self._vectors = torch.from_numpy(sentence_encoder().embed(self.phrases))
        self._gaps = gaps

    def draw(
        self, random: np.random.Generator, n: int, n_features: int, dropout: float
    ) -> tuple[list[str], tuple[Tensor, Tensor, Tensor]]:
        """n phrases, and the arguments of `PhraseDecoder.remember` for them.

        A share of them without evidence.
        """
        chosen = random.integers(len(self.phrases), size=n)
        gaps = self._gaps[random.integers(len(self._gaps), size=(n, _TEXT_REGIONS))]
        places = F.normalize(self._vectors[chosen][:, None] + gaps, dim=-1)
        nothing = torch.zeros(n, _TEXT_REGIONS, n_features)
        kept = torch.from_numpy(random.random(n) >= dropout)[:, None].expand(n, _TEXT_REGIONS)
        return [self.phrases[i] for i in chosen], (nothing, places, kept)


def train_decoder(
    data: SampleFeatures,
    projector: RegionProjector,
    words: Words,
    training: DecoderTraining,
    *,
    texts: Sequence[str] = (),
    start: PhraseDecoder | None = None,
    progress: Callable[[int, float], None] = lambda step, loss: None,
) -> PhraseDecoder:
    """Train on all samples given; `start` is a decoder to go on from. Same seed, same machine, same weights.

    `texts` are phrases to be said although no sample shows them: they are learnt from their place in the
    sentence encoder's space.
    """
    torch.manual_seed(training.seed)
    random = np.random.default_rng(training.seed)
    index = PhraseIndex.of(data.samples, training.kind_weights)
    meanings = _meanings(projector, data.features)
    decoder = start
    if decoder is None:
        decoder = PhraseDecoder(DecoderShape(data.depths, len(words), meanings.shape[1]))
        decoder.standardised.load_state_dict(projector.standardised.state_dict())
    decoder.train().requires_grad_(True)
    imagined = _Imagined(texts, _gaps(index, meanings, random)) if texts else None
    features = torch.from_numpy(data.features)
    numbers = {phrase: words.encode(phrase) for phrase in (*index.phrases, *texts)}
    optimiser = torch.optim.AdamW(
        decoder.parameters(), lr=training.rate, weight_decay=0.05, betas=(0.9, 0.98)
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, training.rate, total_steps=training.steps, pct_start=0.08
    )
    for step in range(training.steps):
        n_text = round(training.batch * training.text_share) if imagined else 0
        # one number of regions a step: no padding, and every number is met alike
        size = int(random.integers(1, _MOST_REGIONS + 1))
        stray = training.stray if random.random() < 0.5 else 0.0
        groups = index.groups(random, training.batch - n_text, size, stray)
        rows = torch.from_numpy(np.stack([group.rows for group in groups]))
        memory = _memory(decoder, features[rows].float(), meanings[rows], training, random)
        phrases = [index.phrases[group.phrase] for group in groups]
        loss = _loss(decoder, memory, [numbers[phrase] for phrase in phrases])
        if imagined:
            phrases, evidence = imagined.draw(random, n_text, features.shape[1], training.memory_dropout)
            memory = decoder.remember(*evidence, depths_present=torch.zeros(n_text, dtype=torch.bool))
            text_loss = _loss(decoder, memory, [numbers[phrase] for phrase in phrases])
            loss = (1 - training.text_share) * loss + training.text_share * text_loss
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        progress(step + 1, loss.item())
    return decoder.eval().requires_grad_(False)


def _memory(
    decoder: PhraseDecoder,
    features: Tensor,
    meanings: Tensor,
    training: DecoderTraining,
    random: np.random.Generator,
) -> Memory:
    n, size = features.shape[:2]
    kept = torch.from_numpy(random.random(n) >= training.memory_dropout)
    deep = torch.from_numpy(random.random(n) >= training.depth_dropout)
    return decoder.remember(features, meanings, kept[:, None].expand(n, size), deep)


def _loss(decoder: PhraseDecoder, memory: Memory, numbers: list[list[int]]) -> Tensor:
    return -decoder.token_log_probs(memory, pack([[own] for own in numbers])).mean()


def _meanings(projector: RegionProjector, features: Float32[np.ndarray, "sample feature"]) -> Tensor:
    with torch.no_grad():
        parts = torch.split(torch.from_numpy(features), 8192)
        return torch.cat([projector(part.float()) for part in parts])


def _gaps(index: PhraseIndex, meanings: Tensor, random: np.random.Generator, n: int = 8000) -> Tensor:
    """How far real regions lie from their phrases, and in which direction."""
    draw = index.draw(random, n)
    vectors = torch.from_numpy(sentence_encoder().embed(index.phrases))
    return meanings[draw.rows] - vectors[draw.phrases]
