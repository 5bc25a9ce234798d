"""Sentences of unlike length in one batch: recurrent modules read each to its own end, and from it.

A bidirectional module that is given a filled-up sentence would read what fills it first. Within `to_own_end`
its input is packed (so that it runs over real tokens alone) and its output is unpacked again, by hooks on the
network's own modules.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from milan.networks.text.layers import is_recurrent, sample_tokens

__all__ = ["knows_padding", "to_own_end"]

_LENGTHS = (9, 4)
_CLOSE = 1e-4
"""Of the greatest activation: what batches may change by arithmetic."""


@contextmanager
def to_own_end(module: nn.Module, lengths: Sequence[int]) -> Iterator[None]:
    """Within the block every recurrent part reads sentence `n` of a batch as `lengths[n]` tokens.

    A part that is given something else than one row a token (the words of a network that reads letters, say)
    is left as it is.
    """
    sizes, longest = torch.tensor(lengths), max(lengths)

    def pack(part: Any, arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
        given = arguments[0]
        shape = (len(lengths), longest) if part.batch_first else (longest, len(lengths))
        if not isinstance(given, Tensor) or given.shape[:2] != shape:
            return None
        packed = pack_padded_sequence(given, sizes, batch_first=part.batch_first, enforce_sorted=False)
        return (packed, *arguments[1:])

    def unpack(part: Any, arguments: tuple[Any, ...], output: Any) -> Any:
        if not isinstance(output[0], PackedSequence):
            return None
        states, _ = pad_packed_sequence(output[0], batch_first=part.batch_first, total_length=longest)
        return (states, *output[1:])

    with ExitStack() as hooks:
        if min(lengths) < longest:
            for part in filter(is_recurrent, module.modules()):
                hooks.callback(part.register_forward_pre_hook(pack).remove)
                hooks.callback(part.register_forward_hook(unpack).remove)
        yield


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
