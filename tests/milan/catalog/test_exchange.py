"""Folders that tools of others read: a dataset with a card, and what Neuronpedia imports."""

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from PIL import Image

from milan.catalog import Catalog, export
from milan.errors import DataError, UnknownName
from milan.records import (
    Candidate,
    Description,
    LayerExemplars,
    Measured,
    Provenance,
    UnitStatus,
)

TALK = ("the", "old", "dog", "sleeps")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def spoken(tmp_path: Path) -> Catalog:
    """A text network of two units: one answers `dog`, one is dead."""
    maps = np.zeros((2, 1, 1, 64), np.float16)
    maps[0, 0, 0, :4] = [0, np.nan, 1, 0.5]
    nothing = [Measured((), *np.zeros((2, 0, 2), np.float32)) for _ in range(2)]
    layer = LayerExemplars(
        "lstm",
        ("sentence 1",),
        np.float32([0.5, 0.5]),
        (UnitStatus.PENDING, UnitStatus.DEAD),
        np.array([[0], [-1]]),
        np.array([[3.0], [-np.inf]], np.float32),
        maps,
        np.array([[3.0], [0.0]], np.float32),
        *nothing,
    )
    provenance = Provenance("hf:./tiny", "w0", {"reads": "words"}, "d0", {"k": 1})
    catalog = Catalog.open(tmp_path / "text.db", create=True)
    catalog.add_network("Tiny LSTM", provenance, ["embedding", "lstm"])
    catalog.store_layer("Tiny LSTM", layer, provenance, {"sentence 1": TALK}, None)
    version = catalog.start_description("Tiny LSTM", "lstm", {"voice": {"captioner": "words"}}, {})
    said = Description(0, UnitStatus.DESCRIBED, 0.2, (Candidate('the word "dog"', 1.0, -1.0, -2.0, "word"),))
    catalog.store_descriptions(version, [said])
    catalog.finish_description(version)
    return catalog


def test_neuronpedia_gets_features_explanations_and_words_with_values(
    spoken: Catalog, tmp_path: Path
) -> None:
    assert export(spoken, "neuronpedia", tmp_path / "out") == 2
    source = tmp_path / "out" / "tiny-lstm" / "0-milan"
    features = lines(source / "features" / "batch-0.jsonl.gz")
    assert [(line["modelId"], line["layer"], line["index"]) for line in features] == [
        ("tiny-lstm", "0-milan", "0"),
        ("tiny-lstm", "0-milan", "1"),
    ]
    assert features[0]["maxActApprox"] == 3
    assert features[0]["hookName"] == "lstm"
    (said,) = lines(source / "explanations" / "batch-0.jsonl.gz")
    assert (said["index"], said["description"], said["explanationModelName"]) == (
        "0",
        'the word "dog"',
        "words",
    )
    (shown,) = lines(source / "activations" / "batch-0.jsonl.gz")
    assert "".join(shown["tokens"]) == "the old dog sleeps"
    assert shown["values"] == [0.0, 0.0, 3.0, 1.5]
    assert (shown["maxValue"], shown["maxValueTokenIndex"], shown["minValue"]) == (3.0, 2, 0.0)
    for name in ("model", "release", "sourceset", "source"):
        assert json.loads((source / f"{name}.jsonl").read_text("utf-8"))
    assert json.loads((tmp_path / "out" / "milan.json").read_text())["sources"] == {
        "tiny-lstm/0-milan": "Tiny LSTM/lstm"
    }


def test_image_units_go_to_neuronpedia_without_activations(
    catalog: Catalog, describe: Callable[..., int], tmp_path: Path
) -> None:
    describe({0: ["a dog"]})
    assert export(catalog, "neuronpedia", tmp_path / "out") == 5
    source = tmp_path / "out" / "tiny" / "0-milan"
    assert {path.name for path in source.iterdir() if path.is_dir()} == {"features", "explanations"}


def test_a_dataset_has_a_card_units_and_each_picture_once(
    catalog: Catalog, describe: Callable[..., int], tmp_path: Path
) -> None:
    describe({0: ["a dog"]})
    assert export(catalog, "huggingface", tmp_path / "out") == 5
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    front = yaml.safe_load(card.split("---")[1])
    assert [config["config_name"] for config in front["configs"]] == ["units", "pictures"]
    assert all((tmp_path / "out" / config["data_files"]).is_file() for config in front["configs"])
    assert "`tiny/blocks.1`" in card
    units = pq.read_table(tmp_path / "out" / "data" / "units.parquet").to_pylist()
    assert {row["unit"] for row in units} == {f"tiny/blocks.1/{index}" for index in range(5)}
    table = pq.read_table(tmp_path / "out" / "data" / "pictures.parquet")
    pictures = table.to_pylist()
    assert b"Image" in table.schema.metadata[b"huggingface"]
    assert {row["path"] for row in pictures} == {row["image"] for row in units if row["image"]}
    assert len({row["path"] for row in pictures}) == len(pictures)
    assert Image.open(io.BytesIO(pictures[0]["image"]["bytes"])).size == (56, 56)


def test_a_text_has_no_pictures(spoken: Catalog, tmp_path: Path) -> None:
    export(spoken, "huggingface", tmp_path / "out")
    assert not (tmp_path / "out" / "data" / "pictures.parquet").exists()
    assert "## `pictures`" not in (tmp_path / "out" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("kind", ["huggingface", "neuronpedia"])
def test_equal_catalogs_give_equal_folders_and_strangers_are_left_alone(
    catalog: Catalog, tmp_path: Path, kind: str
) -> None:
    for name in ("one", "two", "one"):
        export(catalog, kind, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    with pytest.raises(DataError, match="choose another folder"):
        export(catalog, kind, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["diary.txt"]


def test_hostile_names_stay_names(tmp_path: Path, make_layer: Callable[..., LayerExemplars]) -> None:
    name = "..|`x`\n---"
    provenance = Provenance("timm:`|", "w0", {"size": 64}, "d0", {"k": 3})
    with Catalog.open(tmp_path / "odd.db", create=True) as odd:
        odd.add_network(name, provenance, ["blocks.1"])
        odd.store_layer(name, make_layer(), provenance, {})
        export(odd, "neuronpedia", tmp_path / "np")
        export(odd, "huggingface", tmp_path / "hf")
    written = {path.relative_to(tmp_path) for path in (tmp_path / "np").rglob("*.gz")}
    assert {path.parts[:3] for path in written} == {("np", "x", "0-milan")}
    card = (tmp_path / "hf" / "README.md").read_text("utf-8")
    assert yaml.safe_load(card.split("---\n")[1])["tags"]
    assert card.count("\n---\n") == 1


def test_networks_that_neuronpedia_cannot_tell_apart_have_sources_of_their_own(
    tmp_path: Path, make_layer: Callable[..., LayerExemplars]
) -> None:
    with Catalog.open(tmp_path / "two.db", create=True) as two:
        for name in ("My Net", "my-net"):
            provenance = Provenance("timm:x", name, {"size": 64}, "d0", {"k": 3})
            two.add_network(name, provenance, ["blocks.1"])
            two.store_layer(name, make_layer(), provenance, {})
        export(two, "neuronpedia", tmp_path / "out")
    sources = json.loads((tmp_path / "out" / "milan.json").read_text())["sources"]
    assert sources == {"my-net/0-milan": "My Net/blocks.1", "my-net/1-milan": "my-net/blocks.1"}


def test_the_nearest_format_is_named(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="neuronpedia"):
        export(catalog, "neuropedia", tmp_path / "out")
