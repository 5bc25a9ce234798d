import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from milan.engines import Engine, EngineKind, map_shards
from milan.errors import BadSetting, EngineError, UnknownName

WORK = """
import os, signal, sys
from pathlib import Path

from milan.errors import UnknownName


def double(shard):
    return 2 * shard


def refuse(shard):
    raise UnknownName("layer", "layr4", ["layer4"])


class Killed:
    def __init__(self, mark, always):
        self.mark, self.always = mark, always

    def __call__(self, shard):
        if shard == 3 and (self.always or not self.mark.exists()):
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return 2 * shard
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """A function of a module that other processes can import."""
    (tmp_path / "shard_work.py").write_text(WORK)
    monkeypatch.syspath_prepend(tmp_path)
    import importlib

    module = importlib.reload(importlib.import_module("shard_work"))
    return lambda name: getattr(module, name)


def test_every_shard_is_answered_once(work: Callable[[str], Callable[[int], int]]) -> None:
    assert sorted(map_shards(work("double"), range(7), Engine(workers=2))) == [0, 2, 4, 6, 8, 10, 12]


def test_a_killed_worker_is_replaced_and_its_shard_begun_again(
    work: Callable[[str], Callable[..., Callable[[int], int]]], tmp_path: Path
) -> None:
    killed = work("Killed")(tmp_path / "mark", always=False)
    assert sorted(map_shards(killed, range(5), Engine(workers=2))) == [0, 2, 4, 6, 8]
    assert (tmp_path / "mark").exists()


def test_a_shard_that_outlives_no_worker_is_an_error_that_says_how_they_ended(
    work: Callable[[str], Callable[..., Callable[[int], int]]], tmp_path: Path
) -> None:
    killed = work("Killed")(tmp_path / "mark", always=True)
    with pytest.raises(EngineError, match=f"shard 3 ended 4 workers .*{signal.SIGKILL.name}"):
        list(map_shards(killed, range(3, 5), Engine(workers=1)))


def test_a_users_mistake_in_a_worker_is_raised_here_with_its_kind_and_line(
    work: Callable[[str], Callable[[int], int]],
) -> None:
    with pytest.raises(UnknownName) as raised:
        list(map_shards(work("refuse"), range(3), Engine(workers=2)))
    assert str(raised.value) == "no layer 'layr4'. Did you mean 'layer4'?"
    assert raised.value.exit_code == 2


def test_a_function_that_cannot_be_sent_is_told() -> None:
    with pytest.raises(EngineError, match="cannot be sent to a process of its own"):
        list(map_shards(lambda shard: shard, range(2), Engine()))


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"cpus": 0}, {"shards": 0}, {"gpus": -1}, {"gpus": 1}])
def test_what_no_engine_can_be_given_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(BadSetting):
        Engine(**wrong)  # type: ignore[arg-type]


def test_there_are_eight_shards_a_worker_but_never_more_than_pieces_of_work() -> None:
    assert Engine(workers=3).n_shards(1000) == 24
    assert Engine(workers=3).n_shards(10) == 10
    assert Engine(kind=EngineKind.RAY, shards=16).n_shards(1000) == 16
