from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from captioner.protocols import Picture
from milan.describe import Voice, gather_evidence
from milan.records import LayerExemplars

OpenView = Callable[[str], Picture]
LayerOf = Callable[..., LayerExemplars]


def test_a_picture_is_read_once_however_many_units_and_layers_hold_it(
    voice: Voice, open_view: OpenView, layer_of: LayerOf
) -> None:
    layers = [layer_of(["red", "red", "green"]), layer_of(["red"])]
    gather_evidence(layers, open_view, voice)
    assert voice.captioner.reader.n_read == 4  # type: ignore[attr-defined]  # two pictures of each colour


def test_a_unit_is_seen_under_its_own_mask(voice: Voice, open_view: OpenView, layer_of: LayerOf) -> None:
    (seen,) = gather_evidence([layer_of(["green", "blue"])], open_view, voice).layers
    # the left half is bright; the whole picture would give half of it
    np.testing.assert_allclose(seen.features_of(1).mean(0)[2], 250 / 255, atol=0.1)
    np.testing.assert_allclose(seen.features_of(0).mean(0)[1], 250 / 255, atol=0.1)


def test_dead_units_take_no_part(voice: Voice, open_view: OpenView, layer_of: LayerOf) -> None:
    (seen,) = gather_evidence([layer_of(["red", "green"], dead=[0])], open_view, voice).layers
    assert seen.units == [1]
    assert len(seen.features_of(0)) == 0


def test_progress_ends_at_the_number_of_pictures(
    voice: Voice, open_view: OpenView, layer_of: LayerOf
) -> None:
    told: list[Any] = []
    gather_evidence([layer_of(["red"])], open_view, voice, progress=lambda *told_now: told.append(told_now))
    assert told[-1] == (2, 2)


def test_a_unit_with_fewer_images_than_k_has_fewer_regions(
    voice: Voice, open_view: OpenView, layer_of: LayerOf
) -> None:
    layer = layer_of(["red"])
    layer.images[0, 1] = -1
    (seen,) = gather_evidence([layer], open_view, voice).layers
    assert len(seen.features_of(0)) == 1


def test_a_view_that_cannot_be_opened_is_an_error_and_not_an_empty_region(
    voice: Voice, layer_of: LayerOf
) -> None:
    def broken(path: str) -> Picture:
        raise OSError(path)

    with pytest.raises(OSError, match="red-0"):
        gather_evidence([layer_of(["red"])], broken, voice)


def test_what_lies_beside_a_region_is_read_where_the_encoder_is_sharp(
    voice: Voice, open_view: OpenView, layer_of: LayerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beside() -> np.ndarray:
        (seen,) = gather_evidence([layer_of(["green"])], open_view, voice).layers
        return seen.beside_of(0)[0]

    assert np.isnan(beside()).all()
    monkeypatch.setattr(
        type(voice.encoder), "sharpness", lambda self, features: np.full(len(features), 100, np.float32)
    )
    left, right, top, bottom = beside()
    # the region is the green left half: on its right the picture is dark grey, elsewhere it ends
    np.testing.assert_allclose(right, 100 / np.sqrt(3), rtol=0.01)
    assert np.isnan([left, top, bottom]).all()
