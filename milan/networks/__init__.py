"""Networks: a spec goes in; a network comes out that runs, knows its layers and lets itself be listened to.

    network = open_network("builtin:efficientnet-lite0")
    chosen = [layer for layer in network.layers() if layer.worth_describing]

    def take(layer, activations):  # [image, unit, height, width], valid during the call only
        peaks[layer.name].append(activations.amax((2, 3)))

    with record(network, chosen, take):
        network.forward(batch, stop_after=chosen[-1])

`change` gives units other activations within a block, `bake` writes that into weights, and `Resumed` goes
on from a layer again and again (`milan.networks.interventions`).

`Directions` in a layer (groups of units, principal components, probes, latents of a sparse autoencoder) make
a layer of their own: `network.with_directions(*read_directions("pca.safetensors", network))`.

`Preprocessing` says what a network sees: `view` gives an 8-bit picture, `to_input` the tensor made of it.
`open_generator` opens one that makes pictures of `Latents`: `Network.generation` says how.
"""

from milan.networks.directions import Directions
from milan.networks.directions_file import read_directions
from milan.networks.generation import Generation
from milan.networks.generator import open_generator
from milan.networks.hooks import record
from milan.networks.interventions import Resumed, bake, change
from milan.networks.latents import Latents
from milan.networks.layers import Layer
from milan.networks.network import Network
from milan.networks.open import open_network
from milan.networks.preprocessing import Preprocessing
from milan.networks.registry import Opened, Request, source

__all__ = [
    "Directions",
    "Generation",
    "Latents",
    "Layer",
    "Network",
    "Opened",
    "Preprocessing",
    "Request",
    "Resumed",
    "bake",
    "change",
    "open_generator",
    "open_network",
    "read_directions",
    "record",
    "source",
]
