"""Which rows of a batch serve what."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

from milan.datasets import Batch, Manifest, Side

__all__ = ["BatchRows", "SampledRows"]


class SampledRows(NamedTuple):
    """Rows whose images belong to a sample."""

    rows: Int64[Tensor, " sampled"]
    images: Int64[np.ndarray, " sampled"]
    """Their positions in the manifest."""


@dataclass(frozen=True, slots=True, eq=False)
class BatchRows:
    """Rows by what their images are used for."""

    shown: Int64[Tensor, " shown"]
    """Rows that hold a decoded image."""
    exemplar: Int64[Tensor, " exemplar"]
    """Rows of the exemplar side."""
    exemplar_images: Int64[Tensor, " exemplar"]
    """Their positions in the manifest."""
    keys: tuple[bytes, ...]
    """Bytes of each exemplar image's content hash, that say which positions of large grids it samples."""
    measured: SampledRows
    """Of the measuring side."""
    selected: SampledRows
    """Of the exemplar side."""

    @classmethod
    def of(cls, batch: Batch, manifest: Manifest, measured: frozenset[int], selected: frozenset[int]) -> Self:
        """Sort a batch's rows by what their images serve."""
        images = [at for at in range(batch.first, batch.first + batch.n_images) if at not in batch.skipped]
        exemplar = [at for at in images if manifest.sides[at] is Side.EXEMPLAR]

        def of_sample(sample: frozenset[int]) -> SampledRows:
            found = np.array([at for at in images if at in sample], np.int64)
            return SampledRows(torch.from_numpy(found - batch.first), found)

        return cls(
            torch.tensor(images, dtype=torch.int64) - batch.first,
            torch.tensor(exemplar, dtype=torch.int64) - batch.first,
            torch.tensor(exemplar, dtype=torch.int64),
            tuple(bytes.fromhex(manifest.hashes[at][16:32]) for at in exemplar),
            of_sample(measured),
            of_sample(selected),
        )
