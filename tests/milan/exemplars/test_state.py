"""Shards, merging, saving and going on: always the bytes of one pass."""

import errno
import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from milan.datasets import Manifest
from milan.errors import BadSetting, StateError, StorageFull
from milan.exemplars import ExemplarSettings, ExemplarState, Shard, find_exemplars
from milan.networks import Network

SETTINGS = ExemplarSettings(batch_size=4, k=3, signed=True)


def run(network: Network, pictures: Path, **options: object) -> ExemplarState:
    layers = [network.layer("0"), network.layer("2")]
    return find_exemplars(network, layers, Manifest.scan(pictures), SETTINGS, **options)  # type: ignore[arg-type]


def saved(state: ExemplarState, folder: Path) -> bytes:
    state.save(folder / "compared.safetensors")
    return (folder / "compared.safetensors").read_bytes()


@pytest.mark.parametrize("seed", range(4))
def test_shards_merged_in_any_order_are_one_pass_byte_for_byte(
    network: Network, pictures: Path, tmp_path: Path, seed: int
) -> None:
    (pictures / "011.png").write_bytes(b"broken")
    chance = random.Random(seed)
    count = chance.randint(2, 8)
    files = []
    for index in chance.sample(range(count), count):
        files.append(tmp_path / f"{index}.safetensors")
        run(network, pictures, shard=Shard(index, count), state_file=files[-1], workers=chance.choice([1, 2]))
    assert saved(ExemplarState.merged(files), tmp_path) == saved(run(network, pictures), tmp_path)


def test_a_loaded_state_finishes_like_the_one_that_was_saved(
    network: Network, pictures: Path, tmp_path: Path
) -> None:
    state = run(network, pictures)
    state.save(tmp_path / "state")
    loaded = ExemplarState.load(tmp_path / "state")
    for name, layer in state.finish().items():
        again = loaded.finish()[name]
        assert again.statuses == layer.statuses
        for array in ("thresholds", "images", "peaks", "maps", "scales"):
            assert getattr(again, array).tobytes() == getattr(layer, array).tobytes()
        for there, here in ((again.measured, layer.measured), (again.selected, layer.selected)):
            assert there.images == here.images
            assert there.mean.tobytes() == here.mean.tobytes()
    assert loaded.pictures() == state.pictures()
    assert loaded.pictures()


def test_batch_sizes_agree_but_for_rounding(network: Network, pictures: Path) -> None:
    manifest, layer = Manifest.scan(pictures), network.layer("2")
    found = [
        find_exemplars(network, [layer], manifest, ExemplarSettings(batch_size=size)).finish()["2"]
        for size in (1, 7, 64)
    ]
    for other in found[1:]:
        assert (other.images == found[0].images).all()
        assert other.peaks == pytest.approx(found[0].peaks, rel=1e-4)
        assert other.thresholds == pytest.approx(found[0].thresholds, rel=1e-4)


KILLED = """
    import os, sys, threading, time
    sys.path.insert(0, sys.argv[1])
    from pathlib import Path
    import torch
    torch.set_num_threads(1)
    from conftest import network_of, planted_module
    from milan.datasets import Manifest
    from milan.exemplars import ExemplarSettings, find_exemplars
    module = planted_module()
    module.register_forward_hook(lambda *call: time.sleep(0.05))
    network = network_of(module)
    print("started", flush=True)
    find_exemplars(
        network,
        [network.layer("0"), network.layer("2")],
        Manifest.scan(Path(sys.argv[2])),
        ExemplarSettings(batch_size=4, k=3, signed=True),
        state_file=Path(sys.argv[3]),
        save_every_s=0,
    )
"""


def test_killed_and_called_again_it_ends_with_the_same_bytes(
    network: Network, pictures: Path, tmp_path: Path
) -> None:
    state_file = tmp_path / "state"
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(Path(__file__).parent), str(pictures)]
    with subprocess.Popen([*command, str(state_file)], stdout=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while not state_file.exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
    n_done = int(ExemplarState.load(state_file).done.sum())
    assert 1 <= n_done < 8
    resumed = run(network, pictures, state_file=state_file)
    assert saved(resumed, tmp_path) == state_file.read_bytes()
    assert state_file.read_bytes() == saved(run(network, pictures), tmp_path)


def test_a_finished_state_is_not_computed_again(network: Network, pictures: Path, tmp_path: Path) -> None:
    first = run(network, pictures, state_file=tmp_path / "state")
    network.module.register_forward_pre_hook(lambda *call: pytest.fail("the network ran again"))
    assert run(network, pictures, state_file=tmp_path / "state").done.all()
    assert first.is_complete


def test_a_state_of_another_run_is_refused(network: Network, pictures: Path, tmp_path: Path) -> None:
    layers, manifest = [network.layer("0")], Manifest.scan(pictures)
    find_exemplars(network, layers, manifest, SETTINGS, state_file=tmp_path / "state")
    other = ExemplarSettings(batch_size=4, k=4)
    with pytest.raises(StateError, match="another run"):
        find_exemplars(network, layers, manifest, other, state_file=tmp_path / "state")
    with pytest.raises(StateError, match="not of one run"):
        ExemplarState.load(tmp_path / "state").merge(find_exemplars(network, layers, manifest, other))


def test_the_file_of_another_shard_is_refused(network: Network, pictures: Path, tmp_path: Path) -> None:
    run(network, pictures, shard=Shard(0, 2), state_file=tmp_path / "state")
    with pytest.raises(StateError, match="another shard"):
        run(network, pictures, shard=Shard(1, 2), state_file=tmp_path / "state")


def test_a_shard_given_twice_or_missing_is_refused(network: Network, pictures: Path) -> None:
    half = run(network, pictures, shard=Shard(0, 2))
    with pytest.raises(StateError, match="merge each shard once"):
        half.merge(run(network, pictures, shard=Shard(0, 2)))
    with pytest.raises(StateError, match="4 of 8 batches are done"):
        half.finish()
    with pytest.raises(StateError, match="no state files"):
        ExemplarState.merged([])


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"SQLite format 3\0"])
def test_a_file_that_is_no_state_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state").write_bytes(content)
    with pytest.raises(StateError, match="no saved state"):
        ExemplarState.load(tmp_path / "state")


def test_a_cut_off_state_is_refused(network: Network, pictures: Path, tmp_path: Path) -> None:
    run(network, pictures, state_file=tmp_path / "state")
    content = (tmp_path / "state").read_bytes()
    (tmp_path / "state").write_bytes(content[: len(content) // 2])
    with pytest.raises(StateError, match="no saved state"):
        ExemplarState.load(tmp_path / "state")


def test_a_full_disk_leaves_the_state_that_was_there(
    network: Network, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(network, pictures, shard=Shard(0, 2), state_file=tmp_path / "state")
    before = (tmp_path / "state").read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull, match="make room"):
        run(network, pictures).save(tmp_path / "state")
    assert (tmp_path / "state").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["state"]


def test_a_folder_that_cannot_be_written_is_said(network: Network, pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StateError, match="cannot write"):
        run(network, pictures).save(tmp_path / "file" / "state")


@pytest.mark.parametrize("text", ["0/4", "5/4", "3", "a/b", "1/0"])
def test_shards_are_counted_from_one(text: str) -> None:
    with pytest.raises(BadSetting, match="shard"):
        Shard.parse(text)
    assert str(Shard.parse("4/4")) == "4/4"
