"""What a generator makes its pictures of, and how they are read."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import UInt8
from torch import Tensor

from milan.errors import NetworkError
from milan.networks.latents import Latents
from milan.networks.layers import named_tensors

__all__ = ["Generation", "picture_tensor"]


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """Latents in, pictures out."""

    latents: Latents
    picture_shape: tuple[int, int, int]
    """Of one picture as emitted: 1 or 3 channels, height, width."""
    value_range: tuple[float, float]
    """The values that the generator means by black and by white; what lies beyond is cut off."""

    def pictures(self, emitted: object) -> UInt8[np.ndarray, "latent height width channel"]:
        """What the generator returned for a batch, as 8-bit pictures.

        Raises NetworkError for other pictures than it made before, and for values that are not numbers.
        """
        values = picture_tensor(emitted)
        if values is None or tuple(values.shape[1:]) != self.picture_shape:
            found = "no pictures" if values is None else f"pictures of {tuple(values.shape[1:])}"
            raise NetworkError(f"the generator returns {found}, where it made {self.picture_shape} before")
        if bool(values.isnan().any()):
            raise NetworkError(
                "the generator makes pictures of values that are not numbers: check its weights"
            )
        black, white = self.value_range
        shares = (values.float().cpu().numpy() - black) / (white - black)
        return np.moveaxis(np.rint(shares.clip(0, 1) * 255).astype(np.uint8), 1, 3)

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON values, for provenance."""
        return {
            "latents": self.latents.hash,
            "latent_shape": list(self.latents.shape),
            "picture_shape": list(self.picture_shape),
            "value_range": list(self.value_range),
        }


def picture_tensor(emitted: object) -> Tensor | None:
    """The picture among what a generator returns: the largest tensor [latent, 1 or 3, height, width]."""
    pictures = [
        tensor for _, tensor in named_tensors("", emitted) if tensor.ndim == 4 and tensor.shape[1] in (1, 3)
    ]
    return max(pictures, key=Tensor.numel, default=None)
