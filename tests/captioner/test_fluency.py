import pytest

from captioner.fluency import fluent

SPOKEN = frozenset(["a", "an", "the", "eraser", "dog", "of", "unicorn", "hour", "old", "ear"])


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("a eraser", "an eraser"),
        ("an dog", "a dog"),
        ("a unicorn", "a unicorn"),
        ("a hour", "an hour"),
        ("a ear of an dog", "an ear of a dog"),
    ],
)
def test_articles_are_put_right(said: str, right: str) -> None:
    assert fluent(said, SPOKEN) == right


@pytest.mark.parametrize("said", ["a dog dog", "a aons", "the ear of", "", "a dogear"])
def test_what_nobody_says_is_dropped(said: str) -> None:
    assert fluent(said, SPOKEN) is None


def test_any_word_may_be_said_when_the_words_of_training_are_not_known() -> None:
    assert fluent("a zebra", frozenset()) == "a zebra"
