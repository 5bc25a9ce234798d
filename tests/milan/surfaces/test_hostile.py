"""A few hundred of what tests/benchmarks/hostile.py tries by the thousand."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "hostile.py"


@pytest.fixture(scope="module")
def hostile() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("ignore")  # Pillow and numpy say of damaged files what is wrong with them
def test_hostile_input_crashes_nothing_and_runs_nothing(
    hostile: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    became = hostile.main(["--n", "100"])
    assert sum(counts.total() for counts in became.values()) >= 100
    assert became["forms"]["refused"] > 0
    assert "no crash, no script, nothing touched outside" in capsys.readouterr().out
