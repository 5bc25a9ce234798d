"""Teaching a transliterator, epoch by epoch: every epoch spells the text anew."""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from milan.errors import StateError
from milan.transliteration.batches import chunks, training_batches
from milan.transliteration.latin import latin_words, with_latin
from milan.transliteration.network import Transliterator
from milan.transliteration.romanise import romanise
from milan.transliteration.rules import Rules
from milan.transliteration.vocabulary import Vocabulary

__all__ = ["TrainingOptions", "train"]

_WARM_UP = 0.05

_log = logging.getLogger("milan.transliteration.train")


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """How to teach."""

    n_epochs: int = 10
    n_cells: int = 228
    """Each way, and in the dense layer."""
    batch: int = 64
    longest: int = 80
    """Characters of a chunk."""
    learning_rate: float = 4e-3
    """The highest; it falls to 0."""
    seed: int = 0


def train(
    lines: Sequence[str], rules: Rules, options: TrainingOptions, checkpoint: Path | None = None
) -> Transliterator:
    """A network that has seen the lines so many times, Latin words mixed in.

    With a checkpoint, each finished epoch is kept there, and a run that was cut off goes on behind it.
    StateError for one of other options.
    """
    vocabulary = Vocabulary.of(rules)
    torch.manual_seed(options.seed)
    network = Transliterator(vocabulary, options.n_cells)
    optimizer = torch.optim.Adam(network.parameters(), lr=options.learning_rate)
    state: dict[str, nn.Module | torch.optim.Optimizer] = {"network": network, "optimizer": optimizer}
    done = 0
    if checkpoint is not None and checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        if kept["options"] != repr(options):
            raise StateError(f"{checkpoint} was made with {kept['options']}: remove it, or give the same")
        for name, part in state.items():
            part.load_state_dict(kept[name])
        done = kept["done"]
    for epoch in range(done, options.n_epochs):
        rng = np.random.default_rng((options.seed, epoch))
        words = latin_words().train
        spelled = [romanise(with_latin(line, words, rng), rules, rng) for line in lines]
        texts = [chunk for text in spelled for chunk in chunks(text, options.longest)]
        losses: list[float] = []
        batches = list(training_batches(texts, vocabulary, options.batch, rng))
        for inputs, outputs in batches:
            progress = (epoch + len(losses) / len(batches)) / options.n_epochs
            optimizer.param_groups[0]["lr"] = options.learning_rate * _of_highest_rate(progress)
            loss = F.cross_entropy(network(inputs).flatten(0, 1), outputs.flatten())
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
        _log.info("epoch %d of %d: loss %.4f", epoch + 1, options.n_epochs, float(np.mean(losses)))
        if checkpoint is not None:
            aside = checkpoint.with_suffix(".part")
            kept = {name: part.state_dict() for name, part in state.items()}
            torch.save({**kept, "done": epoch + 1, "options": repr(options)}, aside)
            aside.replace(checkpoint)
    return network.eval()


def _of_highest_rate(progress: float) -> float:
    """Up within the first twentieth, then down along half a cosine."""
    if progress < _WARM_UP:
        return (progress + 1e-3) / (_WARM_UP + 1e-3)
    return (1 + math.cos(math.pi * (progress - _WARM_UP) / (1 - _WARM_UP))) / 2
