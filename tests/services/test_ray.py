"""Ray's actors: the pass over the images by workers of which one is killed."""

import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from milan.catalog import Catalog, export
from milan.engines import Engine, EngineKind, map_shards
from milan.errors import EngineError, UnknownName
from milan.exemplars import ExemplarSettings
from milan.networks import open_network
from milan.uses import DescribeOptions, describe_network

FACTORY = """
import os, signal
from pathlib import Path

import torch
from torch import nn

from milan.errors import UnknownName


HERE = Path(__file__).parent


class DiesOnce(nn.Sequential):  # the first worker to run it six times
    n_runs = 0

    def forward(self, inputs):
        self.n_runs += 1
        mark = HERE / "killed"
        if self.n_runs == 6 and os.getpid() != int(os.environ["MAPS"]) and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().forward(inputs)


def colours():
    torch.manual_seed(0)
    (HERE / f"{os.getpid()}.opened").touch()
    return DiesOnce(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 5, 3, padding=1))


def refuse(shard):
    raise UnknownName("layer", "layr4", ["layer4"])
"""
OPTIONS = DescribeOptions(layers=("0", "2"), captioner=None, exemplars=ExemplarSettings(k=3, batch_size=2))

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of Ray's own imports
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # its log files and sockets
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "ray_colours.py").write_text(FACTORY)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("MAPS", str(os.getpid()))
    monkeypatch.setenv("MILAN_CACHE_DIR", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(96):
        pixels = np.random.default_rng(seed).integers(0, 255, (32, 32, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{seed:02d}.png")
    return folder


def exported(catalog: Path) -> bytes:
    with Catalog.open(catalog) as store:
        export(store, "jsonl", catalog.with_suffix(".jsonl"))
    return catalog.with_suffix(".jsonl").read_bytes()


def test_sixteen_shards_with_one_actor_killed_export_the_bytes_of_one_pass(
    importable: Path, photos: Path, tmp_path: Path
) -> None:
    reopen = partial(open_network, "ray_colours:colours", size=(32, 32))
    network = reopen()
    describe_network(network, photos, tmp_path / "one.db", OPTIONS)
    engine = Engine(kind=EngineKind.RAY, workers=2, shards=16)
    describe_network(network, photos, tmp_path / "ray.db", replace(OPTIONS, engine=engine, reopen=reopen))
    opened = {int(file.stem) for file in importable.glob("*.opened")}
    assert (importable / "killed").exists()
    assert len(opened - {os.getpid()}) == 3  # the two actors, and the one that took the place of the killed
    assert exported(tmp_path / "ray.db") == exported(tmp_path / "one.db")


def test_a_users_mistake_in_an_actor_is_raised_here_and_no_cluster_is_told(importable: Path) -> None:
    import ray_colours  # type: ignore[import-not-found]

    with pytest.raises(UnknownName, match="Did you mean 'layer4'"):
        list(map_shards(ray_colours.refuse, range(2), Engine(kind=EngineKind.RAY, workers=1)))
    with pytest.raises(EngineError, match=r"no Ray cluster at .127\.0\.0\.1:1"):
        list(map_shards(ray_colours.refuse, [0], Engine(kind=EngineKind.RAY, address="127.0.0.1:1")))


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EngineError, match=r"pip install 'milan-neurons\[ray\]'"):
        list(map_shards(abs, [0], Engine(kind=EngineKind.RAY)))
