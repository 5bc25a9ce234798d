"""Scenes for captioners to learn from: all seen concepts, drawn in ever other manners.

    python -m milan.scenes.training --output DIR [--n 8000] [--seed 1000]

Concepts that the planted benchmark keeps apart (`data/planted/unseen.txt`) are in none of them.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from milan.scenes.concepts import concepts
from milan.scenes.drawing.varied import in_any_light, varied
from milan.scenes.folder import write_stream
from milan.scenes.planted import unseen_concepts
from milan.scenes.render import render_scene
from milan.scenes.scene import Scene
from milan.scenes.settings import SceneSettings

__all__ = ["training_scenes"]

_EMOJI_ALONE = 2 / 3
"""Of the scenes: there are ten times as many emoji as all other concepts."""
_SCALE = (0.2, 0.75)


def training_scenes(seed: int, n: int) -> Iterator[Scene]:
    """Yield n scenes of seeds seed, seed + 1, ...; equal arguments give equal bytes."""
    kept = frozenset(concepts()) - unseen_concepts()
    emoji = frozenset(key for key in kept if concepts()[key].kind == "emoji")
    every = SceneSettings(concepts=kept, scale=_SCALE)
    alone = SceneSettings(concepts=emoji, kinds=("emoji",), scale=_SCALE)
    for number in range(seed, seed + n):
        rng = np.random.default_rng((number, 1))
        settings = alone if rng.random() < _EMOJI_ALONE else every
        scene = render_scene(number, settings, varied(rng))
        yield replace(scene, picture=in_any_light(scene.picture, rng))


def main() -> None:
    """Write them as a folder of samples."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--output", type=Path, required=True)
    asked.add_argument("--n", type=int, default=8000)
    asked.add_argument("--seed", type=int, default=1000)
    given = asked.parse_args()
    write_stream(given.output, training_scenes(given.seed, given.n), "webp")


if __name__ == "__main__":
    main()
