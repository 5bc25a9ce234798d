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

_SPOKEN_FILE = "words.txt"
_SPECIAL = ("<pad>", "<bos>", "<eos>", "<unk>")


class Words:
    """Phrases to token numbers and back.

    >>> words = Words.learn(["a red bus", "a red dog"] * 2, size=60)
    >>> words.decode(words.encode("A  red bus"))
    'a red bus'
    """

    pad, bos, eos, unknown = range(len(_SPECIAL))

    def __init__(self, tokenizer: PreTrainedTokenizerFast, spoken: frozenset[str] = frozenset()) -> None:
        self.tokenizer = tokenizer
        self.spoken = spoken
        """Whole words met in training, lower case; empty when they are not known."""

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
        met = list(texts)
        tokenizer.train_from_iterator(chain(met, _SPELLED), trainer)
        return cls(_wrapped(tokenizer), _words_of(met))

    def knowing(self, texts: Iterable[str]) -> "Words":
        """The same pieces, with the words of more texts among those that may be said."""
        return Words(self.tokenizer, self.spoken | _words_of(texts))

    @classmethod
    def open(cls, file: Path) -> "Words":
        """Read what `save` wrote."""
        beside = file.with_name(_SPOKEN_FILE)
        spoken = frozenset(beside.read_text(encoding="utf8").split()) if beside.is_file() else frozenset()
        return cls(_wrapped(Tokenizer.from_file(str(file))), spoken)

    def save(self, file: Path) -> None:
        """Write tokenizer.json, and beside it the words that may be said."""
        self.tokenizer.backend_tokenizer.save(str(file))
        file.with_name(_SPOKEN_FILE).write_text("\n".join(sorted(self.spoken)) + "\n", encoding="utf8")

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


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.lower().split())


def _wrapped(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    pad, bos, eos, unknown = _SPECIAL
    build: Any = PreTrainedTokenizerFast
    wrapped: PreTrainedTokenizerFast = build(
        tokenizer_object=tokenizer, pad_token=pad, bos_token=bos, eos_token=eos, unk_token=unknown
    )
    return wrapped
