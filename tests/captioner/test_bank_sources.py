"""The sources of the bank: WordNet's files, our own lists, articles, and what is left out."""

from pathlib import Path

import pytest

from captioner.bank_sources.collecting import merge
from captioner.bank_sources.combined import combined_entries
from captioner.bank_sources.decency import is_decent, is_insult
from captioner.bank_sources.emoji_names import emoji_entries
from captioner.bank_sources.english import indefinite
from captioner.bank_sources.entry import Entry
from captioner.bank_sources.everyday import everyday_entries
from captioner.bank_sources.nouns import Nouns
from captioner.bank_sources.wordnet import Synset, read_counts, read_met_words, read_nouns

DATA = """  1 a licence line is skipped
00000010 03 n 01 entity 0 001 ~ 00000020 n 0000 | all there is
00000020 06 n 02 Motor_car 1 auto 0 003 @ 00000010 n 0000 %p 00000030 n 0000 + 01930756 v 0101 | four wheels
00000030 06 n 01 wheel 0 001 @ 00000010 n 0000 | round
00000040 18 n 01 spade 0 001 ;u 00000050 n 0000 | never said
00000050 10 n 01 ethnic_slur 0 000 | an insult
"""
COUNTS = "auto%1:06:00:: 1 12\nwheel%1:06:00:: 1 7\nfast%5:00:00:quick:00 1 3\n"


@pytest.fixture
def nouns(tmp_path: Path) -> dict[int, Synset]:
    (tmp_path / "data.noun").write_text(DATA, encoding="ascii")
    return read_nouns(tmp_path / "data.noun")


def test_wordnet_lines_become_meanings(nouns: dict[int, Synset]) -> None:
    car = nouns[20]
    assert car.words == ("Motor car", "auto")
    assert car.senses == (1, 0)
    assert (car.lexname, car.hypernyms, car.parts) == ("artifact", (10,), (30,))


def test_counts_are_those_of_nouns_and_met_words_of_all_classes(tmp_path: Path) -> None:
    file = tmp_path / "cntlist.rev"
    file.write_text(COUNTS, encoding="ascii")
    assert read_counts(file) == {("auto", "artifact", 0): 12, ("wheel", "artifact", 0): 7}
    assert read_met_words(file) == {"auto", "wheel", "fast"}


def test_an_insult_is_known_by_its_mark(nouns: dict[int, Synset]) -> None:
    assert is_insult(nouns[40], nouns)
    assert not is_insult(nouns[20], nouns)


def test_class_names_lose_their_latin_and_short_forms() -> None:
    synsets = {
        1: Synset(1, "animal", ("Siamese cat", "Siamese", "Felis siamensis"), (0, 1, 0), (), (), ()),
        2: Synset(2, "animal", ("genus Felis",), (0,), (), (), ()),
    }
    nouns = Nouns(synsets, {("siamese", "animal", 1): 3}, frozenset(), frozenset(), (1,), frozenset())
    assert [entry.phrase for entry in nouns.entries()] == ["a siamese cat"]


@pytest.mark.parametrize(
    ("noun", "phrase"),
    [
        ("umbrella", "an umbrella"), ("unicycle", "a unicycle"),
        ("unidentified bird", "an unidentified bird"),
        ("x-ray", "an x-ray"), ("s", "an s"), ("glass of milk", "a glass of milk"), ("scissors", "scissors"),
        ("bus", "a bus"), ("cactus", "a cactus"), ("dress", "a dress"), ("golf equipment", "golf equipment"),
        ("people", "people"), ("the moon", "the moon"), ("ice cream", "ice cream"),
        ("pair of jeans", "a pair of jeans"),
        ("hour", "an hour"), ("sportswear", "sportswear"), ("european robin", "a european robin"),
    ],
)  # fmt: skip
def test_articles(noun: str, phrase: str) -> None:
    assert indefinite(noun) == phrase


@pytest.mark.parametrize(
    "phrase", ["an ass", "a TIT on a branch", "the torso of a nude", "a gas chamber", "a gypsy"]
)
def test_rude_and_cruel_words_are_found(phrase: str) -> None:
    assert not is_decent(phrase)


@pytest.mark.parametrize(
    "phrase", ["a bass guitar", "a peacock", "a cocktail", "a grass plot", "a sextant", "a bus"]
)
def test_harmless_words_that_hold_them_are_kept(phrase: str) -> None:
    assert is_decent(phrase)


def test_merging_keeps_the_first_kind_and_drops_the_rude() -> None:
    entries = [Entry("a dog", "animal"), Entry("an ass", "animal"), Entry("a dog", "emoji")]
    assert merge(entries) == [Entry("a dog", "animal")]


def test_our_own_lists_speak_of_persons_plainly() -> None:
    people = {entry.phrase for entry in everyday_entries() if entry.kind == "person"}
    assert {"a person", "a face", "hands", "a person riding a bicycle"} <= people


def test_left_and_right_are_both_there() -> None:
    phrases = {entry.phrase for entry in everyday_entries()}
    lefts = {phrase for phrase in phrases if "left" in phrase.split()}
    assert len(lefts) > 50
    assert {phrase.replace("left", "right") for phrase in lefts} <= phrases


def test_emoji_that_stand_for_persons_or_buttons_are_left_out() -> None:
    phrases = {entry.phrase for entry in emoji_entries()}
    assert {"a sailboat", "a honeybee"} <= phrases
    assert not [phrase for phrase in phrases if "button" in phrase or "woman" in phrase]


def test_combinations_are_made_of_lists_with_articles_and_plurals() -> None:
    phrases = {entry.phrase for entry in combined_entries()}
    assert {"an owl in a nest", "two wolves", "red and white stripes", "a red and white flag"} <= phrases
    assert {"a stack of books", "the ears of a dachshund", "white text on a blue background"} <= phrases
    assert "white text on a white background" not in phrases


def test_a_synonym_is_a_word_that_mostly_means_the_same() -> None:
    synsets = {
        1: Synset(1, "artifact", ("car", "auto", "machine"), (0, 0, 0), (), (), ()),
        2: Synset(2, "artifact", ("machine",), (1,), (), (), ()),
    }
    counts = {("car", "artifact", 0): 9, ("machine", "artifact", 0): 1, ("machine", "artifact", 1): 8}
    nouns = Nouns(synsets, counts, frozenset(), frozenset(), (), frozenset())
    assert nouns.synonyms(["car"]) == {"car": ("auto",)}
