"""Deciding which axis of an emitted tensor holds the units, and what grid its positions form.

Shapes alone are ambiguous, so evidence is weighed in a fixed order, module by module as they run:

1. The image axis is the first one, or the second of a three-axis tensor (sequence first), where its length is
   that of the batch. A tensor without it (a detector's proposals, windows of a picture) is no layer.
2. Four axes: the module's own weights say which axis they act on. A module without weights, or whose
   weights fit both, is read as the latest tensor of the same shape was. Else a known grid decides, else equal
   neighbours (H = W), else channels first. Channels last needs a grid that was seen, is a seen one halved,
   or has the picture's proportions: otherwise its rows are attention heads.
3. Three axes are tokens. Their grid is one that a convolution showed before (the patch embedding), or such
   a grid halved any number of times (patch merging): the one that leaves the fewest tokens over, and no more
   than 32. Those left over stand in front: class and register tokens. In a network that shows no grid
   (patches embedded by a linear map) it is the grid of the picture's own proportions, by the same rule.
4. Two axes are dense, and so is a single token.

Left out, because no region of a picture can be drawn for them: tokens that fit no grid (a detector's queries
and anchors), sequences of single numbers, and tensors with one row per attention head.
"""

from math import gcd, isqrt
from typing import NamedTuple

from torch import Tensor, nn

from milan.networks.layers import Kind, Layer, Layout

__all__ = ["LayoutReader"]

_MOST_PREFIX_TOKENS = 32


class _Axes(NamedTuple):
    layout: Layout
    n_units: int
    grid: tuple[int, int]


class LayoutReader:
    """Reads tensors in the order in which one forward pass emits them, and remembers what it learnt."""

    def __init__(self, batch_size: int, picture: tuple[int, int]) -> None:
        self._batch_size = batch_size
        self._proportions = picture  # height and width
        self._layouts: dict[tuple[int, ...], Layout] = {}
        self._grids: list[tuple[int, int]] = []
        self._token_counts: set[int] = set()

    def read(self, name: str, module: nn.Module, tensor: Tensor) -> Layer | None:
        """The layer that this tensor is, or None when it has no units over an image's positions."""
        if not tensor.is_floating_point() or 0 in tensor.shape:
            return None
        match tensor.ndim:
            case 2:
                axes = self._dense(tensor)
            case 3:
                axes = self._tokens(tensor)
            case 4:
                axes = self._map(module, tensor)
            case _:
                return None
        if axes is None:
            return None
        shape = tuple(tensor.shape)
        kept = shape[:1] + shape[2:] if axes.layout == "TNC" else shape[1:]
        return Layer(name, kept, axes.n_units, axes.grid, _kind(axes), axes.layout)

    def _dense(self, tensor: Tensor) -> _Axes | None:
        if tensor.shape[0] != self._batch_size:
            return None
        return _Axes("NC", tensor.shape[1], (1, 1))

    def _tokens(self, tensor: Tensor) -> _Axes | None:
        first, second, n_units = tensor.shape
        layout: Layout = "NTC" if first == self._batch_size else "TNC"
        n_tokens = second if layout == "NTC" else first
        if self._batch_size not in (first, second) or n_units == 1 < n_tokens:
            return None
        self._token_counts.add(n_tokens)
        grid = self._token_grid(n_tokens)
        return None if grid is None else _Axes(layout, n_units, grid)

    def _token_grid(self, n_tokens: int) -> tuple[int, int] | None:
        if n_tokens == 1:
            return 1, 1
        known = [grid for shown in reversed(self._grids) for grid in _halvings(shown)]
        known = known or _grids_like(self._proportions, n_tokens)
        left_over = {grid: n_tokens - grid[0] * grid[1] for grid in known}
        fitting = [grid for grid, left in left_over.items() if 0 <= left <= _MOST_PREFIX_TOKENS]
        return min(fitting, key=left_over.__getitem__, default=None)

    def _map(self, module: nn.Module, tensor: Tensor) -> _Axes | None:
        shape = tuple(tensor.shape)
        if shape[0] != self._batch_size:
            return None
        by_weights = _layout_by_weights(module, shape)
        layout = by_weights or self._layouts.get(shape) or self._layout_by_shape(shape)
        rows, columns = shape[2:] if layout == "NCHW" else shape[1:3]
        if layout == "NHWC" and not self._is_likely((rows, columns)):  # (image, head, token, value)
            return None
        is_attention = by_weights is None and rows in self._token_counts  # (image, head, token, token)
        if is_attention and (rows, columns) not in self._grids:
            return None
        self._layouts[shape] = layout
        if (rows, columns) != (1, 1) and (rows, columns) not in self._grids:
            self._grids.append((rows, columns))
        return _Axes(layout, shape[1] if layout == "NCHW" else shape[3], (rows, columns))

    def _is_likely(self, grid: tuple[int, int]) -> bool:
        """Whether a grid was seen, is a seen one halved, or has the picture's proportions."""
        height, width = self._proportions
        return grid[0] * width == grid[1] * height or any(grid in _halvings(seen) for seen in self._grids)

    def _layout_by_shape(self, shape: tuple[int, ...]) -> Layout:
        _, first, middle, last = shape
        if (middle, last) in self._grids:
            return "NCHW"
        if (first, middle) in self._grids:
            return "NHWC"
        return "NHWC" if first == middle != last else "NCHW"


def _kind(axes: _Axes) -> Kind:
    if axes.layout == "NCHW":
        return "conv"
    if axes.layout == "NC" or (axes.layout != "NHWC" and axes.grid == (1, 1)):
        return "dense"
    return "tokens"


def _layout_by_weights(module: nn.Module, shape: tuple[int, ...]) -> Layout | None:
    """Which axis the module's own weight acts on: convolutions and norms the second, linear maps the last."""
    weight = getattr(module, "weight", None)
    if not isinstance(weight, Tensor) or weight.ndim == 0:
        return None
    if weight.ndim == 4:
        return "NCHW"
    if weight.ndim == 2:
        return "NHWC" if weight.shape[0] == shape[3] else None
    fits_first, fits_last = weight.shape[0] == shape[1], weight.shape[0] == shape[3]
    if fits_first == fits_last:
        return None
    return "NCHW" if fits_first else "NHWC"


def _halvings(grid: tuple[int, int]) -> list[tuple[int, int]]:
    found = [grid]
    while max(grid) > 1:
        grid = (-(-grid[0] // 2), -(-grid[1] // 2))
        found.append(grid)
    return found


def _grids_like(proportions: tuple[int, int], most: int) -> list[tuple[int, int]]:
    """Grids of a picture's proportions with no more positions than given."""
    shared = gcd(*proportions)
    rows, columns = proportions[0] // shared, proportions[1] // shared
    largest = isqrt(most // (rows * columns))
    return [(scale * rows, scale * columns) for scale in range(1, largest + 1)]
