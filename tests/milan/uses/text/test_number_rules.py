import pytest

from milan.uses.text.number import Number, english_numbers, french_numbers

S, P = Number.SINGULAR, Number.PLURAL


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Two men hold a dog .", {"men": P, "dog": S}),
        ("A woman is running on the beach .", {"woman": S, "beach": S}),
        ("Three children run across the street .", {"children": P, "street": S}),
        ("A T-shirt", {"T-shirt": S}),
    ],
)
def test_english_nouns_have_their_number(sentence, wanted):
    words = sentence.split()
    found = {word: n for word, n in zip(words, english_numbers(words), strict=True) if n is not None}
    assert found == wanted


@pytest.mark.parametrize(
    ("sentence", "noun", "number", "agrees"),
    [
        ("Deux chiens jouent", "chiens", P, True),
        ("Un bus rouge", "bus", S, True),
        ("Les bus rouges", "bus", P, True),
        ("Les chien jouent", "chien", S, False),
        ("L ' homme", "homme", S, True),
        ("Les deux grands chiens", "chiens", P, True),
        ("Un groupe d ' hommes", "hommes", P, True),
        ("Les chiens sur la plage", "plage", S, True),
        ("Deux bœufs", "bœufs", P, True),
    ],
)
def test_french_nouns_show_their_number_by_form_or_determiner(sentence, noun, number, agrees):
    words = sentence.split()
    assert french_numbers(words)[words.index(noun)] == (number, agrees)


def test_a_form_of_both_numbers_without_a_determiner_shows_none():
    assert french_numbers(["bras"]) == [None]


def test_no_word_is_no_number():
    assert english_numbers([]) == []
    assert english_numbers(["?", "☃"])[0] is None
    assert french_numbers([]) == []
