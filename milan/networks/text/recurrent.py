"""Modules of one's own made of `nn.LSTM` and `nn.GRU`, that say how they read a word.

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 16)
        self.lstm = nn.LSTM(16, 32, bidirectional=True, batch_first=True)

    def encode_word(self, word: str) -> list[int]: ...      # its tokens: one, or one a character
    def forward(self, tokens): return self.lstm(self.embed(tokens))
"""

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from milan.errors import NetworkError
from milan.networks.text.network import Encoded, TextLayer

__all__ = ["encode_each", "recurrent_layers", "run_plain"]


def recurrent_layers(module: nn.Module) -> list[TextLayer]:
    """Every recurrent module; of several layers in one module the last, which alone it hands on.

    The second half of the units of a bidirectional one read from the end.
    """
    found = []
    for path, part in module.named_modules():
        if isinstance(part, nn.LSTM | nn.GRU | nn.RNN):
            width = getattr(part, "proj_size", 0) or part.hidden_size
            backward = width if part.bidirectional else 0
            found.append(TextLayer(path, width + backward, backward, part.batch_first))
    if not found or not found[0].name:
        raise NetworkError(f"{type(module).__name__} holds no nn.LSTM, nn.GRU or nn.RNN within it")
    return found


def run_plain(module: nn.Module, tokens: Tensor, mask: Tensor) -> object:
    """One pass over sentences of one length: nothing is masked."""
    return module(tokens)


def encode_each(encode_word: Callable[[str], Sequence[int]], words: Sequence[str]) -> Encoded:
    """Tokens of a sentence, word by word; a word without tokens has no span."""
    tokens: list[int] = []
    spans: list[tuple[int, int] | None] = []
    for word in words:
        own = encode_word(word)
        spans.append((len(tokens), len(tokens) + len(own)) if own else None)
        tokens += own
    return Encoded(tuple(tokens), tuple(spans), 0)
