"""What each room exports, what `milan` exports, and what its help costs."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import captioner
import milan

ROOMS = [
    name
    for package in (milan, captioner)
    for name in [
        package.__name__,
        *(m.name for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")),
    ]
    if not name.endswith("__main__") and ".migrations" not in name
]


@pytest.mark.parametrize("name", ROOMS)
def test_every_module_lists_its_public_names_and_they_exist(name: str) -> None:
    module = importlib.import_module(name)
    listed = module.__all__
    assert len(set(listed)) == len(listed)  # their order is ruff's affair
    assert [public for public in listed if not hasattr(module, public)] == []
    assert module.__doc__
    assert len(module.__doc__.strip()) > 10, "a module says what it holds"


def test_the_public_surface_of_milan_is_this() -> None:
    assert milan.__all__ == [
        "Catalog",
        "DescribeOptions",
        "MilanError",
        "UnitId",
        "describe_network",
        "export",
        "open_network",
    ]


@pytest.mark.parametrize("arguments", [["--help"], ["describe", "--help"], ["--version"]])
def test_help_answers_without_loading_torch(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from milan.surfaces.cli import app\n"
        "try:\n"
        f"    app({arguments!r})\n"
        "except SystemExit as done:\n"
        "    assert done.code == 0, done.code\n"
        "heavy = {'torch', 'numpy', 'transformers', 'sqlalchemy', 'faiss'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)


def test_a_search_by_meaning_and_an_audit_load_no_torch() -> None:
    program = (
        "import sys\n"
        "import milan.surfaces.web, milan.uses.audit\n"
        "from milan.describe import embed_phrases\n"
        "assert embed_phrases(['a dog']).shape == (1, 384)\n"
        "heavy = {'torch', 'transformers', 'timm', 'sklearn'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
