"""A tiny causal language model of random weights, with a word a token."""

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from milan.explainers import LanguageModel

MARKS = ["<unk>", "<s>", "</s>"]
WORDS = [*MARKS, *"0123456789", "yes", "no", "unknown", "words", "dogs", "cats", "past", "the"]


def save_writer(folder: Path, words: list[str] = WORDS) -> Path:
    """Write a language model of these words to a folder."""
    torch.manual_seed(0)
    LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=2,
            intermediate_size=32,
            max_position_embeddings=1024,
            bos_token_id=1,
            eos_token_id=2,
            initializer_range=0.5,
        )
    ).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    marks = dict(zip(("unk_token", "bos_token", "eos_token"), MARKS, strict=True))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=1024, **marks).save_pretrained(
        folder
    )
    return folder


@pytest.fixture(scope="session")
def writer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_writer(tmp_path_factory.mktemp("writer"))


@pytest.fixture(scope="session")
def writer(writer_folder: Path) -> LanguageModel:
    return LanguageModel.open(f"hf:{writer_folder}")
