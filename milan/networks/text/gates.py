"""What goes on inside an LSTM: the gates and cells of every position, read from the module that runs.

PyTorch's LSTM hands on its emitted activations alone. What the gates were follows from what it read and what
it had emitted before: i, f, g and o at a position are one product of the module's weights with the input
there and the emission before it, both taken from the running module's own forward pass; no second network
runs. And that the module computed with these very gates is not taken on trust: o * tanh(c) is compared
with what it emitted, at every position of every pass.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from milan.errors import NetworkError

__all__ = ["Gates", "TakeGates", "record_gates"]

_AGREES = 1e-4
"""How far o * tanh(c) may lie from what was emitted, which is within -1 and 1: rounding is below 1e-6."""


class Gates(NamedTuple):
    """One layer of an LSTM, both directions side by side as in its output (from the start, from the end).

    All [text, position, unit] in the order of the text, float32. With the names of the equations:
    c = f * c_before + i * g and h = o * tanh(c).
    """

    emitted: Float[Tensor, "text position unit"]
    """h, within -1 and 1."""
    cell: Float[Tensor, "text position unit"]
    """c."""
    before: Float[Tensor, "text position unit"]
    """The cell that a direction came with: c at the position before, or of the second half behind."""
    input_gate: Float[Tensor, "text position unit"]
    """i, within 0 and 1."""
    forget_gate: Float[Tensor, "text position unit"]
    """f, within 0 and 1."""
    cell_input: Float[Tensor, "text position unit"]
    """g, within -1 and 1."""
    output_gate: Float[Tensor, "text position unit"]
    """o, within 0 and 1."""


TakeGates = Callable[[Gates], None]


@contextmanager
def record_gates(
    module: nn.LSTM, take: TakeGates, lengths: Int64[Tensor, " text"] | None = None
) -> Iterator[None]:
    """Call `take(gates)` for the last layer of an LSTM in each of its forward passes within the block.

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
        raise NetworkError("an LSTM in training mode draws its dropout anew: call eval() first")

    def listen(module: nn.LSTM, arguments: tuple[Any, ...], output: Any) -> None:
        with torch.no_grad():
            state = arguments[1] if len(arguments) > 1 else None
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
    module: nn.LSTM, texts: Tensor | PackedSequence
) -> tuple[Float[Tensor, "text position _"], Int64[Tensor, " text"]]:
    if isinstance(texts, PackedSequence):
        return pad_packed_sequence(texts, batch_first=True)
    batched = texts if texts.ndim == 3 else texts.unsqueeze(0 if module.batch_first else 1)
    first = batched if module.batch_first else batched.transpose(0, 1)
    return first, torch.full((first.shape[0],), first.shape[1])


def _gates(
    module: nn.LSTM,
    texts: _Texts,
    emitted: Float[Tensor, "text position unit"],
    state: tuple[Tensor, Tensor] | None,
) -> Gates:
    n_directions = 2 if module.bidirectional else 1
    top = module.num_layers - 1
    if state is None:
        zeros = emitted.new_zeros(module.num_layers * n_directions, len(emitted), module.hidden_size)
        state = (zeros, zeros)
    hidden, cells = (part if part.ndim == 3 else part.unsqueeze(1) for part in state)
    for layer in range(top):
        texts = texts._replace(read=_run_layer(module, layer, texts, (hidden, cells)))
    halves = [
        _direction(module, texts, half, hidden[number], cells[number], backward=number % n_directions == 1)
        for number, half in enumerate(emitted.chunk(n_directions, dim=2), top * n_directions)
    ]
    places = torch.arange(emitted.shape[1], device=emitted.device)
    is_text = places[None, :, None] < texts.lengths.to(emitted.device)[:, None, None]
    found = Gates(*(torch.cat(parts, dim=2) * is_text for parts in zip(*halves, strict=True)))
    differences = (found.output_gate * found.cell.tanh() - emitted) * is_text
    apart = float(differences.abs().max()) if emitted.numel() else 0.0
    if not apart <= _AGREES:
        raise NetworkError(
            f"gates computed from the LSTM's weights give activations {apart:.2g} away from what it emitted: "
            "it is not a plain LSTM"
        )
    return found


def _direction(
    module: nn.LSTM,
    texts: _Texts,
    emitted: Float[Tensor, "text position unit"],
    first_hidden: Float[Tensor, "text unit"],
    first_cell: Float[Tensor, "text unit"],
    *,
    backward: bool,
) -> Gates:
    read = texts.reversed(texts.read) if backward else texts.read
    emitted = texts.reversed(emitted) if backward else emitted
    weights = _parameters(module, module.num_layers - 1, backward=backward)
    came_with = torch.cat([first_hidden[:, None], emitted[:, :-1]], dim=1)
    summed = read @ weights[0].T + came_with @ weights[1].T
    if module.bias:
        summed += weights[2] + weights[3]
    i, f, g, o = summed.chunk(4, dim=2)  # PyTorch's order
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    cells = [first_cell]
    for position in range(read.shape[1]):
        cells.append(f[:, position] * cells[-1] + i[:, position] * g[:, position])
    stacked = torch.stack(cells, dim=1)
    found = Gates(emitted, stacked[:, 1:], stacked[:, :-1], i, f, g, o)
    return Gates(*(texts.reversed(part) for part in found)) if backward else found


def _run_layer(
    module: nn.LSTM, layer: int, texts: _Texts, state: tuple[Tensor, Tensor]
) -> Float[Tensor, "text position unit"]:
    """What a lower layer emits: an LSTM of one layer that holds the very parameters of this one."""
    n_directions = 2 if module.bidirectional else 1
    alone = nn.LSTM(
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
    emitted, _ = alone(packed, (state[0][own].contiguous(), state[1][own].contiguous()))
    return pad_packed_sequence(emitted, batch_first=True, total_length=texts.read.shape[1])[0]


def _parameters(module: nn.LSTM, layer: int, *, backward: bool) -> list[nn.Parameter]:
    """Weights of the input, of what was emitted, and their biases where there are some."""
    kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh") if module.bias else ("weight_ih", "weight_hh")
    suffix = "_reverse" if backward else ""
    return [getattr(module, f"{kind}_l{layer}{suffix}") for kind in kinds]
