"""Scenes for captioners to learn from."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from milan.scenes import concepts
from milan.scenes.drawing.cutouts import twemoji
from milan.scenes.drawing.varied import in_any_light, varied
from milan.scenes.folder import write_stream
from milan.scenes.planted import unseen_concepts
from milan.scenes.training import training_scenes

APPLE = concepts()["emoji:red_apple"].symbol


def test_the_same_seed_draws_the_same_scenes() -> None:
    once, again = (list(training_scenes(40, 3)) for _ in range(2))
    for scene, other in zip(once, again, strict=True):
        np.testing.assert_array_equal(scene.picture, other.picture)


def test_no_scene_shows_a_concept_that_the_benchmark_keeps_apart() -> None:
    shown = {item.concept for scene in training_scenes(0, 60) for item in scene.objects}
    assert len(shown) > 100
    assert shown.isdisjoint(unseen_concepts())


def test_one_emoji_is_drawn_in_ever_other_manners() -> None:
    style = varied(np.random.default_rng(0))
    drawings = [style(APPLE) for _ in range(6)]
    colours = {
        tuple(np.round(drawn[drawn[..., 3] > 200][:, :3].mean(0))) for drawn in drawings if drawn is not None
    }
    assert len(colours) == 6
    assert all(drawn is not None and drawn.shape == drawings[0].shape for drawn in drawings)  # type: ignore[union-attr]


def test_a_drawing_keeps_the_outline_of_the_thing() -> None:
    drawn = varied(np.random.default_rng(1))(APPLE)
    known = twemoji(APPLE)
    assert drawn is not None
    assert known is not None
    ours = np.asarray(Image.fromarray(drawn[..., 3]).resize((72, 72))) > 128
    theirs = known[..., 3] > 128
    assert (ours & theirs).sum() / (ours | theirs).sum() > 0.75


def test_an_emoji_without_a_drawing_has_none_in_any_manner() -> None:
    assert varied(np.random.default_rng(0))("not an emoji") is None


def test_light_changes_a_picture_and_not_its_size() -> None:
    picture = np.full((20, 30, 3), 128, np.uint8)
    lit = in_any_light(picture, np.random.default_rng(3))
    assert lit.shape == picture.shape
    assert lit.dtype == np.uint8
    assert (lit != picture).mean() > 0.5


def test_scenes_are_written_as_samples(tmp_path: Path) -> None:
    n_regions = write_stream(tmp_path, training_scenes(7, 2), "webp")
    lines = (tmp_path / "regions.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == n_regions > 0
    assert all((tmp_path / json.loads(line)["image"]).is_file() for line in lines)
