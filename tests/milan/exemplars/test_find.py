from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from milan.datasets import Manifest, Side, open_picture
from milan.errors import BadSetting, DataError
from milan.exemplars import ExemplarSettings, find_exemplars
from milan.networks import Network, Preprocessing
from milan.records import LayerExemplars, UnitStatus

SETTINGS = ExemplarSettings(batch_size=8)
RED, GREEN, BLUE, DEAD, NEVER_POSITIVE = range(5)


def layer_of(network: Network, manifest: Manifest, name: str = "0", **options: object) -> LayerExemplars:
    settings = ExemplarSettings(batch_size=8, **options)  # type: ignore[arg-type]
    return find_exemplars(network, [network.layer(name)], manifest, settings).finish()[name]


def activations_of(network: Network, manifest: Manifest, unit: int) -> dict[int, np.ndarray]:
    """The unit's maps of all images, by position, computed one at a time and without a hook."""
    preprocessing, found = network.preprocessing, {}
    for at in range(len(manifest)):
        view = preprocessing.view(open_picture(manifest.file(at)))
        found[at] = network.module[0](torch.from_numpy(preprocessing.to_input(view))[None])[0, unit].numpy()
    return found


def test_the_strongest_images_of_the_exemplar_side_are_found_in_order(
    network: Network, pictures: Path
) -> None:
    manifest = Manifest.scan(pictures)
    peaks = {
        at: float(maps.max())
        for at, maps in activations_of(network, manifest, RED).items()
        if manifest.sides[at] is Side.EXEMPLAR
    }
    expected = sorted(peaks, key=lambda at: (-peaks[at], at))[:15]
    found = layer_of(network, manifest)
    assert found.images[RED].tolist() == expected
    assert found.peaks[RED].tolist() == pytest.approx([peaks[at] for at in expected])


def test_an_in_place_relu_behind_the_layer_changes_nothing(network: Network, pictures: Path) -> None:
    found = layer_of(network, Manifest.scan(pictures))
    assert found.map_of(RED, 0).min() < 0


def test_maps_show_where_the_planted_colour_is(network: Network, pictures: Path) -> None:
    manifest = Manifest.scan(pictures)
    strongest = layer_of(network, manifest, map_size=40).of(RED)[0]
    picture = np.asarray(open_picture(pictures / strongest.region.image)).astype(int)
    patch = (picture[..., 1:].sum(axis=2) == 0) & (picture[..., 0] > 150)
    active = strongest.region.map > strongest.region.threshold
    assert (active & patch).sum() / (active | patch).sum() > 0.7


def test_maps_of_larger_grids_are_max_pooled_and_keep_the_peak(network: Network, pictures: Path) -> None:
    for map_size in (28, 10):  # 40 positions a side: cells of mixed size, and whole ones
        found = layer_of(network, Manifest.scan(pictures), map_size=map_size)
        assert found.maps.shape[2:] == (map_size, map_size)
        assert found.maps[GREEN].max(axis=(1, 2)) * found.scales[GREEN] == pytest.approx(
            found.peaks[GREEN], rel=1e-3
        )


def test_the_threshold_is_the_quantile_over_all_positions(network: Network, pictures: Path) -> None:
    manifest = Manifest.scan(pictures)
    found = layer_of(network, manifest, map_size=40)
    for unit in (RED, GREEN, BLUE):
        maps = activations_of(network, manifest, unit)
        values = np.stack([maps[at] for at in maps if manifest.sides[at] is Side.EXEMPLAR])
        level = found.thresholds[unit]
        assert (values < level).mean() <= 0.9905
        assert (values <= level).mean() >= 0.9895


def test_a_threshold_from_some_positions_is_near_that_of_all(network: Network, pictures: Path) -> None:
    manifest = Manifest.scan(pictures)
    some, whole = layer_of(network, manifest, map_size=20), layer_of(network, manifest, map_size=40)
    assert some.thresholds[:3] == pytest.approx(whole.thresholds[:3], rel=0.05)


def test_dead_and_never_positive_units_are_said_to_be_so(network: Network, pictures: Path) -> None:
    found = layer_of(network, Manifest.scan(pictures))
    assert found.statuses[DEAD] is UnitStatus.DEAD
    assert found.statuses[NEVER_POSITIVE] is UnitStatus.NEVER_POSITIVE
    assert found.statuses[RED] is UnitStatus.PENDING
    assert found.thresholds[DEAD] == pytest.approx(0.25)


def test_a_never_positive_unit_still_has_its_highest_images(network: Network, pictures: Path) -> None:
    found = layer_of(network, Manifest.scan(pictures))
    assert (found.images[NEVER_POSITIVE] >= 0).all()
    assert (found.peaks[NEVER_POSITIVE] < 0).all()


def test_all_exemplars_of_a_dead_unit_are_the_first_images(network: Network, pictures: Path) -> None:
    manifest = Manifest.scan(pictures)
    first = [at for at, side in enumerate(manifest.sides) if side is Side.EXEMPLAR][:15]
    assert layer_of(network, manifest).images[DEAD].tolist() == first


def test_the_measuring_side_is_measured_and_never_an_exemplar(network: Network, pictures: Path) -> None:
    manifest = Manifest.scan(pictures)
    found = layer_of(network, manifest)
    measuring = [at for at, side in enumerate(manifest.sides) if side is Side.MEASURING]
    assert found.measured.images == tuple(manifest.paths[at] for at in measuring)
    assert not set(measuring) & set(found.images.ravel().tolist())
    maps = activations_of(network, manifest, BLUE)
    assert found.measured.peak[:, BLUE] == pytest.approx([maps[at].max() for at in measuring])
    assert found.measured.mean[:, BLUE] == pytest.approx([maps[at].mean() for at in measuring], abs=1e-6)


def test_a_sample_of_the_exemplar_side_is_kept_whole_range_and_all(network: Network, pictures: Path) -> None:
    manifest = Manifest.scan(pictures)
    shown = [at for at, side in enumerate(manifest.sides) if side is Side.EXEMPLAR]
    found = layer_of(network, manifest, k=2)
    assert found.selected.images == tuple(manifest.paths[at] for at in shown)
    maps = activations_of(network, manifest, BLUE)
    assert found.selected.peak[:, BLUE] == pytest.approx([maps[at].max() for at in shown])
    assert found.selected.mean[:, BLUE] == pytest.approx([maps[at].mean() for at in shown], abs=1e-6)


def test_samples_have_as_many_images_as_asked_for(network: Network, pictures: Path) -> None:
    manifest = Manifest.scan(pictures)
    found = layer_of(network, manifest, n_measured=0, n_selected=5)
    assert found.measured.mean.shape == (0, 5)
    assert found.selected.images == tuple(
        manifest.paths[at] for at in manifest.sample(5, Side.EXEMPLAR).tolist()
    )


def test_signed_units_have_lowest_activations_on_the_negated_scale(network: Network, pictures: Path) -> None:
    manifest = Manifest.scan(pictures)
    upward = layer_of(network, manifest, signed=True)
    assert upward.downward is not None
    network.module[0].weight.neg_()
    network.module[0].bias.neg_()
    negated = layer_of(network, manifest)
    for name in ("images", "peaks", "maps", "scales"):
        assert (getattr(upward.downward, name) == getattr(negated, name)).all(), name
    assert upward.downward.thresholds == pytest.approx(negated.thresholds, rel=1e-3, abs=1e-6)
    assert upward.downward.statuses == negated.statuses
    for sample in ("measured", "selected"):
        there, here = getattr(upward.downward, sample), getattr(negated, sample)
        assert there.images == here.images
        assert (there.peak == here.peak).all()
        assert there.mean == pytest.approx(here.mean, abs=1e-6)


def test_three_images_are_enough_and_leave_the_other_places_empty(network: Network, pictures: Path) -> None:
    found = layer_of(network, Manifest.scan(pictures, limit=3))
    n_filled = int((found.images[RED] >= 0).sum())
    assert 1 <= n_filled <= 3
    assert found.peaks[RED, n_filled:].tolist() == [-np.inf] * (15 - n_filled)
    assert not found.maps[RED, n_filled:].any()
    assert len(found.of(RED)) == n_filled


def test_images_that_cannot_be_decoded_are_skipped_and_listed(network: Network, pictures: Path) -> None:
    (pictures / "003.png").write_bytes(b"")
    (pictures / "017.png").write_bytes((pictures / "017.png").read_bytes()[:200])
    manifest = Manifest.scan(pictures)
    state = find_exemplars(network, [network.layer("0")], manifest, SETTINGS)
    assert sorted(skip.path for skip in state.skipped) == ["003.png", "017.png"]
    assert not {3, 17} & set(state.finish()["0"].images.ravel().tolist())


def test_a_folder_of_broken_images_is_refused_at_the_end(network: Network, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(name.encode())
    state = find_exemplars(network, [network.layer("0")], Manifest.scan(tmp_path), SETTINGS)
    with pytest.raises(DataError, match="none of the 2 images"):
        state.finish()


class Poisoned(nn.Module):
    """Not a number in unit 1 wherever the picture is all black, infinite in unit 2."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Conv2d(3, 4, 1)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        hidden = inputs.mean(1, keepdim=True).repeat(1, 4, 1, 1)
        black = (inputs.amax((1, 2, 3)) == 0)[:, None, None]
        hidden[:, 1] = hidden[:, 1].masked_fill(black, torch.nan)
        hidden[:, 2] = hidden[:, 2].masked_fill(black, -torch.inf)
        return hidden


def test_not_a_number_fails_the_unit_and_spares_its_other_images(pictures: Path) -> None:
    for name in ("005.png", "006.png", "007.png", "008.png"):
        Image.new("RGB", (40, 40)).save(pictures / name)
    preprocessing = Preprocessing((40, 40), (40, 40), mean=(0, 0, 0), std=(1, 1, 1))
    network = Network("poisoned", "tests:poisoned", Poisoned().eval(), preprocessing, torch.device("cpu"))
    found = layer_of(network, Manifest.scan(pictures), "[output]")
    assert found.statuses == (
        UnitStatus.PENDING,
        UnitStatus.FAILED,
        UnitStatus.FAILED,
        UnitStatus.PENDING,
    )
    assert np.isfinite(found.thresholds).all()
    black = {5, 6, 7, 8}
    assert not black & set(found.images[1].tolist()) | black & set(found.images[2].tolist())
    assert (found.images[1, :5] >= 0).all()
    assert (found.images[0] == found.images[3]).all()


def test_dense_layers_have_one_position(pictures: Path) -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Flatten(), nn.Linear(3 * 40 * 40, 7)).requires_grad_(False).eval()
    preprocessing = Preprocessing((40, 40), (40, 40), mean=(0, 0, 0), std=(1, 1, 1))
    network = Network("dense", "tests:dense", module, preprocessing, torch.device("cpu"))
    found = layer_of(network, Manifest.scan(pictures), "1")
    assert found.maps.shape == (7, 15, 1, 1)
    assert (found.map_of(2, 0) == found.peaks[2, 0]).all()


def test_without_a_layer_there_is_nothing_to_do(network: Network, pictures: Path) -> None:
    with pytest.raises(BadSetting, match="no layer"):
        find_exemplars(network, [], Manifest.scan(pictures), SETTINGS)


def test_progress_ends_at_the_number_of_images(network: Network, pictures: Path) -> None:
    told: list[tuple[int, int]] = []
    find_exemplars(
        network,
        [network.layer("0")],
        Manifest.scan(pictures),
        SETTINGS,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(8, 30), (16, 30), (24, 30), (30, 30)]
