"""Sentences of unlike length in one batch: both directions of a recurrent module read each alone.

A bidirectional module would begin a filled-up sentence at its end with what fills it. Within `to_own_end` it
runs one direction at a time, by PyTorch's own kernel on the module's own parameters, the second direction on
sentences turned round each within its own length. (Packing does the same in the time of a slower kernel.)
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from milan.networks.text.layers import is_recurrent, sample_tokens

__all__ = ["knows_padding", "to_own_end"]

_LENGTHS = (9, 4)
_CLOSE = 1e-4
"""Of the greatest activation: what batches may change by arithmetic."""


@contextmanager
def to_own_end(module: nn.Module, lengths: Int64[Tensor, " sentence"]) -> Iterator[None]:
    """Within the block every bidirectional part reads sentence `n` of a batch as `lengths[n]` tokens.

    A part that is given something else than one row a token (the words of a network that reads letters, say)
    is left as it is. States after the last token, which a module hands on beside those of all tokens, are
    those after what fills a sentence up: `knows_padding` finds the networks that use them.
    """
    swapped: list[Any] = []
    if bool((lengths != lengths.max()).any()):
        swapped = [part for part in module.modules() if is_recurrent(part) and part.bidirectional]
    for part in swapped:
        part.forward = partial(_read_both_ways, part, part.forward, lengths)
    try:
        yield
    finally:
        for part in swapped:
            del part.forward  # the class's own shows again


def knows_padding(
    module: nn.Module,
    run: Callable[[Sequence[Sequence[int]]], dict[str, Float[Tensor, "sentence token unit"]]],
) -> bool:
    """Whether a short sentence gets in every layer, beside a longer one, what it gets alone: it is tried."""
    long, short = (sample_tokens(module, 1, length)[0].tolist() for length in _LENGTHS)
    together, alone = run([long, short]), run([short])
    return all(
        bool((together[name][1, : len(short)] - own[0]).abs().max() <= _CLOSE * own.abs().max().clamp(min=1))
        for name, own in alone.items()
    )


def _read_both_ways(
    part: Any, plain: Callable[..., Any], lengths: Int64[Tensor, " sentence"], given: Any, state: Any = None
) -> Any:
    """What `part.forward` answers, where the second direction begins at each sentence's own end.

    Behind that end all is 0.
    """
    n, longest = len(lengths), int(lengths.max())
    if not isinstance(given, Tensor) or given.shape[:2] != (
        (n, longest) if part.batch_first else (longest, n)
    ):
        return plain(given, state)
    read = given if part.batch_first else given.transpose(0, 1)
    place, size = torch.arange(longest, device=read.device), lengths.to(read.device)[:, None]
    turned = torch.where(place < size, size - 1 - place, place)[:, :, None]  # turning twice undoes it
    starts = _starts(part, n, read) if state is None else state if isinstance(state, tuple) else (state,)
    ends = []
    for layer in range(part.num_layers):
        halves = []
        for number in (2 * layer, 2 * layer + 1):
            backward = number % 2 == 1
            emitted, *end = _run_direction(
                part,
                number,
                read.take_along_dim(turned, 1) if backward else read,
                [start[number : number + 1].contiguous() for start in starts],
            )
            halves.append(emitted.take_along_dim(turned, 1) if backward else emitted)
            ends.append(end)
        read = torch.cat(halves, 2) * (place < size)[:, :, None]
    handed = tuple(torch.cat(end) for end in zip(*ends, strict=True))
    return read if part.batch_first else read.transpose(0, 1), handed if len(handed) > 1 else handed[0]


def _starts(part: Any, n: int, like: Tensor) -> tuple[Tensor, ...]:
    """States before the first token: none of them remembers anything."""
    emitted = like.new_zeros(2 * part.num_layers, n, part.proj_size or part.hidden_size)
    cells = like.new_zeros(2 * part.num_layers, n, part.hidden_size)
    return (emitted, cells) if part.mode == "LSTM" else (emitted,)


def _run_direction(part: Any, number: int, read: Tensor, start: list[Tensor]) -> tuple[Tensor, ...]:
    """PyTorch's kernel for one direction of one layer."""
    kernel = getattr(torch, part.mode.lower())  # lstm, gru, rnn_tanh or rnn_relu
    weights = part.all_weights[number]
    answer: tuple[Tensor, ...] = kernel(
        read,
        tuple(start) if part.mode == "LSTM" else start[0],
        weights,
        has_biases=part.bias,
        num_layers=1,
        dropout=0.0,
        train=False,
        bidirectional=False,
        batch_first=True,
    )
    return answer
