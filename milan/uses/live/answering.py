"""What a network that reads text answers: a translation, or which token comes next."""

from collections.abc import Callable, Sequence
from math import exp
from typing import Protocol

from milan.networks.text import Encoded, LanguageModel, TextNetwork, language_model_of
from milan.uses.live.reaction import Answer

__all__ = ["Answering", "answering_of"]


class Answering(Protocol):
    """A way to answer."""

    def answer(self, lines: Sequence[Sequence[str]], encoded: Sequence[Encoded]) -> Answer:
        """What comes of some lines, given as words and as tokens; units may be changed meanwhile."""
        ...

    def token(self, output: int) -> str:
        """What an output is called."""
        ...


def answering_of(network: TextNetwork) -> Answering:
    """By a module's own `answer(line)`; by a language model's head; or not at all."""
    own = getattr(network.module, "answer", None)
    if callable(own):
        return _Written(own)
    model = language_model_of(network)
    return _Silent() if model is None else _Foretold(model)


class _Silent:
    """An encoder represents what it reads, and says nothing."""

    def answer(self, lines: Sequence[Sequence[str]], encoded: Sequence[Encoded]) -> Answer:
        return Answer()

    def token(self, output: int) -> str:
        return f"output {output}"


class _Written(_Silent):
    """A module of one's own with a method `answer(line)`, such as a translator's encoder."""

    def __init__(self, write: Callable[[str], str]) -> None:
        self._write = write

    def answer(self, lines: Sequence[Sequence[str]], encoded: Sequence[Encoded]) -> Answer:
        return Answer(lines=tuple(self._write(" ".join(line)) for line in lines))


class _Foretold(_Silent):
    """A language model: how well it foretold each line, and what it expects after the last."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def answer(self, lines: Sequence[Sequence[str]], encoded: Sequence[Encoded]) -> Answer:
        nats, n_tokens = 0.0, 0
        after = None
        for one in encoded:
            if one.tokens:
                foretold = self._model.foretell(one.tokens)
                after, nats = foretold.after, nats + foretold.nats
                n_tokens += len(one.tokens) - 1
        return Answer(after, perplexity=exp(min(nats / n_tokens, 700.0)) if n_tokens else None)

    def token(self, output: int) -> str:
        return self._model.token(output)
