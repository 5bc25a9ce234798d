"""Every word's activations are those of its sentence read alone, and no word is lost in silence."""

from pathlib import Path

import numpy as np
import pytest
import torch

from milan.errors import BadSetting, DataError, NetworkError, UnknownName, UsageError
from milan.extraction import ExtractOptions, extract_words
from milan.networks.text import TextNetwork, open_text_network
from milan.texts import Activations, Sentences

TEXT = Sentences.of(
    [
        ["the", "dogs", "barked", "."],
        [],
        ["dog"],
        ["the", "cat", "barking", "dogs"],
        ["dog"],
        ["\u0301", "👍🏽", "שלום", "cats"],
    ]
)


@pytest.fixture(params=["encoder", "decoder", "speller"])
def network(request: pytest.FixtureRequest) -> TextNetwork:
    found: TextNetwork = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("subwords", ["last", "first", "average"])
def test_batches_give_what_each_sentence_gives_alone(
    network: TextNetwork, subwords: str, tmp_path: Path
) -> None:
    together = ExtractOptions(subwords=subwords, batch_tokens=64)  # type: ignore[arg-type]
    alone = ExtractOptions(subwords=subwords, batch_tokens=1)  # type: ignore[arg-type]
    extract_words(network, TEXT, tmp_path / "a", together)
    extract_words(network, TEXT, tmp_path / "b", alone)
    first, second = Activations.open(tmp_path / "a"), Activations.open(tmp_path / "b")
    assert first.layers.keys() == second.layers.keys()
    np.testing.assert_allclose(first.matrix(), second.matrix(), atol=1e-5)
    assert first.matrix().std(0).min() > 0


def test_a_word_speaks_by_the_tokens_that_were_asked_for(encoder: TextNetwork, tmp_path: Path) -> None:
    network = encoder
    sentence = Sentences.of([["the", "barking", "dogs"]])  # the | bark ##ing | dog ##s
    states = network.module(torch.tensor([[2, 4, 8, 10, 5, 6, 3]]), output_hidden_states=True).hidden_states[
        1
    ]
    for how, expected in (
        ("last", states[0, [1, 3, 5]]),
        ("first", states[0, [1, 2, 4]]),
        ("average", torch.stack([states[0, 1], states[0, 2:4].mean(0), states[0, 4:6].mean(0)])),
    ):
        options = ExtractOptions(("encoder.layer.0",), how)  # type: ignore[arg-type]
        extract_words(network, sentence, tmp_path / how, options)
        np.testing.assert_allclose(Activations.open(tmp_path / how).matrix(), expected, atol=1e-6)


def test_units_that_read_backward_speak_by_a_words_first_letter(speller: TextNetwork, tmp_path: Path) -> None:
    extract_words(speller, Sentences.of([["ab", "cde"]]), tmp_path, ExtractOptions(("lstm",)))
    states = speller.module.lstm(speller.module.embed(torch.tensor([[97, 98, 32, 99, 100, 101]])))[0][0]
    expected = torch.cat([states[[1, 5], :5], states[[0, 3], 5:]], 1)
    np.testing.assert_allclose(Activations.open(tmp_path).matrix(), expected, atol=1e-6)


def test_layers_are_blocks_or_recurrent_modules_by_their_paths(
    encoder: TextNetwork, decoder: TextNetwork, speller: TextNetwork
) -> None:
    assert [layer.name for layer in encoder.chosen()] == ["encoder.layer.0", "encoder.layer.1"]
    assert [layer.name for layer in decoder.chosen()] == ["layers.0", "layers.1", "layers.2"]
    assert [(layer.name, layer.n_units, layer.n_backward) for layer in speller.chosen()] == [
        ("lstm", 10, 5),
        ("top", 4, 0),
    ]


def test_words_that_become_no_token_or_do_not_fit_are_told_and_have_no_row(
    encoder: TextNetwork, tmp_path: Path
) -> None:
    text = Sentences.of([["the", "\u200d", "dog"], ["dogs"] * 10])
    found = extract_words(encoder, text, tmp_path)
    assert [(one.sentence, one.position, one.reason) for one in found.dropped] == [
        (0, 1, "became no token"),
        *((1, position, "beyond the network's length") for position in (7, 8, 9)),
    ]
    opened = Activations.open(tmp_path)
    assert (opened.rows_of(text) < 0).sum() == 4
    assert opened.matrix().shape == (9, 32)
    assert opened.record["weights"] == encoder.weights_hash


def test_a_line_of_a_hundred_thousand_words_gives_those_that_fit(
    encoder: TextNetwork, tmp_path: Path
) -> None:
    found = extract_words(encoder, Sentences.of([["the"] * 20_000]), tmp_path)
    assert (found.n_words, len(found.dropped)) == (14, 19_986)


def test_equal_sentences_have_rows_of_their_own(encoder: TextNetwork, tmp_path: Path) -> None:
    extract_words(encoder, TEXT, tmp_path)
    opened = Activations.open(tmp_path)
    twice = np.flatnonzero(np.isin(opened.words.sentence, (2, 4)))
    assert opened.words.sentence[twice].tolist() == [2, 4]
    np.testing.assert_allclose(*opened.matrix()[twice], atol=1e-6)


def test_an_unfinished_folder_is_begun_anew_and_another_is_left_alone(
    encoder: TextNetwork, tmp_path: Path
) -> None:
    extract_words(encoder, TEXT, tmp_path)
    (tmp_path / "extraction.json").unlink()
    with pytest.raises(DataError, match="holds no activations"):
        Activations.open(tmp_path)
    extract_words(encoder, TEXT, tmp_path)
    assert Activations.open(tmp_path).matrix().shape[1] == 32
    (tmp_path / "photo.jpg").write_bytes(b"")
    with pytest.raises(BadSetting, match=r"holds photo\.jpg"):
        extract_words(encoder, TEXT, tmp_path)


def test_what_cannot_be_read_is_said(encoder: TextNetwork, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"Did you mean 'encoder\.layer\.1'"):
        extract_words(encoder, TEXT, tmp_path, ExtractOptions(("encoder.layer.7",)))
    with pytest.raises(DataError, match="none of 1 words"):
        extract_words(encoder, Sentences.of([["\u200d"]]), tmp_path)
    with pytest.raises(UsageError, match=r"hf:DIR_OR_ID or package\.module:factory; got 'bert'"):
        open_text_network("bert")
    with pytest.raises(NetworkError, match="cannot be opened"):
        open_text_network(f"hf:{tmp_path}")


def test_random_weights_are_others_and_the_same_each_time(encoder_folder: Path, encoder: TextNetwork) -> None:
    first, second = (open_text_network(f"hf:{encoder_folder}", weights="random") for _ in range(2))
    assert first.weights_hash == second.weights_hash != encoder.weights_hash
