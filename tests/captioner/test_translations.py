"""Phrases in other languages: what is named right, what has no name, and how far each language reaches."""

import pytest

from captioner.errors import UnknownLanguage
from captioner.files import data_file
from captioner.translations import Translations, languages

PHRASES = (
    "a dog", "a cat", "a house", "a red apple", "a bicycle", "a butterfly", "the sun", "bread",
    "a bridge at night", "a car", "a rose", "an umbrella",
)  # fmt: skip
RIGHT = {
    "de": ("Hund", "Katze", "Haus", "roter Apfel", "Fahrrad", "Schmetterling", "Sonne", "Brot",
           "Brücke vor Nachthimmel", "Auto", "Rose", "Regenschirm"),
    "fr": ("chien", "chat", "maison", "pomme rouge", "vélo", "papillon", "soleil", "pain",
           "pont de nuit", "voiture", "rose", "parapluie ouvert"),
    "es": ("perro", "gato", "casa", "manzana roja", "bicicleta", "mariposa", "sol", "pan de molde",
           "puente de noche", "coche", "rosa", "paraguas"),
    "hy": ("շուն", "կատու", "տուն", "կարմիր խնձոր", "հեծանիվ", "թիթեռ", "արև", "հաց",
           "կամուրջը գիշերով", "ավտոմեքենա", "վարդ", "անձրևանոց"),
    "zh": ("狗", "猫", "房子", "红苹果", "自行车", "蝴蝶", "太阳", "面包",
           "夜幕下的桥", "汽车", "玫瑰", "伞"),
}  # fmt: skip


@pytest.mark.parametrize("language", RIGHT)
def test_a_dozen_names_are_right(language: str) -> None:
    opened = Translations.open(language)
    assert tuple(opened.translate(phrase) for phrase in PHRASES) == RIGHT[language]


def test_articles_and_plurals_find_the_same_name() -> None:
    german = Translations.open("de")
    assert [german.translate(phrase) for phrase in ("dog", "A dog", "dogs", "the dogs")] == ["Hund"] * 4
    assert german.translate("grapes") == "Trauben"
    assert german.translate("an automobile") == german.translate("a car")


@pytest.mark.parametrize(
    "phrase", ["a red bus", "the wheel of a car", "a dog on grass", "zebra print fabric", "a bullet", ""]
)
def test_what_has_no_name_is_not_guessed(phrase: str) -> None:
    assert Translations.open("de").translate(phrase) is None


@pytest.mark.parametrize("language", languages())
def test_every_language_that_is_listed_has_its_table(language: str) -> None:
    assert Translations.open(language).n_entries >= 1_900
    assert data_file(f"translations/{language}.tsv").is_file()


def test_a_variety_without_a_table_is_its_language() -> None:
    assert Translations.open("de-AT").language == "de"
    assert Translations.open("zh_hant").language == "zh-Hant"
    assert Translations.open("hy").english_name == "Armenian"


@pytest.mark.parametrize(
    ("asked", "said"),
    [("german", r"no translations into 'german'\. Did you mean 'de' \(German\)\? There are: af, ar"),
     ("Frensh", r"Did you mean 'fr' \(French\)\?"), ("hyy", r"Did you mean 'hy' \(Armenian\)\?")],
)  # fmt: skip
def test_an_unknown_language_names_the_nearest(asked: str, said: str) -> None:
    with pytest.raises(UnknownLanguage, match=said):
        Translations.open(asked)


def test_how_many_phrases_have_a_name() -> None:
    assert Translations.open("zh").n_translated(["a dog", "a red bus", "cats"]) == 2
