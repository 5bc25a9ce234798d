"""A network that sees, at work on one picture."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Float, Float32, Shaped, UInt8
from PIL import Image
from torch import Tensor

from milan.errors import NetworkError, UsageError
from milan.exemplars import rgb_view
from milan.networks import Layer, Network, change, record
from milan.networks.naming import output_name
from milan.networks.outputs import logits_of
from milan.records import Edit
from milan.uses.live.reaction import Answer, Reaction

__all__ = ["LivePictures", "SeenPicture"]


@dataclass(frozen=True, slots=True, eq=False)
class SeenPicture:
    """A picture as the network sees it."""

    view: UInt8[np.ndarray, "height width 3"] = field(repr=False)
    inputs: Float32[Tensor, "1 *input"] = field(repr=False)


class LivePictures:
    """Shows pictures to a network and listens to some of its layers."""

    def __init__(self, network: Network, name: str, layers: Sequence[str]) -> None:
        if network.generation is not None:
            raise UsageError(f"{network.spec} makes pictures: a live page needs a network that is shown some")
        self.network = network
        self.name = name
        """Of the network in the catalog."""
        self.layers = tuple(layers)
        self._listened = [network.layer(layer) for layer in layers]

    @property
    def channels(self) -> int:
        """Of the pictures that the network takes."""
        return self.network.preprocessing.channels

    def take(self, picture: Image.Image | Shaped[np.ndarray, "height width *channel"]) -> SeenPicture:
        """What the network sees of a picture; DataError for one that does not fit."""
        view, made = self.network.prepare("", picture)
        inputs = torch.from_numpy(np.asarray(made, np.float32)[None])
        return SeenPicture(rgb_view(view), inputs)

    def react(self, seen: SeenPicture, edits: Sequence[Edit] = ()) -> Reaction:
        """Run the network once with some units changed; UnknownName and BadSetting as `change`."""
        heard: dict[str, Float32[np.ndarray, "unit height width"]] = {}

        def take(layer: Layer, maps: Float[Tensor, "image unit height width"]) -> None:
            heard[layer.name] = maps[0].float().cpu().numpy().copy()

        with ExitStack() as hooks:
            hooks.enter_context(change(self.network, edits))
            hooks.enter_context(record(self.network, self._listened, take))
            returned = self.network.forward(seen.inputs)
        return Reaction(heard, Answer(_chances(returned)))

    def output_name(self, output: int) -> str:
        """What a class is called, or its number."""
        return output_name(self.network, output) or f"output {output}"


def _chances(returned: object) -> Float32[np.ndarray, " output"] | None:
    """Of the classes of a classifier, by softmax; None for a network that is none."""
    try:
        logits = logits_of(returned)
    except NetworkError:
        return None
    chances: Float32[np.ndarray, " output"] = logits[0].float().softmax(0).cpu().numpy()
    return chances
