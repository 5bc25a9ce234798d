from pathlib import Path

import pytest
from PIL import Image

from milan.datasets import LabelledImages, read_classes
from milan.errors import DataError, UnknownName


def folders(root: Path, *names: str, n: int = 2) -> Path:
    for number, name in enumerate(names):
        (root / name).mkdir(parents=True)
        for index in range(n):
            Image.new("RGB", (4, 4), (number * 9, index * 50, 0)).save(root / name / f"{index}.png")
    return root


def test_as_many_folders_as_outputs_are_taken_in_sorted_order(tmp_path: Path) -> None:
    labelled = LabelledImages.read(folders(tmp_path, "cat", "ant", "bee"), 3)
    assert dict(labelled.classes) == {"ant": 0, "bee": 1, "cat": 2}
    assert labelled.labels.tolist() == [0, 0, 1, 1, 2, 2]


def test_folders_that_are_numbers_are_outputs(tmp_path: Path) -> None:
    assert dict(LabelledImages.read(folders(tmp_path, "7", "12"), 20).classes) == {"7": 7, "12": 12}


def test_imagenet_classes_are_known_by_id_and_by_name(tmp_path: Path) -> None:
    labelled = LabelledImages.read(folders(tmp_path, "n02123045", "Siamese_cat"), 1000)
    assert dict(labelled.classes) == {"n02123045": 281, "Siamese_cat": 284}


def test_a_file_says_which_output_a_folder_is(tmp_path: Path) -> None:
    file = tmp_path / "classes.tsv"
    file.write_text("cat\t4\ndog\t2\n")
    images = folders(tmp_path / "images", "cat", "dog")
    assert LabelledImages.read(images, 9, outputs=read_classes(file)).labels.tolist() == [4, 4, 2, 2]
    as_json = tmp_path / "classes.json"
    as_json.write_text('{"cat": 4, "dog": 2}')
    assert read_classes(as_json) == read_classes(file)


def test_labels_that_do_not_fit_the_outputs_are_refused(tmp_path: Path) -> None:
    images = folders(tmp_path, "cat", "dog")
    with pytest.raises(DataError, match="2 class folders, the network 7 outputs"):
        LabelledImages.read(images, 7)
    with pytest.raises(DataError, match="'dog' stands for output 9, but the network has outputs 0 to 6"):
        LabelledImages.read(images, 7, outputs={"cat": 1, "dog": 9})


def test_a_folder_that_the_file_does_not_name_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'dogs'"):
        LabelledImages.read(folders(tmp_path, "dog"), 7, outputs={"dogs": 1})


def test_an_image_outside_class_folders_is_refused(tmp_path: Path) -> None:
    folders(tmp_path, "cat")
    Image.new("RGB", (4, 4)).save(tmp_path / "stray.png")
    with pytest.raises(DataError, match=r"stray\.png lies in no class folder"):
        LabelledImages.read(tmp_path, 1)


def test_a_line_of_classes_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "classes.tsv"
    file.write_text("cat\t4\ndog\ttwo\n")
    with pytest.raises(DataError, match="line 2"):
        read_classes(file)
    file.write_text("\n")
    with pytest.raises(DataError, match="names no classes"):
        read_classes(file)
