import pytest
import torch
from torch import nn

from milan.errors import BadSetting, UnknownName
from milan.networks.interventions import change
from milan.networks.text import TextNetwork, encode_each, open_text_network
from milan.records import Edit


class Reader(nn.Module):
    """Two recurrent layers that emit a tensor and their last states."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Embedding(20, 6)
        self.lower = nn.LSTM(6, 4, batch_first=True)
        self.upper = nn.LSTM(4, 5, batch_first=True)

    def encode(self, words):
        return encode_each(lambda word: [len(word)], words)

    def forward(self, tokens):
        return self.upper(self.lower(self.embed(tokens))[0])[0]


def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def network() -> TextNetwork:
    return open_text_network(f"{__name__}:reader")


def emitted(network, sentences):
    return network.run(sentences, [network.layer("lower"), network.layer("upper")])


def test_an_edit_reaches_the_states_of_a_recurrent_layer_and_what_reads_them(network):
    before = emitted(network, [[3, 4, 5]])
    with change(network, [Edit.to_value("lower", [1], 0.5)]):
        after = emitted(network, [[3, 4, 5]])
    assert (after["lower"][..., 1] == 0.5).all()
    assert torch.equal(after["lower"][..., [0, 2, 3]], before["lower"][..., [0, 2, 3]])
    assert not torch.allclose(after["upper"], before["upper"])
    assert torch.equal(emitted(network, [[3, 4, 5]])["upper"], before["upper"])


def test_with_places_only_the_asked_tokens_change(network):
    at = torch.tensor([[False, True, False], [True, False, False]])
    before = emitted(network, [[3, 4, 5], [6, 7, 8]])
    with change(network, [Edit.zero("upper", [0, 2])], at):
        after = emitted(network, [[3, 4, 5], [6, 7, 8]])
    assert (after["upper"][at][:, [0, 2]] == 0).all()
    assert torch.equal(after["upper"][~at], before["upper"][~at])
    assert torch.equal(after["upper"][..., [1, 3, 4]], before["upper"][..., [1, 3, 4]])


def test_sentences_of_unlike_length_are_edited_alike(network):
    with change(network, [Edit.zero("lower", [0])]):
        together = emitted(network, [[3, 4, 5, 6], [7, 8]])["upper"]
        alone = emitted(network, [[7, 8]])["upper"]
    torch.testing.assert_close(together[1, :2], alone[0])


def test_places_of_another_batch_are_refused(network):
    elsewhere = change(network, [Edit.zero("upper", [0])], torch.ones(1, 2, dtype=torch.bool))
    with elsewhere, pytest.raises(BadSetting, match=r"\(1, 3, 5\).*\(1, 2\) tokens"):
        emitted(network, [[3, 4, 5]])


def test_a_layer_or_unit_that_is_not_there_is_said(network):
    with pytest.raises(UnknownName, match="Did you mean 'upper'"), change(network, [Edit.zero("uper", [0])]):
        pass
    with pytest.raises(BadSetting, match="units 0 to 4, got 9"), change(network, [Edit.zero("upper", [9])]):
        pass
