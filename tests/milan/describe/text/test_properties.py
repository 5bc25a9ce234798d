"""What can be said of words: found in texts of several kinds, never twice for the same words."""

import numpy as np
import pytest

from milan.describe.text.candidates import find_properties
from milan.describe.text.planted import write_text
from milan.describe.text.properties import Properties
from milan.errors import DataError
from milan.texts import Annotated, Sentences

REPEATED = 12


def properties_of(*sentences: str, least: int = 2) -> Properties:
    text = Sentences.of([sentence.split() for sentence in sentences] * REPEATED)
    return find_properties(Annotated(text), np.ones(len(text), bool), least)


def words_with(phrase: str, found: Properties, *sentences: str) -> list[str]:
    """The words of one round of the sentences that have a property."""
    words = " ".join(sentences).split()
    column = found.presences[: len(words), found.phrases.index(phrase)].toarray()[:, 0]
    return [word for word, present in zip(words, column, strict=True) if present]


@pytest.fixture(scope="module")
def tagged() -> Properties:
    text = write_text(400)
    return find_properties(text, np.ones(len(text.sentences), bool))


TEXT = ("The dog barked", "May saw the table,", "It may come in June 4 or 5")


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("the word 'the'", ["The", "the"]),
        ("months", ["May", "June"]),
        ("words after 'the'", ["dog", "table,"]),
        ("the second word of the sentence", ["dog", "saw", "may"]),
        ("numbers written in digits", ["4", "5"]),
    ],
)
def test_a_property_is_present_in_the_words_that_have_it(phrase: str, words: list[str]) -> None:
    assert words_with(phrase, properties_of(*TEXT), *TEXT) == words


def test_tags_are_said_in_english(tagged: Properties) -> None:
    said = {"past-tense verbs", "plural nouns", "forms of 'walk'", "adjectives"}
    assert said <= {*tagged.phrases}


def test_two_phrases_are_never_true_of_the_very_same_words(tagged: Properties) -> None:
    columns = [tagged.presences[:, at].indices.tobytes() for at in range(len(tagged))]
    quantities = [at for at, source in enumerate(tagged.sources) if source == "quantity"]
    flags = [column for at, column in enumerate(columns) if at not in quantities]
    assert len(set(flags)) == len(flags)


def test_what_too_few_words_have_is_not_said() -> None:
    found = properties_of("a b c d e f g h", least=REPEATED + 1)
    assert all(source != "token" for source in found.sources)


def test_words_of_other_alphabets_have_endings_and_a_script() -> None:
    text = ("կազմում գնում տանում մեկ", "שלום عالم \N{GRINNING FACE} ok")
    found = properties_of(*text)
    assert words_with("words that end in -ում", found, *text) == text[0].split()[:3]
    assert words_with("words in Armenian letters", found, *text) == text[0].split()
    assert "the word 'שלום'" in found.phrases
    assert "the sign '\N{GRINNING FACE}'" in found.phrases


def test_letters_are_described_by_their_words() -> None:
    words = ["nation", "station", "motion", "ton"]
    text = Sentences.of([[*word] for word in words] * REPEATED)
    found = find_properties(Annotated(text), np.ones(len(text), bool), 5)
    assert {"the letter 't'", "letters within the ending -tion", "letters before 'o'"} <= {*found.phrases}
    held = found.presences[:, found.phrases.index("letters within the ending -tion")].toarray()[:6, 0]
    assert held.tolist() == [0, 0, 1, 1, 1, 1]


def test_a_text_of_one_word_cannot_be_described() -> None:
    text = Sentences.of([["a"]] * 30)
    with pytest.raises(DataError, match="nothing can be said"):
        find_properties(Annotated(text), np.ones(30, bool))


def test_a_phrase_leads_back_to_its_words_also_when_two_were_said_as_one(tagged: Properties) -> None:
    first, second = tagged.phrases[:2]
    alone, joined = tagged.named(first), tagged.named(f"{first}, or {second}")
    assert alone == tagged.choice(0)
    assert joined is not None
    assert joined.columns == (0, 1)
    assert tagged.named("nothing that was ever said") is None
    assert tagged.named(f"{first}, or nothing that was ever said") is None
