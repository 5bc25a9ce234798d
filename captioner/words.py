"""The captioner's own vocabulary: some thousands of words and word pieces.

A word that is not in the vocabulary is spelled from pieces, so every phrase has a finite likelihood; a word
with a foreign letter becomes one unknown token, which training has made improbable.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any, cast

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

__all__ = ["MAX_TOKENS", "Words"]

MAX_TOKENS = 20
"""Tokens of a phrase that are read; what follows is left out."""

# Every letter both at the start of a word and inside one, so that any word can be spelled.
_SPELLED = [letter * 2 for letter in ascii_lowercase + digits + "'-"]

_SPECIAL = ("<pad>", "<bos>", "<eos>", "<unk>")


class Words:
    """Phrases to token numbers and back.

    >>> words = Words.learn(["a red bus", "a red dog"] * 2, size=60)
    >>> words.decode(words.encode("A  red bus"))
    'a red bus'
    """

    pad, bos, eos, unknown = range(len(_SPECIAL))

    def __init__(self, tokenizer: PreTrainedTokenizerFast) -> None:
        self.tokenizer = tokenizer

    def __len__(self) -> int:
        return len(self.tokenizer)

    @classmethod
    def learn(cls, texts: Iterable[str], size: int = 4096) -> "Words":
        """Choose the pieces that spell the texts in few tokens."""
        tokenizer = Tokenizer(models.WordPiece(unk_token="<unk>", max_input_chars_per_word=40))
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]
        )
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=False)
        trainer = trainers.WordPieceTrainer(
            vocab_size=size, special_tokens=list(_SPECIAL), show_progress=False
        )
        tokenizer.train_from_iterator(chain(texts, _SPELLED), trainer)
        return cls(_wrapped(tokenizer))

    @classmethod
    def open(cls, file: Path) -> "Words":
        """Read what `save` wrote."""
        return cls(_wrapped(Tokenizer.from_file(str(file))))

    def save(self, file: Path) -> None:
        """Write tokenizer.json."""
        self.tokenizer.backend_tokenizer.save(str(file))

    def encode(self, phrase: str) -> list[int]:
        """Token numbers of a phrase, `<eos>` last, at most MAX_TOKENS before it."""
        numbers = self.tokenizer.encode(phrase, add_special_tokens=False)
        return [*numbers[:MAX_TOKENS], self.eos]

    def decode(self, numbers: Sequence[int]) -> str:
        """The phrase that token numbers spell, up to the first `<eos>`."""
        kept = list(numbers)
        if self.eos in kept:
            kept = kept[: kept.index(self.eos)]
        return cast(str, self.tokenizer.decode(kept, skip_special_tokens=True)).strip()


def _wrapped(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    pad, bos, eos, unknown = _SPECIAL
    build: Any = PreTrainedTokenizerFast
    wrapped: PreTrainedTokenizerFast = build(
        tokenizer_object=tokenizer, pad_token=pad, bos_token=bos, eos_token=eos, unk_token=unknown
    )
    return wrapped
