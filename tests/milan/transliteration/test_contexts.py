import numpy as np

from milan.transliteration import Aligned, Rules, Vocabulary
from milan.transliteration.accuracy import count_right
from milan.transliteration.contexts import ContextTable

_VOCABULARY = Vocabulary.of(Rules.open("hy"))


def _text(latin, letters):
    return Aligned(latin, letters)


def _read(table, latin, n_neighbours):
    return ["".join(_VOCABULARY.outputs[code] for code in codes) for codes in table.read(latin, n_neighbours)]


def test_neighbours_decide_and_without_them_the_most_frequent_output():
    texts = [_text("ts", "ծ\u2000")] + [_text("ta", "տա")] * 2
    table = ContextTable.of(texts, _VOCABULARY)
    assert _read(table, ["ts", "ta"], 0) == ["տ\u2000", "տա"]
    assert _read(table, ["ts", "ta"], 1) == ["ծ\u2000", "տա"]


def test_a_context_that_was_never_seen_falls_back_to_a_narrower_one():
    table = ContextTable.of([_text("ts", "ծ\u2000"), _text("t", "տ"), _text("t", "տ")], _VOCABULARY)
    assert _read(table, ["atsb"], 4)[0][1] == "տ"
    assert _read(table, ["ats"], 4)[0][2] == "\u2000"


def test_ends_of_a_text_are_a_context_of_their_own():
    table = ContextTable.of([_text("o", "օ"), _text("bo", "բո"), _text("bo", "բո")], _VOCABULARY)
    assert _read(table, ["o", "bo"], 1) == ["օ", "բո"]


def test_characters_are_counted_by_kind_and_unknown_ones_are_in_none():
    text = _text("sh a.", "շ\u2000 a.")
    right = count_right([text], [_VOCABULARY.encode_outputs("շհ a#")], _VOCABULARY)
    assert [(int(one.right[0]), int(one.n[0])) for one in right] == [(1, 2), (1, 1), (3, 4)]
    assert right.everything.share == 0.75


def test_texts_without_characters_count_nothing():
    right = count_right([_text("", "")], [np.zeros(0, np.int64)], _VOCABULARY)
    assert right.everything.share == 0
