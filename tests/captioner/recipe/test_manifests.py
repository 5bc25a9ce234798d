import io
import json
import lzma
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioner.recipe.cutouts import as_counts, paste_cutouts
from captioner.recipe.manifests import SourceFolder, run_lengths
from captioner.recipe.photos import photo_samples, split_of, with_article
from captioner.samples import draw_mask


def manifest(root: Path, name: str, *rows: dict[str, object]) -> None:
    (root / "manifests").mkdir(exist_ok=True)
    with lzma.open(root / "manifests" / f"{name}.jsonl.xz", "wt", encoding="utf8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def source(tmp_path: Path) -> SourceFolder:
    """One labelled photo, one captioned, one with a region, one cut-out."""
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name, mode in (
            ("set/a.png", "RGB"),
            ("set/b.png", "RGB"),
            ("set/c.png", "RGB"),
            ("cut/d.png", "RGBA"),
        ):
            buffer = io.BytesIO()
            Image.new(mode, (40, 20), (200, 30, 30, 255)[: len(mode)]).save(buffer, "png")
            archive.writestr(name, buffer.getvalue())
    photo = {"zip": "p.zip", "w": 40, "h": 20}
    manifest(
        tmp_path, "images_labels", photo | {"file": "set/a.png", "set": "caltech101", "label": "Umbrella"}
    )
    manifest(
        tmp_path, "images_captions", photo | {"file": "set/b.png", "captions": ["A dog , running !", "x"]}
    )
    manifest(tmp_path, "images_regions_only", photo | {"file": "set/c.png"})
    region = {"image": "set/c.png", "set": "coco", "bbox": [0, 0, 20, 20], "phrases": ["a Cat", "a cat"]}
    manifest(tmp_path, "regions", photo | region)
    cutout = {"file": "cut/d.png", "zip": "p.zip", "title": "A Red Flag."}
    sentence = {"file": "cut/d.png", "zip": "p.zip", "title": "Remember to wash your hands with soap!"}
    manifest(tmp_path, "cutouts", cutout, sentence)
    return SourceFolder(tmp_path)


def test_every_photo_is_there_as_a_whole_with_what_was_said_of_it(source: SourceFolder) -> None:
    samples = list(photo_samples(source))
    whole = {sample.image: sample.phrases for sample in samples if sample.mask is None}
    assert whole == {
        "set/a.png": ("an umbrella",),
        "set/b.png": ("a dog running",),
        "set/c.png": ("a photo",),
    }
    (region,) = (sample for sample in samples if sample.kind == "coco region")
    assert region.phrases == ("a cat",)
    assert sum(sample.kind == "caltech101 patch" for sample in samples) == 2


def test_a_pasted_cut_out_is_where_its_mask_says(source: SourceFolder, tmp_path: Path) -> None:
    samples = list(paste_cutouts(source, tmp_path, seed=1))
    assert {sample.phrases for sample in samples} == {("a red flag",)}
    for sample in samples:
        with Image.open(tmp_path / sample.image) as picture:
            assert picture.size == (224, 224)
        mask = draw_mask(sample.mask, 224, 224, tmp_path)
        assert 0 < mask.mean() < 0.5
        assert sample.split == split_of("cut/d.png")


def test_run_lengths_go_there_and_back() -> None:
    mask = np.random.default_rng(0).random((9, 7)) > 0.5
    mask[0, 0] = True
    counts = as_counts(mask)
    assert counts["counts"][0] == 0
    np.testing.assert_array_equal(draw_mask(counts, 7, 9, Path()), mask)


def test_compressed_run_lengths_are_differences_from_the_third_on() -> None:
    # 5, 3, 5+1, 3-2 by hand: six bits a character from '0' on, bit 5 = more, bit 4 = sign
    assert run_lengths("531N") == [5, 3, 1, 3 - 2]
    assert run_lengths("0P1") == [0, 32]


def test_names_get_the_article_that_english_wants() -> None:
    assert [with_article(n) for n in ("apple", "unicycle", "jeans", "glass", "letter t", "food")] == [
        "an apple",
        "a unicycle",
        "jeans",
        "a glass",
        "the letter t",
        "food",
    ]


def test_frames_of_one_drive_stay_together() -> None:
    assert {split_of(f"camvid/Seq05VD_f{n}.webp") for n in range(20)} == {"validation"}
    assert {split_of(f"camvid/0001TP_{n}.webp") for n in range(20)} == {"train"}
