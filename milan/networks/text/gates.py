"""What goes on inside a recurrent module at each position: records of gates and cells, and their equations.

PyTorch's LSTM and GRU hand on their emitted activations alone. What the gates were follows from what a module
read and what it had emitted before: all of them at a position are one product of the module's weights with
the input there and the emission before it. `emits` says what that should have made the module emit, so
that nothing needs to be taken on trust (`milan.networks.text.recording`).
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

__all__ = ["Came", "Gates", "GruGates", "gates_of"]


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

    def emits(self) -> Float[Tensor, "text position unit"]:
        """What a module with these gates emits."""
        return self.output_gate * self.cell.tanh()


class GruGates(NamedTuple):
    """One layer of a GRU, likewise: n = tanh(W x + r * (U h_before)) and h = (1 - z) * n + z * h_before."""

    emitted: Float[Tensor, "text position unit"]
    """h, within -1 and 1."""
    before: Float[Tensor, "text position unit"]
    """What a direction came with: h at the position before, or of the second half behind."""
    reset_gate: Float[Tensor, "text position unit"]
    """r, within 0 and 1: how much of what it came with takes part in what is new."""
    update_gate: Float[Tensor, "text position unit"]
    """z, within 0 and 1: how much of what it came with stays."""
    new: Float[Tensor, "text position unit"]
    """n, within -1 and 1."""

    def emits(self) -> Float[Tensor, "text position unit"]:
        """What a module with these gates emits."""
        return (1 - self.update_gate) * self.new + self.update_gate * self.before


class Came(NamedTuple):
    """What one direction of a layer met at each position, in its own order of reading."""

    read: Float[Tensor, "text position input"]
    emitted: Float[Tensor, "text position unit"]
    first: tuple[Float[Tensor, "text unit"], ...]
    """The state before the first position: h, and of an LSTM c."""

    @property
    def before(self) -> Float[Tensor, "text position unit"]:
        """What was emitted one position earlier."""
        return torch.cat([self.first[0][:, None], self.emitted[:, :-1]], dim=1)


def gates_of(module: nn.LSTM | nn.GRU, weights: list[nn.Parameter], came: Came) -> Gates | GruGates:
    """The gates of one direction, from its weights of the input and of what was emitted, and their biases."""
    of_input, of_before = came.read @ weights[0].T, came.before @ weights[1].T
    if module.bias:
        of_input, of_before = of_input + weights[2], of_before + weights[3]
    return (_lstm if isinstance(module, nn.LSTM) else _gru)(of_input, of_before, came)


def _lstm(of_input: Tensor, of_before: Tensor, came: Came) -> Gates:
    i, f, g, o = (of_input + of_before).chunk(4, dim=2)  # PyTorch's order
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    cells = [came.first[1]]
    for position in range(came.read.shape[1]):
        cells.append(f[:, position] * cells[-1] + i[:, position] * g[:, position])
    stacked = torch.stack(cells, dim=1)
    return Gates(came.emitted, stacked[:, 1:], stacked[:, :-1], i, f, g, o)


def _gru(of_input: Tensor, of_before: Tensor, came: Came) -> GruGates:
    (r, z, n), (r_before, z_before, n_before) = of_input.chunk(3, dim=2), of_before.chunk(3, dim=2)
    reset = (r + r_before).sigmoid()
    return GruGates(came.emitted, came.before, reset, (z + z_before).sigmoid(), (n + reset * n_before).tanh())
