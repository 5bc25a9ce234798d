"""Trains the decoder on groups of regions that share a phrase, and on phrases that no picture shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

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
from captioner.precision import trained_in_half
from captioner.schedule import warm_then_cosine
from captioner.sentences import sentence_encoder
from captioner.words import Words

__all__ = ["DecoderTraining", "train_decoder"]

_MOST_REGIONS = 15
_TEXT_REGIONS = 4  # imagined places a phrase without a picture


@dataclass(frozen=True, slots=True)
class DecoderTraining:
    """How a decoder is trained."""

    steps: int = 2500
    batch: int = 80
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
    """Phrases known from text alone, beside the groups of a step and as a share of their number."""
    kind_weights: Mapping[str, float] = field(default_factory=dict)


class _Shown(NamedTuple):
    """Phrases with regions."""

    pairs: PhraseIndex
    features: Tensor
    meanings: Tensor
    numbers: list[list[int]]


class _Read(NamedTuple):
    """Phrases without: their regions would lie where they do, off by as much as real regions are."""

    numbers: list[list[int]]
    vectors: Tensor
    gaps: Tensor


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
    shown = _Shown(
        index, torch.from_numpy(data.features), meanings, [words.encode(phrase) for phrase in index.phrases]
    )
    read = None
    if texts:
        vectors = torch.from_numpy(sentence_encoder().embed(texts))
        read = _Read([words.encode(text) for text in texts], vectors, _gaps(index, meanings, random))
    optimiser = torch.optim.AdamW(
        decoder.parameters(), lr=training.rate, weight_decay=0.05, betas=(0.9, 0.98)
    )
    schedule = warm_then_cosine(optimiser, training.steps)
    for step in range(training.steps):
        with trained_in_half():
            loss = _shown_loss(decoder, shown, training, random)
            if read is not None:
                loss = torch.lerp(loss, _read_loss(decoder, read, training, random), training.text_share)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        progress(step + 1, loss.item())
    return decoder.eval().requires_grad_(False)


def _shown_loss(
    decoder: PhraseDecoder, shown: _Shown, training: DecoderTraining, random: np.random.Generator
) -> Tensor:
    """Loss of phrases said of groups of regions."""
    n = training.batch
    # one number of regions a step: no padding, and every number is met alike
    size = int(random.integers(1, _MOST_REGIONS + 1))
    groups = shown.pairs.groups(random, n, size, training.stray if random.random() < 0.5 else 0.0)
    rows = torch.from_numpy(np.stack([group.rows for group in groups]))
    kept = torch.from_numpy(random.random(n) >= training.memory_dropout)
    deep = torch.from_numpy(random.random(n) >= training.depth_dropout)
    memory = decoder.remember(
        shown.features[rows].float(), shown.meanings[rows], kept[:, None].expand(n, size), deep
    )
    return _loss(decoder, memory, [shown.numbers[group.phrase] for group in groups])


def _read_loss(
    decoder: PhraseDecoder, read: _Read, training: DecoderTraining, random: np.random.Generator
) -> Tensor:
    """Loss of phrases said of imagined places, with no features."""
    n = round(training.batch * training.text_share)
    chosen = random.integers(len(read.numbers), size=n)
    gaps = read.gaps[random.integers(len(read.gaps), size=(n, _TEXT_REGIONS))]
    places = F.normalize(read.vectors[chosen][:, None] + gaps, dim=-1)
    nothing = torch.zeros(n, _TEXT_REGIONS, sum(decoder.shape.depths))
    kept = torch.from_numpy(random.random(n) >= training.memory_dropout)
    memory = decoder.remember(
        nothing,
        places,
        kept[:, None].expand(n, _TEXT_REGIONS),
        depths_present=torch.zeros(n, dtype=torch.bool),
    )
    return _loss(decoder, memory, [read.numbers[phrase] for phrase in chosen])


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
