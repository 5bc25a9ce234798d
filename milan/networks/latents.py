"""Latents: the points from which an image generator makes its pictures."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import safetensors.numpy
import torch
from jaxtyping import Float32
from safetensors import SafetensorError
from torch import Tensor

from milan.errors import BadSetting, DataError, one_line

__all__ = ["Latents"]

_NAME = "latents"
"""The tensor that is read where a file holds several."""


@dataclass(frozen=True, eq=False)
class Latents:
    """Inputs of a generator in a fixed order, each the maker of one picture.

    >>> Latents.drawn(3, (8,), seed=0).values.shape
    (3, 8)
    """

    values: Float32[np.ndarray, "latent ..."]

    @classmethod
    def drawn(cls, n: int, shape: tuple[int, ...], seed: int) -> Self:
        """So many standard normal latents; a larger n begins with those of a smaller one."""
        if n < 1:
            raise BadSetting(f"latents are at least 1, got {n}")
        return cls(np.random.default_rng(seed).standard_normal((n, *shape), np.float32))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The latents of a `.npy` or `.safetensors` file, first axis the latents, of any floating type.

        A safetensors file holds one tensor, or several of which one is called `latents`. Raises DataError for
        anything else, and for values that are not finite.
        """
        values = _stored(path)
        if values.ndim < 2 or 0 in values.shape:
            raise DataError(f"{str(path)!r} has shape {values.shape}: latents are [latent, value, ...]")
        if not np.issubdtype(values.dtype, np.floating):
            raise DataError(f"{str(path)!r} holds {values.dtype}: latents are floating-point numbers")
        single = values.astype(np.float32)
        finite = np.isfinite(single).reshape(len(single), -1).all(axis=1)
        if not finite.all():
            raise DataError(
                f"{str(path)!r}: {int((~finite).sum())} of {len(single)} latents hold values that are not "
                f"finite, the first is number {int(finite.argmin())}"
            )
        return cls(single)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one latent."""
        return self.values.shape[1:]

    @cached_property
    def hash(self) -> str:
        """sha256 over shape and bytes."""
        return hashlib.sha256(f"{self.values.shape}|".encode() + self.values.tobytes()).hexdigest()

    def __len__(self) -> int:
        return len(self.values)

    def batch(self, first: int, size: int) -> Float32[Tensor, "size ..."]:
        """So many latents from one on, zeros behind the last."""
        held = torch.from_numpy(self.values[first : first + size])
        padded = held.new_zeros((size, *self.shape))
        padded[: len(held)] = held
        return padded

    def first(self, n: int) -> Self:
        """The first n of them."""
        return type(self)(self.values[:n])

    def picture_name(self, index: int) -> str:
        """File name of the picture that a latent makes: its index, and its content in short."""
        content = hashlib.sha256(self.values[index].tobytes()).hexdigest()
        return f"{index:06}-{content[:8]}.png"

    def of_picture(self, name: str) -> Float32[np.ndarray, "..."]:
        """The latent that made a picture; DataError for a picture that none of them made."""
        index = name.partition("-")[0]
        if not index.isdecimal() or int(index) >= len(self) or self.picture_name(int(index)) != name:
            raise DataError("none of the latents made this picture")
        latent: Float32[np.ndarray, "..."] = self.values[int(index)]
        return latent


def _stored(path: Path) -> np.ndarray[Any, Any]:
    if not path.is_file():
        raise DataError(f"no file of latents {str(path)!r}")
    if path.suffix not in (".npy", ".safetensors"):
        raise DataError(f"{str(path)!r} is not read: latents are a .npy or .safetensors file")
    try:
        if path.suffix == ".npy":
            return np.asarray(np.load(path, allow_pickle=False))
        tensors = safetensors.numpy.load_file(path)
    except (OSError, ValueError, EOFError, SafetensorError) as problem:
        raise DataError(f"{str(path)!r} cannot be read as latents: {one_line(problem)}") from problem
    except KeyError as problem:  # a type of number that numpy lacks
        raise DataError(f"{str(path)!r} holds {one_line(problem)}: save latents as float32") from problem
    if len(tensors) == 1:
        return next(iter(tensors.values()))
    if _NAME not in tensors:
        held = ", ".join(sorted(tensors)) or "none"
        raise DataError(f"{str(path)!r} holds several tensors ({held}): call one of them {_NAME!r}")
    return tensors[_NAME]
