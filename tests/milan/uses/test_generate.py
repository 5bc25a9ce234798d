"""Pictures of a generator: written once, described as any folder of images is."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from milan.catalog import Catalog
from milan.errors import DataError, NetworkError, UsageError
from milan.exemplars import ExemplarSettings, Shard
from milan.networks import Generation, Latents, Network, Preprocessing
from milan.uses import DescribeOptions, describe_network, find_shard, generate_pictures, merge_shards

FEW = DescribeOptions(layers=("*",), captioner=None, exemplars=ExemplarSettings(k=4, batch_size=8))


class Blots(nn.Module):
    """Each of four values paints one quarter of a picture; unit q of `maps` is where it lies."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.ConvTranspose2d(4, 4, 16, bias=False)
        self.colours = nn.Conv2d(4, 3, 1, bias=False)
        with torch.no_grad():
            self.maps.weight.zero_()
            for quarter in range(4):
                row, column = divmod(quarter, 2)
                self.maps.weight[quarter, quarter, 8 * row : 8 * row + 8, 8 * column : 8 * column + 8] = 1
            self.colours.weight.fill_(0.4)

    def forward(self, latents: Tensor) -> Tensor:
        return torch.tanh(self.colours(torch.relu(self.maps(latents[:, :, None, None]))))


def network_of(n: int = 45, module: nn.Module | None = None) -> Network:
    made = Generation(Latents.drawn(n, (4,), seed=3), (3, 16, 16), (0.0, 1.0))
    shown = Preprocessing.from_size((16, 16), (0.0,) * 3, (1.0,) * 3)
    module = (module or Blots()).eval().requires_grad_(False)
    return Network("blots", "tests:blots", module, shown, torch.device("cpu"), generation=made)


def test_each_latent_has_its_picture_and_they_are_written_once() -> None:
    network = network_of()
    folder = generate_pictures(network)
    files = sorted(folder.iterdir())
    assert len(files) == 45
    source = network.generation
    assert source is not None
    expected = source.pictures(network.module(source.latents.batch(0, 45)))
    for file, picture in zip(files, expected, strict=True):
        np.testing.assert_array_equal(np.asarray(Image.open(file)), picture)
    before = {file: file.stat().st_mtime_ns for file in files}
    os.utime(files[0], (0, 0))
    assert generate_pictures(network_of()) == folder
    assert files[0].stat().st_mtime_ns == 0
    assert generate_pictures(network_of(), fresh=True) == folder
    assert files[0].stat().st_mtime_ns >= before[files[0]]
    assert generate_pictures(network_of(n=44)) != folder


def test_a_run_that_was_killed_makes_the_pictures_that_are_missing() -> None:
    folder = generate_pictures(network_of())
    files = sorted(folder.iterdir())
    contents = {file: file.read_bytes() for file in files}
    files[40].unlink()
    files[44].rename(folder / f".{files[44].name}.part")  # killed before it was renamed
    progress: list[int] = []
    generate_pictures(network_of(), progress=lambda stage, done, total: progress.append(done))
    assert progress == [32, 45]
    assert {file: file.read_bytes() for file in files} == contents


def test_a_unit_is_shown_by_the_pictures_in_which_it_is_strongest(tmp_path: Path) -> None:
    network = network_of(200)
    summary = describe_network(network, generate_pictures(network), tmp_path / "units.db", FEW)
    assert summary.statuses == {"pending": 4}
    source = network.generation
    assert source is not None
    with Catalog.open(tmp_path / "units.db") as store:
        for unit in store.units("blots", "maps"):
            best = unit.exemplars[0]
            latent = source.latents.of_picture(best.region.image)
            assert latent[unit.id.index] == pytest.approx(best.activation)
            row, column = divmod(unit.id.index, 2)
            mask = best.region.mask(16, 16)
            inside = mask[8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
            assert inside.sum() == mask.sum() > 30
            assert unit.thumbnails[best.region.image].startswith(b"\xff\xd8")


def test_shards_over_generated_pictures_merge_to_the_one_pass_result(tmp_path: Path) -> None:
    network = network_of()
    pictures = generate_pictures(network)
    describe_network(network, pictures, tmp_path / "one.db", FEW)
    files = [tmp_path / f"{index}.safetensors" for index in range(2)]
    for index, file in enumerate(files):
        find_shard(network, pictures, file, Shard(index, 2), FEW, lambda stage, done, total: None)
    merge_shards(files[::-1], tmp_path / "merged.db")
    with Catalog.open(tmp_path / "one.db") as one, Catalog.open(tmp_path / "merged.db") as merged:
        for unit, same in zip(one.units(), merged.units(), strict=True):
            assert [e.region.image for e in unit.exemplars] == [e.region.image for e in same.exemplars]
            assert unit.thumbnails == same.thumbnails


def test_pictures_of_other_latents_are_not_taken_for_these(tmp_path: Path) -> None:
    others = generate_pictures(network_of(45))
    few = network_of(1)
    with pytest.raises(DataError, match="none of the latents made this picture"):
        describe_network(few, others / "..", tmp_path / "units.db", FEW)


def test_a_network_that_takes_pictures_generates_none(network: Network) -> None:
    with pytest.raises(UsageError, match="open_generator"):
        generate_pictures(network)


def test_a_latent_whose_picture_is_not_a_number_is_said() -> None:
    module = Blots()
    with torch.no_grad():
        module.colours.weight[0] = float("nan")
    with pytest.raises(NetworkError, match="not numbers"):
        generate_pictures(network_of(5, module))
