import pytest

from milan.translation import Vocabulary
from milan.translation.vocabulary import UNKNOWN

TEXT = ["Deux hommes courent.", "L'homme court sur la plage.", "Les hommes (tous) regardent-ils ?"]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.learn(TEXT, 80)


@pytest.mark.parametrize("sentence", TEXT)
def test_a_text_comes_back_from_its_tokens_as_it_was_written(vocabulary, sentence):
    assert vocabulary.text(vocabulary.tokens(sentence)) == sentence


def test_words_and_signs_cover_all_tokens_in_order(vocabulary):
    tokens = vocabulary.tokens("L'homme regarde-t-il ?")
    words = vocabulary.words(tokens)
    assert [word.text for word in words] == ["L", "'", "homme", "regarde-t-il", "?"]
    assert [words[0].start, *(word.end for word in words)] == [*(word.start for word in words), len(tokens)]


def test_a_saved_vocabulary_cuts_as_before_and_never_fails_on_unknown_signs(vocabulary, tmp_path):
    vocabulary.save(tmp_path / "words.json")
    again = Vocabulary.open(tmp_path / "words.json")
    assert again.tokens(TEXT[0]) == vocabulary.tokens(TEXT[0])
    assert UNKNOWN in again.tokens("un ☃")
    assert len(again) == len(vocabulary)
