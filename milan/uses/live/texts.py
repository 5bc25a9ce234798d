"""A network that reads, at work on a few lines of text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from milan.errors import BadSetting, DataError
from milan.extraction.spans import Subwords, words_of
from milan.networks import change
from milan.networks.text import Encoded, TextNetwork
from milan.networks.text.layers import inner_of
from milan.records import Edit
from milan.uses.live.answering import answering_of
from milan.uses.live.reaction import Reaction

__all__ = ["MOST_LETTERS", "MOST_LINES", "LiveTexts", "ReadText"]

MOST_LETTERS = 2000
"""Of a text: the work of one answer, and the length of an address, are bounded by it."""
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class ReadText:
    """Lines as the network reads them, each by itself."""

    lines: tuple[tuple[str, ...], ...]
    """Words of each line, cut at blanks."""
    encoded: tuple[Encoded, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Of all lines."""
        return tuple(word for line in self.lines for word in line)

    @property
    def n_cut(self) -> int:
        """Words that the network's length had no place for."""
        return sum(one.n_cut for one in self.encoded)


class LiveTexts:
    """Gives texts to a network and listens to some of its layers."""

    def __init__(self, network: TextNetwork, name: str, layers: Sequence[str], subwords: Subwords) -> None:
        self.network = network
        self.name = name
        """Of the network in the catalog."""
        self.layers = tuple(layers)
        self._listened = network.chosen(layers)
        self._subwords = subwords
        self._answering = answering_of(network)

    def take(self, text: str) -> ReadText:
        """A text's lines, cut into tokens; DataError for one that holds no word, or too much."""
        lines = tuple(tuple(line.split()) for line in text.splitlines() if line.strip())
        if len(text) > MOST_LETTERS or len(lines) > MOST_LINES:
            raise DataError(
                f"a text has at most {MOST_LETTERS:,} letters in {MOST_LINES} lines, "
                f"got {len(text):,} in {len(lines)}"
            )
        encoded = tuple(self.network.encode(line) for line in lines)
        if not any(one.tokens for one in encoded):
            raise DataError("the text holds no word that the network can read")
        return ReadText(lines, encoded)

    def react(self, read: ReadText, edits: Sequence[Edit] = ()) -> Reaction:
        """Run the network once a line with some units changed.

        UnknownName and BadSetting as `change`; BadSetting for the inside of an LSTM, which can be read only.
        """
        for edit in edits:
            if inner_of(self.network.layer(edit.layer).name) is not None:
                raise BadSetting(f"{edit.layer} is inside an LSTM, where units are read and cannot be set")
        with change(self.network, edits):
            by_line = [self._of_line(one) for one in read.encoded]
            answer = self._answering.answer(read.lines, read.encoded)
        return Reaction(
            {layer: np.concatenate([line[layer] for line in by_line]).T for layer in self.layers}, answer
        )

    def output_name(self, output: int) -> str:
        """The token of this number, of a language model."""
        return self._answering.token(output)

    def _of_line(self, encoded: Encoded) -> dict[str, Float32[np.ndarray, "word unit"]]:
        n_words = len(encoded.spans)
        known = [at for at, span in enumerate(encoded.spans) if span is not None]
        heard = self.network.run([encoded.tokens], self._listened) if known else {}
        found = {}
        for layer in self._listened:
            rows = np.full((n_words, layer.n_units), np.nan, np.float32)
            if known:
                words = words_of(heard[layer.name], [encoded.spans], self._subwords, layer.n_backward)
                rows[known] = words.float().cpu().numpy()
            found[layer.name] = rows
        return found
