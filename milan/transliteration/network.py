"""The network: one bidirectional LSTM over characters, the shape of the 2017 study."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int64
from torch import Tensor, nn

from milan.transliteration.vocabulary import Vocabulary

__all__ = ["Transliterator"]


class Transliterator(nn.Module):
    """Latin characters to letters, one for one.

    With Armenian's vocabulary: 72 inputs (one-hot), 228 cells each way, 456 together, a dense layer of 228,
    joined with the inputs to 300, and 152 outputs. Units 0 to 227 of `lstm` read from the start of the text,
    228 to 455 from its end.
    """

    def __init__(self, vocabulary: Vocabulary, n_cells: int = 228) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.n_inputs, n_outputs = len(vocabulary.inputs), len(vocabulary.outputs)
        self.lstm = nn.LSTM(self.n_inputs, n_cells, batch_first=True, bidirectional=True)
        self.hidden = nn.Sequential(nn.Linear(2 * n_cells, n_cells), nn.Tanh())
        self.outputs = nn.Linear(n_cells + self.n_inputs, n_outputs)

    def forward(self, codes: Int64[Tensor, "text position"]) -> Float[Tensor, "text position output"]:
        """Logit of each output at each position; short texts of a batch are filled up with `PAD`."""
        seen = F.one_hot(codes, self.n_inputs).float()
        read, _ = self.lstm(seen)
        logits: Tensor = self.outputs(torch.cat([self.hidden(read), seen], dim=2))
        return logits

    def encode(self, words: Sequence[str]) -> tuple[list[int], list[tuple[int, int] | None]]:
        """Codes of a sentence of Latin words, blanks between them, and the span of each word.

        By this `milan text extract milan.transliteration.shipped:armenian` reads its units.
        """
        codes: list[int] = []
        spans: list[tuple[int, int] | None] = []
        for word in words:
            text = f" {word}" if codes else word
            codes += self.vocabulary.encode_inputs(text).tolist()
            spans.append((len(codes) - len(word), len(codes)) if word else None)
        return codes, spans
