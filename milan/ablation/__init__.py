"""What a classifier loses with units switched off.

In: a `Network`, labelled images, units. Out: which images are still right, unit by unit and for growing sets.

    images = TestImages.read(network, LabelledImages.read(folder, n_outputs))
    scores = score_units(network, images, ["layer3", "layer4"])     # each unit alone
    curve = right_without(network, images, order, counts=range(0, 33, 4))
    control = layer_matched(order, pool, n=32, seed=0)

Units are switched off at zero, or held at their mean over some images:

    levels = Responses.read(network, images, ["layer3", "layer4"]).levels(among=images.labels == 0)
    scores = score_units(network, images, ["layer3", "layer4"], levels=levels)

`score_units` reads each image once up to a layer and goes on from there with many units switched off side
by side.
"""

from milan.ablation.controls import layer_matched, random_units
from milan.ablation.curves import right_without
from milan.ablation.images import Outcome, TestImages, n_outputs_of, outcome
from milan.ablation.levels import Levels, SetTo, switched_off
from milan.ablation.responses import Responses
from milan.ablation.scores import LayerScores, score_units

__all__ = [
    "LayerScores",
    "Levels",
    "Outcome",
    "Responses",
    "SetTo",
    "TestImages",
    "layer_matched",
    "n_outputs_of",
    "outcome",
    "random_units",
    "right_without",
    "score_units",
    "switched_off",
]
