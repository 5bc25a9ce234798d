import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from milan.catalog import Catalog
from milan.networks import Network
from milan.surfaces.cli import app
from tests.milan.uses.edit.conftest import SPEC, folders, make_catalog, network

__all__ = ["folders", "make_catalog", "network"]  # fixtures


@pytest.fixture
def why(
    make_catalog: Callable[..., Catalog], folders: dict[str, Path], network: Network
) -> Callable[..., Result]:
    catalog = make_catalog()
    catalog.close()
    image = folders["adversarial"] / "a" / "0.png"
    common = ["why", str(catalog.place), SPEC, str(image), "--size", "8", "--mean", "0,0,0", "--std", "1,1,1"]
    return lambda *more: CliRunner().invoke(app, [*common, *more])


def test_reasons_are_told_and_drawn(why: Callable[..., Result], tmp_path: Path) -> None:
    done = why("-o", str(tmp_path / "why.png"))
    assert done.exit_code == 0, done.output
    assert "output 1" in done.stdout
    assert "letters" in done.stdout
    with Image.open(tmp_path / "why.png") as sheet:
        assert sheet.width == 1264


def test_json_holds_effects_and_words(why: Callable[..., Result]) -> None:
    document = json.loads(why("--json", "--top", "2").stdout)
    assert document["reasons"][0]["phrase"] == "letters"
    assert document["reasons"][0]["effect"] > 0.5
    assert len(document["against"]) <= 2
    assert document["name"] is None


def test_an_output_that_there_is_not_is_one_line(why: Callable[..., Result]) -> None:
    done = why("--class", "7")
    assert done.exit_code == 2
    assert "outputs 0 to 1, got 7" in done.output
