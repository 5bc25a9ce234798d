"""How a network cuts words into tokens, with the place of every word among them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from milan.errors import NetworkError

__all__ = ["Encoded", "Span", "blank_between", "encode_by_module", "encode_each", "encode_pretrained"]

Span = tuple[int, int]
"""A word's first token, and the one behind its last."""


class Encoded(NamedTuple):
    """One sentence as a network reads it."""

    tokens: tuple[int, ...]
    spans: tuple[Span | None, ...]
    """Of each word; None for one that became no token, or was cut off."""
    n_cut: int = 0
    """Words at the end that the network's length had no place for."""


def encode_each(
    encode_word: Callable[[str], Sequence[int]], words: Sequence[str], between: Sequence[int] = ()
) -> Encoded:
    """Tokens word by word, with some between two words (a blank, for networks that read letters).

    >>> encode_each(lambda word: [ord(letter) for letter in word], ["ab", "", "c"], between=[32])
    Encoded(tokens=(97, 98, 32, 99), spans=((0, 2), None, (3, 4)), n_cut=0)
    """
    tokens: list[int] = []
    spans: list[Span | None] = []
    for word in words:
        own = list(encode_word(word))
        if own and tokens:
            tokens += between
        spans.append((len(tokens), len(tokens) + len(own)) if own else None)
        tokens += own
    return Encoded(tuple(tokens), tuple(spans))


def encode_by_module(encode: Callable[[Sequence[str]], Any], words: Sequence[str]) -> Encoded:
    """What a module's own `encode` answers; NetworkError unless that is tokens and a span for each word."""
    answer = encode(words)
    try:
        found = Encoded(*answer)
        fits = len(found.spans) == len(words) and all(
            span is None or 0 <= span[0] < span[1] <= len(found.tokens) for span in found.spans
        )
    except (TypeError, IndexError):
        fits = False
    if not fits:
        raise NetworkError(
            f"encode(words) returns the tokens of a sentence and a span (first, behind the last) or None for "
            f"each of its words; for {len(words)} words it returned {str(answer)[:80]}"
        )
    return Encoded(tuple(found.tokens), tuple(found.spans), found.n_cut)


def blank_between(tokenizer: Any) -> str:
    """What must stand before a word for its tokens to be those of running text: a blank, or nothing.

    Most tokenizers put the blank there themselves when they are given words; some byte-level ones do not, and
    would read "is land" as "island". It is tried.
    """
    together = tokenizer(["one", "two"], is_split_into_words=True, add_special_tokens=False)["input_ids"]
    return " " if tokenizer.decode(together) == "onetwo" else ""


def encode_pretrained(tokenizer: Any, longest: int, blank: str, words: Sequence[str]) -> Encoded:
    """Tokens of a sentence with the network's own marks around; words that do not fit are cut off whole.

    `blank` stands before every word but the first (`blank_between`).
    """
    given = [*words[:1], *(blank + word for word in words[1:])]
    kept = len(words)
    while True:
        coded = tokenizer(given[:kept], is_split_into_words=True, verbose=False)
        owners = coded.word_ids()
        if len(owners) <= longest or kept == 0:
            break
        first_out = owners[max(0, longest - _marks_behind(owners))]
        kept = min(kept - 1, first_out or 0)  # a word that is cut in two is left out whole
    spans: list[Span | None] = [None] * len(words)
    for place, owner in enumerate(owners):
        if owner is not None:
            first = spans[owner]
            spans[owner] = (place if first is None else first[0], place + 1)
    return Encoded(tuple(coded["input_ids"]), tuple(spans), len(words) - kept)


def _marks_behind(owners: Sequence[int | None]) -> int:
    """How many tokens at the end belong to no word."""
    n = 0
    while n < len(owners) and owners[-1 - n] is None:
        n += 1
    return n
