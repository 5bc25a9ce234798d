from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioner.backbone import Backbone
from captioner.errors import SampleError
from captioner.features import read_features
from captioner.samples import Sample


def pictures(folder: Path, n: int) -> None:
    random = np.random.default_rng(0)
    for index in range(n):
        Image.fromarray(random.integers(0, 256, (20, 30, 3), np.uint8)).save(folder / f"{index}.png")


def test_rows_follow_the_samples_and_pictures_are_read_once(
    tmp_path: Path, eye: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(tmp_path, 2)
    samples = [
        Sample("1.png", None, ("a dog",)),
        Sample("0.png", {"box": [0, 0, 5, 5]}, ("a cat",)),
        Sample("1.png", {"size": [2, 2], "counts": [1, 3]}, ("a tail",), split="validation"),
    ]
    read: list[int] = []
    eye.module.get_submodule("conv_stem").register_forward_hook(
        lambda m, args, out: read.append(len(args[0]))
    )
    data = read_features(samples, tmp_path, eye)
    assert [sample.phrases[0] for sample in data.samples] == ["a cat", "a dog", "a tail"]
    assert data.features.shape == (3, eye.n_features)
    assert sum(read) == 2
    again = read_features(samples, tmp_path, eye)
    assert sum(read) == 2
    np.testing.assert_array_equal(again.features, data.features)
    assert data.split("validation").samples == (data.samples[2],)


def test_what_was_read_before_an_interruption_is_not_read_again(
    tmp_path: Path, eye: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(tmp_path, 6)
    monkeypatch.setattr("captioner.features._CHUNK", 2)
    samples = [Sample(f"{index}.png", None, ("a dog",)) for index in range(6)]

    def stop(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_features(samples, tmp_path, eye, stop)
    read: list[int] = []
    eye.module.get_submodule("conv_stem").register_forward_hook(
        lambda m, args, out: read.append(len(args[0]))
    )
    assert read_features(samples, tmp_path, eye).features.shape[0] == 6
    assert sum(read) == 2


def test_a_picture_that_cannot_be_read_is_named(tmp_path: Path, eye: Backbone) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG nothing")
    with pytest.raises(SampleError, match=r"broken\.png"):
        read_features([Sample("broken.png", None, ("a dog",))], tmp_path, eye)
