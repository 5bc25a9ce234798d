"""The network that looks maps up, and heads trained on masks."""

import numpy as np
import torch

from milan.scenes.planted import PlantedNetwork, content_of, fit_heads


def pictures(n: int, size: int = 32) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return list(rng.integers(0, 256, (n, size, size, 3), np.uint8))


def as_input(shown: list[np.ndarray]) -> torch.Tensor:
    return torch.from_numpy(np.stack(shown)).permute(0, 3, 1, 2).float() * np.float32(1 / 255)


def test_a_planted_network_emits_the_maps_of_the_pictures_it_knows_in_any_order() -> None:
    known = pictures(5)
    maps = np.arange(5 * 3 * 4, dtype=np.float16).reshape(5, 3, 2, 2)
    network = PlantedNetwork(maps, [content_of(picture) for picture in known])
    answer = network(as_input([known[4], known[1]])).numpy()
    assert np.array_equal(answer, maps[[4, 1]].astype(np.float32))


def test_a_picture_that_it_does_not_know_leaves_all_units_at_zero() -> None:
    known = pictures(2)
    network = PlantedNetwork(np.ones((1, 3, 2, 2), np.float16), [content_of(known[0])])
    assert network(as_input([known[1]])).abs().sum() == 0
    assert network(torch.randn(2, 3, 32, 32)).abs().sum() == 0


def test_heads_follow_a_mask_that_the_features_tell_and_leave_out_one_that_they_do_not() -> None:
    rng = np.random.default_rng(0)
    shown, signals = [], np.zeros((48, 2, 14, 14), np.float16)
    for number in range(48):
        picture = np.full((112, 112, 3), 60, np.uint8)
        row, column = rng.integers(0, 4, 2) * 2
        picture[row * 8 : row * 8 + 48, column * 8 : column * 8 + 48] = (214, 40, 40)
        signals[number, 0, row : row + 6, column : column + 6] = 1
        signals[number, 1] = rng.random((14, 14)) < 0.5
        shown.append(picture)
    fitted = fit_heads(shown, signals)
    assert fitted.kept == (0,)
    assert fitted.aucs[0] >= 0.9
    assert fitted.module(torch.zeros(1, 3, 112, 112)).shape == (1, 1, 7, 7)
