"""The translation network that ships with its weights, whole and as a reader of sentences."""

from collections.abc import Sequence
from typing import NamedTuple

from jaxtyping import Float, Int64
from torch import Tensor, nn

from milan.records.files import shipped_file
from milan.translation.translator import Translator

__all__ = ["ReadWords", "SentenceReader", "sentence_reader", "shipped_translator"]


def shipped_translator() -> Translator:
    """English to French, of captions: trained on Multi30k (data/translation/card.json)."""
    return Translator.open(shipped_file("translation/card.json").parent)


class ReadWords(NamedTuple):
    """Words of a sentence as tokens."""

    tokens: list[int]
    spans: list[tuple[int, int] | None]
    """First token of each word and the one behind its last; None for a word without tokens."""


class SentenceReader(nn.Module):
    """The encoder alone, with its layers under the names that they have in the whole network."""

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self.source = translator.network.source
        self.encoder = translator.network.encoder
        self._translator = translator

    def encode(self, words: Sequence[str]) -> ReadWords:
        """Tokens of a sentence that was cut at blanks, as `milan text extract` asks for them."""
        tokens: list[int] = []
        spans: list[tuple[int, int] | None] = []
        for word in words:
            own = self._translator.source.tokens(word)
            spans.append((len(tokens), len(tokens) + len(own)) if own else None)
            tokens += own
        return ReadWords(tokens, spans)

    def answer(self, line: str) -> str:
        """The whole network's translation; what is changed in this encoder meanwhile changes it."""
        return self._translator.translate([line])[0].text

    def forward(self, tokens: Int64[Tensor, "sentence token"]) -> Float[Tensor, "sentence token unit"]:
        """What the upper layer emits."""
        return self._translator.network.encode(tokens).units


def sentence_reader() -> SentenceReader:
    """The shipped network's encoder; its spec is `milan.translation:sentence_reader`."""
    return SentenceReader(shipped_translator())
