"""Scenes: pictures drawn by ourselves, with exact masks and phrases for everything in them.

In goes a seed and `SceneSettings`; out comes a `Scene`: a picture, and for each object its visible
mask, true phrases (most specific first), names in other languages, colour, box and parts.

>>> from milan.scenes import SceneSettings, render_scene
>>> scene = render_scene(3, SceneSettings(size=112, languages=("en", "de")))
>>> scene.objects[0].kind
'background'

`stream_scenes` renders one after another without end in memory; `write_scenes` writes a folder that
the captioner can train on. `concepts` lists the vocabulary, `is_seen` splits it for ever.
"""

from milan.scenes.concepts import Concept, concepts, is_seen, names_of
from milan.scenes.folder import REGIONS_FILE, run_lengths, write_scenes
from milan.scenes.render import render_scene, stream_scenes
from milan.scenes.scene import Box, Part, Scene, SceneObject
from milan.scenes.settings import KINDS, Kind, SceneSettings

__all__ = [
    "KINDS",
    "REGIONS_FILE",
    "Box",
    "Concept",
    "Kind",
    "Part",
    "Scene",
    "SceneObject",
    "SceneSettings",
    "concepts",
    "is_seen",
    "names_of",
    "render_scene",
    "run_lengths",
    "stream_scenes",
    "write_scenes",
]
