"""Reading the gates of an LSTM or GRU from the module that runs.

What a module read and what it emitted are taken from its own forward pass; no second network runs. And that
it computed with the very gates that follow from them (`milan.networks.text.gates`) is not taken on trust:
what they should have made it emit is compared with what it emitted, at every position of every pass.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from milan.errors import NetworkError
from milan.networks.text.gates import Came, Gates, GruGates, gates_of

__all__ = ["TakeGates", "record_gates"]

_AGREES = 1e-4
"""How far what gates make may lie from what was emitted, which is within -1 and 1: rounding is below 1e-6."""

Gated = nn.LSTM | nn.GRU

TakeGates = Callable[[Any], None]
"""Takes the `Gates` of an LSTM, or the `GruGates` of a GRU."""


@contextmanager
def record_gates(
    module: Gated, take: TakeGates, lengths: Int64[Tensor, " text"] | None = None
) -> Iterator[None]:
    """Call `take(gates)` for the last layer of an LSTM or GRU in each of its forward passes within the block.

    Layers below the last run once more to find what it read, on the module's own parameters. Texts of unlike
    length are packed, or read within `to_own_end` and told by `lengths`; behind a text's end all is 0.
    NetworkError for projections, for a module in training mode whose dropout would be drawn anew, and where
    gates do not give what was emitted.

        with record_gates(network.lstm, lambda gates: seen.append(gates.cell)):
            network(codes)
    """
    if module.proj_size:
        raise NetworkError(
            f"an LSTM with projections (proj_size {module.proj_size}) has gates of another size"
        )
    if module.training and module.dropout and module.num_layers > 1:
        raise NetworkError(f"a {module.mode} in training mode draws its dropout anew: call eval() first")

    def listen(module: Gated, arguments: tuple[Any, ...], output: Any) -> None:
        with torch.no_grad():
            state = arguments[1] if len(arguments) > 1 else None
            state = (state,) if isinstance(state, Tensor) else state
            read, known = _padded(module, arguments[0])
            emitted, _ = _padded(module, output[0])
            take(_gates(module, _Texts(read, known if lengths is None else lengths), emitted, state))

    handle = module.register_forward_hook(listen)
    try:
        yield
    finally:
        handle.remove()


class _Texts(NamedTuple):
    read: Float[Tensor, "text position input"]
    lengths: Int64[Tensor, " text"]

    def reversed(self, values: Float[Tensor, "text position unit"]) -> Float[Tensor, "text position unit"]:
        """Each text from its own end; what lies behind stays there. Undoes itself."""
        places = torch.arange(values.shape[1], device=values.device).expand(len(values), -1)
        ends = self.lengths.to(values.device)[:, None]
        places = torch.where(places < ends, ends - 1 - places, places)
        return values.gather(1, places[:, :, None].expand_as(values))


def _padded(
    module: Gated, texts: Tensor | PackedSequence
) -> tuple[Float[Tensor, "text position _"], Int64[Tensor, " text"]]:
    if isinstance(texts, PackedSequence):
        return pad_packed_sequence(texts, batch_first=True)
    batched = texts if texts.ndim == 3 else texts.unsqueeze(0 if module.batch_first else 1)
    first = batched if module.batch_first else batched.transpose(0, 1)
    return first, torch.full((first.shape[0],), first.shape[1])


def _gates(
    module: Gated,
    texts: _Texts,
    emitted: Float[Tensor, "text position unit"],
    state: tuple[Tensor, ...] | None,
) -> Gates | GruGates:
    n_directions = 2 if module.bidirectional else 1
    top = module.num_layers - 1
    if state is None:
        zeros = emitted.new_zeros(module.num_layers * n_directions, len(emitted), module.hidden_size)
        state = (zeros, zeros) if isinstance(module, nn.LSTM) else (zeros,)
    starts = tuple(part if part.ndim == 3 else part.unsqueeze(1) for part in state)
    for layer in range(top):
        texts = texts._replace(read=_run_layer(module, layer, texts, starts))
    halves = [
        _direction(module, texts, half, tuple(start[number] for start in starts), number % n_directions == 1)
        for number, half in enumerate(emitted.chunk(n_directions, dim=2), top * n_directions)
    ]
    places = torch.arange(emitted.shape[1], device=emitted.device)
    is_text = places[None, :, None] < texts.lengths.to(emitted.device)[:, None, None]
    found = type(halves[0])(*(torch.cat(parts, dim=2) * is_text for parts in zip(*halves, strict=True)))
    differences = (found.emits() - emitted) * is_text
    apart = float(differences.abs().max()) if emitted.numel() else 0.0
    if not apart <= _AGREES:
        raise NetworkError(
            f"gates computed from the {module.mode}'s weights give activations {apart:.2g} away from what it "
            f"emitted: it is not a plain {module.mode}"
        )
    return found


def _direction(
    module: Gated,
    texts: _Texts,
    emitted: Float[Tensor, "text position unit"],
    first: tuple[Float[Tensor, "text unit"], ...],
    backward: bool,
) -> Gates | GruGates:
    weights = _parameters(module, module.num_layers - 1, backward=backward)
    if not backward:
        return gates_of(module, weights, Came(texts.read, emitted, first))
    found = gates_of(module, weights, Came(texts.reversed(texts.read), texts.reversed(emitted), first))
    return type(found)(*(texts.reversed(part) for part in found))


def _run_layer(
    module: Gated, layer: int, texts: _Texts, starts: tuple[Tensor, ...]
) -> Float[Tensor, "text position unit"]:
    """What a lower layer emits: a module of one layer that holds the very parameters of this one."""
    n_directions = 2 if module.bidirectional else 1
    alone = (nn.LSTM if isinstance(module, nn.LSTM) else nn.GRU)(
        texts.read.shape[2],
        module.hidden_size,
        bias=module.bias,
        batch_first=True,
        bidirectional=module.bidirectional,
        device="meta",
    )
    for backward in range(n_directions):
        suffix = "_reverse" if backward else ""
        kept = _parameters(module, layer, backward=bool(backward))
        for name, parameter in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), kept, strict=False):
            setattr(alone, f"{name}_l0{suffix}", parameter)
    own = slice(layer * n_directions, (layer + 1) * n_directions)
    packed = pack_padded_sequence(texts.read, texts.lengths.cpu(), batch_first=True, enforce_sorted=False)
    began = tuple(start[own].contiguous() for start in starts)
    emitted, _ = alone(packed, began if len(began) > 1 else began[0])
    return pad_packed_sequence(emitted, batch_first=True, total_length=texts.read.shape[1])[0]


def _parameters(module: Gated, layer: int, *, backward: bool) -> list[nn.Parameter]:
    """Weights of the input, of what was emitted, and their biases where there are some."""
    kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh") if module.bias else ("weight_ih", "weight_hh")
    suffix = "_reverse" if backward else ""
    return [getattr(module, f"{kind}_l{layer}{suffix}") for kind in kinds]
