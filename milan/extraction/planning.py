"""What will be read: which words have activations, and which sentences run together."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Int64

from milan.networks.text import Encoded, TextNetwork
from milan.texts import Sentences

__all__ = ["Dropped", "Extracted", "Plan", "plan_reading"]


_PASS = 64
"""Tokens in whose time a pass begins and ends: a batch may have so many places filled up."""


class Dropped(NamedTuple):
    """A word without activations."""

    sentence: int
    position: int
    word: str
    reason: str


class Extracted(NamedTuple):
    """What was written."""

    n_words: int
    n_units: dict[str, int]
    """By layer."""
    dropped: list[Dropped]


class Plan(NamedTuple):
    """Everything that is known before the network runs."""

    encoded: list[Encoded]
    kept: Int64[np.ndarray, " row"]
    """Number in the text of each word that has activations."""
    first_row: Int64[np.ndarray, " sentence"]
    """Row of each sentence's first such word."""
    batches: list[list[int]]
    """Numbers of the sentences that run together."""
    dropped: list[Dropped]


def plan_reading(network: TextNetwork, text: Sentences, batch_tokens: int) -> Plan:
    """Cut all sentences into tokens, and put those of like length together.

    A batch has at most so many tokens, filled-up places included, or is a single sentence. A network that
    cannot be told which places are filled up gets sentences of one length only.
    """
    each = text.each()
    encoded = [network.encode(words) for words in each]
    kept: list[int] = []
    dropped: list[Dropped] = []
    first_row: list[int] = []
    number = 0
    for sentence, (words, found) in enumerate(zip(each, encoded, strict=True)):
        first_row.append(len(kept))
        for position, (word, span) in enumerate(zip(words, found.spans, strict=True)):
            if span is not None:
                kept.append(number)
            else:
                is_cut = position >= len(words) - found.n_cut
                reason = "beyond the network's length" if is_cut else "became no token"
                dropped.append(Dropped(sentence, position, word, reason))
            number += 1
    read = [sentence for sentence, found in enumerate(encoded) if any(found.spans)]
    batches = _bucketed(read, [len(found.tokens) for found in encoded], batch_tokens, network.pads)
    return Plan(encoded, np.array(kept, np.int64), np.array(first_row), batches, dropped)


def _bucketed(
    sentences: Sequence[int], lengths: Sequence[int], batch_tokens: int, pads: bool
) -> list[list[int]]:
    """Ascending by length; a batch ends where it is full or filling up costs more than another pass."""
    batches: list[list[int]] = []
    filled = 0
    for sentence in sorted(sentences, key=lambda one: lengths[one]):
        length = lengths[sentence]
        if batches:
            grown = len(batches[-1]) * (length - lengths[batches[-1][-1]])
            filled += grown
            fits = (len(batches[-1]) + 1) * length <= batch_tokens
            if fits and (filled <= _PASS if pads else not grown):
                batches[-1].append(sentence)
                continue
        batches.append([sentence])
        filled = 0
    return batches
