"""`python -m captioner.recipe --data DIR [--scenes DIR] --work DIR --out data/captioner`."""

import argparse
import logging
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from captioner.backbone import open_backbone
from captioner.classes import know_classes
from captioner.dual import DualEncoder
from captioner.evaluate import evaluate, evaluate_encoder
from captioner.features import SampleFeatures, read_features
from captioner.pretrained import ENCODERS, HEADS, save_encoder, save_pretrained
from captioner.recipe.card import write_card
from captioner.recipe.imagined import imagine_classes
from captioner.recipe.manifests import SourceFolder
from captioner.recipe.naming import class_phrases, name_photos
from captioner.recipe.photos import split_of
from captioner.recipe.prepare import prepare
from captioner.recipe.scenes import scene_samples
from captioner.recipe.texts import text_phrases
from captioner.samples import Sample, read_samples
from captioner.sentences import sentence_encoder
from captioner.train import train_head
from captioner.train_decoder import DecoderTraining
from captioner.train_projector import ProjectorTraining, train_projector

_log = logging.getLogger("captioner.recipe")

# Pixel facts are the most numerous and captions the longest: neither may crowd out names.
_KIND_WEIGHTS = {
    "pixels": 0.4,
    "caption": 0.4,
    "ccp region": 0.6,
    "imagined": 0.5,
    "letter": 0.4,
    "word": 0.4,
}


def main() -> None:
    """Build every head and encoder that ships, one after the other."""
    parser = argparse.ArgumentParser(prog="captioner.recipe", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the source folder, see manifests.py")
    parser.add_argument(
        "--scenes",
        type=Path,
        nargs="+",
        default=[],
        help="folders of rendered scenes with samples in regions.jsonl",
    )
    parser.add_argument("--work", type=Path, required=True, help="where pictures and samples are laid out")
    parser.add_argument("--out", type=Path, required=True, help="a folder a head is written under it")
    parser.add_argument("--heads", nargs="+", default=list(ENCODERS), choices=ENCODERS)
    parser.add_argument(
        "--photos", type=int, help="train on this many of the photos, half of the cut-outs and scenes"
    )
    parser.add_argument("--projector-steps", type=int, default=ProjectorTraining().steps)
    parser.add_argument("--decoder-steps", type=int, default=DecoderTraining().steps)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    source = SourceFolder(options.data)
    if not (options.work / "samples.jsonl").exists():
        prepare(source, options.work, options.seed)
    for head in options.heads:
        _build(head, source, options)


def _build(head: str, source: SourceFolder, options: argparse.Namespace) -> None:
    started = time.monotonic()
    data = _data(head, source, options)
    reader, train = open_backbone(head), data.split("train")
    projecting = ProjectorTraining(options.projector_steps, seed=options.seed, kind_weights=_KIND_WEIGHTS)
    folder = options.out / head
    if head in HEADS:
        captioner = train_head(
            reader,
            train,
            projecting,
            DecoderTraining(options.decoder_steps, seed=options.seed, kind_weights=_KIND_WEIGHTS),
            texts=tuple(text_phrases(source)),
            report=_report,
        )
        save_pretrained(captioner, folder)
        figures = evaluate(captioner, data)
    else:
        projector = train_projector(
            train,
            know_classes(reader),
            projecting,
            progress=lambda step, loss: _report("projector", step, projecting.steps),
        )
        encoder = DualEncoder(head, reader, projector, sentence_encoder())
        save_encoder(encoder, folder)
        figures = evaluate_encoder(encoder, data)
    write_card(folder / "card.json", head, data, figures, _command(head, options))
    for one in figures:
        _log.info("%s", one)
    _log.info("%s: %.0f s", head, time.monotonic() - started)


def _command(head: str, options: argparse.Namespace) -> str:
    """What makes this head again."""
    scenes = " --scenes" + " DIR" * len(options.scenes) if options.scenes else ""
    photos = f" --photos {options.photos}" if options.photos else ""
    decoder = f" --decoder-steps {options.decoder_steps}" if head in HEADS else ""
    return (
        f"python -m captioner.recipe --data DIR{scenes} --work DIR --out data/captioner --heads {head}"
        f"{photos} --projector-steps {options.projector_steps}{decoder} --seed {options.seed}"
    )


def _data(head: str, source: SourceFolder, options: argparse.Namespace) -> SampleFeatures:
    reader = open_backbone(head)

    def read(folder: Path, samples: Sequence[Sample]) -> SampleFeatures:
        return read_features(samples, folder, reader, lambda done, total: _report("reading", done, total))

    chosen = _some(read_samples(options.work / "samples.jsonl"), options.photos)
    photos = name_photos(read(options.work, chosen), reader, source)
    parts = [photos, imagine_classes(photos, reader, class_phrases(source), seed=options.seed)]
    parts += [read(folder, scene_samples(folder, half=bool(options.photos))) for folder in options.scenes]
    return SampleFeatures(
        tuple(sample for part in parts for sample in part.samples),
        np.concatenate([part.features for part in parts]),
        photos.depths,
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


def _report(what: str, done: int, total: int) -> None:
    if done == total or done % max(1, total // 20) < 1:
        _log.info("%s %d/%d", what, done, total)


if __name__ == "__main__":
    main()
