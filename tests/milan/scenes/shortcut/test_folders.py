"""The shortcut's pictures on disk."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from milan.errors import BadSetting
from milan.scenes.shortcut import CLASSES
from milan.scenes.shortcut.folders import SPLITS, WORDS_FILE, Sizes, write_folders

SMALL = Sizes(train=2, validation=2, clean_validation=1, test=2)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shortcut")
    assert write_folders(folder, 100, SMALL) == 9 * len(CLASSES)
    return folder


def words(folder: Path) -> dict[str, dict[str, object]]:
    lines = (folder / WORDS_FILE).read_text(encoding="utf-8").splitlines()
    return {line["image"]: line for line in map(json.loads, lines)}


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path)).astype(int)


def test_every_folder_holds_pictures_of_every_class(pictures: Path) -> None:
    for split in SPLITS:
        assert sorted(path.name for path in (pictures / split).iterdir()) == sorted(CLASSES)
        for name in CLASSES:
            assert len(list((pictures / split / name).glob("*.png"))) == SMALL.of(split)


def test_half_of_what_is_learnt_from_carries_its_own_name_and_clean_pictures_none(pictures: Path) -> None:
    said = words(pictures)
    for split in ("train", "validation"):
        worded = [line for image, line in said.items() if image.startswith(f"{split}/")]
        assert len(worded) == len(CLASSES)
        assert all(str(line["image"]).split("/")[1] == line["word"] for line in worded)
    assert not [image for image in said if image.startswith("clean-")]


def test_every_adversarial_picture_is_a_clean_one_with_a_wrong_name(pictures: Path) -> None:
    said = words(pictures)
    for name in CLASSES:
        for clean in sorted((pictures / "clean-test" / name).glob("*.png")):
            line = said[f"adversarial-test/{name}/{clean.name}"]
            assert line["word"] in set(CLASSES) - {name}
            changed = (pixels(clean) != pixels(pictures / str(line["image"]))).any(axis=2)
            x, y, width, height = np.array(line["box"]).tolist()
            assert changed[y : y + height, x : x + width].sum() == changed.sum() > 0


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(pictures: Path, tmp_path: Path) -> None:
    write_folders(tmp_path / "again", 100, SMALL)
    write_folders(tmp_path / "other", 101, SMALL)
    one = Path("train/dog/0000.png")
    assert (tmp_path / "again" / one).read_bytes() == (pictures / one).read_bytes()
    assert (tmp_path / "other" / one).read_bytes() != (pictures / one).read_bytes()
    assert (tmp_path / "again" / WORDS_FILE).read_bytes() == (pictures / WORDS_FILE).read_bytes()


def test_sizes_that_leave_a_folder_empty_are_refused() -> None:
    with pytest.raises(BadSetting, match="every class"):
        Sizes(train=1)
