"""A voice that knows three colours, exact and small enough to be followed by hand."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pytest

from captioner.bank import PhraseBank
from captioner.protocols import Features, LogLikelihood, Masks, Picture
from milan.describe import Voice
from milan.records import LayerExemplars, Measured, UnitStatus

COLOURS = ("red", "green", "blue")
K = 2


class ColourReader:
    """Features of a region: its mean colour."""

    tensor_hashes: frozenset[str] = frozenset()
    pools = True

    def __init__(self) -> None:
        self.n_read = 0

    def read(self, pictures: Sequence[Picture], masks: Sequence[Masks]) -> list[Features]:
        self.n_read += len(pictures)
        return [self._regions(picture, own) for picture, own in zip(pictures, masks, strict=True)]

    def _regions(self, picture: Picture, masks: Masks) -> Features:
        rows = np.arange(masks.shape[1]) * picture.shape[0] // masks.shape[1]
        columns = np.arange(masks.shape[2]) * picture.shape[1] // masks.shape[2]
        small = picture[rows][:, columns].astype(np.float32) / 255
        return np.stack([(small * mask[:, :, None]).sum((0, 1)) / mask.sum() for mask in masks])


class ColourCaptioner:
    """Says the colour; log p(d|E) is how much of it there is, log p(d) makes red a common word."""

    name = "colours"

    def __init__(self, reader: ColourReader) -> None:
        self.reader = reader
        self.chunks: list[int] = []

    def propose(self, evidence: Sequence[Features], n: int) -> list[list[str]]:
        self.chunks.append(len(evidence))
        return [[f"{COLOURS[int(own.mean(0).argmax())]} thing"] for own in evidence]

    def log_p_given(
        self, evidence: Sequence[Features], phrases: Sequence[Sequence[str]]
    ) -> list[LogLikelihood]:
        return [
            LogLikelihood(
                np.array([self._log_amount(own, phrase) for phrase in said]),
                np.array([float(len(phrase.split())) for phrase in said]),
            )
            for own, said in zip(evidence, phrases, strict=True)
        ]

    def log_p_prior(self, phrases: Sequence[str]) -> LogLikelihood:
        totals = [-1.0 if "red" in phrase else -3.0 for phrase in phrases]
        return LogLikelihood(np.array(totals), np.array([float(len(p.split())) for p in phrases]))

    def _log_amount(self, own: Features, phrase: str) -> float:
        amounts = [own.mean(0)[at] for at, colour in enumerate(COLOURS) if colour in phrase]
        return float(np.log(max([*amounts, 0.01])))


class ColourEncoder:
    """A space of three colours."""

    name = "colour space"
    known_names: Mapping[str, frozenset[int]] = MappingProxyType({})

    def __init__(self, reader: ColourReader) -> None:
        self.reader = reader

    def embed_regions(self, features: Features) -> np.ndarray:
        return (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32)

    def sharpness(self, features: Features) -> np.ndarray:
        return np.full(len(features), 20.0, np.float32)

    def name_chances(self, features: Features) -> np.ndarray:
        return np.zeros((len(features), len(self.known_names)), np.float32)

    def embed_phrases(self, phrases: Sequence[str]) -> np.ndarray:
        return np.stack([np.eye(3, dtype=np.float32)[COLOURS.index(phrase.split()[0])] for phrase in phrases])


@pytest.fixture
def voice() -> Voice:
    reader = ColourReader()
    encoder = ColourEncoder(reader)
    phrases = ("red paint", "green paint", "blue paint")
    bank = PhraseBank(phrases, ("own",) * 3, encoder.embed_phrases(phrases))
    return Voice(ColourCaptioner(reader), encoder, bank)


def _open_view(path: str) -> Picture:
    """`green-3.png` is a picture whose left half is green, the right half dark."""
    picture = np.full((40, 40, 3), 10, np.uint8)
    picture[:, :20, COLOURS.index(path.split("-", maxsplit=1)[0])] = 250
    return picture


def _layer_of(colours: Sequence[str], dead: Sequence[int] = ()) -> LayerExemplars:
    """A layer whose units are driven by the left half of pictures of one colour each."""
    paths = tuple(f"{colour}-{copy}.png" for colour in COLOURS for copy in range(K))
    images = np.array(
        [[COLOURS.index(colour) * K + copy for copy in range(K)] for colour in colours], np.int64
    )
    maps = np.zeros((len(colours), K, 4, 4), np.float16)
    maps[:, :, :, :2] = 1
    shape = images.shape
    nothing = np.zeros((0, len(colours)), np.float32)
    return LayerExemplars(
        layer="layer",
        paths=paths,
        thresholds=np.full(len(colours), 0.5, np.float32),
        statuses=tuple(UnitStatus.DEAD if u in dead else UnitStatus.PENDING for u in range(len(colours))),
        images=images,
        peaks=np.ones(shape, np.float32),
        maps=maps,
        scales=np.ones(shape, np.float32),
        measured=Measured((), nothing, nothing),
        selected=Measured((), nothing, nothing),
    )


@pytest.fixture
def open_view() -> Callable[[str], Picture]:
    return _open_view


@pytest.fixture
def layer_of() -> Callable[..., LayerExemplars]:
    return _layer_of
