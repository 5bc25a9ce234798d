"""Other activations within a block: hooks that answer for the layer, and are gone when the block ends."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Protocol, TypeVar

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from milan.errors import BadSetting
from milan.networks.directions import Directions
from milan.networks.hooks import Pass
from milan.networks.interventions.structures import exchanged
from milan.networks.layers import module_path, named_tensors
from milan.records import Edit

__all__ = ["Alter", "Editable", "EditableLayer", "altered", "change", "checked_layer", "edited"]

Alter = Callable[[Tensor], Tensor]
"""From what a layer emits to what it is to answer instead."""


class EditableLayer(Protocol):
    """What a layer is known by here, in networks that see and in those that read."""

    @property
    def name(self) -> str:
        """The layer's own name."""
        ...

    @property
    def base(self) -> str:
        """Name of the tensor: as `named_tensors` has it, or the module's path for the first that it emits."""
        ...

    @property
    def n_units(self) -> int:
        """Units, or rows of directions."""
        ...

    @property
    def unit_axis(self) -> int:
        """Axis of the units in what is emitted for a batch."""
        ...

    @property
    def directions(self) -> Directions | None:
        """What its units are, when they are rows over units."""
        ...


_Known_co = TypeVar("_Known_co", bound=EditableLayer, covariant=True)


class Editable(Protocol[_Known_co]):
    """Anything with a module and layers by name."""

    @property
    def module(self) -> nn.Module:
        """The network's root module."""
        ...

    def layer(self, name: str) -> _Known_co:
        """The layer of this name; UnknownName with the nearest one."""
        ...


@contextmanager
def change(
    network: Editable[EditableLayer], edits: Iterable[Edit], at: Bool[Tensor, "sentence token"] | None = None
) -> Iterator[None]:
    """Run the network with other activations of some units, for as long as the block lasts.

    An edited layer is answered by a copy in which the units have their new values, at all positions, tokens
    that stand for no position (class, registers) included; with `at`, in a network that reads text, only at
    the tokens of a batch where it is true. A module that runs several times in one pass is the layer at its
    first run, as it is for `record`, which inside the block hears what the edits made.
    Edits of one layer follow each other in their order; nested blocks compose, the inner one last. Weights
    are untouched, and the hooks are gone however the block ends.

    Raises UnknownName for a layer that the network has not, BadSetting for units that the layer has not.
    """
    alterations = []
    for edit in edits:
        layer = checked_layer(network, edit)
        alterations.append((layer, partial(edited, layer, edit, at=at)))
    with altered(network.module, alterations):
        yield


def checked_layer(network: Editable[_Known_co], edit: Edit) -> _Known_co:
    """The layer of an edit; UnknownName when there is none, BadSetting when it lacks the units."""
    layer = network.layer(edit.layer)
    beyond = [unit for unit in edit.units if unit >= layer.n_units]
    if beyond:
        raise BadSetting(f"{layer.name} has units 0 to {layer.n_units - 1}, got {beyond[0]}")
    return layer


@contextmanager
def altered(module: nn.Module, alterations: Iterable[tuple[EditableLayer, Alter]]) -> Iterator[None]:
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
                first = next((name for name, _ in named_tensors(path, output)), path)

                def exchange(name: str, tensor: Tensor) -> Tensor:
                    asked = named.get(name) or (named.get(path, ()) if name == first else ())
                    for alter in asked if passing.is_first(name) else ():
                        tensor = alter(tensor)
                    return tensor

                return exchanged(output, exchange, path)

            hooks.callback(module.get_submodule(path).register_forward_hook(answer).remove)
        yield


def edited(
    layer: EditableLayer,
    edit: Edit,
    emitted: Float[Tensor, "..."],
    at: Bool[Tensor, "sentence token"] | None = None,
) -> Float[Tensor, "..."]:
    """A copy of what the layer emitted, with the edit; BadSetting when `at` is of another batch."""
    if at is not None and at.shape != emitted.shape[: at.ndim]:
        raise BadSetting(
            f"{layer.name} emitted {tuple(emitted.shape)}, and is to be changed at {tuple(at.shape)} tokens"
        )
    changed = _everywhere(layer, edit, emitted)
    return changed if at is None else torch.where(at.unsqueeze(-1), changed, emitted)


def _everywhere(layer: EditableLayer, edit: Edit, emitted: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
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


def _moved(layer: EditableLayer, edit: Edit, emitted: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
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
