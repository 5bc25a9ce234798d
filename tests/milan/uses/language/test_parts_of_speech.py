"""How often the tagger is right, on phrases of the bank that were labelled by hand."""

from pathlib import Path

import pytest

from milan.uses.language.parts_of_speech import PartOfSpeech, tag, words_of

LABELLED = Path(__file__).with_name("labelled_phrases.tsv")
LETTERS = {"noun": "N", "verb": "V", "adjective": "A", "preposition": "P", "other": "-"}


def letters(phrase: str) -> str:
    return "".join(LETTERS[part] for _, part in tag(phrase))


def test_of_232_phrases_labelled_by_hand_nearly_every_word_is_right() -> None:
    """Eight phrases of each of the 29 kinds of the bank, drawn once. N noun, A adjective, P preposition."""
    rows = [line.split("\t") for line in LABELLED.read_text("utf-8").splitlines()]
    right = total = whole = 0
    for phrase, truth in rows:
        found = letters(phrase)
        assert len(found) == len(truth), phrase
        told = [
            (a, b) for a, b, word in zip(found, truth, words_of(phrase), strict=True) if word not in "an the"
        ]
        right += sum(a == b for a, b in told)
        total += len(told)
        whole += found == truth
    assert len(rows) == 232
    assert right / total >= 0.98
    assert whole / len(rows) >= 0.97


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("a black and white photo of a dog and a cat", "-A-ANP-N--N"),
        ("a man holds a cup of coffee", "-NV-NPN"),
        ("two dogs running in a field", "-NVP-N"),
        ("a person holding cake", "-NVN"),
        ("an oil painting of ships", "-NNPN"),
        ("people wearing hats", "NVN"),
        ("objects made of wood", "NVPN"),
        ("a building seen from above", "-NVP-"),
        ("an orange on an orange plate", "-NP-AN"),
        ("a person's back", "-NN"),
        ("a fishing boat", "-NN"),
        ("striped", "A"),
        ("", ""),
    ],
)
def test_what_is_not_in_the_bank_goes_by_the_same_rules(phrase: str, expected: str) -> None:
    assert letters(phrase) == expected


def test_stops_and_capitals_are_no_words() -> None:
    assert words_of("A close-up of the dog's ear.") == ["a", "close-up", "of", "the", "dog's", "ear"]
    assert [part for _, part in tag("The Red Car!")] == [
        PartOfSpeech.OTHER,
        PartOfSpeech.ADJECTIVE,
        PartOfSpeech.NOUN,
    ]
