"""Lays the source folder out as samples: pictures beside one samples.jsonl."""

from collections.abc import Iterator
from pathlib import Path

from captioner.recipe.cutouts import paste_cutouts
from captioner.recipe.lowlevel import pixel_samples
from captioner.recipe.manifests import SourceFolder
from captioner.recipe.photos import photo_rows, photo_samples
from captioner.samples import Sample, write_samples

__all__ = ["prepare"]


def prepare(source: SourceFolder, folder: Path, seed: int = 0) -> Path:
    """Write pictures and samples under `folder`; returns the file of samples."""
    for file, row in photo_rows(source).items():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.picture_bytes(row))
    samples = folder / "samples.jsonl"
    write_samples(samples, _all_samples(source, folder, seed))
    return samples


def _all_samples(source: SourceFolder, folder: Path, seed: int) -> Iterator[Sample]:
    yield from photo_samples(source)
    yield from paste_cutouts(source, folder, seed)
    yield from pixel_samples(folder, sorted(photo_rows(source)), seed)
