"""Activations from any source line up with their words, or say where they do not."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from milan.errors import BadSetting, DataError, UnknownName
from milan.texts import Activations, Sentences


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text("the dog\nbarks\n", "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, words: Path) -> Path:
    """Two layers; the second word of the first sentence has no activations."""
    found = tmp_path / "acts"
    found.mkdir()
    (found / "words.txt").write_text("the\nbarks\n", "utf-8")
    np.save(found / "places.npy", np.array([[0, 0], [1, 0]]))
    np.save(found / "low.npy", np.arange(6, dtype=np.float32).reshape(2, 3))
    np.save(found / "high.npy", np.arange(4, dtype=np.float32).reshape(2, 2))
    (found / "extraction.json").write_text(json.dumps({"n_sentences": 2, "layers": ["low", "high"]}))
    return found


def test_layers_are_joined_in_the_networks_order_whichever_are_asked_for(folder: Path) -> None:
    found = Activations.open(folder)
    assert found.matrix().tolist() == [[0, 1, 2, 0, 1], [3, 4, 5, 2, 3]]
    assert found.matrix(("high", "low")).shape == (2, 5)
    assert found.matrix(("high",), np.array([1])).tolist() == [[2, 3]]
    assert [str(unit) for unit in found.units(("high",))] == ["high/0", "high/1"]
    with pytest.raises(UnknownName, match="Did you mean 'high'"):
        found.matrix(("hig",))


def test_a_word_without_activations_has_no_row_and_keeps_nobody_from_lining_up(
    folder: Path, words: Path
) -> None:
    text = Sentences.of([["the", "dog"], ["barks"]])
    assert Activations.open(folder).rows_of(text).tolist() == [0, -1, 1]


def test_another_text_is_refused_with_its_first_word(folder: Path) -> None:
    opened = Activations.open(folder)
    with pytest.raises(DataError, match=r"sentence 2, word 1 \('meows'\) is 'barks' in the activations"):
        opened.rows_of(Sentences.of([["the", "dog"], ["meows"]]))
    with pytest.raises(DataError, match=r"sentence 2, word 1 \('barks'\) has activations but no tag"):
        opened.rows_of(Sentences.of([["the", "dog"]]))


def test_a_users_own_matrix_needs_its_words(tmp_path: Path, words: Path) -> None:
    matrix = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    np.save(tmp_path / "own.npy", matrix)
    save_file({"b": matrix, "a": matrix[:, :1]}, tmp_path / "own.safetensors")
    assert np.array_equal(Activations.open(tmp_path / "own.npy", words).matrix(), matrix)
    joined = Activations.open(tmp_path / "own.safetensors", words)
    assert list(joined.layers) == ["a", "b"]
    assert joined.matrix().shape == (3, 5)
    with pytest.raises(BadSetting, match="give its words too"):
        Activations.open(tmp_path / "own.npy")
    np.save(tmp_path / "short.npy", matrix[:2])
    with pytest.raises(DataError, match=r"shape \(2, 4\), its text 3 words"):
        Activations.open(tmp_path / "short.npy", words)
    with pytest.raises(BadSetting, match=r"are a folder, a \.npy or a \.safetensors"):
        Activations.open(words, words)
    (tmp_path / "broken.npy").write_bytes(b"nothing")
    with pytest.raises(DataError, match="cannot be read as activations"):
        Activations.open(tmp_path / "broken.npy", words)
    with pytest.raises(DataError, match="holds no activations"):
        Activations.open(tmp_path)
