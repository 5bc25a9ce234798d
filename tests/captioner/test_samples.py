import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioner.errors import SampleError
from captioner.samples import Sample, draw_mask, read_samples, write_samples


def lines(folder: Path, *records: object) -> Path:
    file = folder / "samples.jsonl"
    file.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records), encoding="utf8")
    return file


def test_samples_are_read_back_as_written(tmp_path: Path) -> None:
    samples = [
        Sample("a.png", None, ("a dog", "an animal"), "photo", "validation"),
        Sample("b.png", {"box": [1, 2, 3, 4]}, ("ein hund, groß",)),
    ]
    assert write_samples(tmp_path / "s.jsonl", samples) == 2
    assert read_samples(tmp_path / "s.jsonl") == samples


def test_phrases_are_cleaned_and_kept_once(tmp_path: Path) -> None:
    (sample,) = read_samples(
        lines(tmp_path, {"image": "a.png", "phrases": ["A  Dog", "a dog", " an animal "]})
    )
    assert sample.phrases == ("a dog", "an animal")
    assert (sample.kind, sample.mask) == ("region", None)


def test_regions_of_one_picture_are_on_one_side_of_the_split(tmp_path: Path) -> None:
    records = [{"image": f"{i % 400}.png", "phrases": ["a dog"]} for i in range(800)]
    samples = read_samples(lines(tmp_path, *records))
    splits = {(sample.image, sample.split) for sample in samples}
    assert len(splits) == 400
    assert 0.05 < sum(split == "validation" for _, split in splits) / 400 < 0.16


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ({"phrases": ["a"]}, '"image"'),
        ({"image": "a.png", "phrases": []}, '"phrases"'),
        ({"image": "a.png", "phrases": [" "]}, '"phrases"'),
        ({"image": "a.png", "phrases": ["a"], "split": "test"}, '"split"'),
        ({"image": "a.png", "phrases": ["a"], "mask": {"polygon": []}}, '"mask"'),
        ({"image": "a.png", "phrases": ["a"], "mask": {"box": [1, 2, 0, 4]}}, "above 0"),
        ({"image": "a.png", "phrases": ["a"], "mask": {"box": [1, 2, 3]}}, '"box"'),
        ({"image": "a.png", "phrases": ["a"], "mask": {"counts": [4]}}, '"size"'),
        ({"image": "a.png", "phrases": ["a"], "mask": {"size": [2, 2], "counts": "abc"}}, "compressed"),
        ({"image": "a.png", "phrases": ["a"], "mask": {"size": [2, 2], "counts": [1, 2]}}, "add up to 3"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, record: object, complaint: str) -> None:
    good = {"image": "a.png", "phrases": ["a dog"]}
    with pytest.raises(SampleError, match=r"line 2: .*" + complaint):
        read_samples(lines(tmp_path, good, record))


def test_a_file_without_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="no samples"):
        read_samples(lines(tmp_path, "", ""))


def test_a_box_covers_its_share_of_the_border_cells() -> None:
    drawn = draw_mask({"box": [0, 0, 112, 28]}, 224, 112, Path())
    assert drawn.shape == (56, 56)
    np.testing.assert_allclose(drawn[:14, :28], 1)
    assert drawn[14:].sum() == 0 == drawn[:, 28:].sum()
    assert draw_mask({"box": [0, 0, 2, 112]}, 224, 112, Path())[0, 0] == pytest.approx(0.5)


def test_runs_go_down_the_columns_outside_first() -> None:
    drawn = draw_mask({"size": [2, 3], "counts": [1, 2, 3]}, 30, 20, Path())
    np.testing.assert_array_equal(drawn, [[0, 1, 0], [1, 0, 0]])


def test_a_large_mask_shrinks_to_shares(tmp_path: Path) -> None:
    mask = np.zeros((224, 448), np.uint8)
    mask[:, :224] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    drawn = draw_mask({"file": "mask.png"}, 448, 224, tmp_path)
    np.testing.assert_allclose(drawn[:, :28], 1)
    assert drawn[:, 28:].sum() == 0


def test_no_mask_is_the_whole_picture() -> None:
    assert draw_mask(None, 30, 20, Path()).min() == 1


@pytest.mark.parametrize("name", ["none.jsonl", ".", "picture.png"])
def test_what_is_no_file_of_text_is_named(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (2, 2)).save(tmp_path / "picture.png")
    with pytest.raises(SampleError, match="cannot be read as samples"):
        read_samples(tmp_path / name)
