"""What a head knows of drawings, on features that are made up."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from captioner.drawings import Drawings
from captioner.errors import WeightsError
from captioner.features import SampleFeatures
from captioner.samples import Sample
from captioner.train_drawings import DrawingsFit, fit_drawings

N_FEATURES = 24
THINGS = ("a carrot", "a dog", "a ghost")
MANNER = 9.0
"""How far manners move a drawing, where things differ by about one."""


def drawings_of(thing: int, n: int, seed: int) -> np.ndarray:
    """Drawings differ most by their manner, in twelve directions, and a little by what they show."""
    random = np.random.default_rng(seed)
    features = random.normal(0, 0.3, (n, N_FEATURES))
    features[:, :12] += random.normal(0, MANNER, (n, 12))
    features[:, 12 + thing] += 2
    features[:, 20] += 5
    return features.astype(np.float16)


def photographs(n: int, seed: int) -> np.ndarray:
    features = np.random.default_rng(seed).normal(0, 1, (n, N_FEATURES))
    features[:, 20] -= 5
    return features.astype(np.float16)


def regions(features: np.ndarray, phrases: list[tuple[str, ...]]) -> SampleFeatures:
    samples = tuple(Sample(f"{row}.png", None, own) for row, own in enumerate(phrases))
    return SampleFeatures(samples, features, (N_FEATURES,))


@pytest.fixture(scope="module")
def drawings() -> Drawings:
    drawn = np.concatenate([drawings_of(thing, 60, seed=thing) for thing in range(3)])
    names: list[tuple[str, ...]] = [
        (*((f"a {row}th ghost",) if name == "a ghost" else ()), name, "a thing")
        for name in THINGS
        for row in range(60)
    ]
    photos = regions(photographs(300, seed=9), [("a photo",)] * 300)
    return fit_drawings(regions(drawn, names), photos, DrawingsFit(axes=8))


def test_things_are_told_apart_however_they_are_drawn(drawings: Drawings) -> None:
    for thing, name in enumerate(THINGS):
        new = torch.from_numpy(drawings_of(thing, 50, seed=100 + thing).astype(np.float32))
        said = [drawings.things[at].phrases[0] for at in drawings.chances(new).argmax(1).tolist()]
        assert said.count(name) > 45


def test_a_thing_is_called_by_its_most_specific_phrase_that_is_not_too_rare(drawings: Drawings) -> None:
    assert {thing.phrases for thing in drawings.things} == {(name, "a thing") for name in THINGS}


def test_a_drawing_lies_at_its_name(drawings: Drawings) -> None:
    dogs = torch.from_numpy(drawings_of(1, 20, seed=50).astype(np.float32))
    place = drawings.place(dogs)
    torch.testing.assert_close(place.norm(dim=-1), torch.ones(20))
    at = [thing.phrases[0] for thing in drawings.things].index("a dog")
    assert float((place @ drawings.vectors[at]).median()) > 0.9


def test_drawings_are_told_from_photographs(drawings: Drawings) -> None:
    assert drawings.drawn(torch.from_numpy(drawings_of(0, 50, seed=60).astype(np.float32))).all()
    assert not drawings.drawn(torch.from_numpy(photographs(50, seed=61).astype(np.float32))).any()


def test_what_is_only_seen_at_early_depths_makes_no_drawing() -> None:
    """Sharpness and compression differ from one source of photographs to another."""
    drawn = np.concatenate([drawings_of(thing, 60, seed=thing) for thing in range(3)])
    names = [(name,) for name in THINGS for _ in range(60)]
    photos = photographs(300, seed=9)
    photos[:, 0] -= 30  # ours are blurred
    depths = (12, 6, 6)
    fitted = fit_drawings(
        replace(regions(drawn, names), depths=depths),
        replace(regions(photos, [("a photo",)] * 300), depths=depths),
    )
    sharp = photographs(50, seed=10)
    sharp[:, 0] += 60
    assert not fitted.drawn(torch.from_numpy(sharp.astype(np.float32))).any()


def test_names_say_which_things_they_cover(drawings: Drawings) -> None:
    columns, members = drawings.names(("a tench", "a dog", "a thing"))
    assert columns.tolist() == [1, 2]
    assert members.sum(0).tolist() == [1, 3]


def test_it_comes_back_from_its_folder_nearly_as_it_was(drawings: Drawings, tmp_path: Path) -> None:
    drawings.save(tmp_path)
    again = Drawings.load(tmp_path)
    assert again is not None
    assert again.things == drawings.things
    some = torch.from_numpy(drawings_of(2, 30, seed=70).astype(np.float32))
    torch.testing.assert_close(again.chances(some), drawings.chances(some), atol=0.1, rtol=0)


def test_a_folder_without_it_knows_no_drawings_and_a_damaged_one_is_named(
    drawings: Drawings, tmp_path: Path
) -> None:
    assert Drawings.load(tmp_path) is None
    drawings.save(tmp_path)
    (tmp_path / "drawings.safetensors").write_bytes(b"no weights")
    with pytest.raises(WeightsError, match=r"drawings\.safetensors is damaged"):
        Drawings.load(tmp_path)
