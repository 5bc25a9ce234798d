"""Catalogs of earlier versions are brought up to date and lose nothing."""

import json
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from milan.catalog import Catalog, export
from milan.catalog.backends import MIGRATIONS, NEWEST
from milan.catalog.backends.sqlite import APPLICATION_ID

MEAN = np.array([[0.1, 20.0], [-0.05, 7.0], [0.0, 1e-3]], np.float32)
PEAK = np.array([[1.5, 3e4], [0.3, 9e3], [-2.0, 2e4]], np.float32)
SEEN = ["b.jpg", "c.jpg", "d.jpg"]


def packed(content: bytes) -> bytes:
    return zlib.compress(content, 1)


def insert(connection: sqlite3.Connection, table: str, **row: object) -> None:
    places = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))


def make_first(path: Path) -> None:
    """A catalog as the first revision wrote it: two units measured in three images, one described."""
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        insert(file, "network", id=1, name="old", spec="timm:old", weights_hash="w")
        insert(file, "layer", id=1, network_id=1, name="blocks.1", position=0)
        names = packed(json.dumps(["a.jpg", *SEEN]).encode())
        insert(file, "collection", id=1, key="k", paths=names)
        insert(file, "picture", collection_id=1, number=0, path="a.jpg", thumbnail=b"jpeg")
        shared = {
            "layer_id": 1,
            "collection_id": 1,
            "key": "k",
            "turn": 1,
            "provenance": "{}",
            "n_ranks": 1,
            "map_height": 1,
            "map_width": 1,
            "measured_images": packed(json.dumps(SEEN).encode()),
        }
        for number, sign in ((1, 1), (2, -1)):
            arrays = {"measured_mean": sign * MEAN, "measured_peak": sign * PEAK}
            blobs = {name: packed(array.tobytes()) for name, array in arrays.items()}
            insert(file, "exemplar_set", id=number, downward_of=1 if number == 2 else None, **shared, **blobs)
            for unit in range(2):
                row = {"id": 2 * number + unit, "set_id": number, "number": unit}
                insert(file, "unit", **row, status="pending", threshold=0.5)
        peak = {"peak": 1.5, "scale": 1.5, "map": packed(np.ones(1, "<f2").tobytes())}
        insert(file, "exemplar", unit_id=2, rank=0, picture=0, **peak)
        insert(file, "description_version", id=1, set_id=1, key="k", turn=1, settings="{}", versions="{}")
        said = {"status": "described", "prior_weight": 0.2, "phrase": "a dog"}
        insert(file, "description", id=1, version_id=1, unit_id=2, **said)
        insert(file, "description_text", rowid=1, phrase="a dog", others="")
        scores = {"score": 1.0, "log_p_given": -1.0, "log_p_prior": -10.0, "source": "bank"}
        insert(file, "candidate", description_id=1, rank=0, phrase="a dog", **scores)


@pytest.fixture
def first(path: Path) -> Path:
    make_first(path)
    return path


def test_a_catalog_of_the_first_version_keeps_its_activations_in_half_the_room(first: Path) -> None:
    with Catalog.open(first) as opened:
        found = opened.layer_exemplars("old", "blocks.1")
    assert found.downward is not None
    for record, sign in ((found, 1), (found.downward, -1)):
        assert record.measured.images == tuple(SEEN)
        assert record.measured.mean == pytest.approx(sign * MEAN, rel=1e-3)
        assert record.measured.peak == pytest.approx(sign * PEAK, rel=1e-3)
    with closing(sqlite3.connect(first)) as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEWEST,)]
        (stored,) = file.execute("SELECT measured_mean FROM exemplar_set WHERE id = 1").fetchone()
    assert len(zlib.decompress(stored)) == 2 * 4 + MEAN.nbytes // 2


def test_its_layers_have_an_empty_selection_sample(first: Path) -> None:
    with Catalog.open(first) as opened:
        selected = opened.layer_exemplars("old", "blocks.1").selected
    assert selected.images == ()
    assert selected.mean.shape == selected.peak.shape == (0, 2)


def test_its_units_keep_their_words_and_state_no_trust(first: Path, tmp_path: Path) -> None:
    with Catalog.open(first) as opened:
        unit, other = opened.units()
        export(opened, "jsonl", tmp_path / "units.jsonl")
        assert [str(hit.unit) for hit in opened.search("dog")] == ["old/blocks.1/0"]
        assert opened.said().layers[0].shuffled is None
    assert (unit.phrase, other.phrase) == ("a dog", None)
    assert unit.thumbnails["a.jpg"] == b"jpeg"
    assert unit.description is not None
    assert unit.description.faithfulness is None
    assert unit.description.counter_exemplars == unit.description.meanings == ()


def test_who_opened_an_older_catalog_keeps_nobody_from_writing(first: Path) -> None:
    with Catalog.open(first) as reader, Catalog.open(first) as writer:
        writer.index_meanings(lambda phrases: np.ones((len(phrases), 2), np.float32))
        assert reader.best_phrases(1)
