"""Edits written into weights: the plain architecture then computes what the edited network computed.

An edit is folded where the units are made (rows of a convolution, a linear map or a batch norm, behind
which come at most activations), or where they are read (columns of every convolution and linear map that
reads them). Which weights those are is found by listening to one pass, and that the result is the same is
then measured.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from milan.errors import NetworkError
from milan.networks.interventions.change import change
from milan.networks.interventions.tracing import Operation, Trace
from milan.networks.layers import Layer, module_path, named_tensors
from milan.networks.network import Network
from milan.networks.outputs import logits_of
from milan.records import Edit

__all__ = ["TOLERANCE", "bake"]

TOLERANCE = 1e-4
"""Largest difference of an output between the baked network and the edited one, in units of the largest
output or 1, whichever is more.
"""


def bake(network: Network, edits: Iterable[Edit], inputs: Float[Tensor, "image *input"]) -> dict[str, Tensor]:
    """The network's weights with the edits in them, by name; they load into the plain architecture.

    `inputs` are some real ones: on them the outputs of both are compared, to `TOLERANCE` and in what is
    largest. Raises NetworkError, naming the layer, where no weights of the plain architecture do what the
    edit does (units of a sum that other parts read too, directions), and where the comparison fails.
    """
    module = deepcopy(network.module)
    baked = _Baked(network, module)
    with torch.inference_mode(False), torch.no_grad():
        inputs = inputs.to(network.device).clone()
        done: list[Edit] = []
        for edit in edits:
            done.append(edit)
            baked.fold(edit, inputs)
            baked.compare(done, inputs)
    return {name: tensor.detach().cpu().contiguous() for name, tensor in module.state_dict().items()}


class _Emission(NamedTuple):
    tensor: Tensor
    moment: int
    """How many operations came before it."""


class _Baked:
    """A copy of a network that takes edits into its weights."""

    def __init__(self, network: Network, module: nn.Module) -> None:
        self._network = network
        self._module = module

    def fold(self, edit: Edit, inputs: Tensor) -> None:
        layer = self._network.layer(edit.layer)
        if layer.directions is not None:
            raise NetworkError(
                f"{layer.name} is made of directions, which have no weights of their own in the plain network"
            )
        trace, emission = self._listen(layer, inputs)
        if not (_fold_where_made(trace, emission, edit) or _fold_where_read(trace, emission, edit, layer)):
            raise NetworkError(
                f"no weights of the plain network do what this edit of {layer.name} does: its units are "
                "added to others, or are read by more than convolutions and linear maps. Edit a layer "
                "inside the block, such as its last convolution or norm"
            )

    def compare(self, edits: list[Edit], inputs: Tensor) -> None:
        with change(self._network, edits):
            wanted = logits_of(self._network.forward(inputs))
        found = logits_of(self._module(inputs))
        scale = max(1.0, float(wanted.abs().max()))
        apart = float((wanted - found).abs().max())
        if not apart <= TOLERANCE * scale or not torch.equal(wanted.argmax(1), found.argmax(1)):
            raise NetworkError(
                f"the edit of {edits[-1].layer} cannot be written into the weights: outputs would differ "
                f"by {apart:.2g}"
            )

    def _listen(self, layer: Layer, inputs: Tensor) -> tuple[Trace, _Emission]:
        found: list[_Emission] = []
        path = module_path(layer.base)

        def listen(module: nn.Module, arguments: object, output: object) -> None:
            tensor = dict(named_tensors(path, output)).get(layer.base)
            if tensor is not None and not found:
                found.append(_Emission(tensor, len(trace.operations)))

        handle = self._module.get_submodule(path).register_forward_hook(listen)
        try:
            with Trace() as trace:
                self._module(inputs[:2])
        finally:
            handle.remove()
        return trace, found[0]


def _fold_where_made(trace: Trace, emission: _Emission, edit: Edit) -> bool:
    """Change the rows that make the units; False where something else makes them, or others read them."""
    tensor, moment = emission
    while (place := trace.maker(tensor, moment)) is not None:
        made = trace.operations[place]
        inside = [at for at in trace.readers(tensor, place + 1) if at < emission.moment]
        beside = trace.readers(tensor, emission.moment) if tensor is not emission.tensor else []
        if len(inside) > (moment != emission.moment) or beside:
            return False
        if made.weight is not None:
            return _rows_changed(trace, made, edit, through=moment != emission.moment)
        if not made.keeps_channels or len(made.inputs) != 1:
            return False
        tensor, moment = made.inputs[0], place
    return False


def _rows_changed(trace: Trace, made: Operation, edit: Edit, through: bool) -> bool:
    weight, bias = made.weight, made.arguments.get("bias")
    assert weight is not None
    shifted = any(edit.shift)
    if _uses(trace, weight) > 1 or (shifted and bias is None) or (through and edit.scale < 0):
        return False
    units = list(edit.units)
    weight[units] *= edit.scale
    if bias is not None:
        bias[units] = bias[units] * edit.scale + bias.new_tensor(edit.shift)
    return True


def _fold_where_read(trace: Trace, emission: _Emission, edit: Edit, layer: Layer) -> bool:
    """Change the columns that read the units; False where anything else reads them."""
    readers = list(_weighted_readers(trace, emission.tensor, emission.moment))
    if not readers or any(one is None for one in readers):
        return False
    consumers = [one for one in readers if one is not None]
    if any(one.weight is None or _uses(trace, one.weight) > 1 for one in consumers):
        return False
    return all(
        _norm_changed(one, edit, layer.n_units)
        if "running_mean" in one.arguments
        else _columns_changed(one, edit, layer.n_units)
        for one in consumers
    )


def _weighted_readers(trace: Trace, tensor: Tensor, since: int) -> Iterator[Operation | None]:
    """What reads a tensor with weights, through nothing that mixes its channels; None for other readers."""
    for place in trace.readers(tensor, since):
        read = trace.operations[place]
        if read.weight is not None and read.inputs[0] is tensor:
            yield read
        elif read.keeps_channels:
            if read.output is not tensor:
                yield from _weighted_readers(trace, read.output, place + 1)
        else:
            yield None


def _norm_changed(read: Operation, edit: Edit, n_units: int) -> bool:
    """A batch norm answers for a unit that is held at a value with one value too."""
    weight, bias, mean, variance = (
        read.arguments[n] for n in ("weight", "bias", "running_mean", "running_var")
    )
    if edit.scale != 0 or bias is None or mean is None or len(weight) != n_units:
        return False
    units = list(edit.units)
    spread = (variance[units] + read.arguments.get("eps", 1e-5)).sqrt()
    bias[units] += weight[units] * (bias.new_tensor(edit.shift) - mean[units]) / spread
    weight[units] = 0
    return True


def _columns_changed(read: Operation, edit: Edit, n_units: int) -> bool:
    if any(edit.shift):
        return False  # at its border a convolution reads padding too, which no bias can stand for
    weight, groups = read.weight, read.arguments.get("groups", 1)
    assert weight is not None
    n_inputs = weight.shape[1] * groups
    if n_inputs % n_units:
        return False
    a_unit = n_inputs // n_units  # a linear map after flattening reads each position of a unit
    rows_a_group = weight.shape[0] // groups
    for unit in edit.units:
        for column in range(unit * a_unit, (unit + 1) * a_unit):
            group, inside = divmod(column, weight.shape[1])
            weight[group * rows_a_group : (group + 1) * rows_a_group, inside] *= edit.scale
    return True


def _uses(trace: Trace, weight: Tensor) -> int:
    return sum(one.weight is weight for one in trace.operations)
