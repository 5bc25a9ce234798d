"""Samples of rendered scenes."""

from pathlib import Path

from captioner.recipe.scenes import background_samples, scene_samples
from captioner.samples import Sample, write_samples


def square(size: int) -> dict[str, list[int]]:
    """The upper left corner of a picture of 56 by 56 pixels."""
    counts = [0]
    for _ in range(size):
        counts += [size, 56 - size]
    counts[-1] += (56 - size) * 56
    return {"size": [56, 56], "counts": counts}


def folder_with(path: Path, *samples: Sample) -> Path:
    write_samples(path / "regions.jsonl", samples)
    return path


def test_an_object_is_learnt_by_its_mask_and_by_the_patch_that_it_fills(tmp_path: Path) -> None:
    whole, patch = scene_samples(folder_with(tmp_path, Sample("1.webp", square(24), ("a dog",), "emoji")))
    assert whole.mask == square(24)
    assert (patch.kind, patch.phrases) == ("emoji patch", ("a dog",))
    assert patch.mask == {"box": [0.0, 0.0, 24.0, 24.0]}


def test_a_small_object_has_no_patch_of_its_own(tmp_path: Path) -> None:
    (only,) = scene_samples(folder_with(tmp_path, Sample("1.webp", square(8), ("a dog",), "emoji")))
    assert only.kind == "emoji"


def test_halves_and_backgrounds_are_left_out_and_parts_have_no_patch(tmp_path: Path) -> None:
    found = scene_samples(
        folder_with(
            tmp_path,
            Sample("1.webp", square(24), ("the sky",), "background"),
            Sample("1.webp", square(24), ("left half of a dog",), "part"),
            Sample("1.webp", square(24), ("left ear of a dog",), "part"),
        )
    )
    assert [sample.phrases[0] for sample in found] == ["left ear of a dog"]


def test_a_background_is_learnt_by_its_mask_and_where_nothing_lies_on_it(tmp_path: Path) -> None:
    free = {"size": [56, 56], "counts": [24 * 56, 32 * 56]}  # all but a band at the left
    mask, *patches = background_samples(
        folder_with(tmp_path, Sample("1.webp", free, ("the sky",), "background"))
    )
    assert mask.mask == free
    assert [patch.kind for patch in patches] == ["background patch"] * 2
    boxes = [patch.mask["box"] for patch in patches if patch.mask is not None]
    assert all(left >= 24 and size == 24 for left, _, size, _ in boxes)
    assert boxes[0] != boxes[1]


def test_backgrounds_of_every_fifth_scene_will_do(tmp_path: Path) -> None:
    every = (Sample(f"{n}.webp", square(8), ("the sky",), "background") for n in range(6))
    found = background_samples(folder_with(tmp_path, *every))
    assert {sample.image for sample in found} == {"0.webp", "5.webp"}


def test_half_of_the_scenes_can_be_taken(tmp_path: Path) -> None:
    every = (Sample(f"{n}.webp", square(8), ("a dog",), "emoji") for n in range(6))
    assert {s.image for s in scene_samples(folder_with(tmp_path, *every), half=True)} == {
        "0.webp",
        "2.webp",
        "4.webp",
    }
