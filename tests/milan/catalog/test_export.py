"""Exports: the same bytes for the same catalog, every number readable again."""

import csv
import json
import math
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milan.catalog import Catalog, Language, Unit, export, unit_record
from milan.errors import DataError, StorageFull, UnknownName
from milan.records import (
    Candidate,
    Description,
    Exemplar,
    ImageRegion,
    LayerExemplars,
    UnitId,
    UnitStatus,
)

KEYS = [
    "unit",
    "network",
    "layer",
    "index",
    "status",
    "description",
    "score",
    "log_p_given",
    "log_p_prior",
    "lambda",
    "threshold",
    "candidates",
    "exemplars",
    "downward",
    "faithfulness",
    "faithfulness_low",
    "faithfulness_high",
    "n_measured",
    "faithfulness_peak",
    "auprc",
    "f1",
    "explanation",
    "explanation_text",
    "explanation_faithfulness",
    "clusters",
    "bands",
    "top_words",
    "counter_exemplars",
    "downward_description",
    "downward_faithfulness",
    "downward_top_words",
    "free_text",
    "downward_free_text",
    "language",
    "description_en",
    "findings",
]


def read_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_line_of_json_says_what_the_contract_promises(
    catalog: Catalog, describe: Callable[..., int], make_layer: Callable[..., LayerExemplars], tmp_path: Path
) -> None:
    describe({0: ["a dog", "a cat"]})
    assert export(catalog, "jsonl", tmp_path / "units.jsonl") == 5
    first, *_, alone, dead = read_lines(tmp_path / "units.jsonl")
    stored = make_layer()
    assert list(first) == KEYS
    assert first["unit"] == "tiny/blocks.1/0"
    assert (first["status"], first["description"], first["lambda"]) == ("described", "a dog", 0.2)
    assert (first["score"], first["log_p_given"], first["log_p_prior"]) == (1.5, -0.5, -2.0)
    assert first["threshold"] == pytest.approx(float(stored.thresholds[0]), rel=1e-6)
    assert [list(candidate) for candidate in first["candidates"]] == [
        ["phrase", "score", "log_p_given", "log_p_prior", "source"]
    ] * 2
    assert [(e["image"], e["rank"]) for e in first["exemplars"]] == [
        (stored.paths[image], rank) for rank, image in enumerate(stored.images[0])
    ]
    assert len(alone["exemplars"]) == 1
    assert (dead["status"], dead["description"], dead["score"], dead["lambda"]) == ("dead", None, None, None)
    assert dead["exemplars"] == dead["candidates"] == []


def describe_with_trust(
    catalog: Catalog, make_description: Callable[..., Description], trust: dict[str, object]
) -> None:
    """Of `tiny/blocks.1`, unit 0 is described and unit 1 abstains, both with all that is said of trust."""
    words = [
        make_description(0, "a car", **trust),
        make_description(1, "a bus", status=UnitStatus.INCONSISTENT, **trust),
    ]
    catalog.store_descriptions(catalog.start_description("tiny", "blocks.1", {}, {}), words)


def test_a_line_of_json_says_how_far_to_trust_the_words(
    catalog: Catalog, make_description: Callable[..., Description], trust: dict[str, object], tmp_path: Path
) -> None:
    describe_with_trust(catalog, make_description, trust)
    export(catalog, "jsonl", tmp_path / "units.jsonl")
    said, abstains, silent, *_ = read_lines(tmp_path / "units.jsonl")
    assert {key: said[key] for key in KEYS[KEYS.index("faithfulness") :]} == {
        "faithfulness": 0.333333,
        "faithfulness_low": 0.270833,
        "faithfulness_high": 0.395833,
        "n_measured": 640,
        "faithfulness_peak": 0.166667,
        "auprc": 0.233333,
        "f1": 0.1,
        "explanation": [{"phrase": "wheels", "weight": 0.4}, {"phrase": "a face", "weight": -0.1}],
        "explanation_text": "wheels; not a face",
        "explanation_faithfulness": 0.5,
        "clusters": [{"phrase": "a wheel", "ranks": [0, 2]}, {"phrase": "a window", "ranks": [1]}],
        "bands": [
            {"low": 0.98, "high": 1.0, "phrase": "a truck", "difference": 0.666667},
            {"low": 0.9, "high": 0.98, "phrase": "a road", "difference": 0.5},
        ],
        "top_words": [],
        "counter_exemplars": [
            {"image": "photos/10.jpg", "kind": "unexplained", "activation": 2.5, "presence": 0.142857},
            {"image": "photos/11.jpg", "kind": "silent", "activation": -0.25, "presence": 0.875},
        ],
        "downward_description": None,
        "downward_faithfulness": None,
        "downward_top_words": [],
        "free_text": None,
        "downward_free_text": None,
        "language": "en",
        "description_en": said["description"],
        "findings": [],
    }
    assert (abstains["status"], abstains["description"]) == ("inconsistent", None)
    assert abstains["faithfulness"] == 0.333333
    assert all(silent[key] is None for key in ("faithfulness", "n_measured", "explanation_text", "auprc"))
    assert silent["explanation"] == silent["clusters"] == silent["counter_exemplars"] == []


def test_tables_hold_the_figures_of_trust(
    catalog: Catalog, make_description: Callable[..., Description], trust: dict[str, object], tmp_path: Path
) -> None:
    describe_with_trust(catalog, make_description, trust)
    for form in ("csv", "parquet"):
        export(catalog, form, tmp_path / f"units.{form}")
    with (tmp_path / "units.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    table = pq.read_table(tmp_path / "units.parquet").to_pylist()
    wanted = {
        "faithfulness": 0.333333,
        "faithfulness_low": 0.270833,
        "faithfulness_high": 0.395833,
        "faithfulness_peak": 0.166667,
        "auprc": 0.233333,
        "f1": 0.1,
        "n_measured": 640,
        "explanation_text": "wheels; not a face",
        "explanation_faithfulness": 0.5,
        "language": "en",
    }
    assert {key: row[key] for key in wanted} == {key: str(value) for key, value in wanted.items()}
    assert {key: table[0][key] for key in wanted} == wanted
    assert table[-1]["faithfulness"] is None


def fill(
    path: Path,
    make_layer: Callable[..., LayerExemplars],
    make_provenance: Callable[..., object],
    make_description: Callable[..., Description],
    thumbnails: dict[str, bytes],
    trust: dict[str, object],
    seed: int,
) -> Catalog:
    """The same catalog another way for each seed: layers, units and thumbnails as they come, false starts."""
    order, false_starts = random.Random(seed), seed % 2 == 1
    catalog = Catalog.open(path, create=True)
    networks = ["tiny", "other"]
    order.shuffle(networks)
    for network in networks:
        catalog.add_network(network, make_provenance(network), ["blocks.0", "blocks.1"])
        layers = ["blocks.0", "blocks.1"]
        order.shuffle(layers)
        for layer in layers:
            pictures = list(thumbnails.items())
            order.shuffle(pictures)
            if false_starts:
                catalog.store_layer(network, make_layer(layer, 4), make_provenance(network, k=2), {})
            stored = make_layer(layer, 70, seed=len(network) + int(layer[-1]))
            catalog.store_layer(network, stored, make_provenance(network), dict(pictures))
            version = catalog.start_description(network, layer, {"beams": 5}, {})
            words = [
                make_description(unit, f"thing {unit} of {layer}", "<b>&\u2028'", **trust)
                for unit in range(65)
            ]
            order.shuffle(words)
            for start in range(0, 65, 13):
                catalog.store_descriptions(version, words[start : start + 13], dict(pictures))
            catalog.finish_description(version)
    return catalog


@pytest.mark.parametrize("format_", ["jsonl", "csv", "parquet", "html"])
def test_equal_catalogs_give_equal_bytes_however_they_were_filled(
    tmp_path: Path,
    format_: str,
    make_layer: Callable[..., LayerExemplars],
    make_provenance: Callable[..., object],
    make_description: Callable[..., Description],
    thumbnails: dict[str, bytes],
    trust: dict[str, object],
) -> None:
    found = []
    for seed in (1, 2):
        (tmp_path / str(seed)).mkdir()
        at = tmp_path / str(seed) / "units.db"
        with fill(at, make_layer, make_provenance, make_description, thumbnails, trust, seed) as catalog:
            out = at.with_name("out")
            assert export(catalog, format_, out) == 280
        files = [out] if out.is_file() else sorted(file for file in out.rglob("*") if file.is_file())
        found.append([(file.relative_to(out).as_posix(), file.read_bytes()) for file in files])
    assert found[0] == found[1]


numbers = st.floats(width=32) | st.floats(allow_nan=True, allow_infinity=True)
texts = st.text(max_size=12)
candidates = st.builds(Candidate, texts, numbers, numbers, numbers, st.sampled_from(["decoder", "bank"]))


@given(
    said=st.lists(candidates, max_size=3),
    path=st.text(min_size=1, max_size=12),
    activation=numbers,
    threshold=numbers,
    lambda_=st.floats(0, 2),
)
def test_every_unit_reads_back_from_its_line(
    said: list[Candidate], path: str, activation: float, threshold: float, lambda_: float
) -> None:
    status = UnitStatus.DESCRIBED if said else UnitStatus.INCONSISTENT
    region = ImageRegion(path, np.zeros((2, 2), np.float32), threshold)
    unit = Unit(
        UnitId("n", "l", 3),
        status,
        threshold,
        Description(3, status, lambda_, tuple(said)),
        (Exemplar(region, 0, activation),),
        (),
        {},
    )
    record = unit_record(unit)
    read = json.loads(json.dumps(record, allow_nan=False))
    assert read == record
    assert list(read) == KEYS
    assert read["exemplars"][0]["image"] == path
    for stored, written in [(activation, read["exemplars"][0]["activation"]), (threshold, read["threshold"])]:
        assert written == pytest.approx(stored, rel=1e-5) if math.isfinite(stored) else written is None


HOSTILE = '<script>alert(1)</script> "quoted", new\nline \u2028 =cmd()'


def test_csv_has_a_row_a_unit_and_keeps_hostile_words(
    catalog: Catalog, describe: Callable[..., int], tmp_path: Path
) -> None:
    describe({0: [HOSTILE, "a, b"]})
    export(catalog, "csv", tmp_path / "units.csv")
    with (tmp_path / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["unit"] for row in rows] == [f"tiny/blocks.1/{index}" for index in range(5)]
    assert rows[0]["description"] == HOSTILE
    assert json.loads(rows[0]["candidates"]) == [HOSTILE, "a, b"]
    assert rows[1]["description"] == rows[1]["score"] == ""
    assert len(json.loads(rows[0]["images"])) == 3


def test_parquet_has_a_row_a_rank_and_one_for_a_unit_without(
    catalog: Catalog, describe: Callable[..., int], tmp_path: Path
) -> None:
    describe({0: ["a dog"]})
    export(catalog, "parquet", tmp_path / "units.parquet")
    table = pq.read_table(tmp_path / "units.parquet")
    rows = table.to_pylist()
    assert [(row["index"], row["rank"]) for row in rows] == [
        *((unit, rank) for unit in range(3) for rank in range(3)),
        (3, 0),
        (4, None),
    ]
    assert rows[0]["description"] == "a dog"
    assert rows[0]["candidates"] == ["a dog"]
    assert rows[-1]["image"] is None
    assert table.schema.metadata[b"milan_schema"] == b"1"
    assert str(table.schema.field("layer").type).startswith("dictionary")


def test_an_unknown_format_is_told_with_the_known_ones(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"Did you mean 'jsonl'.*csv, parquet, html"):
        export(catalog, "json", tmp_path / "units.json")


def test_a_path_that_cannot_be_written_is_told_and_nothing_is_left(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no/units\.csv"):
        export(catalog, "csv", tmp_path / "no" / "units.csv")
    (tmp_path / "taken").mkdir()
    with pytest.raises(DataError, match="taken"):
        export(catalog, "jsonl", tmp_path / "taken")
    assert {file.name for file in tmp_path.iterdir()} - {"units.db", "units.db.lock"} == {"taken"}


@pytest.mark.parametrize("format_", ["jsonl", "csv", "parquet", "html"])
def test_a_full_disk_leaves_the_old_export_as_it_was(
    catalog: Catalog, tmp_path: Path, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    export(catalog, format_, out)
    held = out / "index.html" if format_ == "html" else out
    before = held.read_bytes()

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("milan.catalog.units._assemble", full)
    with pytest.raises(StorageFull, match="disk is full"):
        export(catalog, format_, out)
    assert held.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_describing_in_part_changes_only_the_lines_of_that_part(
    catalog: Catalog, describe: Callable[..., int], tmp_path: Path
) -> None:
    export(catalog, "jsonl", tmp_path / "before.jsonl")
    describe({2: ["a dog"]})
    export(catalog, "jsonl", tmp_path / "after.jsonl")
    before, after = read_lines(tmp_path / "before.jsonl"), read_lines(tmp_path / "after.jsonl")
    assert [place for place, line in enumerate(after) if line != before[place]] == [2]
    assert replace(catalog.unit(UnitId("tiny", "blocks.1", 2))).phrase == "a dog"


def test_another_language_has_english_beside_it_and_in_the_place_of_what_it_lacks(
    catalog: Catalog, describe: Callable[..., int], tmp_path: Path
) -> None:
    describe({0: ["a dog"], 1: ["a purple hatstand"]})
    german = Language("de", {"a dog": "Hund"}.get)
    export(catalog, "jsonl", tmp_path / "units.jsonl", german)
    dog, hatstand, *rest = [json.loads(line) for line in (tmp_path / "units.jsonl").read_text().splitlines()]
    assert (dog["description"], dog["language"], dog["description_en"]) == ("Hund", "de", "a dog")
    assert (hatstand["description"], hatstand["language"]) == ("a purple hatstand", "en")
    assert all(unit["description"] is None and unit["language"] == "en" for unit in rest)
