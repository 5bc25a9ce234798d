import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from milan.datasets import Batches, Manifest, View, n_batches
from milan.errors import BadSetting, DataError


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    for index in range(11):
        Image.new("RGB", (4, 4), (index, 0, 0)).save(tmp_path / f"{index:02}.png")
    return Manifest.scan(tmp_path)


def prepare(name: str, picture: Image.Image) -> tuple[View, np.ndarray]:
    view = np.asarray(picture)
    return view, np.moveaxis(view, -1, 0).astype(np.float32)


def test_batches_are_cut_by_position_and_the_last_is_padded(manifest: Manifest) -> None:
    batches = list(Batches(manifest, 4, prepare))
    assert len(batches) == n_batches(manifest, 4) == 3
    assert [(batch.first, batch.n_images, len(batch.inputs)) for batch in batches] == [
        (0, 4, 4),
        (4, 4, 4),
        (8, 3, 4),
    ]
    assert [batch.inputs[:, 0, 0, 0].tolist() for batch in batches] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10, 0],
    ]


def test_a_part_of_the_batches_is_the_same_as_in_the_whole(manifest: Manifest) -> None:
    whole = list(Batches(manifest, 4, prepare, workers=1))
    (part,) = Batches(manifest, 4, prepare, workers=3, only=[1])
    assert part.inputs.tobytes() == whole[1].inputs.tobytes()
    assert part.views.keys() == {4, 5, 6, 7}


def test_a_broken_image_leaves_a_row_of_zeros_and_its_reason(manifest: Manifest) -> None:
    manifest.file(5).write_bytes(b"")
    batch = list(Batches(manifest, 4, prepare))[1]
    assert batch.inputs[1].any() == False  # noqa: E712 (numpy's own bool)
    assert batch.inputs[2].any()
    assert batch.skipped[5].path == "05.png"
    assert "not an image" in batch.skipped[5].reason
    assert batch.views.keys() == {4, 6, 7}


def test_a_batch_of_broken_images_has_no_pixels(manifest: Manifest) -> None:
    for at in range(4):
        manifest.file(at).unlink()
    batch = next(iter(Batches(manifest, 4, prepare)))
    assert batch.skipped.keys() == {0, 1, 2, 3}
    assert batch.inputs.size == 0


def test_inputs_of_different_shapes_are_refused_by_name(manifest: Manifest) -> None:
    Image.new("RGB", (9, 4)).save(manifest.file(2))
    with pytest.raises(DataError, match="different shapes"):
        list(Batches(manifest, 4, prepare))


def test_decoding_stays_two_batches_ahead(tmp_path: Path) -> None:
    for index in range(40):
        Image.new("RGB", (4, 4)).save(tmp_path / f"{index:02}.png")
    counted = threading.Lock()
    n_decoded = 0

    def counting(name: str, picture: Image.Image) -> tuple[View, np.ndarray]:
        nonlocal n_decoded
        with counted:
            n_decoded += 1
        return prepare(name, picture)

    batches = iter(Batches(Manifest.scan(tmp_path), 4, counting))
    next(batches)
    assert n_decoded <= 12
    batches.close()
    assert n_decoded <= 12


def test_workers_and_batch_size_are_at_least_one(manifest: Manifest) -> None:
    with pytest.raises(BadSetting, match="at least 1"):
        Batches(manifest, 0, prepare)
    with pytest.raises(BadSetting, match="at least 1"):
        Batches(manifest, 4, prepare, workers=0)
