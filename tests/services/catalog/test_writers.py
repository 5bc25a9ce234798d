"""Eight real `milan describe` at once into one database, one of them killed: nothing lost, nothing twice."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from services.postgresql import Cluster

from milan.catalog import Catalog, export

N_WRITERS, UNITS_EACH = 8, 6
N_UNITS = N_WRITERS * UNITS_EACH
WORDS = ["the cat sat", "a dog ran far", "the dog sat on a mat", "cats and dogs", "red cars drive"]


@pytest.fixture
def model(tmp_path: Path) -> list[str]:
    """Activations of one layer on 200 sentences, as `milan describe` is given them."""
    lines = [f"{WORDS[number % 5]} {['now', 'then', 'again'][number % 3]}" for number in range(200)]
    (tmp_path / "text.txt").write_text("\n".join(lines) + "\n")
    n_words = sum(len(line.split()) for line in lines)
    matrix = np.random.default_rng(0).normal(size=(n_words, N_UNITS)).astype(np.float32)
    np.save(tmp_path / "layer.npy", matrix)
    return ["describe", str(tmp_path / "layer.npy"), "--texts", str(tmp_path / "text.txt"), "--name", "net"]


def start(arguments: Sequence[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "milan", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> None:
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said


def exported(place: str, path: Path) -> bytes:
    with Catalog.open(place) as catalog:
        assert export(catalog, "jsonl", path) == N_UNITS
    return path.read_bytes()


def test_nothing_is_lost_and_nothing_is_there_twice(
    cluster: Cluster, database: str, model: list[str], tmp_path: Path
) -> None:
    alone = str(tmp_path / "alone.db")
    ended(start([*model, "--catalog", alone]))
    parts = [f"{first}-{first + UNITS_EACH - 1}" for first in range(0, N_UNITS, UNITS_EACH)]
    commands = [[*model, "--catalog", database, "--units", part] for part in parts]
    writers = [start(command) for command in commands]
    name = database.rpartition("/")[2]
    made = (
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'milan' AND table_name = 'unit'"
    )
    while cluster.run(made, name) == "0":
        time.sleep(0.05)
    writers[3].kill()  # while it, or another, makes the tables or stores the layer
    writers.pop(3).communicate(timeout=300)
    for writer in writers:
        ended(writer)
    ended(start(commands[3]))
    assert exported(database, tmp_path / "shared.jsonl") == exported(alone, tmp_path / "alone.jsonl")
    for table, n_rows in (("network", 1), ("layer", 1), ("description_version", 2), ("unit", 2 * N_UNITS)):
        assert cluster.run(f"SELECT count(*) FROM milan.{table}", name) == str(n_rows), table
    doubled = "SELECT count(*) - count(DISTINCT (version_id, unit_id)) FROM milan.description"
    assert cluster.run(doubled, name) == "0"
    texts = "SELECT count(*) FROM milan.description_text t FULL JOIN milan.description d ON d.id = t.rowid"
    assert cluster.run(f"{texts} WHERE d.id IS NULL OR t.rowid IS NULL", name) == "0"
