"""`python -m captioner.recipe --data DIR [--scenes DIR] --work DIR --out data/captioner`."""

import argparse
import logging
import time
from pathlib import Path

import numpy as np

from captioner.backbone import open_backbone
from captioner.evaluate import evaluate
from captioner.features import SampleFeatures, read_features
from captioner.pretrained import HEADS, save_pretrained
from captioner.recipe.card import write_card
from captioner.recipe.imagined import imagine_classes
from captioner.recipe.manifests import SourceFolder
from captioner.recipe.naming import class_phrases, name_photos
from captioner.recipe.prepare import prepare
from captioner.recipe.texts import text_phrases
from captioner.samples import read_samples
from captioner.train import train_head
from captioner.train_decoder import DecoderTraining
from captioner.train_projector import ProjectorTraining

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
    """Build every head that ships, one after the other."""
    parser = argparse.ArgumentParser(prog="captioner.recipe", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the source folder, see manifests.py")
    parser.add_argument(
        "--scenes", type=Path, help="a folder of rendered scenes with samples in regions.jsonl"
    )
    parser.add_argument("--work", type=Path, required=True, help="where pictures and samples are laid out")
    parser.add_argument("--out", type=Path, required=True, help="a folder a head is written under it")
    parser.add_argument("--heads", nargs="+", default=list(HEADS), choices=HEADS)
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
    captioner = train_head(
        open_backbone(head),
        data.split("train"),
        ProjectorTraining(options.projector_steps, seed=options.seed, kind_weights=_KIND_WEIGHTS),
        DecoderTraining(options.decoder_steps, seed=options.seed, kind_weights=_KIND_WEIGHTS),
        texts=tuple(text_phrases(source)),
        report=_report,
    )
    save_pretrained(captioner, options.out / head)
    figures = evaluate(captioner, data)
    scenes = " --scenes DIR" if options.scenes else ""
    command = (
        f"python -m captioner.recipe --data DIR{scenes} --work DIR --out data/captioner --heads {head} "
        f"--projector-steps {options.projector_steps} --decoder-steps {options.decoder_steps} "
        f"--seed {options.seed}"
    )
    write_card(options.out / head / "card.json", head, data, figures, command)
    for one in figures:
        _log.info("%s", one)
    _log.info("%s: %.0f s", head, time.monotonic() - started)


def _data(head: str, source: SourceFolder, options: argparse.Namespace) -> SampleFeatures:
    reader = open_backbone(head)

    def read(folder: Path, name: str) -> SampleFeatures:
        return read_features(
            read_samples(folder / name), folder, reader, lambda done, total: _report("reading", done, total)
        )

    photos = name_photos(read(options.work, "samples.jsonl"), reader, source)
    parts = [photos, imagine_classes(photos, reader, class_phrases(source), seed=options.seed)]
    if options.scenes is not None:
        parts.append(_objects(read(options.scenes, "regions.jsonl")))
    return SampleFeatures(
        tuple(sample for part in parts for sample in part.samples),
        np.concatenate([part.features for part in parts]),
        photos.depths,
    )


def _objects(scenes: SampleFeatures) -> SampleFeatures:
    """Leave out parts and backgrounds.

    Features averaged under a mask do not tell a left half from a right one. And most of a whole picture's
    average is its background, so a captioner taught backgrounds names nothing else of a whole picture.
    """
    kept = [row for row, sample in enumerate(scenes.samples) if sample.kind not in ("part", "background")]
    return SampleFeatures(tuple(scenes.samples[row] for row in kept), scenes.features[kept], scenes.depths)


def _report(what: str, done: int, total: int) -> None:
    if done == total or done % max(1, total // 20) < 1:
        _log.info("%s %d/%d", what, done, total)


if __name__ == "__main__":
    main()
