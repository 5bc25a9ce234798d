"""Directions in a layer: rows of a matrix over its units, each listened to like a unit of its own."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import torch
from jaxtyping import Float, Shaped
from torch import Tensor
from torch.nn import functional as F

from milan.errors import BadSetting

__all__ = ["Directions"]


@dataclass(frozen=True, eq=False)
class Directions:
    """A group of units, principal components, probes, latents of a sparse autoencoder: one row each.

    At every position a row's activation is the sum of the units' activations there, weighted by the row, plus
    its bias; with `relu`, no less than zero. Numbers of any real type are taken as 32-bit floats. Raises
    BadSetting for a matrix that is none, is empty, or holds values that are not finite.

        pca = Directions("pca", "layer4", components)          # [row, unit]
        network.with_directions(pca).layer("layer4@pca")
    """

    name: str
    """Last part of the layer's name: `layer4@pca` for directions called pca."""
    layer: str
    """Name of the layer over whose units the rows run."""
    matrix: Shaped[Tensor, "row unit"]
    bias: Shaped[Tensor, " row"] | None = None
    relu: bool = False
    """Whether negative activations become zero, as in a sparse autoencoder's encoder."""
    threshold: Shaped[Tensor, " row"] | None = None
    """Where there is one (JumpReLU), activations up to it become zero."""

    def __post_init__(self) -> None:
        if not self.name or "/" in self.name or "@" in self.name:
            raise BadSetting(f"a name of directions is not empty and holds no / and no @, got {self.name!r}")
        if self.matrix.ndim != 2 or 0 in self.matrix.shape:
            raise BadSetting(
                f"directions {self.name!r} in {self.layer} are a matrix [row, unit], got the shape "
                f"{tuple(self.matrix.shape)}; a single direction is a matrix of one row"
            )
        object.__setattr__(self, "matrix", self._numbers(self.matrix))
        for what in ("bias", "threshold"):
            given: Tensor | None = getattr(self, what)
            if given is None:
                continue
            if given.shape != self.matrix.shape[:1]:
                raise BadSetting(
                    f"directions {self.name!r} in {self.layer} have {len(self.matrix)} rows, "
                    f"and a {what} of shape {tuple(given.shape)}: give one number a row"
                )
            object.__setattr__(self, what, self._numbers(given))

    @classmethod
    def of_group(cls, layer: str, units: Collection[int], n_units: int) -> Self:
        """One direction: the mean of some units of a layer that has `n_units`; named by its members.

        >>> Directions.of_group("layer4", {3, 20, 21, 22}, n_units=512).name
        '3,20-22'
        """
        members = sorted(set(units))
        if not members or members[0] < 0 or members[-1] >= n_units:
            raise BadSetting(
                f"a group in {layer} has members from 0 to {n_units - 1}, got {_ranges(members)!r}"
            )
        row = torch.zeros(1, n_units)
        row[0, members] = 1 / len(members)
        return cls(_ranges(members), layer, row)

    @property
    def layer_name(self) -> str:
        """Name of the layer that the rows make up."""
        return f"{self.layer}@{self.name}"

    @cached_property
    def hash(self) -> str:
        """sha256 over shape, bytes and rule: another matrix under the same name is another result."""
        digest = hashlib.sha256(f"{tuple(self.matrix.shape)}|{self.bias is not None}|{self.relu}|".encode())
        for numbers in (self.matrix, self.bias, self.threshold):
            if numbers is not None:
                content: Any = numbers.cpu().numpy()
                digest.update(content)
        return digest.hexdigest()

    def to(self, device: torch.device) -> Self:
        """The same directions, on another device."""
        bias, threshold = (None if own is None else own.to(device) for own in (self.bias, self.threshold))
        return type(self)(self.name, self.layer, self.matrix.to(device), bias, self.relu, threshold)

    def project(
        self, maps: Float[Tensor, "image unit height width"]
    ) -> Float[Tensor, "image row height width"]:
        """What the rows make of the units' maps: a new tensor, in 32-bit floats, whatever the layout."""
        by_position = maps.float().flatten(2).transpose(1, 2)  # [image, position, unit]
        by_row = F.linear(by_position, self.matrix, self.bias).transpose(1, 2).contiguous()
        projected = by_row.relu_() if self.relu else by_row
        if self.threshold is not None:
            projected *= projected > self.threshold[:, None]
        return projected.reshape(len(maps), len(self.matrix), *maps.shape[2:])

    def _numbers(self, given: Tensor) -> Float[Tensor, "*axis"]:
        """As finite 32-bit floats, contiguous."""
        if given.is_complex():
            raise BadSetting(f"directions {self.name!r} in {self.layer} hold complex numbers: give real ones")
        numbers = given.detach().to(torch.float32).contiguous()
        wrong = (~numbers.isfinite()).reshape(len(numbers), -1).any(1).nonzero()
        if len(wrong):
            raise BadSetting(
                f"directions {self.name!r} in {self.layer}: {len(wrong)} of {len(numbers)} rows hold values "
                f"that are no finite 32-bit numbers, the first is row {int(wrong[0])}: leave them out"
            )
        return numbers


def _ranges(members: list[int]) -> str:
    """Sorted numbers, three or more in a row as `first-last`.

    >>> _ranges([1, 2, 5, 6, 7])
    '1,2,5-7'
    """
    runs: list[list[int]] = []
    for member in members:
        if runs and member == runs[-1][-1] + 1:
            runs[-1].append(member)
        else:
            runs.append([member])
    return ",".join(
        f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(str(member) for member in run) for run in runs
    )
