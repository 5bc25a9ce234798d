"""Teaches the captioner a domain of your own: pictures, regions and phrases in, a head's folder out.

    from captioner.train import train_from_samples

    train_from_samples(Path("slides/samples.jsonl"), Path("my-captioner"), base="default")
    open_captioner("my-captioner")

`captioner.samples` describes the file. With a base, training goes on from that head's weights, and the
base's own phrases stay known; without one, a head is made from nothing. What a base knows of drawings is left
out: where the domain is drawn, its samples teach it.
"""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from captioner.backbone import Backbone, open_backbone
from captioner.classes import know_classes
from captioner.decoder import PhraseDecoder
from captioner.dual import DualEncoder, RegionProjector
from captioner.errors import CaptionerError
from captioner.evaluate import KindFigures, evaluate
from captioner.features import SampleFeatures, read_features
from captioner.files import data_file
from captioner.own import OwnCaptioner
from captioner.pretrained import HEADS
from captioner.samples import read_samples
from captioner.sentences import sentence_encoder
from captioner.train_decoder import DecoderTraining, train_decoder
from captioner.train_projector import ProjectorTraining, train_projector
from captioner.words import Words

__all__ = ["Trained", "train_from_samples", "train_head"]

Report = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class Trained(NamedTuple):
    """A head and what it can do."""

    captioner: OwnCaptioner
    figures: list[KindFigures]
    """On the file's validation samples; empty when there are none."""


def train_from_samples(
    file: Path,
    out: Path,
    *,
    base: str | None = "default",
    backbone: str = "lite1",
    steps: int = 600,
    seed: int = 0,
    report: Report = lambda what, done, total: None,
) -> Trained:
    """Train a head on a file of samples and write it to the folder `out`.

    `base` is a head's name or folder (None: start from nothing on `backbone`). `steps` is the number of
    steps of the decoder; the projector takes as many. SampleError names the line or picture that cannot be
    used; CaptionerError: nothing to train on, or no such base.
    """
    start = _base(base) if base is not None else None
    reader = start.reader if start is not None else open_backbone(backbone)
    data = read_features(
        read_samples(file), file.parent, reader, lambda done, total: report("reading", done, total)
    )
    if not data.split("train").samples:
        raise CaptionerError(f"{file} has no training samples: all its pictures are for validation")
    # going on from a base wants smaller steps, or what it knew is lost
    rate = 1.0 if start is None else 0.2
    projector_training = ProjectorTraining(steps=steps, batch=256, rate=1e-3 * rate, seed=seed)
    decoder_training = DecoderTraining(steps=steps, batch=48, rate=1.5e-3 * rate, seed=seed)
    captioner = train_head(
        reader, data.split("train"), projector_training, decoder_training, start=start, report=report
    )
    captioner.save_pretrained(out)
    figures = evaluate(captioner, data) if data.split("validation").samples else []
    return Trained(captioner, figures)


def train_head(
    reader: Backbone,
    data: SampleFeatures,
    projector_training: ProjectorTraining,
    decoder_training: DecoderTraining,
    *,
    texts: tuple[str, ...] = (),
    start: OwnCaptioner | None = None,
    report: Report = lambda what, done, total: None,
) -> OwnCaptioner:
    """Train projector and decoder on regions that are read; `texts` are phrases without pictures."""
    words = _words(data, texts, start)
    projector = train_projector(
        data,
        know_classes(reader),
        projector_training,
        start=_copy_projector(start),
        progress=lambda step, loss: report("projector", step, projector_training.steps),
    )
    decoder = train_decoder(
        data,
        projector,
        words,
        decoder_training,
        texts=texts,
        start=_copy_decoder(start),
        progress=lambda step, loss: report("decoder", step, decoder_training.steps),
    )
    encoder = DualEncoder(reader.name, reader, projector, sentence_encoder())
    return OwnCaptioner(reader.name, encoder, decoder, words)


def _base(name: str) -> OwnCaptioner:
    if name == "default":
        name = HEADS[0]
    folder = data_file(f"captioner/{name}") if name in HEADS else Path(name)
    return OwnCaptioner.from_pretrained(folder)


def _words(data: SampleFeatures, texts: tuple[str, ...], start: OwnCaptioner | None) -> Words:
    # each phrase once: a colour that 2,000 regions share must not take the pieces of a rare animal's name
    said = sorted({phrase for sample in data.samples for phrase in sample.phrases}.union(texts))
    return Words.learn(said) if start is None else start.words.knowing(said)


def _copy_projector(start: OwnCaptioner | None) -> RegionProjector | None:
    """A base stays as it is: training changes weights in place."""
    if start is None:
        return None
    return copy.deepcopy(start.encoder.projector)


def _copy_decoder(start: OwnCaptioner | None) -> PhraseDecoder | None:
    if start is None:
        return None
    return copy.deepcopy(start.decoder)
