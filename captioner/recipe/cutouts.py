"""Cut-outs pasted on photos: objects whose masks are exact."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from captioner.recipe.manifests import SourceFolder
from captioner.recipe.photos import photo_rows, split_of, with_article
from captioner.samples import Sample

__all__ = ["as_counts", "paste_cutouts"]

_SIZE = 224
_GRID = 56
_TIMES = 2  # each cut-out, at other sizes and places on other photos
_MOST_WORDS = 4


def paste_cutouts(source: SourceFolder, folder: Path, seed: int) -> Iterator[Sample]:
    """Write one picture for each pasted cut-out under `folder`/pasted and yield its sample.

    A cut-out is wholly on one side of the split, and so is the photo behind it.
    """
    (folder / "pasted").mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    photos: dict[str, list[dict[str, Any]]] = {"train": [], "validation": []}
    for file, row in photo_rows(source).items():
        photos[split_of(file)].append(row)
    for row in source.rows("cutouts"):
        name = _name(row)
        if name is None:
            continue
        split = split_of(row["file"])
        with source.picture(row) as picture:
            cutout = picture.convert("RGBA")
        for time in range(_TIMES):
            behind = photos[split][random.integers(len(photos[split]))]
            with source.picture(behind) as photo:
                pasted, mask = _paste(cutout, photo.convert("RGB"), random)
            file = f"pasted/{row['file'].replace('/', '-').removesuffix('.webp')}-{time}.webp"
            pasted.save(folder / file, quality=80)
            yield Sample(file, as_counts(mask), (with_article(name),), "cutout", split)


def _name(row: dict[str, Any]) -> str | None:
    """A readable name, or None: titles are by many hands, and some are sentences."""
    title = row["title"].lower().replace("\u2019", "'").replace("_", " ")
    title = re.sub(r"^(an?|the) ", "", title.removesuffix(".")).strip()
    title = re.sub(r"^(simple|basic|generic|another|my|new) (?=[a-z])", "", title)
    if not re.fullmatch(r"[a-z][a-z' -]*", title) or len(title.split()) > _MOST_WORDS:
        return None
    return title


def _paste(
    cutout: Image.Image, photo: Image.Image, random: np.random.Generator
) -> tuple[Image.Image, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    picture = photo.resize((_SIZE, _SIZE))
    scale = random.uniform(0.25, 0.8) * _SIZE / max(cutout.size)
    width, height = (max(8, round(side * scale)) for side in cutout.size)
    x, y = (int(random.integers(0, _SIZE - side + 1)) for side in (width, height))
    scaled = cutout.resize((width, height))
    picture.paste(scaled, (x, y), scaled)
    mask = Image.new("L", (_SIZE, _SIZE))
    mask.paste(scaled.getchannel("A"), (x, y))
    grid = np.asarray(mask.resize((_GRID, _GRID), Image.Resampling.BOX)) > 100
    return picture, grid


def as_counts(mask: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> dict[str, Any]:
    """Run lengths column by column, outside first."""
    flat = mask.T.ravel()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [not flat[-1]]])))
    counts = np.diff(np.concatenate([[0], edges])).tolist()
    return {"size": list(mask.shape), "counts": counts}
