from pathlib import Path

import pytest

from milan.datasets import Manifest
from milan.errors import BadSetting
from milan.exemplars import ExemplarSettings, find_exemplars, plan
from milan.networks import Network


def test_a_plan_tells_images_units_time_memory_and_disk(network: Network, pictures: Path) -> None:
    layers = [network.layer("0"), network.layer("2")]
    found = plan(network, layers, Manifest.scan(pictures), ExemplarSettings())
    assert (found.images, found.units) == (30, 11)
    assert 0 < found.seconds < 60
    assert [line.split()[0] for line in found.lines()] == ["images", "units", "time", "memory", "disk"]
    assert found.as_dict()["units"] == 11


def test_the_state_takes_no_more_disk_than_planned(network: Network, pictures: Path, tmp_path: Path) -> None:
    layers, manifest = [network.layer("0")], Manifest.scan(pictures)
    planned = plan(network, layers, manifest, ExemplarSettings()).disk_bytes
    written = find_exemplars(network, layers, manifest, ExemplarSettings()).save(tmp_path / "state")
    assert planned / 4 < written < planned


@pytest.mark.parametrize(
    "options",
    [
        {"k": 0},
        {"batch_size": 0},
        {"map_size": 0},
        {"quantile": 1.0},
        {"n_measured": -1},
        {"n_selected": -1},
    ],
)
def test_settings_outside_their_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(BadSetting, match=next(iter(options))):
        ExemplarSettings(**options)  # type: ignore[arg-type]
