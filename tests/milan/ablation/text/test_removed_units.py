import numpy as np
import pytest

from milan.ablation.text import DirectionSet, TranslationTask, TranslatorUnits, projected_out, removal_curve
from milan.ablation.text.reading import at_words
from milan.errors import BadSetting, UnknownName
from milan.translation import Parallel, shipped_translator

TEXT = Parallel(
    ["A dog runs on the beach.", "Two women are talking.", "A man plays the guitar."],
    ["Un chien court sur la plage.", "Deux femmes discutent.", "Un homme joue de la guitare."],
)


@pytest.fixture(scope="module")
def task() -> TranslationTask:
    return TranslationTask(TranslatorUnits(shipped_translator()), TEXT)


def test_a_network_without_its_units_loses_more_the_more_are_gone(task):
    curve = removal_curve(task, "encoder.1", range(256), [1, 256], n_random=1)
    intact, *_, all_gone = curve
    assert (intact.which, intact.n) == ("none", 0)
    assert all(figure.value == 0 for figure in intact.lost.values())
    one = next(removed for removed in curve if removed.n == 1 and removed.which == "top")
    assert all_gone.quality["bleu"].value < intact.quality["bleu"].value
    assert abs(one.lost["accuracy"].value) < all_gone.lost["accuracy"].value
    assert all_gone.quality["perplexity"].value > intact.quality["perplexity"].value
    assert all(figure.value > 0 for figure in all_gone.lost.values())


def test_all_units_gone_are_gone_in_every_order(task):
    top, random, bottom = removal_curve(task, "encoder.0", range(256), [256], n_random=2)[1:]
    assert top.quality == bottom.quality
    assert random.quality["bleu"].value == pytest.approx(top.quality["bleu"].value)


def test_projecting_out_directions_that_carry_nothing_changes_nothing(task):
    words = at_words(task.units, TEXT.source, "encoder.1").astype(np.float64)
    basis = np.linalg.svd(words - words.mean(0), full_matrices=True)[2]  # the last ones hold no word
    silent = DirectionSet("encoder.1", basis[::-1].copy(), words.mean(0))
    _, top, *_ = projected_out(task, silent, [100], n_random=1)
    assert (top.which, top.n) == ("top", 100)
    assert top.lost["accuracy"].value == pytest.approx(0, abs=0.1)


def test_all_directions_gone_leave_every_word_alike(task):
    words = at_words(task.units, TEXT.source, "encoder.1")
    intact, top, *_ = projected_out(
        task, DirectionSet("encoder.1", np.eye(256), words.mean(0)), [256], n_random=1
    )
    assert top.lost["accuracy"].value > 0.2
    assert top.quality["bleu"].value < intact.quality["bleu"].value


def test_activations_of_words_do_not_depend_on_the_neighbours(task):
    together = at_words(task.units, TEXT.source, "encoder.1")
    alone = at_words(task.units, TEXT.source[2:], "encoder.1")
    np.testing.assert_allclose(together[-len(alone) :], alone, atol=1e-5)


def test_an_order_or_count_that_does_not_fit_is_said(task):
    with pytest.raises(BadSetting, match="256 units, and an order names each once; got 3"):
        removal_curve(task, "encoder.1", [0, 1, 2], [1])
    with pytest.raises(BadSetting, match=r"ask for 1 to 256, got \[300\]"):
        removal_curve(task, "encoder.1", range(256), [300])
    with pytest.raises(UnknownName, match="Did you mean 'encoder"):
        removal_curve(task, "encoder.2", range(256), [1])
