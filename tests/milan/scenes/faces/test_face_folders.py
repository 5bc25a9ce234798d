"""Pictures with faces and their twins on disk."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from milan.errors import BadSetting
from milan.scenes.faces import CLASSES
from milan.scenes.faces.folders import FACES_FILE, MANNERS, Sizes, manners_of, write_folders

SMALL = Sizes(train=1, described=1, test=2)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    assert write_folders(folder, 200, SMALL) == (2 + 1 + 4) * len(CLASSES)
    return folder


def boxes(folder: Path) -> dict[str, list[int]]:
    lines = (folder / FACES_FILE).read_text(encoding="utf-8").splitlines()
    return {line["image"]: line["box"] for line in map(json.loads, lines)}


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path))


def test_networks_learn_from_twins_and_are_described_on_originals_alone(twins):
    assert manners_of("described") == ("original",)
    assert sorted(path.name for path in (twins / "described").iterdir()) == ["original"]
    for manner in MANNERS:
        assert sorted(path.name for path in (twins / "train" / manner).iterdir()) == sorted(CLASSES)


def test_faces_are_where_the_file_says_and_only_in_classes_with_a_face(twins):
    known = boxes(twins)
    assert len(known) == (1 + 1 + 2) * len(CLASSES) // 2
    assert all("with a face/" in image and "/original/" in image for image in known)


def test_twins_differ_within_the_face_alone(twins):
    for image, (x, y, width, height) in boxes(twins).items():
        if image.startswith("described/"):
            continue
        twin = twins / image.replace("original", "blurred")
        changed = (pixels(twins / image) != pixels(twin)).any(axis=2)
        assert changed[y : y + height, x : x + width].sum() == changed.sum() > 0


def test_pictures_without_a_face_are_the_same_in_both_twins(twins):
    one, twin = (twins / "test" / manner / "guitar" / "0000.png" for manner in MANNERS)
    assert (pixels(one) == pixels(twin)).all()


def test_the_same_seed_writes_the_same_faces_and_another_seed_others(twins, tmp_path):
    write_folders(tmp_path / "again", 200, Sizes(1, 1, 1))
    write_folders(tmp_path / "other", 201, Sizes(1, 1, 1))
    one = Path("train/blurred/guitar with a face/0000.png")
    assert (tmp_path / "again" / one).read_bytes() == (twins / one).read_bytes()
    assert (tmp_path / "other" / one).read_bytes() != (twins / one).read_bytes()


def test_sizes_without_pictures_and_negative_seeds_are_refused(tmp_path):
    with pytest.raises(BadSetting, match="every class"):
        Sizes(train=0)
    with pytest.raises(BadSetting, match="at least 0"):
        write_folders(tmp_path, -1)
