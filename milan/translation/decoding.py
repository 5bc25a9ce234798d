"""Writing translations token by token, many sentences side by side: greedily, or with a beam."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Float32, Float64, Int64
from torch import Tensor

from milan.errors import BadSetting
from milan.translation.batches import filled_up
from milan.translation.network import Decoding, Memory, TranslationNetwork
from milan.translation.vocabulary import BEGIN, END, PAD

__all__ = ["LONGEST", "Written", "beam_search", "forced", "foretold", "greedy"]

LONGEST = 80
"""Tokens after which a translation ends, whatever the network would have gone on with."""


class Written(NamedTuple):
    """One translation."""

    tokens: list[int]
    """Without begin and end."""
    attention: Float32[np.ndarray, "written token"]
    """How much each token attended to those that were read, the sentence's end included; rows sum to 1."""


@torch.inference_mode()
def greedy(network: TranslationNetwork, sentences: Sequence[Sequence[int]]) -> list[Written]:
    """The most likely token at every step, until a sentence's end."""
    memory = _read(network, sentences)
    state = network.start(memory)
    given = torch.full((len(sentences), 1), BEGIN)
    written: list[Tensor] = []
    attended: list[Tensor] = []
    done = torch.zeros(len(sentences), dtype=torch.bool)
    while len(written) < LONGEST and not bool(done.all()):
        logits, attention, state = network.decode(given, memory, state)
        given = logits[:, -1].argmax(1, keepdim=True)
        done |= given[:, 0] == END
        written.append(given)
        attended.append(attention)
    return _cut(torch.cat(written, 1), torch.cat(attended, 1), sentences)


@torch.inference_mode()
def forced(
    network: TranslationNetwork, sentences: Sequence[Sequence[int]], translations: Sequence[Sequence[int]]
) -> list[Written]:
    """Translations that are given, with what the network attends to as it is led through them."""
    memory = _read(network, sentences)
    given = filled_up([[BEGIN, *tokens] for tokens in translations])
    _, attention, _ = network.decode(given, memory, network.start(memory))
    wanted = filled_up([[*tokens, END] for tokens in translations])
    return _cut(wanted, attention, sentences)


@torch.inference_mode()
def foretold(
    network: TranslationNetwork, sentences: Sequence[Sequence[int]], translations: Sequence[Sequence[int]]
) -> Float64[np.ndarray, "sentence 3"]:
    """Of translations that are given: nats that their tokens cost, how many of these the network would have
    written, and how many there are, their ends included.
    """
    memory = _read(network, sentences)
    given = filled_up([[BEGIN, *tokens] for tokens in translations])
    wanted = filled_up([[*tokens, END] for tokens in translations])
    logits, _, _ = network.decode(given, memory, network.start(memory))
    there = wanted != PAD
    nats = F.cross_entropy(logits.transpose(1, 2), wanted, reduction="none") * there
    right = (logits.argmax(2) == wanted) & there
    return np.stack([part.sum(1).double().numpy() for part in (nats, right, there)], 1)


@torch.inference_mode()
def beam_search(
    network: TranslationNetwork, sentences: Sequence[Sequence[int]], width: int, length_power: float = 1.0
) -> list[list[int]]:
    """Tokens of the likeliest of `width` translations that are followed side by side.

    Finished ones are compared by their log probability over their length to a power: 1 is the mean a token,
    0 favours short ones. BadSetting for a width below 1.
    """
    if width < 1:
        raise BadSetting(f"a beam is 1 translation wide or more, got {width}")
    n = len(sentences)
    memory = _read(network, sentences)
    state = network.start(memory)
    rows = torch.arange(n).repeat_interleave(width)
    memory, state = Memory(*(part[rows] for part in memory)), _chosen(state, rows)
    scores = torch.full((n, width), float("-inf"))
    scores[:, 0] = 0.0  # all begin alike: only one of them may go on
    written = torch.full((n * width, 1), BEGIN)
    finished: list[list[tuple[float, list[int]]]] = [[] for _ in range(n)]
    for length in range(1, LONGEST + 1):
        logits, _, state = network.decode(written[:, -1:], memory, state)
        likely = (scores.reshape(-1, 1) + logits[:, -1].log_softmax(1)).reshape(n, -1)
        best, place = likely.topk(2 * width, dim=1)
        n_outputs = logits.shape[2]
        for row in range(n):
            for score, at in zip(best[row, :width].tolist(), place[row, :width].tolist(), strict=True):
                if at % n_outputs == END:
                    tokens = written[row * width + at // n_outputs, 1:].tolist()
                    finished[row].append((score / length**length_power, tokens))
        best = best.masked_fill(place % n_outputs == END, float("-inf"))
        scores, kept = best.topk(width, dim=1)
        place = place.gather(1, kept)
        rows = (torch.arange(n).unsqueeze(1) * width + place // n_outputs).flatten()
        written = torch.cat([written[rows], (place % n_outputs).reshape(-1, 1)], 1)
        state = _chosen(state, rows)
        if all(len(own) >= width for own in finished):
            break
    for row, own in enumerate(finished):
        if not own:
            own.append((0.0, written[row * width, 1:].tolist()))
    return [max(own)[1] for own in finished]


def _read(network: TranslationNetwork, sentences: Sequence[Sequence[int]]) -> Memory:
    return network.encode(filled_up([[*tokens, END] for tokens in sentences]))


def _chosen(state: Decoding, rows: Int64[Tensor, " row"]) -> Decoding:
    lower, upper = (
        (hidden[:, rows].contiguous(), cell[:, rows].contiguous())
        for hidden, cell in (state.lower, state.upper)
    )
    return Decoding(lower, upper)


def _cut(
    written: Int64[Tensor, "sentence step"],
    attention: Float[Tensor, "sentence step token"],
    sentences: Sequence[Sequence[int]],
) -> list[Written]:
    """Each translation up to its end, over the tokens that its sentence has."""
    found = []
    weights = attention.numpy()
    for row, tokens in enumerate(written.tolist()):
        own = [token for token in tokens[: tokens.index(END) if END in tokens else None] if token != PAD]
        found.append(Written(own, weights[row, : len(own), : len(sentences[row]) + 1]))
    return found
