"""A network that looks the truth up: it knows each picture of its own by content.

No real network computes `dog` from pixels without error. This one is given the truth of its scenes and
answers with the maps of its planted units: whatever goes wrong in a description is not the network's doing.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Float16, UInt8
from torch import Tensor, nn

__all__ = ["PlantedNetwork", "content_of"]


class PlantedNetwork(nn.Module):
    """Maps of planted units for the pictures it knows, zeros for all others.

    Its layer is `units`. Inputs are pictures on the scale 0..1 with nothing subtracted, as large as they were
    drawn: resized ones are others.
    """

    maps: Tensor

    def __init__(self, maps: Float16[np.ndarray, "image unit row column"], contents: Sequence[bytes]) -> None:
        super().__init__()
        self.units = _Emitted()
        nothing = np.zeros_like(maps[:1])
        self.register_buffer("maps", torch.from_numpy(np.concatenate([maps, nothing])))
        self._places = {content: place for place, content in enumerate(contents)}

    def forward(
        self, pictures: Float[Tensor, "image 3 height width"]
    ) -> Float[Tensor, "image unit row column"]:
        """The maps of all units."""
        eight_bit = (pictures * 255).round().clamp(0, 255).byte().permute(0, 2, 3, 1).cpu().numpy()
        stranger = len(self._places)
        places = [self._places.get(content_of(picture), stranger) for picture in eight_bit]
        found: Tensor = self.units(self.maps[places].float())
        return found


class _Emitted(nn.Module):
    """Hands on what it is given; a place to listen to (an `nn.Identity` is taken for a part of training)."""

    def forward(self, maps: Tensor) -> Tensor:
        return maps


def content_of(picture: UInt8[np.ndarray, "height width 3"]) -> bytes:
    """What a picture is known by."""
    return hashlib.blake2b(np.ascontiguousarray(picture).tobytes(), digest_size=16).digest()
