"""Networks that read text: what opens, which layers they have, and that padding changes nothing."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch import Tensor, nn
from transformers import GPT2Config, GPT2Model, PreTrainedModel, T5Config, T5Model, ViTConfig, ViTModel

from milan.errors import NetworkError, UnknownName, UsageError
from milan.networks.text import Encoded, TextNetwork, encode_each, open_text_network
from tests.milan.extraction.conftest import PIECES, encoder, encoder_folder, save_tokenizer, speller

__all__ = ["encoder", "encoder_folder", "speller"]  # fixtures

LONG, SHORT = [97, 98, 99, 100, 101, 102], [103, 104]


class Averager(nn.Module):
    """Adds the mean of all tokens to each: what fills a sentence up changes it."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(128, 6)
        self.top = nn.Linear(6, 3)

    def encode(self, words: Sequence[str]) -> Encoded:
        return encode_each(lambda word: [ord(letter) for letter in word], words)

    def forward(self, tokens: Tensor) -> Tensor:
        read = self.embed(tokens)
        mixed: Tensor = self.top(read + read.mean(1, keepdim=True))
        return mixed


class Confused(Averager):
    """Says nothing of where its words are."""

    def encode(self, words: Sequence[str]) -> Encoded:
        return [1, 2, 3]  # type: ignore[return-value]


class Broken(Averager):
    """Takes more than tokens."""

    def forward(self, tokens: Tensor, speaker: Tensor) -> Tensor:  # type: ignore[override]
        return tokens


@pytest.fixture
def opened() -> Iterator[Callable[[type[nn.Module]], TextNetwork]]:
    module = ModuleType("reading_nets")
    sys.modules["reading_nets"] = module

    def open_class(made: type[nn.Module]) -> TextNetwork:
        torch.manual_seed(0)
        setattr(module, made.__name__, made)
        return open_text_network(f"reading_nets:{made.__name__}")

    yield open_class
    del sys.modules["reading_nets"]


def test_both_directions_read_a_padded_sentence_as_they_read_it_alone(speller: TextNetwork) -> None:
    together = speller.run([LONG, SHORT], speller.layers)
    alone = speller.run([SHORT], speller.layers)
    assert speller.pads
    gates = ("cell", "before", "input_gate", "forget_gate", "cell_input", "output_gate")
    of_top = ("before", "reset_gate", "update_gate", "new")
    inside = {*(f"lstm[{gate}]" for gate in gates), *(f"top[{gate}]" for gate in of_top)}
    assert together.keys() == {"embed", "lstm", "top"} | inside
    read = together["lstm[output_gate]"] * together["lstm[cell]"].tanh()
    torch.testing.assert_close(read[1, :2], together["lstm"][1, :2], atol=1e-6, rtol=1e-6)
    for name, states in alone.items():
        torch.testing.assert_close(together[name][1, :2], states[0], atol=1e-6, rtol=1e-6)


def test_a_network_that_mixes_in_what_fills_a_sentence_up_is_found_out(
    opened: Callable[[type[nn.Module]], TextNetwork], encoder: TextNetwork
) -> None:
    assert not opened(Averager).pads
    assert encoder.pads


def test_layers_are_heard_wherever_a_module_emits_a_row_a_token(encoder: TextNetwork) -> None:
    names = [layer.name for layer in encoder.layers]
    assert names[0] == "embeddings.word_embeddings"
    assert "embeddings.position_embeddings" not in names  # the same for every sentence
    assert next(one for one in encoder.layers if one.name.endswith("0.intermediate.dense")).n_units == 32
    with pytest.raises(
        UnknownName, match=r"Did you mean 'encoder\.layer\.1'\? List them: milan text layers hf"
    ):
        encoder.chosen(["encoder.layer.9"])


def test_decoders_and_the_encoder_of_an_encoder_decoder_are_read_block_by_block(tmp_path: Path) -> None:
    torch.manual_seed(0)
    made = {
        "gpt2": GPT2Model(GPT2Config(vocab_size=len(PIECES), n_embd=8, n_layer=2, n_head=2, n_positions=16)),
        "t5": T5Model(
            T5Config(vocab_size=len(PIECES), d_model=8, d_kv=4, d_ff=16, num_layers=1, num_heads=2)
        ),
    }
    found = {}
    for name, module in made.items():
        module.save_pretrained(tmp_path / name)
        save_tokenizer(tmp_path / name)
        found[name] = open_text_network(f"hf:{tmp_path / name}")
        assert found[name].pads
    assert [layer.name for layer in found["gpt2"].chosen()] == ["h.0", "h.1"]
    assert [layer.name for layer in found["t5"].chosen()] == ["block.0"]
    assert len(found["gpt2"].encode(["dogs"] * 40).tokens) <= 16


def test_what_is_no_reading_network_is_refused_in_a_line(
    opened: Callable[[type[nn.Module]], TextNetwork], tmp_path: Path
) -> None:
    ViTModel(
        ViTConfig(
            hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8, image_size=32
        )
    ).save_pretrained(tmp_path / "vit")
    save_tokenizer(tmp_path / "vit")
    with pytest.raises(NetworkError, match="reads pixel_values, not text"):
        open_text_network(f"hf:{tmp_path / 'vit'}")
    with pytest.raises(UsageError, match="torchvision:resnet18 sees pictures"):
        open_text_network("torchvision:resnet18")
    with pytest.raises(NetworkError, match="has a method encode"):
        open_text_network("torch.nn:Identity")
    with pytest.raises(NetworkError, match="cannot be run on tokens"):
        opened(Broken)
    with pytest.raises(NetworkError, match=r"for 2 words it returned \[1, 2, 3\]"):
        opened(Confused).encode(["a", "b"])


class Stacked(Averager):
    """Two layers, both ways, of any kind."""

    kind = "lstm"

    def __init__(self) -> None:
        super().__init__()
        made = {
            "lstm": nn.LSTM(6, 5, 2, bidirectional=True),
            "projected": nn.LSTM(6, 5, 2, bidirectional=True, batch_first=True, proj_size=3),
            "gru": nn.GRU(6, 5, 2, bidirectional=True, batch_first=True, bias=False),
            "rnn": nn.RNN(6, 5, 2, bidirectional=True, nonlinearity="relu"),
        }
        self.top = made[self.kind]  # type: ignore[assignment]

    def forward(self, tokens: Tensor) -> Tensor:
        read = self.embed(tokens)
        if self.top.batch_first:  # type: ignore[attr-defined]
            return self.top(read)[0]  # type: ignore[no-any-return]
        return self.top(read.transpose(0, 1))[0].transpose(0, 1)  # type: ignore[no-any-return]


@pytest.mark.filterwarnings("ignore:LSTM with projections")  # PyTorch tells that they are slower
@pytest.mark.parametrize("kind", ["lstm", "projected", "gru", "rnn"])
def test_every_kind_of_recurrent_module_reads_each_sentence_from_its_own_end(
    kind: str, opened: Callable[[type[nn.Module]], TextNetwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stacked, "kind", kind)
    network = opened(Stacked)
    layer = network.chosen()[0]
    assert layer.n_backward * 2 == layer.n_units
    together = network.run([SHORT, LONG, SHORT[:1]], [layer])["top"]
    for row, sentence in enumerate((SHORT, LONG, SHORT[:1])):
        alone = network.module(torch.tensor([sentence]))[0]
        torch.testing.assert_close(together[row, : len(sentence)], alone, atol=1e-6, rtol=1e-6)
    assert "forward" not in vars(network.module.top)


def test_a_network_whose_own_float_refuses_is_opened_all_the_same(
    encoder_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: PreTrainedModel) -> None:
        raise ValueError("`.float()` is not supported for quantized model")  # as one read from .gguf says

    monkeypatch.setattr(PreTrainedModel, "float", refuse)
    opened = open_text_network(f"hf:{encoder_folder}")
    assert {own.dtype for own in opened.module.parameters()} == {torch.float32}
