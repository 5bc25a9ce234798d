"""A network that reads, tried on a few lines."""

import numpy as np
import pytest
from transformers import GPT2Config, GPT2LMHeadModel

from milan.catalog import Catalog
from milan.errors import BadSetting, DataError
from milan.networks.text import TextNetwork, open_text_network
from milan.records import Edit
from milan.uses.live import LiveTexts, Trial, moved_units, rank_units
from tests.milan.extraction.conftest import PIECES, encoder, encoder_folder, save_tokenizer, speller

__all__ = ["encoder", "encoder_folder", "speller"]  # fixtures


def test_every_word_of_every_line_has_its_activations(reading: LiveTexts) -> None:
    trial = Trial(reading, reading.take("a bee\n\n - sees honey"))
    assert trial.given.words == ("a", "bee", "-", "sees", "honey")
    counts = trial.original.activations["counts"]
    assert counts.shape == (2, 5)
    np.testing.assert_equal(counts[0], [1, 3, np.nan, 4, 5])
    assert trial.original.peaks("counts").tolist() == [5, -1]
    assert trial.original.answer.lines == ("4 letters", "9 letters")


def test_an_edit_changes_the_answer_and_the_units_behind_it(
    reading: LiveTexts, text_catalog: Catalog
) -> None:
    trial = Trial(reading, reading.take("a bee"))
    changed = trial.changed([Edit.to_value("counts", [0], 7.0)])
    assert changed.answer.lines == ("14 letters",)
    levels = text_catalog.levels(reading.name)
    moved = moved_units(levels, trial.original, changed, [])
    assert {one.after.unit.layer for one in moved} <= {"counts", "sums"}
    assert all(one.after.strength > one.before.strength for one in moved)


def test_units_of_text_are_ranked_too(reading: LiveTexts, text_catalog: Catalog) -> None:
    levels = text_catalog.levels(reading.name)
    long, short = (
        rank_units(levels, Trial(reading, reading.take(text)).original, layer="counts", described=False)
        for text in ("internationalisation", "a")
    )
    # unit 1 is as strong at every short word as at its strongest: it has no scale of its own
    assert [one.unit.index for one in long] == [one.unit.index for one in short] == [0]
    assert long[0].strength > 1
    assert short[0].strength < 0


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "no word"), ("- -", "no word"), ("a " * 1500, "2,000 letters"), ("a\n" * 30, "20 lines")],
)
def test_texts_that_cannot_be_read_are_refused(reading: LiveTexts, text: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        reading.take(text)


def test_an_encoder_answers_nothing(encoder: TextNetwork) -> None:
    live = LiveTexts(encoder, "encoder", ["encoder.layer.0"], "last")
    reaction = live.react(live.take("the dogs bark ."))
    assert (reaction.answer.chances, reaction.answer.lines, reaction.answer.perplexity) == (None, (), None)
    assert reaction.activations["encoder.layer.0"].shape == (16, 4)


def test_the_inside_of_an_lstm_is_read_and_cannot_be_set(speller: TextNetwork) -> None:
    live = LiveTexts(speller, "speller", ["lstm[cell]"], "last")
    read = live.take("two words")
    assert live.react(read).activations["lstm[cell]"].shape == (10, 2)
    with pytest.raises(BadSetting, match="cannot be set"):
        live.react(read, [Edit.zero("lstm[cell]", [0])])


def test_a_language_model_says_what_comes_next_and_how_well_it_foretold(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("causal")
    whole = GPT2LMHeadModel(
        GPT2Config(vocab_size=len(PIECES), n_embd=8, n_layer=2, n_head=2, n_positions=16)
    ).eval()
    whole.save_pretrained(folder)
    save_tokenizer(folder)
    network = open_text_network(f"hf:{folder}")
    live = LiveTexts(network, "causal", ["h.0"], "last")
    read = live.take("the dogs bark\nthe cat")
    answer = live.react(read).answer
    import torch

    costs = []
    for one in read.encoded:
        tokens = torch.tensor([one.tokens])
        with torch.inference_mode():
            out = whole(input_ids=tokens, labels=tokens)
        costs.append(float(out.loss) * (len(one.tokens) - 1))
    n_tokens = sum(len(one.tokens) - 1 for one in read.encoded)
    assert answer.perplexity == pytest.approx(np.exp(sum(costs) / n_tokens), rel=1e-4)
    assert answer.chances == pytest.approx(out.logits[0, -1].softmax(0).numpy(), rel=1e-4)
    assert live.output_name(5) == "dog"
    changed = live.react(read, [Edit.to_value("h.0", [0], 5.0)]).answer
    assert changed.perplexity != answer.perplexity
    assert live.react(read).answer.perplexity == answer.perplexity
