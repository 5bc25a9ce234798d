"""Networks: a spec goes in; a network comes out that runs, knows its layers and lets itself be listened to.

    network = open_network("builtin:efficientnet-lite0")
    chosen = [layer for layer in network.layers() if layer.worth_describing]

    def take(layer, activations):  # [image, unit, height, width], valid during the call only
        peaks[layer.name].append(activations.amax((2, 3)))

    with record(network, chosen, take):
        network.forward(batch, stop_after=chosen[-1])

`Preprocessing` says what a network sees: `view` gives an 8-bit picture, `to_input` the tensor made of it.
"""

from milan.networks.hooks import record
from milan.networks.layers import Layer
from milan.networks.network import Network
from milan.networks.open import open_network
from milan.networks.preprocessing import Preprocessing
from milan.networks.registry import Opened, Request, source

__all__ = ["Layer", "Network", "Opened", "Preprocessing", "Request", "open_network", "record", "source"]
