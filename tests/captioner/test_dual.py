"""Drawings go to the expert of drawings, photographs never do."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from captioner.drawings import Drawings, DrawnThing
from captioner.dual import DualEncoder
from captioner.known_names import known_names
from captioner.own import OwnCaptioner

NAME = "a goldfish"  # that ImageNet's classifier knows too


@pytest.fixture
def both(tiny: OwnCaptioner) -> DualEncoder:
    """Regions whose first feature is above zero are drawings, all of the first of two things."""
    n, vectors = tiny.reader.n_features, F.normalize(torch.randn(2, 384), dim=-1)
    gate = F.one_hot(torch.tensor([0]), n).float()
    things = (DrawnThing((NAME, "a pet")), DrawnThing(("a ghost",)))
    tiny.encoder.drawings = Drawings(
        things,
        gate,
        torch.zeros(1, n),
        torch.zeros(2, 1),
        vectors,
        torch.tensor([0.0, 50, 0]),
        torch.zeros(n),
        torch.ones(n),
    )
    return tiny.encoder


def some_regions(encoder: DualEncoder) -> np.ndarray:
    features = np.random.default_rng(0).normal(size=(4, encoder.reader.n_features)).astype(np.float32)
    features[:, 0] = [-1, 1, -1, 1]
    return features


def test_photographs_lie_where_the_projector_puts_them(both: DualEncoder) -> None:
    features = some_regions(both)
    alone = both.projector(torch.from_numpy(features)).numpy()
    np.testing.assert_array_equal(both.embed_regions(features)[[0, 2]], alone[[0, 2]])


def test_drawings_lie_at_their_names_and_what_the_projector_says_moves_them(both: DualEncoder) -> None:
    found = both.embed_regions(some_regions(both))[[1, 3]]
    assert both.drawings is not None
    assert (found @ both.drawings.vectors[0].numpy() > 0.85).all()
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)


def test_a_drawings_place_is_sharper(both: DualEncoder) -> None:
    sharp = both.sharpness(some_regions(both))
    assert sharp[0] == sharp[2] == pytest.approx(float(both.projector.sharpness))
    assert sharp[1] == sharp[3] > sharp[0]


def test_of_a_name_that_both_know_drawings_are_asked_about_drawings(both: DualEncoder) -> None:
    features = some_regions(both)
    found = both.name_chances(features)
    both.drawings = None
    alone = both.name_chances(features)
    np.testing.assert_array_equal(found[[0, 2]], alone[[0, 2]])
    at = known_names().phrases.index(NAME)
    np.testing.assert_allclose(found[[1, 3], at], 1)
    others = np.arange(len(known_names().phrases)) != at
    assert found[[1, 3]][:, others].max() < 1e-6


def test_where_nothing_drawn_is_likely_names_of_photographs_stay(both: DualEncoder) -> None:
    assert both.drawings is not None
    even = replace(both.drawings, offsets=torch.zeros(3))
    features = some_regions(both)
    both.drawings = None
    alone = both.name_chances(features)
    both.drawings = even
    others = np.arange(len(known_names().phrases)) != known_names().phrases.index(NAME)
    np.testing.assert_allclose(both.name_chances(features)[1, others], alone[1, others] / 2, rtol=1e-5)


def test_the_decoder_is_told_the_meaning_alone_where_most_regions_are_drawings(
    tiny: OwnCaptioner, both: DualEncoder
) -> None:
    drawn, photographed = some_regions(both)[[1, 3, 0]], some_regions(both)[[0, 2, 1]]
    of_drawn, of_photographed = tiny._memory([drawn, photographed]).present[:, :18].view(2, 3, 6)
    assert of_drawn[:, -1].all()
    assert not of_drawn[:, :-1].any()
    assert of_photographed.all()
