"""Directions in the catalog: units like others, in layers of their own."""

from pathlib import Path

import pytest
import torch

from milan.catalog import Catalog
from milan.errors import UnknownName
from milan.exemplars import ExemplarSettings
from milan.networks import Directions, Network
from milan.uses import DescribeOptions, describe_network, plan_network

OPTIONS = DescribeOptions(captioner=None, exemplars=ExemplarSettings(k=3, batch_size=4))


def layers_of(catalog: Path) -> list[str]:
    with Catalog.open(catalog) as store:
        return list(dict.fromkeys(unit.id.layer for unit in store.units()))


def test_of_a_network_with_directions_only_these_are_described(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    made = network.with_directions(
        Directions("pca", "0", torch.eye(4)[:3]), Directions.of_group("1", {0, 2}, 5)
    )
    summary = describe_network(made, photos, tmp_path / "all.db", OPTIONS)
    assert (summary.n_units, layers_of(tmp_path / "all.db")) == (4, ["0@pca", "1@0,2"])
    for name in ("1", "1@*", "1@0,2"):
        chosen = DescribeOptions(layers=(name,), captioner=None, exemplars=OPTIONS.exemplars)
        assert plan_network(made, photos, chosen).units == 1
    with pytest.raises(UnknownName, match=r"no layer '2'.*Directions were given in 0, 1"):
        plan_network(made, photos, DescribeOptions(layers=("2",)))


def test_directions_stand_behind_their_layer_whatever_is_described_later(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    catalog = tmp_path / "units.db"
    for name in ("b", "a"):
        made = network.with_directions(Directions(name, "0", torch.eye(4)))
        describe_network(made, photos, catalog, OPTIONS)
    describe_network(
        network,
        photos,
        catalog,
        DescribeOptions(layers=("0", "1"), captioner=None, exemplars=OPTIONS.exemplars),
    )
    assert layers_of(catalog) == ["0", "0@a", "0@b", "1"]


def test_another_matrix_of_the_same_name_is_looked_at_anew_and_the_same_is_not(
    network: Network, photos: Path, tmp_path: Path
) -> None:
    catalog = tmp_path / "units.db"

    def describe(matrix: torch.Tensor) -> tuple[list[str], float]:
        said: list[str] = []
        stages: list[str] = []
        describe_network(
            network.with_directions(Directions("pca", "0", matrix)),
            photos,
            catalog,
            OPTIONS,
            progress=lambda stage, *_: stages.append(stage),
            say=said.append,
        )
        with Catalog.open(catalog) as store:
            (first, *_) = store.units("colours", "0@pca")
        return said + stages[:1], first.exemplars[0].activation

    once, peak = describe(torch.eye(4))
    assert once == ["exemplars"]
    assert describe(torch.eye(4)) == ([], peak)
    anew, doubled = describe(torch.eye(4) * 2)
    assert "the catalog holds exemplars of other images or settings" in anew[0]
    assert doubled == 2 * peak
