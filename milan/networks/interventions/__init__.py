"""Interventions: units that get other activations than the network gives them.

    with change(network, [Edit.zero("layer4", [3, 7])]):
        network.forward(batch)          # units 3 and 7 are silent; weights are untouched

    weights = bake(network, [Edit.zero("layer4", [3, 7])])    # the same, written into the weights
    outputs = Resumed(network, layer, image).forward(sets)    # many sets of edits, one pass before the layer

A layer of directions (`base@name`) takes edits too: its rows are moved to the asked values by the smallest
change of the units under them.
"""

from milan.networks.interventions.baking import bake
from milan.networks.interventions.change import change
from milan.networks.interventions.resuming import Resumed

__all__ = ["Resumed", "bake", "change"]
