import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milan.transliteration import PLACEHOLDER, Rules, Vocabulary, romanise
from milan.transliteration.latin import latin_words, with_latin

_ARMENIAN = Rules.open("hy")


def _romanised(text, seed=0, language=_ARMENIAN):
    return romanise(text, language, np.random.default_rng(seed))


@given(st.text(alphabet="աեոու ՈւՒևձծՁ շչղABc.1՝😀", max_size=40), st.integers(0, 5))
def test_both_sides_are_equally_long_and_letters_come_back(text, seed):
    latin, letters = _romanised(text, seed)
    assert len(latin) == len(letters)
    assert _ARMENIAN.split(letters.replace(PLACEHOLDER, "")) == text


def test_letters_differ_at_the_start_of_a_word_and_inside():
    assert _romanised("ոսկոր").latin == "voskor"
    assert _romanised("xո ո").latin == "xvo vo"


def test_spellings_come_as_often_as_the_rules_say():
    latin = _romanised("խ" * 20_000).latin.replace("kh", "K").replace("gh", "G")
    shares = [latin.count(one) / len(latin) for one in "xKG"]
    assert shares == pytest.approx([0.7, 0.2, 0.1], abs=0.015)


def test_the_same_seed_gives_the_same_spelling_and_another_one_another():
    text = "ճանապարհորդություն " * 5
    assert _romanised(text, 1) == _romanised(text, 1)
    assert _romanised(text, 1) != _romanised(text, 2)


def test_latin_words_signs_and_other_scripts_stay():
    text = "http://www.a.am/b?c=1 😀 «ура» שלום"
    assert _romanised(text) == (text, text)


def test_signs_outside_the_vocabulary_are_one_number():
    vocabulary = Vocabulary.of(_ARMENIAN)
    assert vocabulary.encode_inputs("😀.#").tolist() == [vocabulary.inputs.index("#")] * 3


def test_russian_is_the_same_code_with_other_rules():
    assert _romanised("дом", language=Rules.open("ru")) == ("dom", "дом")


def test_latin_words_of_the_test_are_never_learnt_from():
    words = latin_words()
    assert min(map(len, words)) > 100
    assert not set(words.train) & set(words.test)


def test_a_third_of_the_lines_get_latin_and_lines_without_a_blank_none():
    rng = np.random.default_rng(0)
    lines = [with_latin("մի տող էլ", ["cat"], rng) for _ in range(2000)]
    assert sum("cat" in line.lower() for line in lines) / 2000 == pytest.approx(1 / 3, abs=0.04)
    assert with_latin("տող", ["cat"], rng, share=1) == "տող"
