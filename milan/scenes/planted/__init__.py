"""Planted units: networks whose units are known by construction, and scenes to see them on.

In goes a number of units and a seed; out come units with their formulas, scenes drawn by another hand than
those that captioners are trained on, and a network that emits the units' maps on them:

    rng = np.random.default_rng(0)
    units = plan_units(120, vocabulary(rng, drawn), rng)
    for scene in planted_scenes(units, 1500, seed=0, style=redrawn):
        maps = [signal(unit, SceneTruth(scene)) for unit in units]
    network = PlantedNetwork(all_maps, [content_of(picture) for picture in pictures])

`unseen_concepts` lists the emoji that training leaves out; `accepted_names` says which words name a concept.
"""

from milan.scenes.planted.drawings import drawings_in, redrawn
from milan.scenes.planted.heads import FittedHeads, fit_heads
from milan.scenes.planted.names import (
    accepted_names,
    names_exactly,
    names_texture,
    plain,
    says_colour,
    unseen_concepts,
)
from milan.scenes.planted.network import PlantedNetwork, content_of
from milan.scenes.planted.planning import Vocabulary, plan_units, vocabulary
from milan.scenes.planted.staging import planted_scenes
from milan.scenes.planted.truth import GRID, SceneTruth
from milan.scenes.planted.units import NOISE_LEVELS, PlantedUnit, UnitKind, signal

__all__ = [
    "GRID",
    "NOISE_LEVELS",
    "FittedHeads",
    "PlantedNetwork",
    "PlantedUnit",
    "SceneTruth",
    "UnitKind",
    "Vocabulary",
    "accepted_names",
    "content_of",
    "drawings_in",
    "fit_heads",
    "names_exactly",
    "names_texture",
    "plain",
    "plan_units",
    "planted_scenes",
    "redrawn",
    "says_colour",
    "signal",
    "unseen_concepts",
    "vocabulary",
]
