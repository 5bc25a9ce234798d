"""Train the translation network: `python -m milan.translation.train --texts DIR --output data/translation`.

DIR holds train.en, train.fr, val.en and val.fr. After every epoch the validation sentences are
translated, and the weights of the best epoch are kept: training can be cut at any time, and gone on with
(`--start`). An epoch takes about a minute of one core that multiplies bfloat16.
"""

import argparse
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from milan.translation.batches import Batch, training_batches
from milan.translation.corpus import Parallel, read_parallel
from milan.translation.network import TranslationNetwork, TranslationSizes
from milan.translation.quality import bleu
from milan.translation.translator import Translator
from milan.translation.vocabulary import PAD, Vocabulary

__all__ = ["TrainOptions", "train"]

_CARD = {
    "what": "A recurrent network with attention that translates captions from English to French",
    "made_by": "python -m milan.translation.train",
    "data": "Multi30k, task 1, English and French (Elliott et al., 2016): 29,000 captions, 1,014 to validate",
    "licence": "for research and education, not for commerce, as Multi30k's captions of Flickr30k are",
}

_log = logging.getLogger("milan.translation.train")


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How to train."""

    n_tokens: int = 4000
    """Pieces of each language."""
    n_units: int = 256
    n_epochs: int = 24
    batch: int = 96
    """Sentences."""
    learning_rate: float = 3e-3
    """At its highest, after a tenth of the steps; it ends at nothing."""
    dropout: float = 0.3
    smoothing: float = 0.1
    """Share of each wanted token that is spread over all."""
    seed: int = 0
    half: bool = True
    """Whether products are computed in bfloat16: three times as fast where the processor can."""


def train(
    text: Parallel, validation: Parallel, options: TrainOptions, folder: Path, start: Path | None = None
) -> Translator:
    """Learn vocabularies and weights, or go on from those in a folder; answers with the best epoch's."""
    torch.manual_seed(options.seed)
    translator = _untrained(text, options) if start is None else Translator.open(start)
    network = translator.network.requires_grad_(True)
    network.dropout.p = options.dropout
    read = [translator.source.tokens(sentence) for sentence in text.source]
    written = [translator.target.tokens(sentence) for sentence in text.target]
    optimizer = torch.optim.AdamW(network.parameters(), options.learning_rate, betas=(0.9, 0.98))
    n_steps = options.n_epochs * -(-len(read) // options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.learning_rate, total_steps=n_steps, pct_start=0.1
    )
    shuffler = np.random.default_rng(options.seed)
    before = [] if start is None else json.loads((start / "card.json").read_text("utf-8"))["stages"]
    best = -1.0
    for epoch in range(1, options.n_epochs + 1):
        losses = []
        for batch in training_batches(read, written, options.batch, shuffler):
            losses.append(_step(network.train(), batch, optimizer, options))
            schedule.step()
        network.eval()
        score = bleu([one.text for one in translator.translate(validation.source)], validation.target)
        _log.info("epoch %d: loss %.3f, validation BLEU %.2f", epoch, np.mean(losses), score)
        if score > best:
            best = score
            stage = {"settings": asdict(options), "epoch": epoch, "validation_bleu": round(score, 2)}
            translator.save(folder, {**_CARD, "stages": [*before, stage]})
    return Translator.open(folder)


def _step(
    network: TranslationNetwork, batch: Batch, optimizer: torch.optim.Optimizer, options: TrainOptions
) -> float:
    """Learn from a batch; answers with its loss, nats a token."""
    with torch.autocast("cpu", torch.bfloat16, enabled=options.half):
        logits = network(batch.read, batch.given)
    wanted = batch.wanted.flatten()
    loss = F.cross_entropy(
        logits.float().flatten(0, 1), wanted, ignore_index=PAD, label_smoothing=options.smoothing
    )
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return loss.item()


def _untrained(text: Parallel, options: TrainOptions) -> Translator:
    source, target = (Vocabulary.learn(side, options.n_tokens) for side in text)
    sizes = TranslationSizes(len(source), len(target), n_units=options.n_units)
    return Translator(TranslationNetwork(sizes), source, target)


def main() -> None:
    """Parse the command line, train, save."""
    parser = argparse.ArgumentParser(description="Train the translation network.")
    parser.add_argument("--texts", type=Path, required=True, help="folder of train and val, .en and .fr")
    parser.add_argument("--output", type=Path, required=True, help="folder of weights, vocabularies, card")
    parser.add_argument("--n-epochs", type=int, default=TrainOptions().n_epochs)
    parser.add_argument("--learning-rate", type=float, default=TrainOptions().learning_rate)
    parser.add_argument("--start", type=Path, help="folder of weights to go on from")
    parser.add_argument("--seed", type=int, default=TrainOptions().seed)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    text, validation = (
        read_parallel(options.texts / f"{part}.en", options.texts / f"{part}.fr") for part in ("train", "val")
    )
    how = TrainOptions(n_epochs=options.n_epochs, learning_rate=options.learning_rate, seed=options.seed)
    train(text, validation, how, options.output, options.start)


if __name__ == "__main__":
    main()
