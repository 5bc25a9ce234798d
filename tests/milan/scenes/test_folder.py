import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from captioner.samples import read_samples
from milan.errors import BadSetting
from milan.scenes import REGIONS_FILE, SceneSettings, render_scene, run_lengths, write_scenes

SMALL = SceneSettings(size=64, max_objects=3)


def drawn(encoded: dict[str, list[int]]) -> np.ndarray:
    height, width = encoded["size"]
    inside = np.arange(len(encoded["counts"])) % 2 == 1
    return np.repeat(inside, encoded["counts"]).reshape(width, height).T


@given(arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.booleans()))
def test_run_lengths_hold_the_mask_exactly(mask):
    encoded = run_lengths(mask)
    assert sum(encoded["counts"]) == mask.size
    np.testing.assert_array_equal(drawn(encoded), mask)


def test_a_folder_holds_every_object_and_part_of_its_scenes(tmp_path):
    n_regions = write_scenes(tmp_path, 4, seed=20, settings=SMALL)
    lines = [json.loads(line) for line in (tmp_path / REGIONS_FILE).read_text(encoding="utf-8").splitlines()]
    scenes = [render_scene(seed, SMALL) for seed in range(20, 24)]
    truth = [
        (mask, phrases)
        for scene in scenes
        for item in scene.objects
        for mask, phrases in [(item.mask, item.phrases), *((p.mask, (p.phrase,)) for p in item.parts)]
    ]
    assert len(lines) == n_regions == len(truth)
    for line, (mask, phrases) in zip(lines, truth, strict=True):
        assert tuple(line["phrases"]) == phrases
        np.testing.assert_array_equal(drawn(line["mask"]), mask)


@pytest.mark.parametrize("picture_format", ["png", "webp"])
def test_pictures_are_written_without_loss(tmp_path, picture_format):
    write_scenes(tmp_path, 1, seed=5, settings=SMALL, picture_format=picture_format)
    with Image.open(tmp_path / "pictures" / f"000005.{picture_format}") as picture:
        np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), render_scene(5, SMALL).picture)


def test_the_captioner_reads_the_folder(tmp_path):
    n_regions = write_scenes(tmp_path, 3, settings=SMALL)
    samples = read_samples(tmp_path / REGIONS_FILE)
    assert len(samples) == n_regions
    assert {sample.split for sample in samples} <= {"train", "validation"}


def test_all_regions_of_a_scene_are_on_the_same_side_of_the_split(tmp_path):
    write_scenes(tmp_path, 40, settings=SceneSettings(size=32, max_objects=1))
    sides: dict[str, set[str]] = {}
    for line in (tmp_path / REGIONS_FILE).read_text(encoding="utf-8").splitlines():
        region = json.loads(line)
        sides.setdefault(region["image"], set()).add(region["split"])
    assert all(len(side) == 1 for side in sides.values())
    assert {side for found in sides.values() for side in found} == {"train", "validation"}


def test_an_unknown_picture_format_is_refused(tmp_path):
    with pytest.raises(BadSetting, match="jpeg"):
        write_scenes(tmp_path, 1, picture_format="jpeg")
