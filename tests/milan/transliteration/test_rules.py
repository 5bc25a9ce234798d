import pytest

from milan.errors import DataError, UnknownName
from milan.transliteration import LANGUAGES, Rules, Vocabulary


def _told(**changes):
    return {"language": "Made", "inputs": " #abhHAB", "letters": {"б": {"b": 0.5, "bh": 0.5}}} | changes


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_that_ship_spell_all_letters_in_both_cases_with_inputs(language):
    rules = Rules.open(language)
    assert all(set("".join(ways.inside.latin)) <= set(rules.inputs) for ways in rules.letters.values())
    small = [letter for letter in rules.letters if letter.upper() != letter and len(letter.upper()) == 1]
    assert all(letter.upper() in rules.letters for letter in small)


def test_armenian_has_the_numbers_of_the_study():
    vocabulary = Vocabulary.of(Rules.open("hy"))
    assert (len(vocabulary.inputs), len(vocabulary.outputs)) == (72, 152)


def test_capitals_follow_small_letters_and_split_long_spellings_over_two_forms():
    ways = Rules.of(_told()).letters["Б"].inside
    assert ways.latin == ("B", "Bh", "BH")
    assert ways.reached == pytest.approx((0.5, 0.75, 1))


def test_capitals_that_are_listed_are_their_own():
    rules = Rules.of(_told(capitals={"Б": "A"}))
    assert rules.letters["Б"].start.latin == ("A",)


def test_digraphs_are_one_character_and_come_apart_again():
    rules = Rules.open("hy")
    for text in ("ու", "Ուր", "ՈՒՐ", "ուսում ու"):
        joined = rules.join(text)
        assert not set("ոՈւՒ") & set(joined)
        assert rules.split(joined) == text


def test_shares_that_do_not_sum_to_one_are_refused_with_the_letter():
    with pytest.raises(DataError, match="shares of 'б' are positive and sum to 1"):
        Rules.of(_told(letters={"б": {"b": 0.5, "bh": 0.4}}))


def test_spellings_with_unknown_characters_are_refused():
    with pytest.raises(DataError, match="'б' is spelled 'bx', but 'x' is not among the inputs"):
        Rules.of(_told(letters={"б": "bx"}))


def test_an_unknown_language_names_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'hy'"):
        Rules.open("hyy")
