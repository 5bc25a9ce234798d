from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from milan.catalog import Catalog, export
from milan.engines import Engine
from milan.errors import EngineError, StateError
from milan.exemplars import ExemplarSettings
from milan.networks import Network, open_network
from milan.uses import DescribeOptions, describe_network

FACTORY = """
import torch
from torch import nn


def colours(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 5, 3, padding=1))


def others():
    return colours(1)
"""
OPTIONS = DescribeOptions(layers=("0", "2"), captioner=None, exemplars=ExemplarSettings(k=3, batch_size=2))


@pytest.fixture
def opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Callable[[], Network]]:
    """How a worker opens one of the networks of a module that it can import."""
    (tmp_path / "opened_twice.py").write_text(FACTORY)
    monkeypatch.syspath_prepend(tmp_path)
    return lambda name: partial(open_network, f"opened_twice:{name}", name="colours", size=(32, 32))


def exported(catalog: Path) -> bytes:
    with Catalog.open(catalog) as store:
        export(store, "jsonl", catalog.with_suffix(".jsonl"))
    return catalog.with_suffix(".jsonl").read_bytes()


def test_workers_export_the_bytes_of_one_pass_and_leave_no_shards(
    opening: Callable[[str], Callable[[], Network]], photos: Path, tmp_path: Path, own_cache: Path
) -> None:
    reopen = opening("colours")
    describe_network(reopen(), photos, tmp_path / "one.db", OPTIONS)
    by_workers = replace(OPTIONS, engine=Engine(workers=2, shards=5), reopen=reopen)
    describe_network(reopen(), photos, tmp_path / "workers.db", by_workers)
    assert exported(tmp_path / "workers.db") == exported(tmp_path / "one.db")
    assert not [file for file in own_cache.rglob("*") if file.is_file()]


def test_a_run_that_is_killed_goes_on_with_the_shards_that_were_merged(
    opening: Callable[[str], Callable[[], Network]],
    photos: Path,
    tmp_path: Path,
    own_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[object] = []

    def cut_off(task: Callable[[object], Path], shards: list[object], engine: Engine) -> Iterator[Path]:
        for shard in shards:
            if len(begun) == 5:
                begun.append("cut off")
                raise KeyboardInterrupt
            begun.append(shard)
            yield task(shard)

    monkeypatch.setattr("milan.uses.workers.map_shards", cut_off)
    monkeypatch.setattr("milan.uses.workers.KEPT_APART", 2)
    reopen = opening("colours")
    by_workers = replace(OPTIONS, engine=Engine(shards=8), reopen=reopen)
    with pytest.raises(KeyboardInterrupt):
        describe_network(reopen(), photos, tmp_path / "workers.db", by_workers)
    kept = sorted(file.name for file in own_cache.rglob("*.safetensors"))
    assert kept == ["5-of-8.safetensors", "merged.safetensors"]
    describe_network(reopen(), photos, tmp_path / "workers.db", by_workers)
    assert len(begun) == 5 + 1 + 4  # the fifth, whose state is there, and three more
    describe_network(reopen(), photos, tmp_path / "one.db", OPTIONS)
    assert exported(tmp_path / "workers.db") == exported(tmp_path / "one.db")


def test_a_worker_that_opens_other_weights_is_refused(
    opening: Callable[[str], Callable[[], Network]], photos: Path, tmp_path: Path
) -> None:
    by_workers = replace(OPTIONS, engine=Engine(workers=1), reopen=opening("others"))
    with pytest.raises(StateError, match="opens with other weights or preprocessing"):
        describe_network(opening("colours")(), photos, tmp_path / "u.db", by_workers)


def test_a_shard_that_only_the_worker_sees_is_told(
    opening: Callable[[str], Callable[[], Network]],
    photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "milan.uses.workers.map_shards", lambda task, shards, engine: iter([tmp_path / "elsewhere"])
    )
    by_workers = replace(OPTIONS, engine=Engine(workers=1))
    with pytest.raises(EngineError, match="MILAN_CACHE_DIR"):
        describe_network(opening("colours")(), photos, tmp_path / "u.db", by_workers)
