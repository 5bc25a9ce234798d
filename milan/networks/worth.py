"""Which layers to describe when nobody says: enough to see a network through, few enough to read.

Three rules, none of which knows an architecture by name:

- **Trunk.** Convolutional parts in the order they run, grouped while grid and width stay the same; of each
  group the last part that holds weights. A part is a module below the root that spans at most two grids;
  a larger one (`blocks`, `features`, a backbone) is taken apart. This yields the ends of stages: ResNet's bn1
  and layer1..4, EfficientNet's bn1, blocks.0..6 and bn2, the last convolution of each VGG group.
- **Hidden values.** A linear layer over tokens that widens, whose next linear layer narrows back: the
  hidden values of a transformer's MLP. Directions of the residual stream around it answer to no single
  concept (published: a correlation of .03 there against .17 for hidden values of the same network).
- **Outputs.** Linear layers after the last convolution or token: the classifier, and what stands before it.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from torch import Tensor, nn

from milan.networks.layers import Layer, module_path

__all__ = ["worth_describing"]

_TRUNK_SHARE = 0.9
"""A module that holds this share of all convolutional layers is the trunk itself."""
_STAGE_GRIDS = 2
"""A stage has the grid it receives and the one it hands on."""


def worth_describing(module: nn.Module, layers: Sequence[Layer]) -> set[str]:
    """Names of the chosen layers, among layers in the order they were emitted."""
    return {layer.name for rule in (_stage_ends, _hidden_values, _outputs) for layer in rule(module, layers)}


def _stage_ends(module: nn.Module, layers: Sequence[Layer]) -> Iterator[Layer]:
    maps = [layer for layer in layers if layer.kind == "conv" and layer.grid != (1, 1)]
    parts = [part for part in _trunk_parts(module, maps) if _has_weights(module, part)]
    for _, group in groupby(parts, key=lambda part: (part.grid, part.n_units)):
        yield list(group)[-1]


def _trunk_parts(module: nn.Module, maps: Sequence[Layer]) -> list[Layer]:
    """The first layer of each part, in the order of emission."""
    places = {layer.name: place for place, layer in enumerate(maps)}
    paths = {module_path(layer.name) for layer in maps}
    parts: list[Layer] = []
    waiting = [""]
    while waiting:
        path = waiting.pop()
        inside = [layer for layer in maps if _is_under(module_path(layer.name), path)]
        own = [layer for layer in inside if module_path(layer.name) == path]
        below = [layer for layer in inside if module_path(layer.name) != path]
        grids = {layer.grid for layer in below}
        is_trunk = len(grids) > _STAGE_GRIDS or len(below) >= _TRUNK_SHARE * len(maps)
        if path and path in paths and not (below and is_trunk):
            parts.append(own[0])
        elif below:
            waiting += [
                f"{path}.{name}".lstrip(".") for name, _ in module.get_submodule(path).named_children()
            ]
    return sorted(parts, key=lambda part: places[part.name])


def _hidden_values(module: nn.Module, layers: Sequence[Layer]) -> Iterator[Layer]:
    linear = [
        (layer, weight.shape)
        for layer in layers
        if layer.kind == "tokens" and (weight := _linear_weight(module, layer)) is not None
    ]
    for (layer, (wide, narrow)), (_, (narrow_again, wide_again)) in pairwise(linear):
        gated = wide == 2 * wide_again  # values and their gates in one map
        if narrow == narrow_again < wide_again and (wide == wide_again or gated):
            yield layer


def _outputs(module: nn.Module, layers: Sequence[Layer]) -> Iterator[Layer]:
    last_map = max((place for place, layer in enumerate(layers) if layer.grid != (1, 1)), default=-1)
    for layer in layers[last_map + 1 :]:
        if layer.kind == "dense" and _linear_weight(module, layer) is not None:
            yield layer


def _linear_weight(module: nn.Module, layer: Layer) -> Tensor | None:
    weight = getattr(module.get_submodule(module_path(layer.name)), "weight", None)
    return weight if isinstance(weight, Tensor) and weight.ndim == 2 else None


def _has_weights(module: nn.Module, layer: Layer) -> bool:
    return any(True for _ in module.get_submodule(module_path(layer.name)).parameters())


def _is_under(path: str, root: str) -> bool:
    return not root or path == root or path.startswith(f"{root}.")
