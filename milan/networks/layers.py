"""A layer: one tensor that a module hands on, and how to read units and positions from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Self

from jaxtyping import Float
from torch import Tensor

from milan.errors import BadSetting, NetworkError
from milan.networks.directions import Directions

__all__ = ["Kind", "Layer", "Layout", "module_path", "named_tensors"]

Kind = Literal["conv", "tokens", "dense"]
Layout = Literal["NCHW", "NHWC", "NTC", "TNC", "NC"]
"""Order of the axes as emitted: N image, C unit, H height, W width, T token."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One place of a network whose units can be described."""

    name: str
    """Module path as in `named_modules`; `path[key]` for one tensor of several, `base@name` of directions."""
    shape: tuple[int, ...]
    """As emitted for one image: the image axis is left out."""
    n_units: int
    """Channels, or hidden values; rows of directions."""
    grid: tuple[int, int]
    """Rows and columns of positions; (1, 1) for a dense layer."""
    kind: Kind
    """`conv` (channels first), `tokens` (channels last) or `dense`."""
    layout: Layout
    """Order of the axes as emitted."""
    worth_describing: bool = False
    """One of the places that `milan.networks.worth` picks: enough to see a network through."""
    directions: Directions | None = None
    """What its units are, when they are no units of the network but rows over such."""

    @property
    def base(self) -> str:
        """Name of the layer as the network emits it: its own, or that in which its directions lie."""
        return self.name if self.directions is None else self.directions.layer

    @property
    def unit_axis(self) -> int:
        """Axis of the units in what is emitted for a batch."""
        return self.layout.index("C")

    def along(self, directions: Directions) -> Self:
        """The layer whose units are directions in this one; BadSetting when they have other columns."""
        n_rows, n_columns = directions.matrix.shape
        if n_columns != self.n_units:
            transposed = "; transposed it would fit" if n_rows == self.n_units else ""
            raise BadSetting(
                f"directions {directions.name!r} have {n_columns} columns, layer {self.name} has "
                f"{self.n_units} units: a matrix is [row, unit]{transposed}"
            )
        return replace(
            self,
            name=directions.layer_name,
            n_units=n_rows,
            worth_describing=True,
            directions=directions,
        )

    def maps(self, emitted: Float[Tensor, "..."]) -> Float[Tensor, "image unit height width"]:
        """What the layer emitted, as one map a unit; prefix and register tokens are dropped.

        A view, unless the units are directions: these are computed at once. Raises NetworkError when the
        shape is not the one the layer was found with.
        """
        image_axis = 1 if self.layout == "TNC" else 0
        shape = tuple(size for axis, size in enumerate(emitted.shape) if axis != image_axis)
        if shape != self.shape:
            raise NetworkError(
                f"layer {self.name} emitted {shape} an image where {self.shape} was found before: "
                "the network changes shape with its input and cannot be recorded there"
            )
        maps = self._by_unit(emitted)
        return maps if self.directions is None else self.directions.project(maps)

    def _by_unit(self, emitted: Float[Tensor, "..."]) -> Float[Tensor, "image unit height width"]:
        match self.layout:
            case "NCHW":
                return emitted
            case "NHWC":
                return emitted.permute(0, 3, 1, 2)
            case "NC":
                return emitted[:, :, None, None]
            case "NTC":
                tokens = emitted
            case "TNC":
                tokens = emitted.transpose(0, 1)
        rows, columns = self.grid
        n_prefix = tokens.shape[1] - rows * columns
        by_unit = tokens[:, n_prefix:].transpose(1, 2)  # [image, unit, position]
        return by_unit.reshape(*by_unit.shape[:2], rows, columns)


def module_path(layer_name: str) -> str:
    """The module that emits a layer; empty for the network itself.

    >>> module_path("backbone.body[0]")
    'backbone.body'
    """
    return layer_name.split("[", 1)[0]


def named_tensors(path: str, output: object) -> Iterator[tuple[str, Tensor]]:
    """Every tensor that a module returned, with its layer name.

    >>> import torch
    >>> [name for name, _ in named_tensors("head", {"boxes": torch.ones(1), "more": (torch.ones(1), None)})]
    ['head[boxes]', 'head[more][0]']
    """
    if isinstance(output, Tensor):
        yield path or "[output]", output
    elif isinstance(output, Mapping):
        for key, part in output.items():
            yield from named_tensors(f"{path}[{key}]", part)
    elif isinstance(output, tuple | list):
        for index, part in enumerate(output):
            yield from named_tensors(f"{path}[{index}]", part)
