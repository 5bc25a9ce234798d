from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioner.backbone import Backbone
from captioner.errors import CaptionerError, SampleError
from captioner.pretrained import open_captioner
from captioner.samples import Sample, write_samples
from captioner.train import train_from_samples

COLOURS = {"a red square": (220, 30, 30), "a blue square": (30, 30, 220), "a green square": (30, 200, 30)}


@pytest.fixture
def squares(tmp_path: Path, eye: Backbone, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Squares of three colours at random places, read by the tiny eye."""
    monkeypatch.setattr("captioner.train.open_backbone", lambda name: eye)
    monkeypatch.setattr("captioner.pretrained.open_backbone", lambda name: eye)
    random = np.random.default_rng(0)
    samples: list[Sample] = []
    for index in range(60):
        phrase, colour = list(COLOURS.items())[index % 3]
        picture = random.integers(100, 156, (32, 32, 3), np.uint8)
        x, y = random.integers(0, 17, 2)
        picture[y : y + 16, x : x + 16] = colour
        Image.fromarray(picture).save(tmp_path / f"{index}.png")
        box = {"box": [int(x), int(y), 16, 16]}
        split = "validation" if index >= 48 else "train"
        samples.append(Sample(f"{index}.png", box, (phrase, "a square"), split=split))
    write_samples(tmp_path / "samples.jsonl", samples)
    return tmp_path / "samples.jsonl"


def test_a_domain_is_learnt_from_a_file_of_samples(squares: Path, tmp_path: Path) -> None:
    said: list[str] = []
    trained = train_from_samples(
        squares, tmp_path / "own", base=None, steps=40, report=lambda what, done, total: said.append(what)
    )
    (figures,) = trained.figures
    assert figures.n_regions == 12
    assert figures.top1 == 1.0
    assert figures.judged > 0.8
    assert figures.gain > 0
    assert set(said) == {"reading", "projector", "decoder"}
    opened = open_captioner(str(tmp_path / "own"))
    regions = trained.captioner.reader.read(
        [np.full((32, 32, 3), COLOURS["a blue square"], np.uint8)], [np.ones((1, 4, 4), np.float32)]
    )
    given = opened.log_p_given(regions, [list(COLOURS)])[0].total
    assert list(COLOURS)[int(given.argmax())] == "a blue square"


def test_training_goes_on_from_a_base_and_leaves_it_as_it_was(squares: Path, tmp_path: Path) -> None:
    train_from_samples(squares, tmp_path / "base", base=None, steps=4)
    before = (tmp_path / "base" / "model.safetensors").read_bytes()
    prior = open_captioner(str(tmp_path / "base")).log_p_prior(["a square"]).total
    train_from_samples(squares, tmp_path / "next", base=str(tmp_path / "base"), steps=4)
    assert (tmp_path / "base" / "model.safetensors").read_bytes() == before
    assert open_captioner(str(tmp_path / "base")).log_p_prior(["a square"]).total == prior
    assert (tmp_path / "next" / "tokenizer.json").read_bytes() == (
        tmp_path / "base" / "tokenizer.json"
    ).read_bytes()


def test_the_same_seed_trains_the_same_weights(squares: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        train_from_samples(squares, tmp_path / name, base=None, steps=3, seed=3)
    one, two = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two


def test_a_file_with_nothing_to_train_on_is_refused(squares: Path, tmp_path: Path) -> None:
    write_samples(squares, [Sample("0.png", None, ("a square",), split="validation")])
    with pytest.raises(CaptionerError, match="no training samples"):
        train_from_samples(squares, tmp_path / "own", base=None, steps=5)


def test_a_missing_picture_is_named(squares: Path, tmp_path: Path) -> None:
    write_samples(squares, [Sample("gone.png", None, ("a square",))])
    with pytest.raises(SampleError, match=r"gone\.png"):
        train_from_samples(squares, tmp_path / "own", base=None, steps=5)
