"""The tutorial notebook runs from its first cell to its last, offline."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.ipynb"


@pytest.fixture
def tutorial() -> Any:
    return nbformat.read(TUTORIAL, as_version=4)


def test_it_is_kept_without_outputs(tutorial: Any) -> None:
    nbformat.validate(tutorial)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in tutorial.cells)


@pytest.mark.filterwarnings("default")  # the kernel's own machinery, in this process
def test_it_runs_and_units_show_themselves(
    tutorial: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("MILAN_OFFLINE", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    NotebookClient(
        tutorial, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = [
        output["data"]["text/html"]
        for cell in tutorial.cells
        for output in cell.get("outputs", ())
        if "text/html" in output.get("data", {})
    ]
    assert any("data:image/webp;base64," in html for html in shown)
    assert any("scenes_network/maps" in html for html in shown)
    assert (tmp_path / "gallery" / "index.html").is_file()
