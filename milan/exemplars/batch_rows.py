"""Which rows of a batch serve what."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

from milan.datasets import Batch, Manifest, Side

__all__ = ["BatchRows"]


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
    measured: Int64[Tensor, " measured"]
    """Rows of the measured sample."""
    measured_images: Int64[np.ndarray, " measured"]

    @classmethod
    def of(cls, batch: Batch, manifest: Manifest, measured: frozenset[int]) -> Self:
        """Sort a batch's rows by what their images serve."""
        images = [at for at in range(batch.first, batch.first + batch.n_images) if at not in batch.skipped]
        exemplar = [at for at in images if manifest.sides[at] is Side.EXEMPLAR]
        sample = [at for at in images if at in measured]
        return cls(
            torch.tensor(images, dtype=torch.int64) - batch.first,
            torch.tensor(exemplar, dtype=torch.int64) - batch.first,
            torch.tensor(exemplar, dtype=torch.int64),
            tuple(bytes.fromhex(manifest.hashes[at][16:32]) for at in exemplar),
            torch.tensor(sample, dtype=torch.int64) - batch.first,
            np.array(sample, np.int64),
        )
