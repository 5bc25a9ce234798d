"""What a classifier returns."""

from collections.abc import Mapping

from jaxtyping import Float
from torch import Tensor

from milan.errors import NetworkError

__all__ = ["logits_of"]


def logits_of(returned: object) -> Float[Tensor, "image output"]:
    """The scores of a classifier's outputs, out of what its forward pass returns.

    A matrix; or the entry `logits` or `out` of a dictionary; or the first of several. NetworkError for
    anything else, such as the boxes of a detector.
    """
    found = returned
    if isinstance(found, Mapping):
        found = next((found[key] for key in ("logits", "out") if key in found), None)
    elif isinstance(found, tuple | list) and found:
        found = found[0]
    if isinstance(found, Tensor) and found.ndim == 2 and found.is_floating_point():
        return found
    shown = (
        f"a tensor of shape {tuple(found.shape)}" if isinstance(found, Tensor) else type(returned).__name__
    )
    raise NetworkError(f"the network is no classifier: it returns {shown}, not one row of scores an image")
