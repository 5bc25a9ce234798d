"""A translation network with its two vocabularies: sentences in, sentences out."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from jaxtyping import Float32, Float64
from safetensors.torch import load_file, save_file

from milan.errors import DataError
from milan.translation.decoding import Written, beam_search, forced, foretold, greedy
from milan.translation.network import TranslationNetwork, TranslationSizes
from milan.translation.vocabulary import Vocabulary

__all__ = ["Translation", "Translator"]

_BATCH = 64

Within = Callable[[list[int]], AbstractContextManager[None]]
"""A block to be in while some sentences of a text run, by their numbers: to change what units do in them."""


class Translation(NamedTuple):
    """What was written for one sentence, and where the network looked for it."""

    text: str
    tokens: list[int]
    attention: Float32[np.ndarray, "written token"]
    """How much each written token attended to those that were read, the sentence's end included."""


_NOTHING = Translation("", [], np.zeros((0, 1), np.float32))
"""Of a sentence without a word: a network that was never shown one would make a caption up."""


@dataclass(frozen=True, slots=True, eq=False)
class Translator:
    """Translates; units of its network can be changed meanwhile (`milan.ablation.text`)."""

    network: TranslationNetwork = field(repr=False)
    source: Vocabulary = field(repr=False)
    target: Vocabulary = field(repr=False)

    def translate(self, sentences: Sequence[str], within: Within | None = None) -> list[Translation]:
        """One translation a sentence, in their order: the likeliest token each step, and of no words none.

        Some sentences run at a time; with `within`, in the block that it answers for their numbers.
        """
        read = self._read(sentences)

        def write(rows: list[int]) -> list[Written]:
            with nullcontext() if within is None else within(rows):
                return greedy(self.network, [read[row] for row in rows])

        written = self._by_length(read, write)
        return [one if own.strip() else _NOTHING for own, one in zip(sentences, written, strict=True)]

    def search(self, sentences: Sequence[str], width: int = 5) -> list[str]:
        """Translations found by beam search: a little better than `translate`, and `width` times slower."""
        read = self._read(sentences)
        found: dict[int, str] = {}
        for rows in _batches(read):
            written = beam_search(self.network, [read[row] for row in rows], width)
            found |= {row: self.target.text(tokens) for row, tokens in zip(rows, written, strict=True)}
        return [found[row] if own.strip() else "" for row, own in enumerate(sentences)]

    def led(self, sentences: Sequence[str], translations: Sequence[str]) -> list[Translation]:
        """Translations that are given, with where the network looks as it is led through them."""
        read, given = self._pairs(sentences, translations)
        return self._by_length(
            read, lambda rows: forced(self.network, [read[row] for row in rows], [given[row] for row in rows])
        )

    def foretold(
        self, sentences: Sequence[str], translations: Sequence[str]
    ) -> Float64[np.ndarray, "sentence 3"]:
        """How well translations that are given are foretold, each token after the right ones before it.

        Of each sentence: nats that its tokens cost, how many the network would have written, how many there
        are; summed over sentences they give perplexity and accuracy.
        """
        read, given = self._pairs(sentences, translations)
        counts = np.zeros((len(read), 3))
        for rows in _batches(read):
            some = foretold(self.network, [read[row] for row in rows], [given[row] for row in rows])
            counts[rows] = some
        return counts

    def _pairs(
        self, sentences: Sequence[str], translations: Sequence[str]
    ) -> tuple[list[list[int]], list[list[int]]]:
        if len(sentences) != len(translations):
            raise DataError(f"{len(translations)} translations for {len(sentences)} sentences: give one each")
        return self._read(sentences), [self.target.tokens(translation) for translation in translations]

    def _read(self, sentences: Sequence[str]) -> list[list[int]]:
        return [self.source.tokens(sentence) for sentence in sentences]

    def _by_length(
        self, read: Sequence[Sequence[int]], write: Callable[[list[int]], list[Written]]
    ) -> list[Translation]:
        found: dict[int, Translation] = {}
        for rows in _batches(read):
            for row, one in zip(rows, write(rows), strict=True):
                found[row] = Translation(self.target.text(one.tokens), one.tokens, one.attention)
        return [found[row] for row in range(len(read))]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read what `save` wrote; the network is in evaluation mode and single precision."""
        card = json.loads((folder / "card.json").read_text("utf-8"))
        network = TranslationNetwork(TranslationSizes(**card["sizes"]))
        weights = load_file(folder / "model.safetensors")
        network.load_state_dict({name: value.float() for name, value in weights.items()})
        source, target = (Vocabulary.open(folder / f"{side}.json") for side in ("source", "target"))
        return cls(network.requires_grad_(False).eval(), source, target)

    def save(self, folder: Path, card: Mapping[str, Any]) -> None:
        """Write weights in half precision, both vocabularies, and a card with the sizes."""
        folder.mkdir(parents=True, exist_ok=True)
        weights = {name: value.half().contiguous() for name, value in self.network.state_dict().items()}
        save_file(weights, folder / "model.safetensors")
        self.source.save(folder / "source.json")
        self.target.save(folder / "target.json")
        text = json.dumps({**card, "sizes": self.network.sizes.as_card()}, indent=2, ensure_ascii=False)
        (folder / "card.json").write_text(text + "\n", "utf-8")


def _batches(read: Sequence[Sequence[int]]) -> list[list[int]]:
    """Rows of sentences of about the same length."""
    order = sorted(range(len(read)), key=lambda row: len(read[row]))
    return [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
