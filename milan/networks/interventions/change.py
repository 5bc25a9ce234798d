"""Other activations within a block: hooks that answer for the layer, and are gone when the block ends."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Protocol

import torch
from jaxtyping import Float
from torch import Tensor, nn

from milan.errors import BadSetting
from milan.networks.hooks import Pass
from milan.networks.interventions.structures import exchanged
from milan.networks.layers import Layer, module_path
from milan.records import Edit

__all__ = ["Alter", "Editable", "altered", "change", "checked_layer", "edited"]

Alter = Callable[[Tensor], Tensor]
"""From what a layer emits to what it is to answer instead."""


class Editable(Protocol):
    """Anything with a module and layers by name."""

    @property
    def module(self) -> nn.Module:
        """The network's root module."""
        ...

    def layer(self, name: str) -> Layer:
        """The layer of this name; UnknownName with the nearest one."""
        ...


@contextmanager
def change(network: Editable, edits: Iterable[Edit]) -> Iterator[None]:
    """Run the network with other activations of some units, for as long as the block lasts.

    An edited layer is answered by a copy in which the units have their new values, at all positions, tokens
    that stand for no position (class, registers) included. A module that runs several times in one pass is
    the layer at its first run, as it is for `record`, which inside the block hears what the edits made.
    Edits of one layer follow each other in their order; nested blocks compose, the inner one last. Weights
    are untouched, and the hooks are gone however the block ends.

    Raises UnknownName for a layer that the network has not, BadSetting for units that the layer has not.
    """
    alterations = []
    for edit in edits:
        layer = checked_layer(network, edit)
        alterations.append((layer, partial(edited, layer, edit)))
    with altered(network.module, alterations):
        yield


def checked_layer(network: Editable, edit: Edit) -> Layer:
    """The layer of an edit; UnknownName when there is none, BadSetting when it lacks the units."""
    layer = network.layer(edit.layer)
    beyond = [unit for unit in edit.units if unit >= layer.n_units]
    if beyond:
        raise BadSetting(f"{layer.name} has units 0 to {layer.n_units - 1}, got {beyond[0]}")
    return layer


@contextmanager
def altered(module: nn.Module, alterations: Iterable[tuple[Layer, Alter]]) -> Iterator[None]:
    """Let layers answer with what functions make of their emissions, one after the other."""
    wanted: dict[str, dict[str, list[Alter]]] = defaultdict(lambda: defaultdict(list))
    for layer, alter in alterations:
        wanted[module_path(layer.base)][layer.base].append(alter)
    passing = Pass()
    with ExitStack() as hooks:
        hooks.enter_context(passing.of(module))
        for path, named in wanted.items():

            def answer(
                module: nn.Module,
                arguments: object,
                output: object,
                path: str = path,
                named: Mapping[str, Sequence[Alter]] = named,
            ) -> object:
                def exchange(name: str, tensor: Tensor) -> Tensor:
                    for alter in named.get(name, ()) if passing.is_first(name) else ():
                        tensor = alter(tensor)
                    return tensor

                return exchanged(output, exchange, path)

            hooks.callback(module.get_submodule(path).register_forward_hook(answer).remove)
        yield


def edited(layer: Layer, edit: Edit, emitted: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """A copy of what the layer emitted, with the edit."""
    if layer.directions is not None:
        return _moved(layer, edit, emitted)
    changed = emitted.clone()
    by_unit = changed.movedim(layer.unit_axis, 0)
    units = torch.tensor(edit.units, device=emitted.device)
    shift = emitted.new_tensor(edit.shift).reshape(-1, *(1,) * (emitted.ndim - 1))
    by_unit[units] = (
        shift.expand_as(by_unit[units]) if edit.scale == 0 else by_unit[units] * edit.scale + shift
    )
    return changed


def _moved(layer: Layer, edit: Edit, emitted: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """The units moved as little as gives the rows their new values (least squares, by the pseudo-inverse).

    The rows' own rectification is not undone: what moves is what they read before it.
    """
    directions = layer.directions
    assert directions is not None
    rows = directions.matrix[list(edit.units)]
    bias = torch.zeros(len(rows)) if directions.bias is None else directions.bias[list(edit.units)]
    by_place = emitted.movedim(layer.unit_axis, -1)
    read = by_place.float() @ rows.T + bias.to(rows.device)
    wanted = read * edit.scale + rows.new_tensor(edit.shift)
    moved = by_place + ((wanted - read) @ torch.linalg.pinv(rows).T).to(emitted.dtype)
    by_unit: Tensor = moved.movedim(-1, layer.unit_axis)
    return by_unit
