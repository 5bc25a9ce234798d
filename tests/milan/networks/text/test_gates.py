import pytest
import torch
from torch import nn

from milan.errors import NetworkError
from milan.networks.text.gates import Gates, GruGates
from milan.networks.text.padding import to_own_end
from milan.networks.text.recording import record_gates


def _recorded(
    module: nn.LSTM, *arguments: object, lengths: torch.Tensor | None = None
) -> tuple[Gates, torch.Tensor, torch.Tensor]:
    heard: list[Gates] = []
    with record_gates(module, heard.append, lengths):
        emitted, (_, cells) = module(*arguments)
    return heard[0], emitted, cells


def _module(**options: object) -> nn.LSTM:
    torch.manual_seed(0)
    return nn.LSTM(5, 7, **options).eval()


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("bias", [False, True])
def test_gates_give_what_the_module_emitted_and_its_last_cell(bidirectional, num_layers, bias):
    module = _module(bidirectional=bidirectional, num_layers=num_layers, bias=bias, batch_first=True)
    read = 3 * torch.randn(4, 9, 5)
    gates, emitted, cells = _recorded(module, read)
    again = gates.output_gate * gates.cell.tanh()
    assert torch.allclose(again, emitted, atol=1e-6)
    assert torch.equal(gates.emitted, emitted)
    if bidirectional:
        assert torch.allclose(gates.cell[:, -1, :7], cells[-2], atol=1e-6)
        assert torch.allclose(gates.cell[:, 0, 7:], cells[-1], atol=1e-6)
    else:
        assert torch.allclose(gates.cell[:, -1], cells[-1], atol=1e-6)


def test_cells_come_from_the_neighbour_on_the_side_where_a_direction_starts():
    gates, _, _ = _recorded(_module(bidirectional=True, batch_first=True), torch.randn(2, 6, 5))
    assert torch.equal(gates.before[:, 1:, :7], gates.cell[:, :-1, :7])
    assert torch.equal(gates.before[:, :-1, 7:], gates.cell[:, 1:, 7:])
    assert not gates.before[:, 0, :7].any()
    assert not gates.before[:, -1, 7:].any()
    made = gates.forget_gate * gates.before + gates.input_gate * gates.cell_input
    assert torch.allclose(made, gates.cell, atol=1e-6)


def test_a_given_state_positions_first_and_texts_alone_are_read_too():
    module = _module()
    state = (torch.randn(1, 2, 7), torch.randn(1, 2, 7))
    gates, emitted, _ = _recorded(module, torch.randn(6, 2, 5), state)
    assert torch.allclose(gates.output_gate * gates.cell.tanh(), emitted.transpose(0, 1), atol=1e-6)
    assert torch.equal(gates.before[:, 0], state[1][0])
    gates, emitted, _ = _recorded(module, torch.randn(6, 5))
    assert torch.equal(gates.emitted[0], emitted)


def test_gates_follow_the_weights_of_the_running_module():
    module, read = _module(batch_first=True), torch.randn(2, 4, 5)
    before, _, _ = _recorded(module, read)
    with torch.no_grad():
        module.bias_ih_l0[7:14] = 30  # its forget gates
    after, _, _ = _recorded(module, read)
    assert (before.forget_gate < 0.99).all()
    assert (after.forget_gate > 0.99).all()


@pytest.mark.parametrize("num_layers", [1, 2])
def test_packed_texts_are_read_each_to_its_own_end(num_layers):
    module = _module(batch_first=True, bidirectional=True, num_layers=num_layers)
    texts = torch.randn(3, 6, 5)
    packed = nn.utils.rnn.pack_padded_sequence(texts, [2, 6, 4], batch_first=True, enforce_sorted=False)
    together, _, cells = _recorded(module, packed)
    assert torch.allclose(together.cell[:, 0, 7:], cells[-1], atol=1e-6)
    for number, length in enumerate((2, 6, 4)):
        alone, _, _ = _recorded(module, texts[number, :length])
        for part, own in zip(together, alone, strict=True):
            assert torch.allclose(part[number, :length], own[0], atol=1e-6)
            assert not part[number, length:].any()


def test_sentences_that_are_read_to_their_own_end_have_gates_too():
    module, texts = _module(batch_first=True, bidirectional=True), torch.randn(2, 6, 5)
    with to_own_end(module, torch.tensor([6, 3])):
        together, emitted, _ = _recorded(module, texts, lengths=torch.tensor([6, 3]))
    assert torch.equal(together.emitted, emitted)
    alone, _, _ = _recorded(module, texts[1, :3])
    assert torch.allclose(together.cell[1, :3], alone.cell[0], atol=1e-6)


class _Louder(nn.LSTM):
    def forward(self, *arguments):
        emitted, state = super().forward(*arguments)
        return emitted * 1.5, state


def test_a_module_that_computes_otherwise_is_refused():
    louder = _Louder(5, 7)
    with record_gates(louder, lambda _: None), pytest.raises(NetworkError, match="not a plain LSTM"):
        louder(torch.ones(3, 1, 5))


def test_projections_and_dropout_in_training_are_refused():
    with (
        pytest.raises(NetworkError, match="proj_size 3"),
        record_gates(nn.LSTM(5, 7, proj_size=3), lambda _: None),
    ):
        pass
    trained = nn.LSTM(5, 7, num_layers=2, dropout=0.5).train()
    with pytest.raises(NetworkError, match="call eval"), record_gates(trained, lambda _: None):
        pass


def test_nothing_listens_behind_the_block():
    module, heard = _module(), []
    with pytest.raises(ZeroDivisionError), record_gates(module, heard.append):
        raise ZeroDivisionError
    module(torch.ones(2, 5))
    assert heard == []


def _gru(**options: object) -> nn.GRU:
    torch.manual_seed(0)
    return nn.GRU(5, 7, **options).eval()


def _recorded_gru(
    module: nn.GRU, *arguments: object, lengths: torch.Tensor | None = None
) -> tuple[GruGates, torch.Tensor]:
    heard: list[GruGates] = []
    with record_gates(module, heard.append, lengths):
        emitted, _ = module(*arguments)
    return heard[0], emitted


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("bias", [False, True])
def test_gates_of_a_gru_give_what_the_module_emitted(bidirectional, num_layers, bias):
    module = _gru(bidirectional=bidirectional, num_layers=num_layers, bias=bias, batch_first=True)
    gates, emitted = _recorded_gru(module, 3 * torch.randn(4, 9, 5))
    again = (1 - gates.update_gate) * gates.new + gates.update_gate * gates.before
    assert torch.allclose(again, emitted, atol=1e-6)
    assert torch.equal(gates.emitted, emitted)
    assert torch.equal(gates.before[:, 1:, :7], emitted[:, :-1, :7])
    if bidirectional:
        assert torch.equal(gates.before[:, :-1, 7:], emitted[:, 1:, 7:])
        assert not gates.before[:, -1, 7:].any()


def test_gates_of_a_gru_are_those_of_its_equations():
    module, read = _gru(batch_first=True), torch.randn(2, 4, 5)
    gates, _ = _recorded_gru(module, read)
    cell = nn.GRUCell(5, 7)
    cell.load_state_dict({name.removesuffix("_l0"): part for name, part in module.state_dict().items()})
    assert torch.allclose(gates.emitted[:, 2], cell(read[:, 2], gates.before[:, 2]), atol=1e-6)
    with torch.no_grad():
        module.bias_ih_l0[:7], module.bias_ih_l0[7:14] = -30, 30  # its reset and update gates
    shut, emitted = _recorded_gru(module, read)
    assert (shut.reset_gate < 0.01).all()
    assert (shut.update_gate > 0.99).all()
    assert torch.allclose(emitted, torch.zeros(()), atol=1e-6)  # nothing new comes in


def test_a_gru_that_is_given_a_state_or_packed_texts_is_read_too():
    module = _gru(num_layers=2)
    state = torch.randn(2, 2, 7)
    gates, _ = _recorded_gru(module, torch.randn(6, 2, 5), state)
    assert torch.equal(gates.before[:, 0], state[1])
    module, texts = _gru(batch_first=True, bidirectional=True), torch.randn(2, 6, 5)
    packed = nn.utils.rnn.pack_padded_sequence(texts, [6, 3], batch_first=True)
    together, _ = _recorded_gru(module, packed)
    with to_own_end(module, torch.tensor([6, 3])):
        turned, _ = _recorded_gru(module, texts, lengths=torch.tensor([6, 3]))
    alone, _ = _recorded_gru(module, texts[1, :3])
    for part, again, own in zip(together, turned, alone, strict=True):
        assert torch.allclose(part[1, :3], own[0], atol=1e-6)
        assert torch.allclose(again[1, :3], own[0], atol=1e-6)
        assert not part[1, 3:].any()


class _Slower(nn.GRU):
    def forward(self, *arguments):
        emitted, state = super().forward(*arguments)
        return 0.5 * emitted, state


def test_a_gru_that_computes_otherwise_is_refused():
    slower = _Slower(5, 7)
    with record_gates(slower, lambda _: None), pytest.raises(NetworkError, match="not a plain GRU"):
        slower(torch.ones(3, 1, 5))
