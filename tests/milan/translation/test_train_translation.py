import json

import pytest

from milan.errors import DataError
from milan.translation import Parallel, Translator, read_parallel
from milan.translation.train import TrainOptions, train

THINGS = {"dog": "chien", "cat": "chat", "horse": "cheval", "boy": "garçon"}
ACTS = {"runs": "court", "sleeps": "dort", "jumps": "saute", "eats": "mange"}
PAIRS = [(f"A {e} {d}.", f"Un {f} {g}.") for e, f in THINGS.items() for d, g in ACTS.items()]
TEXT = Parallel(*(list(side) for side in zip(*PAIRS, strict=True)))


def test_a_small_text_is_learnt_by_heart_and_gone_on_with(tmp_path):
    options = TrainOptions(n_tokens=70, n_units=32, n_epochs=60, batch=8, dropout=0.0, learning_rate=1e-2)
    learnt = train(TEXT, TEXT, options, tmp_path / "first")
    assert [one.text for one in learnt.translate(TEXT.source)] == TEXT.target
    more = train(TEXT, TEXT, TrainOptions(n_epochs=1, batch=8), tmp_path / "second", tmp_path / "first")
    assert more.network.sizes == learnt.network.sizes
    card = json.loads((tmp_path / "second" / "card.json").read_text())
    assert card["stages"][0]["validation_bleu"] > 99
    assert len(card["stages"]) == 2


def test_the_same_seed_gives_the_same_network(tmp_path):
    options = TrainOptions(n_tokens=70, n_units=8, n_epochs=1, batch=8)
    for name in ("first", "second"):
        train(TEXT, TEXT, options, tmp_path / name)
    first, second = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("first", "second"))
    assert first == second


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [("a\nb\n", "c\n", "2 lines"), ("a\n\nb\n", "c\nd\ne\n", "line 2 is empty"), ("", "", "0 lines")],
)
def test_texts_that_do_not_line_up_are_said(tmp_path, source, target, message):
    (tmp_path / "en").write_text(source)
    (tmp_path / "fr").write_text(target)
    with pytest.raises(DataError, match=message):
        read_parallel(tmp_path / "en", tmp_path / "fr")


def test_a_folder_opens_as_what_was_saved(tmp_path, translator):
    translator.save(tmp_path, {})
    sentences = ["A dog runs on the beach."]
    assert Translator.open(tmp_path).translate(sentences)[0].text == translator.translate(sentences)[0].text
