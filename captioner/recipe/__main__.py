"""`python -m captioner.recipe --data DIR --work DIR --out data/captioner`: everything that ships."""

import argparse
import logging
import time
from pathlib import Path

from captioner.backbone import open_backbone
from captioner.classes import know_classes
from captioner.dual import DualEncoder
from captioner.evaluate import evaluate, evaluate_encoder
from captioner.features import SampleFeatures, joined
from captioner.own import OwnCaptioner
from captioner.pretrained import ENCODERS, HEADS, open_encoder, save_encoder
from captioner.recipe.card import add_to_card, write_card
from captioner.recipe.data import make_scenes, read_photos, read_scenes, report
from captioner.recipe.manifests import SourceFolder
from captioner.recipe.prepare import prepare
from captioner.recipe.texts import text_phrases
from captioner.sentences import sentence_encoder
from captioner.train import train_head
from captioner.train_decoder import DecoderTraining
from captioner.train_drawings import fit_drawings
from captioner.train_projector import ProjectorTraining, train_projector

_log = logging.getLogger("captioner.recipe")

# Pixel facts are the most numerous and captions the longest: neither may crowd out names.
_KIND_WEIGHTS = {"pixels": 0.4, "caption": 0.4, "ccp region": 0.6, "imagined": 0.5}


def main() -> None:
    """Build every head and encoder that ships, one after the other."""
    parser = argparse.ArgumentParser(prog="captioner.recipe", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the source folder, see manifests.py")
    parser.add_argument(
        "--scenes",
        type=Path,
        nargs="+",
        help="folders of rendered scenes with samples in regions.jsonl; made under --work when not given",
    )
    parser.add_argument("--work", type=Path, required=True, help="where pictures and samples are laid out")
    parser.add_argument("--out", type=Path, required=True, help="a folder a head is written under it")
    parser.add_argument("--heads", nargs="+", default=list(ENCODERS), choices=ENCODERS)
    parser.add_argument("--projector-steps", type=int, default=700)
    parser.add_argument("--decoder-steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--drawings-only",
        action="store_true",
        help="teach drawings to the heads that lie under --out, and leave what they know of photos",
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    started = time.monotonic()
    source = SourceFolder(options.data)
    if not (options.work / "samples.jsonl").exists():
        prepare(source, options.work, options.seed)
    options.scenes = options.scenes or [make_scenes(options.work / "scenes")]
    for head in options.heads:
        before = time.monotonic()
        (_teach_drawings if options.drawings_only else _build)(head, source, options)
        _log.info("%s: %.0f s", head, time.monotonic() - before)
    _log.info("all: %.0f s", time.monotonic() - started)


def _build(head: str, source: SourceFolder, options: argparse.Namespace) -> None:
    photos = read_photos(head, source, options.work, options.seed)
    scenes = read_scenes(head, options.scenes)
    reader, train, everything = open_backbone(head), photos.split("train"), joined([photos, scenes])
    drawings = fit_drawings(scenes.split("train"), _seen(train))
    projecting = ProjectorTraining(options.projector_steps, seed=options.seed, kind_weights=_KIND_WEIGHTS)
    folder = options.out / head
    if head in HEADS:
        captioner = train_head(
            reader,
            train,
            projecting,
            DecoderTraining(options.decoder_steps, seed=options.seed, kind_weights=_KIND_WEIGHTS),
            texts=tuple(text_phrases(source)),
            report=report,
        )
        captioner.encoder.drawings = drawings
        captioner.save_pretrained(folder)
        figures = evaluate(captioner, everything)
    else:
        projector = train_projector(
            train,
            know_classes(reader),
            projecting,
            progress=lambda step, loss: report("projector", step, projecting.steps),
        )
        encoder = DualEncoder(head, reader, projector, sentence_encoder(), drawings)
        save_encoder(encoder, folder)
        figures = evaluate_encoder(encoder, everything)
    write_card(folder / "card.json", head, everything, figures, _command(head, options))
    for one in figures:
        _log.info("%s", one)


def _teach_drawings(head: str, source: SourceFolder, options: argparse.Namespace) -> None:
    photos = read_photos(head, source, options.work, options.seed)
    scenes = read_scenes(head, options.scenes)
    folder = options.out / head
    fit_drawings(scenes.split("train"), _seen(photos.split("train"))).save(folder)
    if head in HEADS:
        figures = evaluate(OwnCaptioner.from_pretrained(folder), scenes)
    else:
        encoder = open_encoder(str(folder))
        assert isinstance(encoder, DualEncoder)
        figures = evaluate_encoder(encoder, scenes)
    add_to_card(folder / "card.json", scenes, figures)
    for one in figures:
        _log.info("%s", one)


def _seen(photos: SampleFeatures) -> SampleFeatures:
    """Regions that a photo shows: what was imagined or pasted on it is no example of a photograph."""
    return photos.where(lambda sample: sample.kind not in ("imagined", "cutout"))


def _command(head: str, options: argparse.Namespace) -> str:
    """What makes this head again."""
    decoder = f" --decoder-steps {options.decoder_steps}" if head in HEADS else ""
    return (
        f"python -m captioner.recipe --data DIR --work DIR --out data/captioner --heads {head}"
        f" --projector-steps {options.projector_steps}{decoder} --seed {options.seed}"
    )


if __name__ == "__main__":
    main()
