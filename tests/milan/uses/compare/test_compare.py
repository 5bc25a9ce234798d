"""Comparisons of networks whose truth is known."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from milan.catalog import Catalog
from milan.errors import BadSetting, DataError, UnknownName, UsageError
from milan.uses.compare import Address, Comparison, Subject, compare_networks, write_comparison
from milan.uses.compare.pairing import pair_units

Fill = Callable[..., Path]
UNITS = range(24)


def compared(first: Path, second: Path, *, page: Path | None = None, **asked: object) -> Comparison:
    pairs = asked.pop("pairs", ())
    layers = asked.pop("layers", ())
    embed = asked.pop("embed", None)
    one, two = (Address.parse(str(path)) for path in (first, second))
    with Catalog.open(one.catalog) as before, Catalog.open(two.catalog) as after:
        sides = [
            Subject.of(catalog, address.network, layers, embed)  # type: ignore[arg-type]
            for catalog, address in ((before, one), (after, two))
        ]
        found = compare_networks(*sides, pairs)  # type: ignore[arg-type]
        if page is not None:
            write_comparison(found, *sides, page)
    return found


def permutation(n: int) -> list[int]:
    return np.random.default_rng(5).permutation(n).tolist()


def test_the_same_units_twice_are_all_matched_with_themselves(fill: Fill) -> None:
    found = compared(fill("a", {"conv": UNITS}), fill("b", {"conv": UNITS}))
    (layer,) = found.layers
    assert [pair.first.index for pair in layer.matched] == [pair.second.index for pair in layer.matched]
    assert (len(layer.matched), layer.unsure, layer.lost, layer.new) == (24, (), (), ())
    assert layer.typical == pytest.approx(1)
    assert layer.strangers < 0.5
    pair = layer.matched[0]
    assert pair.activations is not None
    assert pair.activations.value == pytest.approx(1)
    assert pair.exemplars.value == 1
    assert pair.regions is not None
    assert pair.regions.value == 1


def test_permuted_units_are_found(fill: Fill) -> None:
    order = permutation(24)
    found = compared(fill("a", {"conv": UNITS}), fill("b", {"conv": order}, noise=0.1))
    (layer,) = found.layers
    assert len(layer.matched) == 24
    assert {(pair.first.index, order[pair.second.index]) for pair in layer.matched} == {
        (unit, unit) for unit in UNITS
    }
    assert all(
        pair.activations.low <= pair.activations.value < 1 for pair in layer.matched if pair.activations
    )


def test_units_that_were_made_anew_are_lost_and_new(fill: Fill) -> None:
    after = [*range(16), *range(100, 108)]
    found = compared(fill("a", {"conv": UNITS}), fill("b", {"conv": after}, noise=0.1))
    (layer,) = found.layers
    assert {pair.first.index for pair in layer.matched} == set(range(16))
    assert {unit.unit.index for unit in layer.lost} | {pair.first.index for pair in layer.unsure} == set(
        range(16, 24)
    )
    assert {unit.unit.index for unit in layer.new} <= set(range(16, 24))
    lost = layer.lost[0]
    assert lost.unit.network == "a"
    assert lost.nearest is not None
    assert lost.nearest.network == "b"
    assert lost.likeness is not None
    assert lost.likeness < layer.typical


def test_units_in_another_layer_have_moved(fill: Fill) -> None:
    first = fill("a", {"early": range(24), "late": range(30, 54)})
    second = fill("b", {"early": [*range(20), *range(50, 54)], "late": [*range(30, 50), *range(20, 24)]})
    found = compared(first, second)
    assert {(str(pair.first), str(pair.second)) for pair in found.moved} >= {("a/early/20", "b/late/20")}
    assert len(found.moved) == 8
    assert all(not layer.lost and not layer.new for layer in found.layers)


def test_networks_without_a_layer_in_common_are_compared_whole_or_by_pairs(fill: Fill) -> None:
    first, second = fill("a", {"conv": UNITS}), fill("b", {"one": range(12), "two": range(12, 24)})
    (whole,) = compared(first, second).layers
    assert (whole.first, whole.second) == ("conv", "all layers")
    assert len(whole.matched) == 24
    (pair,) = compared(first, second, pairs=[("conv", "one")]).layers
    assert (pair.first, pair.second, pair.n_units) == ("conv", "one", (24, 12))
    assert len(pair.matched) == 12
    with pytest.raises(UnknownName, match="Did you mean 'one'"):
        compared(first, second, pairs=[("conv", "ones")])


def test_silent_units_are_left_out(fill: Fill) -> None:
    found = compared(fill("a", {"conv": [*UNITS, -1]}), fill("b", {"conv": [*UNITS, 40]}))
    (layer,) = found.layers
    assert layer.n_silent == (1, 0)
    assert layer.n_units == (24, 25)
    assert [unit.unit.index for unit in layer.new] == [24]


def test_a_layer_of_silent_units_is_lost_to_nothing(fill: Fill) -> None:
    found = compared(fill("a", {"conv": UNITS}), fill("b", {"conv": [-1] * 4}))
    (layer,) = found.layers
    assert len(layer.lost) == 24
    assert layer.lost[0].nearest is None
    assert layer.kept.value == 0


def test_other_images_are_refused(fill: Fill) -> None:
    with pytest.raises(DataError, match="not shown the same images"):
        compared(fill("a", {"conv": UNITS}), fill("b", {"conv": UNITS}, data="d1"))


def test_networks_that_crop_unlike_are_compared_by_whole_images(fill: Fill) -> None:
    view = {"size": [64, 64], "resize": [80, 80], "squash": False}
    found = compared(fill("a", {"conv": UNITS}), fill("b", {"conv": UNITS}, view=view))
    assert not found.by_place
    assert any("crop" in line for line in found.notes)
    assert len(found.layers[0].matched) == 24
    assert found.layers[0].matched[0].regions is None


def test_text_units_are_compared_by_the_words_that_drive_them(fill: Fill, tmp_path: Path) -> None:
    order = permutation(24)
    first, second = (fill(name, {"lstm": who}, of_text=True) for name, who in (("a", UNITS), ("b", order)))
    found = compared(first, second, page=tmp_path / "page.html")
    (layer,) = found.layers
    assert found.is_of_text
    assert len(layer.matched) == 24
    assert all(order[pair.second.index] == pair.first.index for pair in layer.matched)
    assert layer.matched[0].activations is None
    assert "passages" in (tmp_path / "page.html").read_text("utf-8")


def test_words_of_matched_units_are_compared_beside_chance(fill: Fill, embed: Callable[..., object]) -> None:
    topics = ("dogs", "cars", "trees", "letters", "water", "faces", "stripes", "food")
    first = fill("a", {"conv": UNITS}, words=lambda one: f"some {topics[one % 8]}")
    second = fill("b", {"conv": UNITS}, words=lambda one: f"many {topics[(one + (one == 3)) % 8]}")
    (layer,) = compared(first, second, embed=embed).layers
    assert layer.words is not None
    assert layer.words_shuffled is not None
    assert layer.words.low > layer.words_shuffled.high
    otherwise = [pair for pair in layer.matched if pair.words is not None and pair.words < 0.4]
    assert [pair.phrases for pair in otherwise] == [("some letters", "many water")]


def test_two_networks_of_one_catalog_need_their_names(fill: Fill) -> None:
    fill("a", {"conv": UNITS}, file="both.db")
    path = fill("b", {"conv": UNITS}, file="both.db")
    with pytest.raises(UsageError, match="say which"):
        compared(path, path)
    named = [path.with_name(f"both.db:{name}") for name in "ab"]
    assert len(compared(*named).layers[0].matched) == 24
    with pytest.raises(UsageError, match="name two"):
        compared(named[0], named[0])


def test_the_page_escapes_what_a_catalog_says(fill: Fill, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>"
    first, second = (fill(name, {"conv": UNITS}, words=lambda one: hostile) for name in "ab")
    compared(first, second, page=tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    with pytest.raises(DataError, match="cannot be written"):
        compared(first, second, page=tmp_path / "none" / "page.html")


def test_more_units_than_can_be_paired_are_refused() -> None:
    with pytest.raises(BadSetting, match="choose layers"):
        pair_units(np.zeros((1, 10_001), np.float32), np.zeros(1, np.float32))
