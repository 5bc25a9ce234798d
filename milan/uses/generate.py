"""The pictures of a generator, written once and kept."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from milan.errors import UsageError
from milan.networks import Network
from milan.records import content_key
from milan.uses.cache import cache_dir

__all__ = ["generate_pictures"]

_BATCH = 32
"""Latents in one forward pass; fixed, since other sizes move pictures by rounding."""


def generate_pictures(
    network: Network,
    *,
    workers: int = 2,
    fresh: bool = False,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Path:
    """Have a generator make the picture of every latent; return their folder, to be described from.

    The pictures are PNG files in the cache, under a key of weights and latents: what an earlier run wrote is
    not made again, and one that was killed goes on. `fresh` makes all anew. Raises UsageError for a
    network that takes pictures.

        generator = open_generator("milan.scenes.generator:scenes_generator", 2000)
        describe_network(generator, generate_pictures(generator), "units.db")
    """
    generation = network.generation
    if generation is None:
        raise UsageError(f"{network.spec} was opened for pictures: open it with open_generator")
    batch_size = network.batch_size or _BATCH
    key = content_key([network.weights_hash, generation.as_dict(), batch_size])
    folder = cache_dir() / "generated" / key
    if fresh and folder.is_dir():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    latents = generation.latents
    names = [latents.picture_name(index) for index in range(len(latents))]
    written = set(os.listdir(folder))
    with ThreadPoolExecutor(workers, thread_name_prefix="encode") as pool:
        for first in range(0, len(names), batch_size):
            asked = names[first : first + batch_size]
            if not written.issuperset(asked):
                pictures = generation.pictures(network.forward(latents.batch(first, batch_size)))
                files = [folder / name for name in asked]
                list(pool.map(_write, files, pictures[: len(asked)]))
            progress("generating pictures", first + len(asked), len(names))
    return folder


def _write(file: Path, picture: UInt8[np.ndarray, "height width channel"]) -> None:
    """Write a picture aside, then rename it: a file that is there is whole."""
    aside = file.with_name(f".{file.name}.part")
    shown = picture[:, :, 0] if picture.shape[2] == 1 else picture
    Image.fromarray(shown).save(aside, "PNG", compress_level=1)
    os.replace(aside, file)
