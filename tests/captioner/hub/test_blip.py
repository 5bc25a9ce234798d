"""BLIP in the captioner's place, on a tiny random model."""

from pathlib import Path

import numpy as np
import pytest
import torch

from captioner.hub import open_hub_captioner
from captioner.hub.blip import BlipCaptioner
from captioner.hub.prompt_picture import as_picture
from captioner.protocols import Captioner, Reader

PHRASES = ["a red bus", "a dog", "the ear of a big cat on grass"]


@pytest.fixture(scope="module")
def captioner(blip_folder: Path) -> BlipCaptioner:
    opened = open_hub_captioner(str(blip_folder), device="cpu")
    assert isinstance(opened, BlipCaptioner)
    return opened


@pytest.fixture(scope="module")
def evidence(captioner: BlipCaptioner, pictures: list[np.ndarray], masks: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(captioner.reader.read(pictures, masks))


def by_hand(captioner: BlipCaptioner, phrase: str, region: np.ndarray | None) -> float:
    """log p of one phrase, a token at a time, with nothing padded and nothing batched."""
    model, processor = captioner._model, captioner._processor
    states = None
    if region is not None:
        pixels = processor.image_processor(as_picture(region), return_tensors="pt")["pixel_values"]
        states = model.vision_model(pixels).last_hidden_state
    ids = processor.tokenizer(phrase)["input_ids"]
    ids[0] = model.config.text_config.bos_token_id
    total = 0.0
    for position in range(1, len(ids)):
        logits = model.text_decoder(torch.tensor([ids[:position]]), encoder_hidden_states=states).logits
        total += float(logits[0, -1].double().log_softmax(0)[ids[position]])
    return total


def test_it_keeps_the_contracts(captioner: BlipCaptioner) -> None:
    assert isinstance(captioner, Captioner)
    assert isinstance(captioner.reader, Reader)
    assert captioner.name == "hf:blip"


def test_log_p_given_is_the_teacher_forced_sum_averaged_over_regions(
    captioner: BlipCaptioner, evidence: np.ndarray
) -> None:
    given = captioner.log_p_given([evidence], [PHRASES])[0]
    with torch.inference_mode():
        expected = [
            np.mean([by_hand(captioner, phrase, region) for region in evidence]) for phrase in PHRASES
        ]
    np.testing.assert_allclose(given.total, expected, atol=1e-4)


def test_tokens_are_counted_with_the_end_of_the_phrase(captioner: BlipCaptioner) -> None:
    assert captioner.log_p_prior(PHRASES).n_tokens.tolist() == [4, 3, 9]


def test_the_prior_is_the_decoder_without_a_picture(captioner: BlipCaptioner) -> None:
    with torch.inference_mode():
        expected = [by_hand(captioner, phrase, None) for phrase in PHRASES]
    np.testing.assert_allclose(captioner.log_p_prior(PHRASES).total, expected, atol=1e-4)


def test_the_prior_is_a_distribution_over_first_words(captioner: BlipCaptioner) -> None:
    """Every one-token start sums to one: nothing is lost to padding or to the picture."""
    logits = captioner._model.text_decoder(torch.tensor([[4]])).logits[0, -1]
    assert float(logits.detach().softmax(0).sum()) == pytest.approx(1)
    prior = captioner.log_p_prior(["dog", "cat"]).total
    assert (prior < 0).all()


def test_likelihoods_of_a_phrase_do_not_depend_on_its_neighbours(
    captioner: BlipCaptioner, evidence: np.ndarray
) -> None:
    together = captioner.log_p_given([evidence], [PHRASES])[0].total
    alone = [captioner.log_p_given([evidence], [[phrase]])[0].total[0] for phrase in PHRASES]
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_other_regions_give_other_likelihoods(captioner: BlipCaptioner, evidence: np.ndarray) -> None:
    first, second = captioner.log_p_given([evidence[:1], evidence[1:2]], [PHRASES, PHRASES])
    assert np.abs(first.total - second.total).max() > 1e-3


def test_proposals_are_phrases_each_once_likeliest_first(
    captioner: BlipCaptioner, evidence: np.ndarray
) -> None:
    proposed = captioner.propose([evidence, evidence[:1]], 4)
    assert [len(phrases) <= 4 for phrases in proposed] == [True, True]
    assert proposed[0]
    assert len(set(proposed[0])) == len(proposed[0])
    assert all(phrase == phrase.lower().strip() for phrase in proposed[0])
    totals = captioner.log_p_given([evidence], [proposed[0]])[0].total
    assert (np.diff(totals) <= 1e-4).all()


def test_no_phrases_have_no_likelihoods(captioner: BlipCaptioner, evidence: np.ndarray) -> None:
    assert captioner.log_p_prior([]).total.shape == (0,)
    assert captioner.log_p_given([evidence], [[]])[0].total.shape == (0,)


def test_without_evidence_a_phrase_has_its_prior(captioner: BlipCaptioner, evidence: np.ndarray) -> None:
    given = captioner.log_p_given([evidence[:0]], [PHRASES])[0]
    np.testing.assert_array_equal(given.total, captioner.log_p_prior(PHRASES).total)
    assert captioner.propose([evidence[:0]], 3) == [[]]
