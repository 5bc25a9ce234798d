from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForMaskedLM

from milan.errors import NetworkError, UsageError
from milan.explainers import LanguageModel
from tests.milan.explainers.conftest import WORDS, save_writer
from tests.milan.extraction.conftest import decoder_folder, encoder_folder, save_tokenizer

__all__ = ["decoder_folder", "encoder_folder"]  # fixtures

PROMPT = "the dogs words"


def log_p_of(writer: LanguageModel, text: str) -> torch.Tensor:
    """Log-probabilities [token, word] over a whole text, read at once without a memory."""
    tokens = torch.tensor([[1, *(WORDS.index(word) for word in text.split())]])
    with torch.no_grad():
        found: torch.Tensor = writer.module(tokens).logits[0].log_softmax(-1)
    return found


def test_likelihoods_are_those_of_the_whole_text_read_at_once(writer: LanguageModel) -> None:
    texts = ["cats", "past the cats", *["the"] * 9, "no unknown"]
    for text, found in zip(texts, writer.likelihoods(PROMPT, texts), strict=True):
        words = text.split()
        log_p = log_p_of(writer, f"{PROMPT} {text}")
        expected = sum(float(log_p[3 + at, WORDS.index(word)]) for at, word in enumerate(words))
        assert found.n_tokens == len(words)
        assert found.log_p == pytest.approx(expected, abs=1e-4)


def test_answers_are_shares_after_every_piece(writer: LanguageModel) -> None:
    short, long = ["cats"], ["the cats\t", "unknown\npast\t", "unknown\ndogs\t"]
    found = writer.answers(PROMPT, [short, long], ["3", "7", "9"])
    assert [answer.shape for answer in found] == [(1, 3), (3, 3)]
    asked = [WORDS.index(option) for option in ("3", "7", "9")]
    log_p = log_p_of(writer, f"{PROMPT} the cats unknown past unknown dogs")
    for piece, last in enumerate((5, 7, 9)):
        np.testing.assert_allclose(found[1][piece], log_p[last, asked].softmax(-1), atol=1e-5)


def test_what_is_written_depends_on_the_seed_alone_and_leaves_torch_as_it_was(writer: LanguageModel) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first = writer.write(PROMPT, 4, seed=1)
    assert len(first) == 4
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    assert writer.write(PROMPT, 4, seed=1) == first
    assert writer.write(PROMPT, 4, seed=2)[0] == first[0]  # the likeliest words are not drawn
    assert all("\n" not in line for line in first)


@pytest.mark.parametrize("spec", ["builtin:efficientnet-lite0", "gpt2", "hf:"])
def test_another_kind_of_spec_is_refused(spec: str) -> None:
    with pytest.raises(UsageError, match="hf:DIR_OR_ID"):
        LanguageModel.open(spec)


def test_a_network_without_a_head_that_predicts_words_is_refused(decoder_folder: Path) -> None:
    with pytest.raises(NetworkError, match=r"no language model: .* lm_head"):
        LanguageModel.open(f"hf:{decoder_folder}")


def test_a_network_that_looks_ahead_is_refused(tmp_path: Path) -> None:
    torch.manual_seed(0)
    BertForMaskedLM(
        BertConfig(
            vocab_size=12,
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            initializer_range=0.5,
        )
    ).save_pretrained(tmp_path)
    save_tokenizer(tmp_path)
    with pytest.raises(NetworkError, match="still to come"):
        LanguageModel.open(f"hf:{tmp_path}")


def test_a_model_without_tokens_for_the_answers_is_refused(tmp_path: Path) -> None:
    few = LanguageModel.open(f"hf:{save_writer(tmp_path, [*WORDS[:5], 'yes', 'the'])}")
    with pytest.raises(NetworkError, match="token"):
        few.answers(PROMPT, [["the\t"]], ["5", "6"])


def test_more_than_a_model_reads_is_refused_with_both_numbers(writer: LanguageModel) -> None:
    with pytest.raises(NetworkError, match=r"reads 1024 tokens, 2018 are needed"):
        writer.write("the " * 2001, 1)
