"""Presence, read patch by patch by an encoder that knows three colours."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from captioner.protocols import Picture
from milan.describe import Presence, Voice, gather_evidence, read_patches
from milan.describe.presence import PATCH_MASKS

PAINTS = ("red paint", "green paint", "blue paint")


def corner(path: str) -> Picture:
    """A blue picture; `one` has a red corner."""
    picture = np.zeros((56, 56, 3), np.uint8)
    picture[..., 2] = 200
    if path == "one":
        picture[:20, :20] = (200, 0, 0)
    return picture


@pytest.fixture
def presence_of(voice: Voice) -> Callable[[Sequence[str]], Presence]:
    def make(images: Sequence[str]) -> Presence:
        return Presence(read_patches(images, corner, voice.encoder), voice.encoder, voice.bank)

    return make


def test_patches_cover_the_picture_and_none_is_empty() -> None:
    assert PATCH_MASKS.shape == (49, 56, 56)
    assert (PATCH_MASKS.sum(axis=0) > 0).all()
    assert PATCH_MASKS.mean(axis=(1, 2)).min() == pytest.approx(4 / 49)


def test_what_a_corner_shows_is_found_at_its_peak_though_the_mean_hides_it(
    presence_of: Callable[[Sequence[str]], Presence],
) -> None:
    shown = presence_of(["none", "one"]).of(PAINTS)
    assert shown.peak[1, 0] > 0.9
    assert shown.peak[0, 0] < 0.1
    assert shown.mean[0, 0] < shown.mean[1, 0] < 0.5
    assert shown.mean[0, 2] > 0.9


def test_phrases_of_the_bank_are_as_present_alone_as_together(
    presence_of: Callable[[Sequence[str]], Presence],
) -> None:
    alone = presence_of(["none", "one"]).of(["red paint"])
    together = presence_of(["none", "one"])
    np.testing.assert_allclose(alone.mean[:, 0], together.of_bank.mean[:, 0], atol=2e-3)
    np.testing.assert_array_equal(together.of(PAINTS[:1]).peak[:, 0], together.of_bank.peak[:, 0])


def test_a_phrase_that_the_bank_lacks_shares_with_those_it_has(
    presence_of: Callable[[Sequence[str]], Presence],
) -> None:
    shown = presence_of(["none"]).of(["blue thing", "blue paint"])
    # half of the softmax goes to each of two phrases that mean the same
    assert float(shown.mean[0, 0]) == pytest.approx(0.5**0.5, abs=0.02)
    assert float(shown.mean[0, 1]) > 0.9


def test_a_name_that_the_eye_knows_by_itself_is_as_present_as_the_eye_finds_it(
    presence_of: Callable[[Sequence[str]], Presence], voice: Voice
) -> None:
    voice.encoder.known_names = {"green paint": frozenset({0}), "red thing": frozenset({1})}  # type: ignore[misc]
    voice.encoder.name_chances = lambda features: np.tile([0.25, 1], (len(features), 1))  # type: ignore[method-assign]
    presence = presence_of(["none", "one"])
    np.testing.assert_allclose(presence.of_bank.mean[:, 1], 0.5)
    shown = presence.of(["green paint", "red thing", "blue paint"])
    np.testing.assert_allclose(shown.peak[:, :2], [[0.5, 1], [0.5, 1]])
    assert shown.mean[0, 2] > 0.5


def test_sampled_pictures_are_read_once_with_the_regions_on_them(
    voice: Voice, open_view: Callable[[str], Picture], layer_of: Callable[..., object]
) -> None:
    sampled = ["blue-1.png", "red-0.png"]
    found = gather_evidence([layer_of(["red"])], open_view, voice, sampled=sampled)  # type: ignore[list-item]
    assert voice.captioner.reader.n_read == 3  # type: ignore[attr-defined]
    alone = read_patches(sampled, open_view, voice.encoder)
    np.testing.assert_allclose(found.patches.vectors.astype(float), alone.vectors.astype(float), atol=0.01)
