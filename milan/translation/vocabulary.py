"""Subwords of one language: what the network reads and writes instead of words."""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Self

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

__all__ = ["BEGIN", "END", "PAD", "UNKNOWN", "Vocabulary", "Word"]

PAD, UNKNOWN, BEGIN, END = range(4)
"""Tokens that are no piece of text: they come first in every vocabulary."""

_SPACE = "\u2581"
"""What stands for a blank."""

_SPECIAL = ["<pad>", "<unknown>", "<begin>", "<end>"]


class Word(NamedTuple):
    """A word or a sign of a sentence of tokens."""

    text: str
    start: int
    """Its first token."""
    end: int
    """The one behind its last."""


class Vocabulary:
    """Byte-pair encoding (Sennrich et al., 2016) of words and signs; spaces belong to the word behind them.

    A word is cut into pieces alone and a sign is a word of its own, so that pieces can be joined to words
    again and text comes back as it was written.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    @classmethod
    def learn(cls, sentences: Iterable[str], n_tokens: int) -> Self:
        """Learn the pieces of a text, n_tokens with the four special ones."""
        tokenizer = Tokenizer(models.BPE(unk_token=_SPECIAL[UNKNOWN]))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation()]
        )
        tokenizer.decoder = decoders.Metaspace()
        trainer = trainers.BpeTrainer(vocab_size=n_tokens, special_tokens=_SPECIAL, show_progress=False)
        tokenizer.train_from_iterator(sentences, trainer)
        return cls(tokenizer)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        return cls(Tokenizer.from_file(str(path)))

    def save(self, path: Path) -> None:
        """Write one JSON file, in the format of the tokenizers library."""
        self._tokenizer.save(str(path), pretty=False)

    def __len__(self) -> int:
        return int(self._tokenizer.get_vocab_size())

    def tokens(self, sentence: str) -> list[int]:
        """Pieces of a sentence, without begin and end."""
        return list(self._tokenizer.encode(sentence).ids)

    def words(self, tokens: Sequence[int]) -> list[Word]:
        """Words and signs that tokens make up, each with its place among them."""
        pieces = [str(self._tokenizer.id_to_token(token)) for token in tokens]
        starts = [
            place for place in range(len(pieces)) if place == 0 or _begins(*pieces[place - 1 : place + 1])
        ]
        return [
            Word("".join(pieces[start:end]).replace(_SPACE, ""), start, end)
            for start, end in pairwise([*starts, len(pieces)])
        ]

    def text(self, tokens: Sequence[int]) -> str:
        """The sentence that tokens stand for; special ones are left out."""
        return str(self._tokenizer.decode(list(tokens)))


def _begins(previous: str, piece: str) -> bool:
    """Whether a piece begins a word; a blank that stands alone belongs to what follows it."""
    return previous != _SPACE and (piece.startswith(_SPACE) or _is_sign(piece) or _is_sign(previous))


def _is_sign(piece: str) -> bool:
    """A mark of punctuation; a hyphen joins."""
    return len(piece) == 1 and piece != "-" and unicodedata.category(piece)[0] in "PS"
