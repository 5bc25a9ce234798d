"""Tiny networks that read text, made on the spot: an encoder, a decoder, and a bidirectional LSTM."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor, nn
from transformers import BertConfig, BertModel, LlamaConfig, LlamaModel, PreTrainedTokenizerFast

from milan.networks.text import Encoded, TextNetwork, encode_each, open_text_network

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "dog", "##s", "cat", "bark", "##ed", "##ing", "."]
LONGEST = 16


def save_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(PIECES)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=LONGEST
    ).save_pretrained(folder)


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(1)
    BertModel(
        BertConfig(
            vocab_size=len(PIECES),
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=32,
        )
    ).save_pretrained(folder)
    save_tokenizer(folder)
    return folder


@pytest.fixture(scope="session")
def decoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decoder")
    torch.manual_seed(0)
    LlamaModel(
        LlamaConfig(
            vocab_size=len(PIECES),
            hidden_size=16,
            num_hidden_layers=3,
            num_attention_heads=2,
            num_key_value_heads=2,
            intermediate_size=32,
        )
    ).save_pretrained(folder)
    save_tokenizer(folder)
    return folder


class Speller(nn.Module):
    """Reads letters, both ways."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(128, 6)
        self.lstm = nn.LSTM(6, 5, bidirectional=True, batch_first=True)
        self.top = nn.GRU(10, 4)

    def encode(self, words: Sequence[str]) -> Encoded:
        """A letter a token, blanks between words; other signs are not read."""
        return encode_each(lambda word: [ord(letter) for letter in word if letter.isascii()], words, [32])

    def forward(self, tokens: Tensor) -> Tensor:
        """From tokens to the upper network's states."""
        states: Tensor = self.top(self.lstm(self.embed(tokens))[0].transpose(0, 1))[0]
        return states


@pytest.fixture(scope="session")
def speller() -> Iterator[TextNetwork]:
    module = ModuleType("spelling_nets")

    def make() -> Speller:
        torch.manual_seed(0)
        return Speller()

    module.make = make  # type: ignore[attr-defined]
    sys.modules["spelling_nets"] = module
    yield open_text_network("spelling_nets:make")
    sys.modules.pop("spelling_nets", None)


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> TextNetwork:
    return open_text_network(f"hf:{encoder_folder}")


@pytest.fixture(scope="session")
def decoder(decoder_folder: Path) -> TextNetwork:
    return open_text_network(f"hf:{decoder_folder}")
