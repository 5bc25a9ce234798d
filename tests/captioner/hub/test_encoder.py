"""CLIP and SigLIP in the dual encoder's place, on tiny random models."""

from pathlib import Path

import numpy as np
import pytest
import torch

from captioner.errors import CaptionerError
from captioner.hub import open_hub_encoder
from captioner.hub.encoder import HubEncoder
from captioner.hub.prompt_picture import as_picture
from captioner.protocols import RegionEncoder


@pytest.fixture(scope="module", params=["clip_folder", "siglip_folder"])
def encoder(request: pytest.FixtureRequest) -> HubEncoder:
    opened = open_hub_encoder(str(request.getfixturevalue(request.param)), device="cpu")
    assert isinstance(opened, HubEncoder)
    return opened


@pytest.fixture(scope="module")
def features(encoder: HubEncoder, pictures: list[np.ndarray], masks: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(encoder.reader.read(pictures, masks))


def test_it_keeps_the_contract(encoder: HubEncoder) -> None:
    assert isinstance(encoder, RegionEncoder)


def test_regions_and_phrases_lie_in_one_space_at_unit_length(
    encoder: HubEncoder, features: np.ndarray
) -> None:
    regions = encoder.embed_regions(features)
    phrases = encoder.embed_phrases(["a dog", "a red bus on grass", "the ear of a cat"])
    assert regions.shape == phrases.shape == (3, regions.shape[1])
    np.testing.assert_allclose(np.linalg.norm(regions, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(phrases, axis=1), 1, atol=1e-5)


def test_a_region_lies_where_the_model_puts_its_prompt_picture(
    encoder: HubEncoder, features: np.ndarray
) -> None:
    inputs = encoder._processor.image_processor(as_picture(features[1]), return_tensors="pt")
    with torch.inference_mode():
        pooled = encoder._model.get_image_features(**inputs).pooler_output[0].numpy()
    np.testing.assert_allclose(encoder.embed_regions(features)[1], pooled / np.linalg.norm(pooled), atol=1e-5)


def test_a_phrase_does_not_move_when_others_are_embedded_with_it(encoder: HubEncoder) -> None:
    alone = encoder.embed_phrases(["a dog"])[0]
    together = encoder.embed_phrases(["the ear of a big cat on grass", "a dog"])[1]
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_a_phrase_longer_than_the_model_reads_is_cut(encoder: HubEncoder) -> None:
    assert np.isfinite(encoder.embed_phrases([" ".join(["red"] * 50)])).all()


def test_nothing_has_no_vectors(encoder: HubEncoder, features: np.ndarray) -> None:
    n_numbers = encoder.embed_phrases(["a dog"]).shape[1]
    assert encoder.embed_phrases([]).shape == (0, n_numbers)
    assert encoder.embed_regions(features[:0]).shape == (0, n_numbers)


def test_a_network_that_is_the_encoders_eye_is_recognised(clip_folder: Path) -> None:
    from captioner.fingerprint import tensor_hashes

    encoder = open_hub_encoder(str(clip_folder), device="cpu")
    again = open_hub_encoder(str(clip_folder), device="cpu")
    assert encoder.reader.tensor_hashes == again.reader.tensor_hashes
    eye = again._model.vision_model  # type: ignore[attr-defined]
    assert encoder.reader.tensor_hashes == tensor_hashes(eye)


def test_a_captioner_is_refused_as_an_encoder(llava_folder: Path) -> None:
    with pytest.raises(CaptionerError, match="no common space for pictures and text: take CLIP or SigLIP"):
        open_hub_encoder(str(llava_folder), device="cpu")
