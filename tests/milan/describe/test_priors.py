"""log p(d) by language, and by what fits other units of the layer."""

import numpy as np
import pytest

from milan.describe import LayerEvidence, PmiSettings, Voice, describe_layer
from milan.describe.candidates import CHUNK
from milan.describe.priors import REFERENCES, Priors, reference_units
from milan.errors import BadSetting
from milan.records import Description

PHRASES = ["blue thing", "green thing", "red thing"]


def layer_of(colours: str) -> LayerEvidence:
    """A unit a letter, each of two exemplars."""
    features = np.eye(3, dtype=np.float16)[["rgb".index(letter) for letter in colours for _ in range(2)]]
    return LayerEvidence(
        features,
        features,
        sharpness=np.full(len(features), 20.0, np.float32),
        beside=np.full((len(features), 4, 3), np.nan, np.float16),
        rows=tuple(range(2 * unit, 2 * unit + 2) for unit in range(len(colours))),
    )


def test_what_fits_many_units_is_likely_within_the_network(voice: Voice) -> None:
    evidence = layer_of("rrrb")
    of_network = Priors("network", voice.captioner, evidence, PHRASES).of(PHRASES)
    expected = [np.mean([1 if unit == own else 0.01 for unit in "rrrb"]) for own in "bgr"]
    np.testing.assert_allclose(of_network.total, np.log(expected), rtol=1e-6)
    np.testing.assert_array_equal(of_network.n_tokens, [2, 2, 2])
    of_language = Priors("language", voice.captioner, evidence, PHRASES).of(PHRASES)
    np.testing.assert_array_equal(of_language.total, [-3, -3, -1])


def test_the_reference_units_are_spread_over_those_with_evidence() -> None:
    units = [unit for unit in range(2000) if unit % 5]
    found = reference_units(units)
    assert len(set(found)) == REFERENCES
    assert set(found) <= set(units)
    assert (found[0], found[-1]) == (units[0], units[-1])
    assert reference_units([7]) == [7]


def test_the_network_prior_does_not_depend_on_which_units_are_asked_for(voice: Voice) -> None:
    evidence = layer_of(("rgb" * CHUNK)[: CHUNK + 6])
    settings = PmiSettings(prior="network", n_retrieved=2)

    def said(**which: object) -> list[Description]:
        found = describe_layer(evidence, voice, settings, **which)  # type: ignore[arg-type]
        return [description for chunk in found for description in chunk]

    assert said(units={CHUNK + 2}) == [said()[CHUNK + 2]]


def test_another_prior_is_refused() -> None:
    with pytest.raises(BadSetting, match="language or network"):
        PmiSettings(prior="images")  # type: ignore[arg-type]
