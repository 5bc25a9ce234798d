import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from milan.datasets import Manifest, Side
from milan.errors import BadSetting, DataError


def fill(folder: Path, names: list[str]) -> Path:
    for seed, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng([seed, len(str(folder.name))]).integers(0, 256, (6, 6, 3), np.uint8)
        Image.fromarray(pixels).save(path)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "photos", [f"{index % 4}/{index:03}.png" for index in range(90)])


def test_images_are_listed_by_sorted_relative_path(tmp_path: Path) -> None:
    fill(tmp_path, ["b.png", "a/z.PNG", "a/y.jpg"])
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / ".hidden.png").write_bytes(b"")
    assert Manifest.scan(tmp_path).paths == ("a/y.jpg", "a/z.PNG", "b.png")


def test_about_two_thirds_serve_exemplars(folder: Path) -> None:
    share = Manifest.scan(folder).sides.count(Side.EXEMPLAR) / 90
    assert 0.5 < share < 0.85


def test_an_image_keeps_its_side_under_another_name_and_among_others(folder: Path, tmp_path: Path) -> None:
    before = Manifest.scan(folder)
    sides = dict(zip(before.hashes, before.sides, strict=True))
    moved = tmp_path / "moved"
    moved.mkdir()
    for at in range(0, 90, 2):
        shutil.copy(before.file(at), moved / f"other-{at}.png")
    after = Manifest.scan(moved)
    assert after.sides == tuple(sides[content] for content in after.hashes)
    assert len(set(after.sides)) == 2


def test_the_hash_tells_contents_apart_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    first = Manifest.scan(folder)
    copied = tmp_path / "elsewhere"
    shutil.copytree(folder, copied)
    assert Manifest.scan(copied).hash == first.hash
    Image.new("RGB", (5, 5)).save(copied / "0/000.png")
    assert Manifest.scan(copied).hash != first.hash


def test_a_limit_draws_by_seed_and_keeps_the_order(folder: Path) -> None:
    drawn = Manifest.scan(folder, limit=20)
    assert len(drawn) == 20
    assert list(drawn.paths) == sorted(drawn.paths)
    assert {path[0] for path in drawn.paths} == {"0", "1", "2", "3"}
    assert Manifest.scan(folder, limit=20).paths == drawn.paths
    assert Manifest.scan(folder, limit=20, seed=1).paths != drawn.paths
    with pytest.raises(BadSetting, match="at least 1"):
        Manifest.scan(folder, limit=0)


def test_a_folder_to_measure_on_leaves_all_other_images_to_exemplars(folder: Path, tmp_path: Path) -> None:
    other = fill(tmp_path / "held-out", ["000.png", "001.png"])
    manifest = Manifest.scan(folder, measure_on=other)
    assert manifest.sides == (Side.EXEMPLAR,) * 90 + (Side.MEASURING,) * 2
    assert manifest.paths[90:] == ("../held-out/000.png", "../held-out/001.png")
    assert manifest.file(91).samefile(other / "001.png")


def test_a_folder_to_measure_on_may_lie_inside_the_first(folder: Path) -> None:
    manifest = Manifest.scan(folder, measure_on=folder / "3")
    assert len(manifest) == 90
    assert {
        path[0] for path, side in zip(manifest.paths, manifest.sides, strict=True) if side is Side.MEASURING
    } == {"3"}


def test_the_measured_sample_is_a_part_of_the_measuring_side_and_grows_by_adding(folder: Path) -> None:
    manifest = Manifest.scan(folder)
    few, more = manifest.sample(5), manifest.sample(12)
    assert all(manifest.sides[at] is Side.MEASURING for at in more.tolist())
    assert set(few.tolist()) < set(more.tolist())
    assert len(manifest.sample(1000)) == manifest.sides.count(Side.MEASURING)
    shown = manifest.sample(1000, Side.EXEMPLAR).tolist()
    assert shown == [at for at, side in enumerate(manifest.sides) if side is Side.EXEMPLAR]


def test_a_handful_of_images_always_has_exemplars(tmp_path: Path) -> None:
    for seed in range(12):
        alone = tmp_path / str(seed)
        alone.mkdir()
        Image.new("RGB", (4, 4), (seed, 0, 0)).save(alone / "only.png")
        assert Manifest.scan(alone).sides == (Side.EXEMPLAR,)


def test_a_folder_without_images_is_refused_with_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(DataError, match=r"no images under .*\.jpg"):
        Manifest.scan(tmp_path)
    with pytest.raises(DataError, match="no folder"):
        Manifest.scan(tmp_path / "missing")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_links_are_followed_but_never_in_circles(folder: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "photos").symlink_to(folder, target_is_directory=True)
    (folder / "back").symlink_to(linked, target_is_directory=True)
    assert len(Manifest.scan(linked)) == 90


def test_a_broken_link_is_skipped_with_its_reason(folder: Path) -> None:
    (folder / "gone.png").symlink_to(folder / "nowhere.png")
    manifest = Manifest.scan(folder)
    assert len(manifest) == 90
    assert [(skip.path, skip.reason) for skip in manifest.skipped] == [
        ("gone.png", "No such file or directory")
    ]


def test_a_list_of_paths_gives_the_manifest_that_it_came_from(folder: Path) -> None:
    scanned = Manifest.scan(folder)
    assert Manifest.of(folder, scanned.paths).hash == scanned.hash


def test_a_listed_image_that_is_gone_is_named(folder: Path) -> None:
    paths = Manifest.scan(folder).paths
    (folder / paths[3]).unlink()
    with pytest.raises(DataError, match=f"{paths[3]}: No such file"):
        Manifest.of(folder, paths)
