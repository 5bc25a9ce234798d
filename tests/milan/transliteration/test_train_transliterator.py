import sys

import numpy as np
import pytest
import torch

from milan.errors import StateError
from milan.transliteration import Aligned, Rules, Transliteration, Vocabulary, romanise
from milan.transliteration.accuracy import count_right
from milan.transliteration.batches import chunks, equal_batches, training_batches
from milan.transliteration.network import Transliterator
from milan.transliteration.train import main
from milan.transliteration.training import TrainingOptions, train

_RUSSIAN = Rules.open("ru")
_LINES = ["мама мыла раму", "шла саша по шоссе", "дом и чай", "жили были щи"] * 40


def test_chunks_put_together_are_the_text_and_none_is_too_long():
    text = romanise(" ".join(_LINES[:6]) + " " + "а" * 50, _RUSSIAN, np.random.default_rng(0))
    pieces = list(chunks(text, 20))
    assert "".join(piece.letters for piece in pieces) == text.letters
    assert max(len(piece.latin) for piece in pieces) == 20
    assert all(piece.latin.endswith(" ") for piece in pieces[:4])


def test_batches_hold_every_text_once_and_equal_ones_fill_nothing_up():
    texts = [Aligned("a" * size, "а" * size) for size in (3, 1, 2, 3, 1)]
    vocabulary = Vocabulary.of(_RUSSIAN)
    batches = list(training_batches(texts, vocabulary, 2, np.random.default_rng(0)))
    assert sorted(int((row > 0).sum()) for batch in batches for row in batch.inputs) == [1, 1, 2, 3, 3]
    assert sorted(map(sorted, equal_batches([3, 1, 2, 3, 1], most=3))) == [[0], [1, 4], [2], [3]]


def test_a_small_network_learns_a_language_whose_rules_are_data():
    options = TrainingOptions(n_epochs=6, n_cells=24, batch=4, learning_rate=0.02)
    torch.set_num_threads(1)
    found = Transliteration.of(_RUSSIAN, train(_LINES, _RUSSIAN, options))
    texts = [romanise(line, _RUSSIAN, np.random.default_rng(9)) for line in _LINES[:4]]
    told = found.read([text.latin for text in texts])
    assert count_right(texts, told, found.vocabulary).letters.share > 0.9


def test_a_run_that_was_cut_off_gives_the_same_weights(tmp_path, monkeypatch):
    options = TrainingOptions(n_epochs=2, n_cells=4)
    whole = train(_LINES, _RUSSIAN, options).state_dict()
    kept = tmp_path / "kept.pt"
    save, n_saved = torch.save, []

    def save_once(*arguments):
        if n_saved:
            raise KeyboardInterrupt
        n_saved.append(save(*arguments))

    monkeypatch.setattr(torch, "save", save_once)
    with pytest.raises(KeyboardInterrupt):
        train(_LINES, _RUSSIAN, options, kept)
    monkeypatch.undo()
    again = train(_LINES, _RUSSIAN, options, kept).state_dict()
    assert all(torch.equal(value, again[name]) for name, value in whole.items())
    with pytest.raises(StateError, match="remove it, or give the same"):
        train(_LINES, _RUSSIAN, TrainingOptions(n_epochs=3, n_cells=4), kept)


def test_the_command_writes_weights_and_a_card_with_baselines(tmp_path, monkeypatch):
    rng, text = np.random.default_rng(0), tmp_path / "text.txt"
    lines = ("".join(rng.choice(list("абвгдежз   "), 30)) for _ in range(60))
    text.write_text("\n".join(lines), encoding="utf-8")
    arguments = ["ru", str(text), "--output", str(tmp_path / "made"), "--licence", "ours"]
    monkeypatch.setattr(sys, "argv", ["train", *arguments, "--n-epochs", "1", "--n-cells", "4"])
    main()
    card = (tmp_path / "made" / "card.json").read_text()
    assert '"most_frequent"' in card
    assert '"licence": "ours"' in card
    assert (tmp_path / "made" / "model.safetensors").stat().st_size < 40_000


def test_what_the_network_does_not_tell_apart_is_put_back_at_its_place():
    torch.manual_seed(0)
    untrained = Transliteration.of(_RUSSIAN, Transliterator(Vocabulary.of(_RUSSIAN), n_cells=4).eval())
    restored = untrained.restore(["😀.a", "", "1\u3000?", "a"])
    assert restored[1] == ""
    assert restored[0].startswith("😀.")
    assert restored[2].endswith("\u3000?")
