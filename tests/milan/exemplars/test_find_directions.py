"""Exemplars of directions in a layer."""

from pathlib import Path

import numpy as np
import torch

from milan.datasets import Manifest
from milan.exemplars import ExemplarSettings, ExemplarState, Shard, find_exemplars, provenance_of
from milan.networks import Directions, Network
from milan.records import LayerExemplars

SETTINGS = ExemplarSettings(k=4, batch_size=8, map_size=8, signed=True)


def find(network: Network, pictures: Path, *names: str) -> dict[str, LayerExemplars]:
    layers = [network.layer(name) for name in names]
    return find_exemplars(network, layers, Manifest.scan(pictures), SETTINGS).finish()


def assert_alike(own: LayerExemplars, made: LayerExemplars) -> None:
    assert own.statuses == made.statuses
    for part in ("thresholds", "images", "peaks", "maps", "scales"):
        assert getattr(own, part).tobytes() == getattr(made, part).tobytes(), part
    for sample in ("measured", "selected"):
        assert getattr(own, sample).mean.tobytes() == getattr(made, sample).mean.tobytes()
    if own.downward is not None and made.downward is not None:
        assert_alike(own.downward, made.downward)


def test_rows_that_are_units_have_the_units_exemplars_to_the_byte(network: Network, pictures: Path) -> None:
    network = network.with_directions(Directions("own", "2", torch.eye(6)))
    alone = find(network, pictures, "2@own")
    both = find(network, pictures, "2", "2@own")
    assert_alike(both["2"], both["2@own"])
    assert_alike(both["2"], alone["2@own"])


def test_a_negative_row_has_the_units_lowest_as_its_highest(network: Network, pictures: Path) -> None:
    network = network.with_directions(Directions("turned", "2", -torch.eye(6)))
    found = find(network, pictures, "2", "2@turned")
    downward = found["2"].downward
    assert downward is not None
    assert found["2@turned"].images.tobytes() == downward.images.tobytes()
    assert found["2@turned"].peaks.tobytes() == downward.peaks.tobytes()


def test_a_row_of_zeros_is_dead(network: Network, pictures: Path) -> None:
    network = network.with_directions(Directions("none", "2", torch.zeros(1, 6)))
    assert find(network, pictures, "2@none")["2@none"].statuses == ("dead",)


def test_another_matrix_under_the_same_name_is_another_result(network: Network, pictures: Path) -> None:
    manifest = Manifest.scan(pictures)

    def key(matrix: torch.Tensor, *names: str, of: str) -> str:
        made = network.with_directions(Directions("pca", "2", matrix))
        layers = [made.layer(name) for name in names]
        return provenance_of(made, layers, manifest, SETTINGS).for_layer(of).key()

    one, other = torch.eye(6), torch.eye(6) * 2
    assert key(one, "2@pca", of="2@pca") != key(other, "2@pca", of="2@pca")
    assert key(one, "2@pca", of="2@pca") == key(one, "0", "2", "2@pca", of="2@pca")
    assert key(one, "2", "2@pca", of="2") == key(other, "2", of="2")


def test_shards_of_directions_merge_to_one_pass(network: Network, pictures: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = network.with_directions(Directions("pca", "0", torch.randn(9, 5), torch.randn(9), relu=True))
    manifest, layers = Manifest.scan(pictures), [network.layer("0@pca")]
    files = [tmp_path / f"{index}.safetensors" for index in range(2)]
    for index, file in enumerate(files):
        find_exemplars(network, layers, manifest, SETTINGS, shard=Shard(index, 2), state_file=file)
    merged = ExemplarState.merged(reversed(files)).finish()["0@pca"]
    assert_alike(find(network, pictures, "0@pca")["0@pca"], merged)
    assert np.all(merged.measured.mean >= 0)
