"""Names that a shell completes from a catalog."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RUN = """
import atexit, sys

atexit.register(lambda: print(sorted({"torch", "numpy", "sqlalchemy"} & set(sys.modules)), file=sys.stderr))
sys.argv = ["milan"]
from milan.surfaces.cli import main

main()
"""


@pytest.fixture
def described(folder: Any) -> Any:
    run = ("describe", folder.model, "--images", "photos", "--size", "32", "--layer", "2", "--name", "tiny")
    assert folder.milan(*run, "--exemplars-only", "--catalog", "units.db").exit_code == 0
    return folder


def completed(folder: Path, *words: str) -> tuple[list[str], str]:
    """What bash would offer for the last word, and what was loaded for it."""
    asked = {"COMP_WORDS": " ".join(("milan", *words)), "COMP_CWORD": str(len(words))}
    told = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=folder,
        env={**os.environ, **asked, "_MILAN_COMPLETE": "complete_bash"},
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.split(), told.stderr.strip().splitlines()[-1]


def test_units_are_completed_layer_by_layer_and_nothing_heavy_is_loaded(described: Any) -> None:
    layers, loaded = completed(described.path, "show", "units.db", "ti")
    assert layers == ["tiny/2/"]
    assert "torch" not in loaded
    assert "sqlalchemy" not in loaded
    assert completed(described.path, "show", "units.db", "tiny/2/")[0] == [
        f"tiny/2/{unit}" for unit in range(4)
    ]
    assert completed(described.path, "show", "units.db", "tiny/2/x")[0] == []


def test_layers_are_completed_from_the_catalog_of_the_run(described: Any) -> None:
    words = ("describe", "x", "--catalog", "units.db", "--layer", "")
    assert completed(described.path, *words)[0] == ["2"]


def test_what_is_no_catalog_completes_nothing(folder: Any) -> None:
    (folder.path / "other.db").write_text("no catalog")
    for catalog in ("other.db", "none.db"):
        assert completed(folder.path, "show", catalog, "ti")[0] == []
