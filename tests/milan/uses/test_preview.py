import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from PIL import Image

from captioner.bank import PhraseBank
from captioner.protocols import Features, LogLikelihood, Masks, Picture
from milan.catalog import Catalog
from milan.describe import Simulator, Voice
from milan.errors import BadSetting
from milan.exemplars import ExemplarSettings
from milan.networks import Network
from milan.records import UnitStatus
from milan.uses import DescribeOptions, describe_network

COLOURS = ("red", "green", "blue")
OPTIONS = DescribeOptions(layers=("0",), exemplars=ExemplarSettings(k=3, batch_size=4))


class Eye:
    """Reads a region's mean colour, and holds it to be what is there."""

    tensor_hashes: frozenset[str] = frozenset()
    pools = True
    name = "colours"
    known_names: Mapping[str, frozenset[int]] = MappingProxyType({})

    @property
    def reader(self) -> "Eye":
        return self

    def read(self, pictures: Sequence[Picture], masks: Sequence[Masks]) -> list[Features]:
        return [self._regions(picture, own) for picture, own in zip(pictures, masks, strict=True)]

    def _regions(self, picture: Picture, masks: Masks) -> Features:
        rows = np.arange(masks.shape[1]) * picture.shape[0] // masks.shape[1]
        columns = np.arange(masks.shape[2]) * picture.shape[1] // masks.shape[2]
        small = picture[rows][:, columns].astype(np.float32) / 255
        return np.stack([(small * mask[:, :, None]).sum((0, 1)) / mask.sum() for mask in masks])

    def embed_regions(self, features: Features) -> np.ndarray:
        return (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32)

    def sharpness(self, features: Features) -> np.ndarray:
        return np.full(len(features), 20.0, np.float32)

    def name_chances(self, features: Features) -> np.ndarray:
        return np.zeros((len(features), 0), np.float32)

    def embed_phrases(self, phrases: Sequence[str]) -> np.ndarray:
        axes = [COLOURS.index(phrase.split()[0]) if phrase.split()[0] in COLOURS else 0 for phrase in phrases]
        return np.eye(3, dtype=np.float32)[axes]

    def propose(self, evidence: Sequence[Features], n: int) -> list[list[str]]:
        return [[f"{COLOURS[int(own.mean(0).argmax())]} thing"] for own in evidence]

    def log_p_given(
        self, evidence: Sequence[Features], phrases: Sequence[Sequence[str]]
    ) -> list[LogLikelihood]:
        return [
            LogLikelihood(
                np.log([max(own.mean(0)[COLOURS.index(phrase.split()[0])], 0.01) for phrase in said]),
                np.full(len(said), 2.0),
            )
            for own, said in zip(evidence, phrases, strict=True)
        ]

    def log_p_prior(self, phrases: Sequence[str]) -> LogLikelihood:
        return LogLikelihood(np.full(len(phrases), -2.0), np.full(len(phrases), 2.0))


@pytest.fixture(autouse=True)
def _eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    eye, phrases = Eye(), ("red paint", "green paint", "blue paint")
    bank = PhraseBank(phrases, ("own",) * 3, eye.embed_phrases(phrases))
    monkeypatch.setattr("milan.uses.build.open_voice", lambda *args, **more: Voice(eye, eye, bank))
    monkeypatch.setattr("milan.uses.build.open_simulator", lambda *args: Simulator(eye, bank))


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """240 pictures of noise with a patch of one colour."""
    folder = tmp_path / "many"
    folder.mkdir()
    for seed in range(240):
        draws = np.random.default_rng(seed)
        pixels = draws.integers(0, 120, (32, 32, 3), np.uint8)
        pixels[8:20, 8:20] = 0
        pixels[8:20, 8:20, seed % 3] = 180 + seed % 70
        Image.fromarray(pixels).save(folder / f"{seed:03d}.png")
    return folder


def kept_of(catalog: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, of the index of words what it holds and not how it grew."""
    with closing(sqlite3.connect(catalog)) as reader:
        names = [name for (name,) in reader.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        tables = [name for name in names if not name.startswith("description_text_")]
        return {table: reader.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}


def test_a_few_units_are_described_four_times_and_the_end_is_that_of_a_run_without(
    network: Network, many: Path, tmp_path: Path
) -> None:
    shown: list[tuple[UnitStatus, str | None]] = []

    def look(line: str) -> None:
        if line.startswith("preview after"):
            return
        if "colours/0/0: " in line:
            with Catalog.open(tmp_path / "preview.db") as store:
                unit = next(store.units("colours", "0"))
            shown.append((unit.status, unit.phrase))
        lines.append(line)

    lines: list[str] = []
    with_preview = replace(OPTIONS, preview=True)
    describe_network(network, many, tmp_path / "preview.db", with_preview, say=look)
    describe_network(network, many, tmp_path / "without.db", OPTIONS)
    assert len(lines) == 4 * 3 + 1  # three units that are not dead, and who described them
    assert lines[0] == "  colours/0/0: red paint (too few images were measured yet)"
    assert shown == [(UnitStatus.PREVIEW, "red paint")] * 4
    assert kept_of(tmp_path / "preview.db") == kept_of(tmp_path / "without.db")


def test_a_preview_that_was_cut_off_is_gone_after_the_next_run(
    network: Network, many: Path, tmp_path: Path
) -> None:
    def stop(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        describe_network(network, many, tmp_path / "cut.db", replace(OPTIONS, preview=True), say=stop)
    with Catalog.open(tmp_path / "cut.db") as store:
        assert store.knows_layer("colours", "0")
    describe_network(network, many, tmp_path / "cut.db", OPTIONS)
    describe_network(network, many, tmp_path / "without.db", OPTIONS)
    assert kept_of(tmp_path / "cut.db") == kept_of(tmp_path / "without.db")


def test_a_preview_is_of_words(network: Network, many: Path, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="a preview is of words"):
        describe_network(network, many, tmp_path / "u.db", replace(OPTIONS, preview=True, captioner=None))
