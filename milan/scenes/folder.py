"""Writing scenes as a folder of samples: pictures and a file of regions with phrases.

The file is JSON lines, the form in which the captioner reads training samples:

    {"image": "pictures/000007.png", "mask": {"size": [224, 224], "counts": [...]},
     "phrases": ["a red apple", "an apple"], "kind": "emoji", "split": "train"}

`mask` holds COCO's uncompressed run lengths: column by column from the top left, outside first.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool
from PIL import Image

from milan.errors import BadSetting
from milan.scenes.drawing.cutouts import CutoutStyle, twemoji
from milan.scenes.render import stream_scenes
from milan.scenes.scene import Scene
from milan.scenes.settings import SceneSettings

__all__ = ["REGIONS_FILE", "run_lengths", "write_scenes", "write_stream"]

REGIONS_FILE = "regions.jsonl"
"""Name of the file of regions in a folder of scenes."""

_DEFAULT = SceneSettings()
_SHARE_VALIDATION = 0.1


def write_scenes(
    folder: Path,
    n: int,
    seed: int = 0,
    settings: SceneSettings = _DEFAULT,
    style: CutoutStyle = twemoji,
    picture_format: str = "png",
) -> int:
    """Render n scenes and write them; see `write_stream`."""
    return write_stream(folder, stream_scenes(seed, n, settings, style), picture_format)


def write_stream(folder: Path, scenes: Iterable[Scene], picture_format: str = "png") -> int:
    """Write scenes and their regions, objects and parts alike; returns the number of regions.

    Pictures are lossless. One scene in ten, by a hash of its seed, is for validation with all its
    regions. The folder is made; files of the same names are replaced. The file of regions is written
    aside and renamed at the end, so that it never speaks of pictures that are not there.
    """
    if picture_format not in ("png", "webp"):
        raise BadSetting(f"scenes are written as png or webp, got {picture_format!r}")
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    aside = folder / f"{REGIONS_FILE}.part"
    n_regions = 0
    with aside.open("w", encoding="utf-8") as lines:
        for scene in scenes:
            picture = pictures / f"{scene.seed:06d}.{picture_format}"
            _save(scene, picture)
            for region in _regions(scene, picture.relative_to(folder).as_posix()):
                lines.write(json.dumps(region, ensure_ascii=False, separators=(",", ":")) + "\n")
                n_regions += 1
    aside.replace(folder / REGIONS_FILE)
    return n_regions


def run_lengths(mask: Bool[np.ndarray, "height width"]) -> dict[str, list[int]]:
    """Encode a mask as COCO's uncompressed run lengths.

    >>> run_lengths(np.array([[False, True], [True, True]]))
    {'size': [2, 2], 'counts': [1, 3]}
    """
    flat = mask.ravel(order="F")
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate([[0], changes, [flat.size]])
    counts = np.diff(edges).tolist()
    return {"size": list(mask.shape), "counts": [0, *counts] if flat[0] else counts}


def _regions(scene: Scene, image: str) -> Iterator[dict[str, Any]]:
    split = _split(scene.seed)
    for item in scene.objects:
        yield _region(image, item.mask, item.phrases, item.kind, split)
        for part in item.parts:
            yield _region(image, part.mask, (part.phrase,), "part", split)


def _region(
    image: str, mask: Bool[np.ndarray, "height width"], phrases: tuple[str, ...], kind: str, split: str
) -> dict[str, Any]:
    return {
        "image": image,
        "mask": run_lengths(mask),
        "phrases": list(phrases),
        "kind": kind,
        "split": split,
    }


def _split(seed: int) -> str:
    digest = hashlib.sha256(str(seed).encode()).digest()
    return "validation" if digest[0] < _SHARE_VALIDATION * 256 else "train"


def _save(scene: Scene, path: Path) -> None:
    picture = Image.fromarray(scene.picture)
    if path.suffix == ".png":
        picture.save(path, compress_level=1)
    else:
        picture.save(path, lossless=True, method=0)
