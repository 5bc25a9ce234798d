"""What heads are trained on: regions of photos, imagined classes and rendered scenes, read by a backbone."""

import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from captioner.backbone import open_backbone
from captioner.features import SampleFeatures, joined, read_features
from captioner.pretrained import HEADS
from captioner.recipe.imagined import imagine_classes
from captioner.recipe.manifests import SourceFolder
from captioner.recipe.naming import class_phrases, name_photos
from captioner.recipe.photos import split_of
from captioner.recipe.scenes import background_samples, scene_samples
from captioner.samples import Sample, read_samples

__all__ = ["make_scenes", "read_photos", "read_scenes", "report"]

_log = logging.getLogger("captioner.recipe")

_N_SCENES, _FIRST_SCENE = 15_000, 1000
_PHOTOS_OF_ENCODER = 4000
"""For an encoder without a decoder, which only measures; of cut-outs and scenes it sees half."""


def make_scenes(folder: Path) -> Path:
    """Render what drawings are learnt from; `milan` draws, and a captioner imports nothing of it."""
    if not (folder / "regions.jsonl").exists():
        how = ["--output", str(folder), "--n", str(_N_SCENES), "--seed", str(_FIRST_SCENE)]
        subprocess.run([sys.executable, "-m", "milan.scenes.training", *how], check=True)
    return folder


def read_photos(head: str, source: SourceFolder, work: Path, seed: int) -> SampleFeatures:
    """Regions of photos, and of classes that no photo shows."""
    n_photos = None if head in HEADS else _PHOTOS_OF_ENCODER
    chosen, reader = _some(read_samples(work / "samples.jsonl"), n_photos), open_backbone(head)
    photos = name_photos(_read(head, work, chosen), reader, source)
    return joined([photos, imagine_classes(photos, reader, class_phrases(source), seed=seed)])


def read_scenes(head: str, folders: Sequence[Path]) -> SampleFeatures:
    """Drawn things and backgrounds; of a thing's parts nothing is learnt yet."""
    parts = [
        _read(head, folder, samples)
        for folder in folders
        for samples in (scene_samples(folder, half=head not in HEADS), background_samples(folder))
    ]
    return joined(parts).where(lambda sample: sample.kind != "part")


def report(what: str, done: int, total: int) -> None:
    """Say twenty times how far something is."""
    if done == total or done % max(1, total // 20) < 1:
        _log.info("%s %d/%d", what, done, total)


def _read(head: str, folder: Path, samples: Sequence[Sample]) -> SampleFeatures:
    return read_features(
        samples, folder, open_backbone(head), lambda done, total: report("reading", done, total)
    )


def _some(samples: Sequence[Sample], n_photos: int | None) -> Sequence[Sample]:
    """Samples of so many training photos, of half of the pasted cut-outs, and of all photos that validate."""
    if n_photos is None:
        return samples
    pictures = sorted({sample.image for sample in samples})
    photos = [picture for picture in pictures if not picture.startswith("pasted/")]
    train = [photo for photo in photos if split_of(photo) == "train"]
    drawn = np.random.default_rng(0).permutation(len(train))[:n_photos]
    kept = {train[at] for at in drawn} | {photo for photo in photos if split_of(photo) != "train"}
    kept |= {picture for at, picture in enumerate(pictures) if picture.startswith("pasted/") and at % 2}
    return [sample for sample in samples if sample.image in kept]
