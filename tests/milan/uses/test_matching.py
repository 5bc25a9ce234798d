"""A catalog's words are used with the weights that they were made for, and with no others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from milan.catalog import Catalog
from milan.errors import CatalogError, UnknownName
from milan.exemplars import ExemplarSettings
from milan.networks import Network
from milan.uses import DescribeOptions, describe_network
from milan.uses.matching import layers_of_network, require_same_network


@pytest.fixture
def catalog(network: Network, photos: Path, tmp_path: Path) -> Iterator[Catalog]:
    path = tmp_path / "units.db"
    options = DescribeOptions(captioner=None, layers=("0", "1"), exemplars=ExemplarSettings(k=3))
    describe_network(network, photos, path, options)
    with Catalog.open(path) as opened:
        yield opened


def test_the_very_weights_are_known_under_any_name(catalog: Catalog, network: Network) -> None:
    assert require_same_network(catalog, network) == "colours"
    network.name = "opened-under-another"
    assert require_same_network(catalog, network) == "colours"
    assert [layer.name for layer in layers_of_network(catalog, "colours")] == ["0", "1"]


def test_other_weights_are_refused_in_one_line(catalog: Catalog, network: Network) -> None:
    with torch.no_grad():
        network.module[0].weight[0, 0] += 1e-3  # type: ignore[index, operator]
    trained_further = Network(
        network.name, network.spec, network.module, network.preprocessing, network.device
    )
    with pytest.raises(CatalogError, match=r"describes colours .* not the network given .*weights differ"):
        require_same_network(catalog, trained_further)
    with pytest.raises(CatalogError, match="weights differ"):
        require_same_network(catalog, trained_further, "colours")


def test_a_name_that_the_catalog_has_not_is_answered_with_the_nearest(
    catalog: Catalog, network: Network
) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'colours'"):
        require_same_network(catalog, network, "colour")


def test_an_empty_catalog_says_what_to_do(network: Network, tmp_path: Path) -> None:
    with (
        Catalog.open(tmp_path / "empty.db", create=True) as empty,
        pytest.raises(CatalogError, match="milan describe"),
    ):
        require_same_network(empty, network)
