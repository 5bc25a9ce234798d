"""`milan analyze` as a user types it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from milan.catalog import Catalog
from milan.records import Candidate, Description, UnitStatus

FACTORY = """
import torch
from torch import nn


def classifier():
    torch.manual_seed(0)
    pooled = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), pooled, nn.Linear(6, 3))
"""
WORDS = ("a red dog on grass", "stripes", "a wheel", "a man holding a cup", "a wooden box", "text")
HOW = ("--size", "16", "--mean", "0,0,0", "--std", "1,1,1")


@pytest.fixture
def described(folder: Any) -> Any:
    """A described classifier of three outputs, and 24 images in three folders."""
    module = folder.model.split(":")[0]
    (folder.path / f"{module}.py").write_text(FACTORY)
    folder.classifier = f"{module}:classifier"
    for seed in range(24):
        place = folder.path / "val" / ("cat", "dog", "hen")[seed % 3]
        place.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(seed).integers(0, 255, (16, 16, 3), np.uint8)
        Image.fromarray(pixels).save(place / f"{seed}.png")
    (folder.path / "classes.tsv").write_text("cat\t2\ndog\t0\nhen\t1\n")
    done = folder.milan(
        "describe", folder.classifier, "--images", "val", "--catalog", "units.db", "--layer", "1",
        "--exemplars-only", *HOW,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    with Catalog.open(folder.path / "units.db") as catalog:
        (layer,) = catalog.layers()
        version = catalog.start_description(layer.network, "1", {}, {})
        words = [
            Description(unit, UnitStatus.DESCRIBED, 0.2, (Candidate(phrase, 1.0, -1.0, -2.0, "bank"),))
            for unit, phrase in enumerate(WORDS)
        ]
        catalog.store_descriptions(version, words)
        catalog.finish_description(version)
    return folder


def analyze(folder: Any, *arguments: str) -> Any:
    return folder.milan("analyze", "units.db", folder.classifier, "--images", "val", *HOW, *arguments)


def test_a_table_for_people_and_files_for_later(described: Any) -> None:
    done = analyze(described, "--classes", "classes.tsv", "--fractions", "0,0.5", "-o", "out")
    assert done.exit_code == 0, done.output
    for said in (
        "6 described units of 1",
        "with 3 units switched off",
        "chance: random units of the same layers",
        "important",
    ):
        assert said in done.stdout
    assert any(verdict in done.stdout for verdict in ("no difference", "chance of its depth"))
    assert "expect wide intervals" in done.stderr
    written = {path.name for path in (described.path / "out").iterdir()}
    assert written == {"analysis.json", "curves.png", "curves.svg", "units.csv"}


def test_json_is_one_document_with_everything(described: Any) -> None:
    done = analyze(described, "--order", "nouns", "--order", "concept", "--concept", "animals", "--json")
    document = json.loads(done.stdout)
    assert [order["order"] for order in document["orders"]] == ["nouns", "concept"]
    assert document["n_scored"] + document["n_drawn"] == 24
    assert len(document["units"]) == 6
    assert len(document["orders"][0]["curve"][0]) == 3
    assert document["set_to"] == "zero"


def test_units_may_be_held_at_their_mean(described: Any) -> None:
    done = analyze(described, "--classes", "classes.tsv", "--order", "nouns", "--set-to", "mean")
    assert done.exit_code == 0, done.output
    assert "units held at their mean, in different orders" in done.stdout


def test_a_dry_run_states_the_work_and_writes_nothing(described: Any) -> None:
    done = analyze(described, "--dry-run", "-o", "out")
    assert "6 described units" in done.stdout
    assert "runs over" in done.stdout
    assert not (described.path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--order", "verb"), 2, "no order 'verb'. Did you mean 'verbs'?"),
        (("--layer", "2"), 2, "no layer '2'"),
        (("--fractions", "lots"), 2, "--fractions is written 0,0.05,0.1 or 0-0.2/0.02, got 'lots'"),
        (("--fractions", "0,2"), 2, "from 0 to 1"),
        (("--max-units", "7"), 2, "but only 6 are described"),
        (("--classes", "wrong.tsv"), 1, "wrong.tsv, line 2: expected a folder's name and an output"),
        (("--classes", "missing.tsv"), 2, "no class 'hen'"),
        (("--images", "photos"), 1, "lies in no class folder"),
        (("--images", "nowhere"), 1, "no folder 'nowhere'"),
        (("--name", "other"), 2, "no network 'other'"),
        (("--seeds", "2"), 2, "5 random orders or more"),
    ],
)
def test_a_mistake_is_one_line_with_its_exit_code(
    described: Any, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (described.path / "wrong.tsv").write_text("cat\t2\ndog\tzero\n")
    (described.path / "missing.tsv").write_text("cat\t2\ndog\t0\n")
    done = analyze(described, *arguments)
    assert done.exit_code == code, done.output
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: ")
    assert said in last


def test_a_catalog_of_other_weights_is_refused(described: Any) -> None:
    other = f"{described.classifier.split(':')[0]}_other"
    (described.path / f"{other}.py").write_text(FACTORY.replace("manual_seed(0)", "manual_seed(1)"))
    described.classifier = f"{other}:classifier"
    done = analyze(described)
    assert done.exit_code == 1
    assert "the weights differ" in done.stderr.splitlines()[-1]


def test_a_catalog_that_a_variable_names_need_not_be_typed(
    described: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILAN_CATALOG", str(Path(described.path) / "units.db"))
    done = described.milan("analyze", described.classifier, "--images", "val", *HOW, "--dry-run", "--json")
    assert json.loads(done.stdout)["n_units"] == 6
