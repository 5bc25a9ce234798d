"""An opened network: what runs, what it is called, what it sees, and where it can be listened to."""

from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
import torch
from jaxtyping import Float, Float32, Shaped, UInt8
from PIL import Image
from torch import Tensor, nn

from milan.errors import BadSetting, MilanError, NetworkError, UnknownName, one_line
from milan.networks.directions import Directions
from milan.networks.generation import Generation
from milan.networks.hooks import run_until
from milan.networks.layers import Layer
from milan.networks.preprocessing import Preprocessing
from milan.networks.probe import find_layers
from milan.networks.weights import hash_weights

__all__ = ["Network"]


@dataclass(eq=False)
class Network:
    """A network ready to run: evaluation mode, no gradients, on its device."""

    name: str
    """First part of its units' names."""
    spec: str
    """How it was asked for."""
    module: nn.Module = field(repr=False)
    """The network itself."""
    preprocessing: Preprocessing
    """From a picture to its input; of a generator, how its pictures are shown: as they are."""
    device: torch.device
    """Where it runs."""
    notes: tuple[str, ...] = ()
    """What a user should be told about how it was opened, one sentence each."""
    batch_size: int | None = None
    """The only batch size it takes, for an exported program without a free image axis."""
    generation: Generation | None = None
    """Of a generator, what it makes its pictures of; its inputs are latents."""
    _along: tuple[Layer, ...] = field(default=(), init=False, repr=False)
    """Layers made of directions in others."""

    @cached_property
    def weights_hash(self) -> str:
        """sha256 over names, shapes, types and bytes of all parameters and buffers."""
        return hash_weights(self.module)

    def layers(self) -> tuple[Layer, ...]:
        """Every layer in the order in which a forward pass emits them; found by one small forward pass.

        Layers made of directions stand behind the one in which they lie.
        """
        return tuple(
            listed
            for emitted in self._layers
            for listed in (emitted, *(made for made in self._along if made.base == emitted.name))
        )

    def with_directions(self, *directions: Directions) -> Self:
        """The same network with a layer more for each of these, named `layer@name`.

        Raises UnknownName for directions in a layer that the network has not, BadSetting for a matrix that
        has not a column for each of its units, and for two of one name.

            pca = Directions("pca", "layer4", components)
            network = network.with_directions(pca)
            network.layer("layer4@pca").n_units == len(components)
        """
        emitted = {layer.name: layer for layer in self._layers}
        made = list(self._along)
        for given in directions:
            if given.layer not in emitted:
                raise UnknownName("layer", given.layer, emitted, f"List them: milan layers {self.spec}")
            layer = emitted[given.layer].along(given.to(self.device))
            if any(layer.name == other.name for other in made):
                raise BadSetting(f"two directions are called {layer.name}: give each a name of its own")
            made.append(layer)
        changed = copy(self)
        changed._along = tuple(made)
        return changed

    @cached_property
    def _layers(self) -> tuple[Layer, ...]:
        inputs = self._probe(self.batch_size or 2).to(self.device)
        try:
            found = find_layers(self.module, inputs, self.preprocessing.size)
        except MilanError:
            raise
        except Exception as problem:  # a user's network may raise anything
            raise NetworkError(
                f"{self.spec} cannot run on inputs of {tuple(inputs.shape[1:])}: {one_line(problem)}. "
                "Give the input it was made for: --size, --mean, --std, or --latents to an image generator"
            ) from problem
        if self.generation is not None:  # the picture is no layer, squashed or not yet
            found = tuple(layer for layer in found if layer.shape != self.generation.picture_shape)
        if not found:
            raise NetworkError(f"{self.spec} emits nothing whose units could be described")
        return found

    def _probe(self, n: int) -> Float[Tensor, "n *input"]:
        """So many inputs, always the same, to try the network on."""
        if self.generation is not None:
            return self.generation.latents.batch(0, n)
        shape = (n, self.preprocessing.channels, *self.preprocessing.size)
        return torch.randn(shape, generator=torch.Generator().manual_seed(0))

    def try_out(self) -> object:
        """What the network returns for a small batch of made-up inputs, always the same."""
        return self.forward(self._probe(self.batch_size or 2))

    def prepare(
        self, path: str, picture: Image.Image | Shaped[np.ndarray, "height width *channel"]
    ) -> tuple[UInt8[np.ndarray, "height width channel"], Float32[np.ndarray, "*input"]]:
        """What is seen of a picture, and the network's input for it: of a generated one, its latent.

        Raises DataError for a picture that cannot be used, or that none of the latents made.
        """
        view = self.preprocessing.view(picture)
        if self.generation is not None:
            return view, self.generation.latents.of_picture(path)
        return view, self.preprocessing.to_input(view)

    def layer(self, name: str) -> Layer:
        """The layer of this name; raises UnknownName with the nearest one."""
        for layer in self.layers():
            if layer.name == name:
                return layer
        known = [layer.name for layer in self.layers()]
        raise UnknownName("layer", name, known, f"List them: milan layers {self.spec}")

    def forward(self, inputs: Float[Tensor, "image *input"], stop_after: Layer | None = None) -> object:
        """Run a batch without gradients and return what the network returns.

        With `stop_after` the pass ends as soon as that layer was emitted, and None is returned: give the
        last of the recorded layers, in the order of `layers()`.
        """
        if self.batch_size not in (None, len(inputs)):
            raise NetworkError(
                f"{self.spec} was exported for batches of {self.batch_size}, got {len(inputs)}: run it with "
                f"--batch-size {self.batch_size}, or export it with a dynamic batch dimension"
            )
        with torch.inference_mode():
            return run_until(self.module, inputs.to(self.device), stop_after)
