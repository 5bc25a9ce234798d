"""Chat models in the captioner's place: SmolVLM, Idefics3 and LLaVA, tiny and random."""

from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from captioner.errors import CaptionerError
from captioner.hub import open_hub_captioner
from captioner.hub.chat import ChatCaptioner
from captioner.hub.prompt_picture import as_picture
from captioner.protocols import Captioner

PHRASES = ["a red bus", "a dog", "the ear of a big cat on grass"]


@pytest.fixture(scope="module", params=["smolvlm_folder", "idefics_folder", "llava_folder"])
def captioner(request: pytest.FixtureRequest) -> ChatCaptioner:
    opened = open_hub_captioner(str(request.getfixturevalue(request.param)), device="cpu")
    assert isinstance(opened, ChatCaptioner)
    return opened


@pytest.fixture(scope="module")
def evidence(captioner: ChatCaptioner, pictures: list[np.ndarray], masks: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(captioner.reader.read(pictures, masks))


def by_hand(captioner: ChatCaptioner, phrase: str, region: np.ndarray | None) -> float:
    """log p of one answer: the whole conversation read at once, no shared keys and values, no batch."""
    asked = captioner._asked(None if region is None else as_picture(region))
    words = captioner._processor.tokenizer(" " + phrase, add_special_tokens=False)["input_ids"]
    ids = torch.cat([asked["input_ids"], torch.tensor([words])], dim=1)
    logits = captioner._model(**asked | {"input_ids": ids, "attention_mask": torch.ones_like(ids)}).logits[0]
    log_p = logits[-len(words) - 1 :].double().log_softmax(-1)
    targets = [*words, captioner._model.generation_config.eos_token_id]
    return float(sum(row[target] for row, target in zip(log_p, targets, strict=True)))


def test_it_keeps_the_contract(captioner: ChatCaptioner) -> None:
    assert isinstance(captioner, Captioner)


def test_log_p_given_is_the_teacher_forced_sum_averaged_over_regions(
    captioner: ChatCaptioner, evidence: np.ndarray
) -> None:
    given = captioner.log_p_given([evidence], [PHRASES])[0]
    with torch.inference_mode():
        expected = [
            np.mean([by_hand(captioner, phrase, region) for region in evidence]) for phrase in PHRASES
        ]
    np.testing.assert_allclose(given.total, expected, atol=1e-4)
    assert given.n_tokens.tolist() == [4, 3, 9]


def test_the_prior_is_the_same_question_without_a_picture(captioner: ChatCaptioner) -> None:
    with torch.inference_mode():
        expected = [by_hand(captioner, phrase, None) for phrase in PHRASES]
    np.testing.assert_allclose(captioner.log_p_prior(PHRASES).total, expected, atol=1e-4)


def test_any_of_several_end_tokens_ends_an_answer(captioner: ChatCaptioner, evidence: np.ndarray) -> None:
    one = captioner.log_p_prior(["a dog"]).total
    captioner._ends.append(0)
    try:
        two = captioner.log_p_prior(["a dog"]).total
    finally:
        captioner._ends.pop()
    assert two[0] > one[0]


def test_a_region_is_shown_as_one_picture_never_as_tiles(
    captioner: ChatCaptioner, evidence: np.ndarray
) -> None:
    pixels = captioner._asked(as_picture(evidence[0]))["pixel_values"]
    assert pixels.reshape(-1, *pixels.shape[-3:]).shape[0] == 1


def test_proposals_are_phrases_each_once_likeliest_first(
    captioner: ChatCaptioner, evidence: np.ndarray
) -> None:
    proposed = captioner.propose([evidence], 3)[0]
    assert 0 < len(proposed) <= 3
    assert len(set(proposed)) == len(proposed)
    totals = captioner.log_p_given([evidence], [proposed])[0].total
    assert (np.diff(totals) <= 1e-4).all()


def test_a_model_without_a_chat_template_is_refused_in_one_line(llava_folder: Path, tmp_path: Path) -> None:
    transformers.LlavaForConditionalGeneration.from_pretrained(llava_folder).save_pretrained(tmp_path)
    processor = transformers.AutoProcessor.from_pretrained(llava_folder)
    processor.chat_template = processor.tokenizer.chat_template = None
    processor.save_pretrained(tmp_path)
    with pytest.raises(CaptionerError, match="has no chat template: take a BLIP") as error:
        open_hub_captioner(str(tmp_path), device="cpu")
    assert "\n" not in str(error.value)


def test_without_evidence_a_phrase_has_its_prior(captioner: ChatCaptioner, evidence: np.ndarray) -> None:
    given = captioner.log_p_given([evidence[:0]], [PHRASES])[0]
    np.testing.assert_array_equal(given.total, captioner.log_p_prior(PHRASES).total)
    assert captioner.propose([evidence[:0]], 3) == [[]]
