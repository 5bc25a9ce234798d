"""Train a transliterator: `python -m milan.transliteration.train hy text.txt --output DIR --licence TEXT`.

The text has a sentence a line. 65 % teach, 5 % choose the baseline's context, and 30 % are read when all is
done. A quarter of an hour of one core for two million characters; with --checkpoint FILE a run that was cut
off goes on behind its last epoch.
"""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from milan.errors import DataError
from milan.transliteration.accuracy import Right, count_right
from milan.transliteration.contexts import ContextTable
from milan.transliteration.corpus import Parts, split_lines
from milan.transliteration.latin import latin_words, with_latin
from milan.transliteration.romanise import Aligned, romanise
from milan.transliteration.rules import LANGUAGES, Rules
from milan.transliteration.shipped import save_network
from milan.transliteration.training import TrainingOptions, train
from milan.transliteration.transliteration import Transliteration

__all__ = ["held_out_texts", "measure"]

_log = logging.getLogger("milan.transliteration.train")

_TEST_SEED = 1_000_000
"""Apart from those of epochs: what is measured on was spelled for it alone."""


def held_out_texts(
    lines: Sequence[str], words: list[str], rules: Rules, seed: int = _TEST_SEED
) -> list[Aligned]:
    """Lines spelled once, with Latin words mixed in as in training (`words` empty: without)."""
    rng = np.random.default_rng(seed)
    mixed = [with_latin(line, words, rng) if words else line for line in lines]
    return [romanise(line, rules, rng) for line in mixed]


def measure(parts: Parts, transliteration: Transliteration) -> dict[str, Right]:
    """What the network gets right on the test lines, beside tables of the most frequent output.

    The table without neighbours is the most frequent letter of each input; `contexts` has as many neighbours
    as do best on the validation lines.
    """
    rules, vocabulary = transliteration.rules, transliteration.vocabulary
    words = latin_words()
    train_texts = held_out_texts(parts.train, words.train, rules)
    validation = held_out_texts(parts.validation, words.validation, rules)
    test = held_out_texts(parts.test, words.test, rules)
    table = ContextTable.of(train_texts, vocabulary)
    latin = [text.latin for text in validation]
    chosen = max(
        range(len(table.seen)),
        key=lambda n: count_right(validation, table.read(latin, n), vocabulary).letters.share,
    )
    latin = [text.latin for text in test]
    told = {
        "network": transliteration.read(latin),
        "most_frequent": table.read(latin, 0),
        f"contexts_of_{2 * chosen}": table.read(latin, chosen),
    }
    return {name: count_right(test, read, vocabulary) for name, read in told.items()}


def _card(
    language: str, rules: Rules, options: TrainingOptions, licence: str, parts: Parts
) -> dict[str, Any]:
    return {
        "what": f"{rules.language} typed in Latin letters, back to its own: one bidirectional LSTM",
        "made_by": f"python -m milan.transliteration.train {language} TEXT",
        "opens_with": f"milan.transliteration.Transliteration.open({language!r})",
        "settings": {name: getattr(options, name) for name in TrainingOptions.__slots__},
        "lines": {name: len(lines) for name, lines in parts._asdict().items()},
        "licence": licence,
    }


def main() -> None:
    """Parse the command line, train, measure, save."""
    asked = argparse.ArgumentParser(description="Train a transliterator.")
    asked.add_argument("language", choices=LANGUAGES)
    asked.add_argument("text", type=Path, help="a sentence a line")
    asked.add_argument("--output", type=Path, required=True, help="folder of the weights and their card")
    asked.add_argument("--licence", required=True, help="the card's last line: of the text and the weights")
    asked.add_argument("--checkpoint", type=Path)
    asked.add_argument("--n-epochs", type=int, default=TrainingOptions().n_epochs)
    asked.add_argument("--n-cells", type=int, default=TrainingOptions().n_cells)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--threads", type=int, default=1)
    given = asked.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(given.threads)
    lines = [line for line in given.text.read_text(encoding="utf-8").splitlines() if line.strip()]
    rules, parts = Rules.open(given.language), split_lines(lines)
    if not all(parts):
        raise DataError(f"{given.text} has {len(lines)} lines, too few to split into three parts")
    options = TrainingOptions(n_epochs=given.n_epochs, n_cells=given.n_cells, seed=given.seed)
    network = train(parts.train, rules, options, given.checkpoint)
    measured = measure(parts, Transliteration.of(rules, network))
    card = _card(given.language, rules, options, given.licence, parts)
    accuracy = {
        name: {kind: round(counts.share, 4) for kind, counts in right._asdict().items()}
        for name, right in measured.items()
    }
    save_network(network, {**card, "accuracy": accuracy}, given.output)
    for name, shares in accuracy.items():
        _log.info("%s: %s", name, ", ".join(f"{kind} {share:.4f}" for kind, share in shares.items()))


if __name__ == "__main__":
    main()
