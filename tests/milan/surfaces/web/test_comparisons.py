"""Two networks of a served catalog side by side."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from milan.catalog import Catalog
from milan.records import Measured, Provenance

BOTH = "/compare?first=tiny&second=twin"
N_KNOWN = 40


@pytest.fixture
def beside(path: Path, visit: Callable[..., TestClient]) -> TestClient:
    """A catalog with a twin of `tiny`, of which all but the first forty units are others."""
    provenance = Provenance("timm:twin", "w1" * 20, {"size": 64}, "d0" * 20, {"k": 3}, {"torch": "2"})
    rng = np.random.default_rng(0)
    known = rng.gamma(0.5, size=(60, 60)).astype(np.float32)
    other = np.concatenate([known[:, :N_KNOWN], rng.gamma(0.5, size=(60, 20)).astype(np.float32)], axis=1)
    with Catalog.open(path) as catalog:
        layer = catalog.layer_exemplars("tiny", "blocks.1")
        first = catalog.layers("tiny", "blocks.1")[0].provenance
        for name, made_of, values in (("tiny", first, known), ("twin", provenance, other)):
            sample = Measured(tuple(f"sampled/{number:02}.jpg" for number in range(60)), values, values)
            catalog.add_network(name, made_of, ["blocks.1"])
            seen = replace(made_of, settings={"k": 3, "sampled": 60})
            maps = layer.maps.copy()
            if name == "twin":
                maps[N_KNOWN:] = maps[N_KNOWN:, :, ::-1, ::-1]
            catalog.store_layer(name, replace(layer, selected=sample, maps=maps), seen, {})
    return visit()


def test_the_page_offers_networks_and_shows_units_side_by_side(beside: TestClient) -> None:
    assert "Compare two networks" in beside.get("/").text
    chosen = beside.get("/compare")
    assert chosen.status_code == 200
    assert chosen.text.count("<option") == 4
    found = beside.get(BOTH)
    assert found.status_code == 200
    assert 'href="/networks/twin/layers/blocks.1/units/' in found.text
    assert beside.get(f"{BOTH}&kind=matched&layer=blocks.1").text.count('<li class="card pair">') == 24
    assert beside.get(f"{BOTH}&kind=matched&page=2").text.count('<li class="card pair">') == N_KNOWN - 24
    assert "No unit is moved" in beside.get(f"{BOTH}&kind=moved").text


def test_json_is_that_of_the_command_and_csv_has_a_row_a_unit(beside: TestClient) -> None:
    document: dict[str, Any] = beside.get(BOTH.replace("/compare", "/compare.json")).json()
    (layer,) = document["layers"]
    matched = {(pair["first"], pair["second"]) for pair in layer["matched"]}
    assert matched == {(f"tiny/blocks.1/{unit}", f"twin/blocks.1/{unit}") for unit in range(N_KNOWN)}
    listed = beside.get(BOTH.replace("/compare", "/compare.csv"))
    rows = list(csv.DictReader(io.StringIO(listed.text)))
    assert sum(row["kind"] == "matched" for row in rows) == N_KNOWN
    lost = beside.get(f"{BOTH.replace('/compare', '/compare.csv')}&kind=lost")
    assert {row["kind"] for row in csv.DictReader(io.StringIO(lost.text))} == {"lost"}


def test_a_wrong_name_is_a_problem_with_the_nearest(beside: TestClient) -> None:
    wrong = beside.get("/compare.json?first=tiny&second=twinn")
    assert wrong.status_code in (400, 404, 422)
    assert "twin" in wrong.text
    assert beside.get("/compare.json").status_code in (400, 422)
    assert beside.get("/compare?first=tiny&second=tiny").status_code in (400, 422)


def test_one_network_alone_says_how_to_compare_catalogs(client: TestClient) -> None:
    assert "one network only" in client.get("/compare").text
