"""`--latents`: from a generator to a catalog by the command line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

GENERATORS = """
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.hidden = nn.Linear(6, 128)
        self.up = nn.ConvTranspose2d(8, 5, 4, 2, 1)
        self.colours = nn.Conv2d(5, 3, 3, padding=1)

    def forward(self, latents):
        return self.colours(self.up(self.hidden(latents).relu().view(-1, 8, 4, 4)).relu()).tanh()


def decoder():
    return Decoder()


def classifier():
    return nn.Sequential(nn.Linear(6, 10))
"""


@pytest.fixture
def generators(folder: Any) -> str:
    """The name of a module of generators, in the folder."""
    name = Path(folder.model.partition(":")[0]).stem.replace("own", "generators")
    (folder.path / f"{name}.py").write_text(GENERATORS)
    return str(name)


def describe(folder: Any, model: str, *more: str) -> Any:
    return folder.milan("describe", model, "--catalog", "units.db", "--batch-size", "8", "-k", "3", *more)


def exported(folder: Any, catalog: str = "units.db") -> bytes:
    done = folder.milan("export", catalog, "-o", "out.jsonl")
    assert done.exit_code == 0, done.stderr
    return bytes((folder.path / "out.jsonl").read_bytes())


def test_sixty_latents_end_as_described_units_and_the_same_bytes_twice(folder: Any, generators: str) -> None:
    how = (f"{generators}:decoder", "--latents", "60", "--layer", "up")
    done = describe(folder, *how)
    assert done.exit_code == 0, done.stderr
    assert "decoder: 5 units" in done.stdout
    assert "black at -1 and white at 1" in done.stderr
    assert "ImageNet" not in done.stderr
    assert f"the pictures it made are in {folder.path / 'cache' / 'generated'}" in done.stderr
    first = exported(folder)
    lines = [json.loads(line) for line in first.splitlines()]
    assert any(line["description"] or line["candidates"] for line in lines)
    pictures = {file.name for file in (folder.path / "cache" / "generated").glob("*/*.png")}
    assert len(pictures) == 60
    assert {exemplar["image"] for line in lines for exemplar in line["exemplars"]} <= pictures
    again = describe(folder, *how, "--fresh")
    assert again.exit_code == 0, again.stderr
    assert exported(folder) == first
    assert folder.milan("export", "units.db", "--format", "html", "-o", "gallery").exit_code == 0
    shown = folder.milan("show", "units.db", lines[0]["unit"], "-o", "unit.png")
    assert shown.exit_code == 0, shown.stderr


def test_a_file_of_the_latents_that_were_drawn_gives_the_same_exemplars(folder: Any, generators: str) -> None:
    model, only = f"{generators}:decoder", ("--layer", "up", "--exemplars-only")
    describe(folder, model, "--latents", "20", "--seed", "5", *only)
    drawn = exported(folder)
    np.save("z.npy", np.random.default_rng(5).standard_normal((30, 6)).astype(np.float64))
    np.save("z.npy", np.random.default_rng(5).standard_normal((30, 6), np.float32))
    done = describe(folder, model, "--latents", "z.npy", "--limit", "20", *only, "--catalog", "file.db")
    assert done.exit_code == 0, done.stderr
    assert exported(folder, "file.db") == drawn


def test_shards_and_dry_runs_and_layers_take_latents(folder: Any, generators: str) -> None:
    model = f"{generators}:decoder"
    listed = json.loads(folder.milan("layers", model, "--latents", "1", "--json").stdout)
    assert [layer["layer"] for layer in listed if layer["worth_describing"]] == ["up"]
    planned = describe(folder, model, "--latents", "20", "--dry-run", "--json")
    assert json.loads(planned.stdout)["images"] == 20
    assert not (folder.path / "units.db").exists()
    for shard in ("1/2", "2/2"):
        done = folder.milan(
            "exemplars", model, "--latents", "20", "--batch-size", "8", "--shard", shard, "-o", shard[0]
        )
        assert done.exit_code == 0, done.stderr
    assert folder.milan("merge", "2", "1", "--catalog", "merged.db").exit_code == 0
    assert len(exported(folder, "merged.db").splitlines()) == 5


@pytest.mark.parametrize(
    ("factory", "options", "code", "said"),
    [
        ("decoder", (), 2, "give --images DIR, or --latents FILE or N for an image generator"),
        ("decoder", ("--latents", "9", "--images", "photos"), 2, "--images and --latents"),
        ("decoder", ("--latents", "9", "--measure-on", "photos"), 2, "--measure-on"),
        ("decoder", ("--latents", "9", "--size", "64"), 2, "--size"),
        ("decoder", ("--latents", "0"), 2, "at least 1, got 0"),
        ("decoder", ("--latents", "-3"), 1, "no file of latents '-3'"),
        ("decoder", ("--latents", "9", "--latent-size", "7"), 1, "cannot run on latents of (7,)"),
        (
            "decoder",
            ("--latents", "9", "--latent-size", "wide"),
            2,
            "--latent-size is written 128 or 4x32x32",
        ),
        ("decoder", ("--latents", "seven.npy"), 1, "cannot run on latents of (7,)"),
        ("decoder", ("--latents", "seven.npy", "--latent-size", "7"), 2, "--latent-size"),
        ("decoder", ("--latents", "holes.npy"), 1, "not finite, the first is number 1"),
        ("decoder", ("--latents", "notes.txt"), 1, "a .npy or .safetensors file"),
        ("decoder", ("--latents", "missing.npy"), 1, "no file of latents 'missing.npy'"),
        ("decoder", ("--images", "photos", "--latent-size", "6"), 2, "--latent-size"),
        ("classifier", ("--latents", "9"), 1, "is no image generator"),
    ],
)
def test_a_mistake_is_one_line(
    folder: Any, generators: str, factory: str, options: tuple[str, ...], code: int, said: str
) -> None:
    np.save("seven.npy", np.zeros((9, 7), np.float32))
    holes = np.zeros((3, 6), np.float32)
    holes[1] = np.nan
    np.save("holes.npy", holes)
    (folder.path / "notes.txt").write_text("no latents")
    done = describe(folder, f"{generators}:{factory}", *options)
    assert done.exit_code == code, done.output
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: ")
    assert said in last
    assert "Traceback" not in done.stderr
